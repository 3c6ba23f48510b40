// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/exitpage.h"

#include "config/optionparsers.h"
#include "gui/text/coretext.h"

#include <QComboBox>
#include <QLineEdit>

namespace sami::gui {

ExitPage::ExitPage(const SettingsStore &store, QWidget *parent)
    : SettingsPage(store, parent), m_family(new QComboBox), m_source(new QLineEdit),
      m_via(new QComboBox)
{
    m_family->addItem(tr("IPv4 and IPv6"), int(ExitFamily::Any));
    m_family->addItem(tr("IPv4 only"), int(ExitFamily::IPv4));
    m_family->addItem(tr("IPv6 only"), int(ExitFamily::IPv6));
    addField(tr("&Reach servers over:"), m_family, { "PROXY_EXIT_FAMILY" });
    addHint(tr("A service that serves some countries only may place your IPv4 and your IPv6 "
               "address in different ones."));

    m_source->setPlaceholderText(tr("the system chooses"));
    addField(tr("&Connect from:"), m_source, { "PROXY_SOURCE_ADDRESS" });
    addHint(tr("An address of this computer, or one IPv4 and one IPv6 address with a comma in "
               "between."));

    m_via->addItem(tr("Yes"), true);
    m_via->addItem(tr("No"), false);
    addField(tr("Add a &Via header:"), m_via, { "PROXY_VIA_HEADER" });
    addHint(tr("HTTP asks for it, and it stops requests that go in circles. Some servers send "
               "nothing compressed to a proxy that adds it."));

    connect(m_family, &QComboBox::currentIndexChanged, this, &ExitPage::touch);
    connect(m_source, &QLineEdit::textChanged, this, &ExitPage::touch);
    connect(m_via, &QComboBox::currentIndexChanged, this, &ExitPage::touch);
}

void ExitPage::load(const config::Settings &settings)
{
    const config::UpstreamSettings &upstream = settings.upstream;
    m_family->setCurrentIndex(m_family->findData(int(upstream.exit.family)));
    m_source->setText(config::formatSourceAddresses(upstream.exit.sources));
    m_via->setCurrentIndex(m_via->findData(upstream.addsVia));
    touch();
}

void ExitPage::save(config::Settings &settings) const
{
    settings.upstream.exit.family = ExitFamily(m_family->currentData().toInt());
    settings.upstream.exit.sources = {};
    if (const auto parsed = config::parseSourceAddresses(m_source->text()))
        settings.upstream.exit.sources = *parsed;
    settings.upstream.addsVia = m_via->currentData().toBool();
}

void ExitPage::validate()
{
    QString problem;
    if (!m_source->text().trimmed().isEmpty()) {
        if (const auto parsed = config::parseSourceAddresses(m_source->text()); !parsed)
            problem = CoreText::localized(parsed.error().constFirst().problem);
    }
    setProblem(m_source, problem);
}

} // namespace sami::gui
