// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/serverspage.h"

#include "config/parentlist.h"
#include "gui/control/parkedservers.h"
#include "gui/control/settingsstore.h"
#include "gui/text/coretext.h"
#include "gui/text/serverwording.h"
#include "gui/widgets/listeditor.h"
#include "gui/widgets/settings/problemnote.h"
#include "gui/widgets/settings/serverintake.h"

#include <QCheckBox>
#include <QDropEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr char parentsOption[] = "PROXY_PARENTS";
constexpr char passwordFileOption[] = "PROXY_PARENTS_PASSWORD_FILE";
constexpr char bypassOption[] = "PROXY_PARENTS_BYPASS";
constexpr int shownRows = 5;
constexpr int rowSpacing = 2; ///< pixels between servers, of several lines each

QStringList entriesOf(const config::ParentBypass &bypass)
{
    QStringList entries;
    const QStringList parts = config::formatParentBypass(bypass).split(u',', Qt::SkipEmptyParts);
    for (const QString &part : parts)
        entries.append(part.trimmed());
    return entries;
}

/// Each entry in its canonical spelling.
Result<QStringList, QString> bypassEntries(const QString &text)
{
    const auto parsed = config::parseParentBypass(text);
    if (!parsed)
        return Unexpected(CoreText::localized(parsed.error().constFirst().problem));
    return entriesOf(*parsed);
}

} // namespace

ServersPage::ServersPage(const SettingsStore &store, Ask ask, const MakeParentTest &makeTest,
                         QWidget *parent)
    : SettingsPage(store, parent),
      m_intake(new ServerIntake(store, std::move(ask), makeTest,
                                [this](const QByteArray &name) { return hasName(name); })),
      m_list(new QListWidget), m_up(new QPushButton(tr("Move &up"))),
      m_down(new QPushButton(tr("Move &down"))), m_remove(new QPushButton(tr("&Remove"))),
      m_try(new QPushButton(tr("&Test"))),
      m_direct(new QCheckBox(tr("Go directly &when none of them answers"))),
      m_bypass(new ListEditor(tr("Always directly"), &bypassEntries)),
      m_passwords(makeWideLabel(QString(), this)), m_way(makeWideLabel(QString(), this))
{
    setAcceptDrops(true);
    addField(tr("&Servers:"), buildList(), { parentsOption, passwordFileOption });
    m_list->setAccessibleName(tr("Servers"));
    addHint(tr("Requests go out through the first of them that can be reached."));
    form()->addRow(QString(), m_passwords);
    showPasswordsPlace({});
    addField(tr("Directly"), m_direct, {});
    m_direct->setEnabled(!m_intake->isLocked());
    setHelp(m_direct,
            tr("Without it, a request fails when no server can be reached. With it, hosts then "
               "see this computer's own address, and anyone who watches its network sees which "
               "hosts you reach."));
    form()->addRow(QString(), m_way);
    m_bypass->setExample(u"*.example.com"_s);
    m_bypass->keepShort();
    addList(tr("Always dir&ectly:"), m_bypass, { bypassOption },
            tr("Hosts and address ranges that are reached without a server."));

    connect(m_intake, &ServerIntake::taken, this, &ServersPage::take);
    // The dialog does not apply amid a test.
    connect(m_intake->view(), &ServerTestView::changed, this, &ServersPage::changed);
    connect(m_up, &QPushButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { move(1); });
    connect(m_remove, &QPushButton::clicked, this, &ServersPage::removeCurrent);
    connect(m_try, &QPushButton::clicked, this,
            [this] { m_intake->test(serverAt(m_list->currentRow())); });
    connect(m_list, &QListWidget::itemChanged, this, &ServersPage::touch);
    connect(m_list, &QListWidget::currentRowChanged, this, &ServersPage::refreshButtons);
    // Queued, because the list is still moving the row.
    connect(m_list->model(), &QAbstractItemModel::rowsMoved, this, &ServersPage::touch,
            Qt::QueuedConnection);
    connect(m_bypass, &ListEditor::changed, this, &ServersPage::touch);
    connect(m_direct, &QCheckBox::toggled, this, &ServersPage::touch);
}

