// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/listeningpage.h"

#include "config/optionparsers.h"
#include "gui/text/coretext.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>
#include <QVariant>

#include <optional>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr char addressOption[] = "PROXY_ADDRESS";
constexpr char portOption[] = "PROXY_PORT";
constexpr char socks5Option[] = "PROXY_SOCKS5";
constexpr int maxPort = 65535;
constexpr auto thisComputer = "127.0.0.1"_L1;

} // namespace

ListeningPage::ListeningPage(const SettingsStore &store, const QList<OwnAddress> &own,
                             QWidget *parent)
    : SettingsPage(store, parent), m_choice(new QComboBox), m_typed(new QLineEdit),
      m_port(new QSpinBox), m_socks5(new QComboBox)
{
    m_choice->addItem(tr("This computer only (127.0.0.1)"), QString(thisComputer));
    m_choice->addItem(tr("Every IPv4 address of this computer (0.0.0.0)"), u"0.0.0.0"_s);
    m_choice->addItem(tr("Every address of this computer, IPv4 and IPv6 (::)"), u"::"_s);
    for (const OwnAddress &address : own) {
        const QString text = address.address.toString();
        m_choice->addItem(tr("%1 (%2)", "address (name of the network interface)")
                              .arg(text, address.interfaceName),
                          text);
    }
    m_choice->addItem(tr("Another address…"), QString());
    m_typed->setPlaceholderText(tr("192.0.2.7, for example"));

    auto *address = new QWidget;
    auto *layout = new QVBoxLayout(address);
    layout->setContentsMargins({});
    layout->addWidget(m_choice);
    layout->addWidget(m_typed);
    address->setFocusProxy(m_choice);
    addField(tr("&Address:"), address, { addressOption });
    m_choice->setAccessibleName(tr("Address"));
    m_typed->setAccessibleName(tr("Another address"));

    m_port->setRange(0, maxPort);
    m_port->setSpecialValueText(tr("any free port"));
    addField(tr("&Port:"), m_port, { portOption });
    addHint(tr("Running connections are kept: a new address or port counts for new ones."));

    m_socks5->addItem(tr("Where strangers cannot use it"), QVariant());
    m_socks5->addItem(tr("Yes"), true);
    m_socks5->addItem(tr("No"), false);
    addField(tr("Speak &SOCKS5 too:"), m_socks5, { socks5Option });
    addHint(tr("On the same port, for the same users and by the same rules. Strangers cannot use a "
               "proxy that only this computer reaches or that asks for a password."));

    connect(m_choice, &QComboBox::currentIndexChanged, this, &ListeningPage::touch);
    connect(m_typed, &QLineEdit::textChanged, this, &ListeningPage::touch);
    connect(m_port, &QSpinBox::valueChanged, this, &ListeningPage::touch);
    connect(m_socks5, &QComboBox::currentIndexChanged, this, &ListeningPage::touch);
}

void ListeningPage::load(const config::Settings &settings)
{
    showAddress(config::formatListenAddress(settings.listen.address));
    m_port->setValue(settings.listen.port);
    const std::optional<bool> socks5 = settings.door.socks5;
    m_socks5->setCurrentIndex(socks5 ? m_socks5->findData(*socks5) : 0);
    touch();
}

void ListeningPage::showAddress(const QString &address)
{
    const int known = m_choice->findData(address);
    m_choice->setCurrentIndex(known >= 0 ? known : m_choice->count() - 1);
    m_typed->setText(known >= 0 ? QString() : address);
}

QString ListeningPage::address() const
{
    const QString known = m_choice->currentData().toString();
    return known.isEmpty() ? m_typed->text().trimmed() : known;
}

void ListeningPage::save(config::Settings &settings) const
{
    if (!isLocked(addressOption)) {
        if (const auto parsed = config::parseListenAddress(address()))
            settings.listen.address = *parsed;
    }
    if (!isLocked(portOption))
        settings.listen.port = quint16(m_port->value());
    if (!isLocked(socks5Option)) {
        const QVariant chosen = m_socks5->currentData();
        settings.door.socks5 = chosen.isValid() ? std::optional(chosen.toBool()) : std::nullopt;
    }
}

void ListeningPage::chooseThisComputer()
{
    showAddress(thisComputer);
}

void ListeningPage::validate()
{
    m_typed->setVisible(m_choice->currentData().toString().isEmpty());
    const auto parsed = config::parseListenAddress(address());
    setProblem(m_typed->parentWidget(),
               parsed ? QString() : CoreText::localized(parsed.error().constFirst().problem));
}

} // namespace sami::gui
