// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/userspanel.h"

#include "config/exposure.h"
#include "config/optiontable.h"
#include "gui/control/proxycontroller.h"
#include "gui/models/usersmodel.h"
#include "gui/text/coretext.h"
#include "gui/widgets/announce.h"
#include "gui/widgets/columnfit.h"
#include "gui/widgets/copysettingsmenu.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/passworddialog.h"
#include "gui/widgets/settings/problemnote.h"
#include "gui/widgets/settings/userswords.h"
#include "gui/widgets/tables.h"
#include "gui/widgets/userdialog.h"

#include <QDateTime>
#include <QFile>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds lookInterval { 2 };
constexpr int shownRows = 6;

QDate today()
{
    return QDateTime::currentDateTimeUtc().date();
}

} // namespace

UsersPanel::UsersPanel(ProxyController &controller, Ask ask, QList<OwnAddress> own, QWidget *parent)
    : QWidget(parent), m_controller(controller), m_ask(std::move(ask)), m_own(std::move(own)),
      m_model(new UsersModel(this)), m_table(new QTableView(this)),
      m_add(new QPushButton(tr("&Add…"), this)), m_change(new QPushButton(tr("Chan&ge…"), this)),
      m_renew(new QPushButton(tr("New passwor&d…"), this)), m_switch(new QPushButton(this)),
      m_remove(new QPushButton(tr("&Remove…"), this)), m_words(makeWideLabel(QString(), this)),
      m_note(makeProblemNote(this))
{
    buildTable();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_table, 1);
    layout->addLayout(buildButtons());
    layout->addWidget(m_note);
    layout->addWidget(m_words);
    connect(&m_keeper, &UsersKeeper::looked, this, &UsersPanel::handleLooked);
    connect(&m_looks, &QTimer::timeout, this, &UsersPanel::look);
    m_looks.setInterval(lookInterval);
    refresh();
}

UsersPanel::~UsersPanel() = default;

void UsersPanel::buildTable()
{
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Users of the file"));
    prepareTable(m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSortIndicatorShown(false); // in the file's order
    new ColumnFit(m_table, m_model->widths());
    m_table->setMinimumHeight(m_table->horizontalHeader()->sizeHint().height()
                              + shownRows * m_table->verticalHeader()->defaultSectionSize());
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &UsersPanel::refresh);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &position) {
        if (!chosen())
            return;
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        for (QPushButton *button : { m_change, m_renew, m_switch, m_remove })
            menu->addAction(button->text(), button, &QPushButton::click);
        menu->popup(m_table->viewport()->mapToGlobal(position));
    });
    whenOpened(m_table, [this](const QModelIndex &) { changeChosen(); });
    for (const QKeySequence &key : deleteKeys()) {
        auto *remove = new QShortcut(key, m_table);
        remove->setContext(Qt::WidgetShortcut);
        connect(remove, &QShortcut::activated, m_remove, &QPushButton::click);
    }
}

QHBoxLayout *UsersPanel::buildButtons()
{
    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : { m_add, m_change, m_renew, m_switch, m_remove }) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    connect(m_add, &QPushButton::clicked, this, &UsersPanel::add);
    connect(m_change, &QPushButton::clicked, this, &UsersPanel::changeChosen);
    connect(m_renew, &QPushButton::clicked, this, &UsersPanel::renewChosen);
    connect(m_switch, &QPushButton::clicked, this, &UsersPanel::switchChosen);
    connect(m_remove, &QPushButton::clicked, this, &UsersPanel::removeChosen);
    return buttons;
}

void UsersPanel::setFile(const QString &path)
{
    if (path == m_path && m_keeper.found().kind != FoundUsers::Kind::Unknown) {
        refresh();
        return;
    }
    m_path = path;
    showProblem(m_note, {});
    look();
}

void UsersPanel::setReserved(const QByteArray &name)
{
    m_reserved = name;
    refresh();
}

bool UsersPanel::has(const QByteArray &name) const
{
    return m_model->rowOf(name) >= 0;
}

void UsersPanel::look()
{
    m_keeper.look(m_path);
}

void UsersPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    look();
    m_looks.start();
}

void UsersPanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_looks.stop();
}