QWidget *ServersPage::buildList()
{
    auto *box = new QWidget;
    auto *layout = new QVBoxLayout(box);
    layout->setContentsMargins({});
    layout->addWidget(m_intake);

    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    m_list->setDefaultDropAction(Qt::MoveAction);
    m_list->setWordWrap(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setResizeMode(QListView::Adjust);
    m_list->setSpacing(rowSpacing);
    m_list->setMinimumHeight(shownRows * m_list->fontMetrics().lineSpacing());
    layout->addWidget(m_list, 1);
    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : { m_up, m_down, m_remove, m_try }) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    layout->addLayout(buttons);
    m_list->installEventFilter(this);
    box->setFocusProxy(m_intake);
    return box;
}

void ServersPage::insert(int row, const config::Parent &server, bool isTicked)
{
    auto *item = new QListWidgetItem;
    item->setData(Qt::UserRole, int(m_servers.size()));
    item->setFlags(Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemIsUserCheckable
                   | Qt::ItemIsDragEnabled);
    item->setCheckState(isTicked ? Qt::Checked : Qt::Unchecked);
    m_servers.append(server);
    m_list->insertItem(row, item);
    item->setText(wordsOf(row));
}

QString ServersPage::wordsOf(int row) const
{
    const config::Parent &server = serverAt(row);
    const QString words = QString::fromUtf8(server.name) + u'\n' + ServerWording::details(server);
    return store().secrets().isMissing(server) ? words + u'\n' + tr("Its password is missing")
                                               : words;
}

const config::Parent &ServersPage::serverAt(int row) const
{
    return m_servers[m_list->item(row)->data(Qt::UserRole).toInt()];
}

bool ServersPage::isOn(int row) const
{
    return m_list->item(row)->checkState() == Qt::Checked;
}

void ServersPage::load(const config::Settings &settings)
{
    const QList<config::Parent> &list = settings.upstream.parents.list;
    {
        const QSignalBlocker blocker(m_list);
        m_list->clear();
        m_servers.clear();
        for (const config::Parent &server : list) {
            if (!server.isDirect())
                insert(m_list->count(), server, true);
        }
    }
    m_direct->setChecked(std::any_of(list.cbegin(), list.cend(),
                                     [](const auto &server) { return server.isDirect(); }));
    m_bypass->setEntries(entriesOf(settings.upstream.parents.bypass));
    m_intake->clear();
    touch();
}

void ServersPage::loadPreferences(const Preferences &preferences)
{
    {
        const QSignalBlocker blocker(m_list);
        for (const ParkedServer &parked : parseParked(preferences.serversOff)) {
            // The user may have added it to the file by hand.
            if (!hasName(parked.server.name))
                insert(int(qMin<qsizetype>(parked.place, m_list->count())), parked.server, false);
        }
    }
    touch();
}

void ServersPage::save(config::Settings &settings) const
{
    if (!isLocked(bypassOption)) {
        // Always valid: the list takes nothing else.
        const auto bypass = config::parseParentBypass(m_bypass->entries().join(u','));
        settings.upstream.parents.bypass =
            bypass && !m_bypass->entries().isEmpty() ? *bypass : config::ParentBypass();
    }
    if (m_intake->isLocked())
        return;
    QList<config::Parent> list;
    for (int row = 0; row < m_list->count(); ++row) {
        if (isOn(row))
            list.append(serverAt(row));
    }
    if (!list.isEmpty() && m_direct->isChecked())
        list.append(config::Parent::direct());
    settings.upstream.parents.list = list;
}

void ServersPage::showDefaults(const config::Settings &defaults)
{
    QList<config::Parent> kept;
    for (int row = 0; row < m_list->count(); ++row)
        kept.append(serverAt(row));
    load(defaults);
    {
        const QSignalBlocker blocker(m_list);
        for (qsizetype row = 0; row < kept.size(); ++row) {
            // Those that the environment fixes are loaded already, and on.
            if (!hasName(kept[row].name))
                insert(int(qMin<qsizetype>(row, m_list->count())), kept[row], false);
        }
    }
    touch();
}

void ServersPage::savePreferences(Preferences &preferences) const
{
    if (m_intake->isLocked())
        return;
    QList<ParkedServer> parked;
    for (int row = 0; row < m_list->count(); ++row) {
        if (!isOn(row))
            parked.append({ row, serverAt(row) });
    }
    preferences.serversOff = parkedText(parked);
}

bool ServersPage::hasName(const QByteArray &name) const
{
    for (int row = 0; row < m_list->count(); ++row) {
        if (serverAt(row).name == name)
            return true;
    }
    return false;
}

