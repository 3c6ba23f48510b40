// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/clientspage.h"

#include "config/optionparsers.h"
#include "gui/text/shutouttext.h"
#include "gui/widgets/listeditor.h"

#include <QComboBox>
#include <QMenu>
#include <QPushButton>

#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr char listOption[] = "ALLOWED_IPS";
constexpr char pagesOption[] = "PROXY_PAGES";

QString privateEntry()
{
    return QString::fromLatin1(policy::ClientEntry::privateClients().toByteArray());
}

} // namespace

ClientsPage::ClientsPage(const SettingsStore &store, const QList<OwnAddress> &own, Look look,
                         Ask ask, QWidget *parent)
    : SettingsPage(store, parent), m_look(std::move(look)), m_ask(std::move(ask)),
      m_list(new ListEditor(tr("Allowed IPs"), ListEditor::parserOf(config::parseClients))),
      m_networks(new QMenu(this)), m_addConnected(new QPushButton(tr("Add current clients"))),
      m_pages(new QComboBox)
{
    m_list->setExample(tr("192.0.2.7, 192.0.2.0/24 or private, for example"));
    m_list->setFirstEntryQuestion(
        [this](const QStringList &entries) { return mayShutOut(entries); });

    auto *addNetwork = new QPushButton(tr("Add this network"));
    addNetwork->setAutoDefault(false);
    addNetwork->setMenu(m_networks);
    fillNetworks(own);
    m_addConnected->setAutoDefault(false);
    m_list->addButton(addNetwork);
    m_list->addButton(m_addConnected);
    addList(tr("Allowed &IPs:"), m_list, { listOption },
            tr("While the list is empty, every client may come in."));

    m_pages->addItem(tr("everyone"), int(config::PagesFor::All));
    m_pages->addItem(tr("allowed IPs and this computer"), int(config::PagesFor::Listed));
    m_pages->addItem(tr("this computer only"), int(config::PagesFor::Local));
    addField(tr("Status &pages (/, /health, /status) for:"), m_pages, { pagesOption });
    connect(m_pages, &QComboBox::currentIndexChanged, this, &ClientsPage::touch);

    connect(m_list, &ListEditor::changed, this, &ClientsPage::touch);
    connect(m_addConnected, &QPushButton::clicked, this, &ClientsPage::addConnected);
}

void ClientsPage::fillNetworks(const QList<OwnAddress> &own)
{
    const auto offer = [this](const QString &text, const QString &entries) {
        connect(m_networks->addAction(text), &QAction::triggered, m_list,
                [this, entries] { m_list->add(entries); });
    };
    offer(tr("All private networks (private)"), privateEntry());
    offer(tr("This computer (127.0.0.1 and ::1)"), u"127.0.0.1,::1"_s);
    QStringList offered;
    for (const OwnAddress &address : own) {
        const QString network = address.network();
        if (!offered.contains(network)) {
            offered.append(network);
            offer(tr("%1 (%2)", "network (name of the network interface)")
                      .arg(network, address.interfaceName),
                  network);
        }
    }
}

void ClientsPage::load(const config::Settings &settings)
{
    QStringList entries;
    for (const policy::ClientEntry &entry : settings.access.allowedClients)
        entries.append(QString::fromLatin1(entry.toByteArray()));
    m_list->setEntries(entries);
    m_pages->setCurrentIndex(m_pages->findData(int(settings.pages)));
}

void ClientsPage::save(config::Settings &settings) const
{
    settings.access.allowedClients.clear();
    if (const auto parsed = config::parseClients(m_list->entries().join(u',')))
        settings.access.allowedClients = *parsed;
    settings.pages = config::PagesFor(m_pages->currentData().toInt());
}

void ClientsPage::allowPrivateOnly()
{
    m_list->setEntries({ privateEntry() });
    touch();
}

void ClientsPage::addConnected()
{
    QStringList entries;
    const QList<QHostAddress> clients = m_look().connected;
    for (const QHostAddress &client : clients)
        entries.append(QString::fromLatin1(policy::Cidr::host(client).toByteArray()));
    entries.removeDuplicates();
    if (!entries.isEmpty())
        m_list->add(entries.join(u','));
}

bool ClientsPage::mayShutOut(const QStringList &entries)
{
    const auto parsed = config::parseClients(entries.join(u','));
    if (!parsed)
        return false;
    const Presence now = m_look();
    return m_ask(this,
                 { ShutOutText::title(),
                   ShutOutText::clients(*parsed, now.connected, now.privateClients),
                   { ShutOutText::action() } })
        .has_value();
}

void ClientsPage::validate()
{
    setProblem(m_list, m_list->problem());
}

} // namespace sami::gui