void UsersPanel::handleLooked()
{
    const FoundUsers &found = m_keeper.found();
    const QDate day = today();
    // Skipped if nothing has changed: this runs every two seconds, and there may be thousands of
    // users.
    if (found.fingerprint.isEmpty() || found.fingerprint != m_seen || day != m_day) {
        m_seen = found.fingerprint;
        m_day = day;
        if (m_model->synchronize(found.users, day))
            Q_EMIT changed();
    }
    const int row = m_choose.isEmpty() ? -1 : m_model->rowOf(m_choose);
    if (row >= 0) {
        m_table->setCurrentIndex(m_model->index(row, 0));
        m_choose.clear();
    }
    refresh();
}

/// The proxy has a file that the page names no longer. A new one would take its place at once, and
/// shut out all its users.
bool UsersPanel::wouldReplace() const
{
    return m_path.isEmpty() && !m_controller.settings().users.file.isEmpty();
}

bool UsersPanel::isInForce() const
{
    return !m_path.isEmpty() && m_path == m_controller.settings().users.file;
}

users::UserPtr UsersPanel::chosen() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    if (rows.isEmpty())
        return nullptr;
    const QByteArray name = m_model->at(rows.constFirst().row()).name;
    const QList<users::UserPtr> &all = m_keeper.found().users;
    const auto found = std::find_if(all.cbegin(), all.cend(), [&name](const users::UserPtr &user) {
        return user->name == name;
    });
    return found == all.cend() ? nullptr : *found;
}

void UsersPanel::refresh()
{
    const users::UserPtr user = chosen();
    const SettingsStore &store = m_controller.store();
    // Without a file, adding the first user creates one, and the settings have to name it.
    const bool isNamed = !m_path.isEmpty() || !store.isLocked(config::usersFileOption);
    m_add->setEnabled(isNamed && !wouldReplace() && !m_isBusy);
    for (QPushButton *button : { m_change, m_renew, m_switch, m_remove })
        button->setEnabled(user && !m_isBusy);
    const bool isOff = user && user->isDisabled;
    m_switch->setText(isOff ? tr("Turn &on") : tr("Turn &off"));
    m_words->setText(
        wouldReplace() ? UsersWords::clearedFile(m_controller.settings().users.file)
                       : UsersWords::ofList(m_keeper.found(), isInForce(), !m_reserved.isEmpty()));
}

int UsersPanel::liveOf(const QByteArray &name) const
{
    if (!isInForce())
        return 0;
    const account::Snapshot now = m_controller.snapshot();
    return int(std::count_if(now.connections.cbegin(), now.connections.cend(),
                             [&name](const auto &each) { return each.user == name; }));
}

std::optional<ProxyAddress> UsersPanel::addressFor(ClientPlace place) const
{
    QList<QHostAddress> machine;
    for (const OwnAddress &own : m_own)
        machine.append(own.address);
    return CopySettingsMenu::addressFor(place, m_controller, machine);
}

LinkPlace UsersPanel::linkPlace() const
{
    LinkPlace place { m_controller.settings(), {} };
    place.settings.listen.port = m_controller.listenAddress().port;
    if (!place.settings.tls.names.isEmpty())
        return place;
    auto address = addressFor(ClientPlace::AnotherComputer);
    if (!address)
        address = addressFor(ClientPlace::ThisComputer);
    if (address)
        place.host =
            QString::fromLatin1(SocketAddress { address->host, address->port }.toByteArray());
    return place;
}

void UsersPanel::add()
{
    QByteArrayList names;
    for (const users::UserPtr &user : m_keeper.found().users)
        names.append(user->name);
    if (!m_reserved.isEmpty())
        names.append(m_reserved);
    // The current one, too: the proxy refuses a file with that name.
    if (const auto &pair = m_controller.settings().access.credentials)
        names.append(pair->username);
    const QString warning =
        config::asksForPassword(m_controller.settings()) ? QString() : UsersWords::firstUser();
    auto *dialog = new UserDialog(names, warning, window());
    connect(dialog, &UserDialog::wanted, this, [this, dialog] {
        const bool isFirst = m_path.isEmpty();
        const QString path = isFirst ? newUsersFile(m_controller.store().path()) : m_path;
        const QPointer<UserDialog> asking(dialog);
        m_keeper.add(path, dialog->wishes(), linkPlace(),
                     [this, asking, path](const Result<NewPassword, QString> &made) {
                         if (made)
                             handleAdded(asking, *made, path);
                         else if (asking)
                             asking->fail(CoreText::localized(made.error()));
                     });
    });
    dialog->open();
}

