// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/destinationspage.h"

#include "config/hosttext.h"
#include "config/optionparsers.h"
#include "gui/control/certificatefile.h"
#include "gui/text/plaintext.h"
#include "gui/text/shutouttext.h"
#include "gui/widgets/listeditor.h"

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr char privateOption[] = "ALLOW_PRIVATE_TARGETS";

template <typename T> QStringList textsOf(const QList<T> &entries)
{
    QStringList texts;
    for (const T &entry : entries)
        texts.append(QString::fromUtf8(entry.toByteArray()));
    return texts;
}

} // namespace

DestinationsPage::DestinationsPage(const SettingsStore &store, Ask ask, PickFile pickFile,
                                   QWidget *parent)
    : SettingsPage(store, parent), m_ask(std::move(ask)),
      m_hosts(new ListEditor(tr("Allowed hosts"), ListEditor::parserOf(config::parseHosts))),
      m_presets(new QMenu(this)), m_hostsMode(new QComboBox),
      m_ports(new ListEditor(tr("Allowed ports"), ListEditor::parserOf(config::parsePorts))),
      m_private(new QComboBox),
      m_ranges(new ListEditor(tr("Private ranges"), ListEditor::parserOf(config::parseRanges))),
      m_caFile(new FileField(tr("More certificates (PEM)"),
                             tr("Certificates (*.pem *.crt *.cer);;All files (*)"),
                             std::move(pickFile)))
{
    m_hosts->setExample(tr("api.example.com, *.example.com:443 or @openai, for example"));
    m_hosts->setFirstEntryQuestion(
        [this](const QStringList &entries) { return mayShutOut(entries); });
    fillPresets();
    auto *addPreset = new QPushButton(tr("Add a provider"));
    addPreset->setAutoDefault(false);
    addPreset->setMenu(m_presets);
    m_hosts->addButton(addPreset);
    addList(tr("&Hosts:"), m_hosts, { "ALLOWED_HOSTS" },
            tr("While the list is empty, every host may be reached."));
    m_hostsMode->addItem(tr("Refuse them"), int(policy::HostsMode::Enforce));
    m_hostsMode->addItem(tr("Let them pass and report them"), int(policy::HostsMode::Report));
    addField(tr("O&ther hosts:"), m_hostsMode, { "ALLOWED_HOSTS_MODE" });
    addHint(tr("The page “Denied” and the log show the hosts that were reported."));
    m_ports->setNeedsEntry(tr("add a port, 443 at least"));
    m_ports->setExample(tr("443 or 1024-65535, for example"));
    addList(tr("P&orts:"), m_ports, { "ALLOWED_PORTS" });

    m_private->addItem(tr("No"));
    m_private->addItem(tr("Yes"));
    m_private->addItem(tr("Only these ranges"));
    m_ranges->setExample(tr("192.168.1.0/24, for example"));
    m_ranges->setNeedsEntry(tr("add a range, or choose “No”"));
    m_ranges->setEnabled(!isLocked(privateOption));
    addField(tr("&Private addresses:"), m_private, { privateOption });
    addHint(tr("Whether private, local and special addresses, and this computer's own, may be "
               "reached."));
    addList(tr("&Ranges that may be reached:"), m_ranges, {});
    setHelp(m_ranges,
            tr("The networks and addresses that programs may reach although they are "
               "private. One entry for one server is the safest."));

    m_caFile->edit()->setPlaceholderText(tr("the system's certificates only"));
    addField(tr("More &certificates (PEM):"), m_caFile, { "PROXY_UPSTREAM_CA_FILE" });

    for (ListEditor *list : { m_hosts, m_ports, m_ranges }) {
        list->keepShort();
        connect(list, &ListEditor::changed, this, &DestinationsPage::touch);
    }
    connect(m_hostsMode, &QComboBox::currentIndexChanged, this, &DestinationsPage::touch);
    connect(m_private, &QComboBox::currentIndexChanged, this, &DestinationsPage::touch);
    connect(m_caFile, &FileField::changed, this, &DestinationsPage::checkCaFile);
}

/// Offers the presets by the words that the list accepts. Tooltips name their hosts.
void DestinationsPage::fillPresets()
{
    m_presets->setToolTipsVisible(true);
    const QStringList words = config::hostPresetWords();
    for (const QString &word : words) {
        const bool isLast = word == words.constLast();
        QAction *action = m_presets->addAction(isLast ? tr("%1 (all of these)").arg(word) : word,
                                               m_hosts, [this, word] { m_hosts->add(word); });
        if (!isLast)
            action->setToolTip(
                PlainText::toolTip(config::hostsOfPreset(word).join(QLatin1Char('\n'))));
    }
}

void DestinationsPage::load(const config::Settings &settings)
{
    const policy::PrivateTargets &targets = settings.access.privateTargets;
    m_hosts->setEntries(textsOf(settings.access.allowedHosts));
    m_hostsMode->setCurrentIndex(m_hostsMode->findData(int(settings.access.hostsMode)));
    m_ports->setEntries(textsOf(settings.access.allowedPorts));
    m_private->setCurrentIndex(targets.all ? All : targets.allowed.isEmpty() ? None : Listed);
    m_ranges->setEntries(textsOf(targets.allowed));
    m_caFile->setPath(settings.upstream.caFile);
    touch();
}

void DestinationsPage::save(config::Settings &settings) const
{
    settings.access.allowedHosts.clear();
    if (const auto parsed = config::parseHosts(m_hosts->entries().join(u',')))
        settings.access.allowedHosts = *parsed;
    settings.access.hostsMode = policy::HostsMode(m_hostsMode->currentData().toInt());
    if (const auto parsed = config::parsePorts(m_ports->entries().join(u',')))
        settings.access.allowedPorts = *parsed;
    settings.access.privateTargets = { m_private->currentIndex() == All, {} };
    if (m_private->currentIndex() == Listed) {
        if (const auto parsed = config::parseRanges(m_ranges->entries().join(u',')))
            settings.access.privateTargets.allowed = *parsed;
    }
    settings.upstream.caFile = m_caFile->path();
}

bool DestinationsPage::mayShutOut(const QStringList &entries)
{
    // A list that is only reported shuts nobody out.
    if (m_hostsMode->currentData().toInt() == int(policy::HostsMode::Report))
        return true;
    const auto parsed = config::parseHosts(entries.join(u','));
    return parsed
        && m_ask(this,
                 { ShutOutText::title(), ShutOutText::hosts(*parsed), { ShutOutText::action() } });
}

void DestinationsPage::validate()
{
    const bool areListed = m_private->currentIndex() == Listed;
    setListVisible(m_ranges, areListed);
    setProblem(m_hosts, m_hosts->problem());
    setProblem(m_ports, m_ports->problem());
    setProblem(m_ranges, areListed ? m_ranges->problem() : QString());
}

void DestinationsPage::checkCaFile()
{
    const QString file = m_caFile->path();
    setProblem(m_caFile, file.isEmpty() ? QString() : CertificateFile::problem(file));
    touch();
}

} // namespace sami::gui