bool ServersPage::offer(const QString &text)
{
    return m_intake->offer(text);
}

void ServersPage::dismiss()
{
    m_intake->dismiss();
}

bool ServersPage::isTesting() const
{
    return m_intake->view()->isTesting();
}

QLineEdit *ServersPage::field() const
{
    return m_intake->field();
}

QLabel *ServersPage::note() const
{
    return m_intake->note();
}

ServerTestView *ServersPage::test() const
{
    return m_intake->view();
}

void ServersPage::take(const config::Parent &server)
{
    insert(m_list->count(), server, true);
    m_list->setCurrentRow(m_list->count() - 1);
    touch();
}

void ServersPage::move(int by)
{
    const int row = m_list->currentRow();
    const int target = row + by;
    if (row < 0 || target < 0 || target >= m_list->count())
        return;
    m_list->insertItem(target, m_list->takeItem(row));
    m_list->setCurrentRow(target);
    touch();
}

void ServersPage::removeCurrent()
{
    delete m_list->takeItem(m_list->currentRow());
    touch();
}

void ServersPage::refreshButtons()
{
    const int row = m_list->currentRow();
    m_up->setEnabled(row > 0);
    m_down->setEnabled(row >= 0 && row + 1 < m_list->count());
    m_remove->setEnabled(row >= 0);
    m_try->setEnabled(row >= 0 && !store().secrets().isMissing(serverAt(row)));
}

void ServersPage::validate()
{
    refreshButtons();
    setProblem(m_bypass, m_bypass->problem());
    refreshWay();
}

void ServersPage::refreshWay()
{
    bool hasOne = false;
    for (int row = 0; row < m_list->count(); ++row)
        hasOne = hasOne || isOn(row);
    QString words;
    if (!hasOne)
        words = m_list->count() > 0 ? tr("None of them is on: requests go directly.")
                                    : tr("There is no server: requests go directly.");
    else if (m_goesDirectly)
        words = tr("None of them is well at the moment: requests go directly.");
    m_way->setText(words);
    m_way->setVisible(!words.isEmpty());
}

QList<config::Parent> ServersPage::servers() const
{
    QList<config::Parent> all;
    for (int row = 0; row < m_list->count(); ++row)
        all.append(serverAt(row));
    return all;
}

void ServersPage::showPasswordsPlace(const PasswordsPlace &place)
{
    const QString sentence = KeychainText::sentence(place);
    if (KeychainText::isTrouble(place))
        showProblem(m_passwords, sentence);
    else
        m_passwords->setText(sentence);
}

void ServersPage::showStates(const route::ParentsOverview &overview, WallTime now)
{
    const QList<config::Parent> &inForce = store().settings().upstream.parents.list;
    const QSignalBlocker blocker(m_list); // a new state is not an edit
    for (int row = 0; row < m_list->count(); ++row) {
        const config::Parent &server = serverAt(row);
        const auto state =
            std::find_if(overview.parents.begin(), overview.parents.end(),
                         [&server](const auto &parent) { return parent.name == server.name; });
        QString words = wordsOf(row);
        if (state != overview.parents.end() && inForce.contains(server))
            words += u'\n' + ServerWording::state(*state, now);
        if (words != m_list->item(row)->text())
            m_list->item(row)->setText(words);
    }
    const bool goesDirectly =
        std::any_of(overview.parents.begin(), overview.parents.end(), [](const auto &parent) {
            return parent.kind == config::ParentKind::Direct && parent.isPreferred;
        });
    if (std::exchange(m_goesDirectly, goesDirectly) != goesDirectly)
        refreshWay();
}

void ServersPage::dragEnterEvent(QDragEnterEvent *event)
{
    if (!m_intake->isLocked() && (event->mimeData()->hasText() || event->mimeData()->hasUrls()))
        event->acceptProposedAction();
}

void ServersPage::dropEvent(QDropEvent *event)
{
    const auto link = ServerIntake::linkIn(*event->mimeData());
    event->acceptProposedAction();
    // Queued: the program that the text was dragged from waits for the end of this event, and the
    // question may stay open for long.
    QMetaObject::invokeMethod(
        this, [this, link] { m_intake->offerFound(link); }, Qt::QueuedConnection);
}

bool ServersPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Delete)) {
        removeCurrent();
        return true;
    }
    return SettingsPage::eventFilter(watched, event);
}

} // namespace sami::gui