void UsersPanel::handleAdded(UserDialog *dialog, const NewPassword &made, const QString &path)
{
    const auto finish = [this, asking = QPointer<UserDialog>(dialog), made] {
        if (asking)
            asking->accept();
        m_choose = made.user.username;
        follow();
        showPassword(made);
    };
    if (!m_path.isEmpty() || path == m_controller.settings().users.file) {
        finish();
        return;
    }
    // The first user: it could not sign in before the settings name the file.
    config::Settings wanted = m_controller.settings();
    wanted.users.file = path;
    m_controller.apply(wanted, this,
                       [this, finish, path, asking = QPointer<UserDialog>(dialog)](
                           const ProxyController::Outcome &outcome) {
                           if (outcome) {
                               setFile(path);
                               finish();
                               return;
                           }
                           QFile::remove(path); // just created, and not in the settings
                           if (asking)
                               asking->fail(CoreText::localized(outcome.error()));
                       });
}

void UsersPanel::changeChosen()
{
    const users::UserPtr user = chosen();
    if (!user || m_isBusy)
        return;
    auto *dialog = new UserDialog(*user, window());
    connect(dialog, &UserDialog::wanted, this, [this, dialog] {
        m_keeper.change(
            m_path, dialog->wishes(),
            [this, asking = QPointer<UserDialog>(dialog)](const Result<void, QString> &outcome) {
                if (outcome && asking)
                    asking->accept();
                else if (asking)
                    asking->fail(CoreText::localized(outcome.error()));
                if (outcome)
                    follow();
            });
    });
    dialog->open();
}

void UsersPanel::renewChosen()
{
    const users::UserPtr user = chosen();
    if (!user || m_ask(this, UsersWords::newPassword(user->name)) != 0)
        return;
    begin();
    m_keeper.renewPassword(m_path, user->name, linkPlace(),
                           [this](const Result<NewPassword, QString> &made) {
                               end(made ? Result<void, QString>() : Unexpected(made.error()));
                               if (made)
                                   showPassword(*made);
                           });
}

void UsersPanel::switchChosen()
{
    const users::UserPtr user = chosen();
    if (!user)
        return;
    // Turning off can be undone, so ask only if it cuts streams.
    const int live = user->isDisabled ? 0 : liveOf(user->name);
    if (live > 0 && m_ask(this, UsersWords::turnOff(user->name, live)) != 0)
        return;
    begin();
    m_keeper.setEnabled(m_path, user->name, user->isDisabled,
                        [this](const Result<void, QString> &outcome) { end(outcome); });
}

void UsersPanel::removeChosen()
{
    const users::UserPtr user = chosen();
    if (!user || m_ask(this, UsersWords::remove(user->name, liveOf(user->name))) != 0)
        return;
    begin();
    m_keeper.remove(m_path, user->name,
                    [this](const Result<void, QString> &outcome) { end(outcome); });
}

void UsersPanel::begin()
{
    m_isBusy = true;
    refresh();
}

void UsersPanel::end(const Result<void, QString> &outcome)
{
    m_isBusy = false;
    showProblem(m_note, outcome ? QString() : UsersWords::failure(m_path, outcome.error()));
    if (outcome)
        follow();
    else
        announce(*m_note, m_note->text());
    refresh();
}

void UsersPanel::follow()
{
    showProblem(m_note, {});
    look();
    if (isInForce())
        m_controller.takeUsers();
}

void UsersPanel::showPassword(const NewPassword &made)
{
    const auto others = addressFor(ClientPlace::AnotherComputer);
    const auto address = others ? others : addressFor(ClientPlace::ThisComputer);
    auto *dialog =
        new PasswordDialog(made, address.value_or(ProxyAddress()), others.has_value(), window());
    dialog->open();
}

} // namespace sami::gui
