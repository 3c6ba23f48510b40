// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "everywindow.h"

#include "answers.h"
#include "config/parenturl.h"
#include "door/identitycommands.h"
#include "gui/models/deniedmodel.h"
#include "gui/text/wording.h"
#include "gui/widgets/comboaccess.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/damagestrip.h"
#include "gui/widgets/deniedpage.h"
#include "gui/widgets/failurestrip.h"
#include "gui/widgets/logpage.h"
#include "gui/widgets/passworddialog.h"
#include "gui/widgets/settings/clientspage.h"
#include "gui/widgets/settings/destinationspage.h"
#include "gui/widgets/settings/listeningpage.h"
#include "gui/widgets/settings/serverspage.h"
#include "gui/widgets/settings/userspage.h"
#include "gui/widgets/settings/userspanel.h"
#include "gui/widgets/userdialog.h"
#include "settingsdialogrig.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

#include <algorithm>
#include <utility>

namespace sami::gui {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

// In display order. A page that no view shows makes showLower() or showSettings() fail.
const QStringList lowerTabs { u"details"_s, u"recent"_s, u"hosts"_s, u"traffic"_s };
const QStringList settingsPages { u"listening"_s,  u"users"_s,        u"encryption"_s,
                                  u"clients"_s,    u"destinations"_s, u"servers"_s,
                                  u"exit"_s,       u"timeouts"_s,     u"limits"_s,
                                  u"application"_s };

constexpr auto settingsText =
    "address = 0.0.0.0\nport = 8080\nauth_username = alice\n"
    "auth_password = correct horse\nallowed_ips = 127.0.0.1,192.0.2.0/24\n"
    "allowed_hosts = api.example.com,*.example.net\n"
    "allow_private_targets = 10.0.0.0/8\n";

SettingsStore &opened(SettingsStore &store)
{
    if (!store.open())
        qFatal("the settings of the test cannot be read");
    return store;
}

/// Makes a key and a certificate, as the proxy does at its start; nothing where it makes none.
void makeIdentity(SettingsFixture &file)
{
    const QString folder = file.folder.filePath(u"state"_s);
    QDir().mkdir(folder);
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    config::Settings settings;
    settings.state = { folder, folder };
    if (door::identityPin(settings))
        file.stateFolder = folder;
}

SettingsStore::Input input(SettingsFixture &file)
{
    makeIdentity(file);
    giveCombosNames(); // before the first combo box exists
    file.write(settingsText);
    // Some options are shown locked.
    file.environment.insert(u"PROXY_TCP_KEEPALIVE_S"_s, u"45"_s);
    file.environment.insert(u"ALLOWED_PORTS"_s, u"443,1024-8000"_s);
    return file.input();
}

QList<QHostAddress> machine()
{
    return { QHostAddress(u"127.0.0.1"_s), QHostAddress(u"192.0.2.7"_s) };
}

QList<OwnAddress> ownAddressesOfTest()
{
    return { { u"eth0"_s, QHostAddress(u"192.0.2.7"_s), 24 },
             { u"eth0"_s, QHostAddress(u"2001:db8::7"_s), 64 },
             { u"docker0"_s, QHostAddress(u"172.17.0.1"_s), 16, true } };
}

} // namespace

EveryWindow::EveryWindow()
    : m_store(input(m_file)), m_engine(new FakeEngine),
      m_controller(std::unique_ptr<server::Engine>(m_engine), opened(m_store)),
      m_actions(m_controller), m_main(m_controller, m_actions, m_log, {}),
      m_settings(m_controller, m_store,
                 { [](QWidget *, const Question &) { return std::optional(0); },
                   &m_autostart,
                   { { u"eth0"_s, QHostAddress(u"192.0.2.7"_s), 24 },
                     { u"eth0"_s, QHostAddress(u"2001:db8::7"_s), 64 } },
                   pickWithDialog,
                   saveWithDialog,
                   [this] {
                       auto made = std::make_unique<FakeParentTest>();
                       m_serverTest = made.get();
                       return made;
                   } }),
      m_firstStart(m_controller, m_actions.copySettings(), machine),
      m_sharing(m_controller, ownAddressesOfTest)
{
    m_main.addNotice(new FailureStrip(m_controller, FailureStrip::Words::Elsewhere, &m_main));
    fillEngine();
    start(m_controller);
    m_controller.tick();
}

EveryWindow::~EveryWindow() = default;

void EveryWindow::fillEngine()
{
    m_engine->addConnections(12);
    for (auto &row : m_engine->connections) {
        // All states, some of them for long.
        if (row.id % 4 == 1)
            row.sinceUp = row.sinceDown = 192s;
        if (row.id % 4 == 2)
            row.phase = account::ConnectionPhase::Connecting;
        if (row.id % 4 == 3)
            row.sinceDown = 4000s;
        row.down *= 1'000;
        row.longestSilence += 3599s;
        row.age = 4000s + std::chrono::seconds(row.id);
    }
    using account::EndedBy;
    using account::EndedHow;
    for (int i = 0; i <= int(EndedHow::Closed); ++i) {
        auto work = FakeEngine::makeWork(quint64(100 + i), "api.example.com");
        work.ending.how = EndedHow(i);
        work.ending.by = i % 2 ? EndedBy::Client : EndedBy::Upstream;
        work.ending.reason = account::Reason::ofCode(i % 2 ? "dns_error" : "private_target");
        m_engine->finished.append(work);
    }
    for (const char *reason :
         { "client_not_listed", "guesser_blocked", "credentials_wrong", "host_not_listed",
           "port_not_listed", "private_target", "own_address" })
        m_engine->refused.append(
            FakeEngine::makeRefusal("198.51.100.9", "files.example.org", 8443, reason));
    auto report =
        FakeEngine::makeRefusal("198.51.100.9", "claude.example.org", 443, "host_not_listed");
    report.isReported = true;
    m_engine->refused.append(report);
    m_engine->sums.refused = quint64(m_engine->refused.size());
    m_engine->blocked.append({ QHostAddress(u"198.51.100.9"_s), 292s });
    for (const char *level : { "INFO ", "ERROR", "DEBUG" })
        m_log.put("2026-01-02T03:04:05.678Z " + QByteArray(level)
                  + " server.listener listening address=192.0.2.7:8080\n");
    m_log.put("2026-01-02T03:04:05.678Z INFO  closed id=17 client=192.0.2.7 user=admin CONNECT "
              "api.example.com:443 status=200 up=1842 down=48211 dial=31ms first_byte=412ms "
              "silence=4m02s duration=4m11s by=upstream how=reset\n");
}

void EveryWindow::clearEngine()
{
    m_engine->connections.clear();
    m_engine->finished.clear();
    m_engine->refused.clear();
    m_engine->blocked.clear();
    (void)m_log.fetch();
    m_controller.tick();
}

QWidget *EveryWindow::showMain()
{
    const QList<View> all = views();
    for (int i = 0; i < m_main.tabs()->count(); ++i) {
        const QString name = u"main, "_s + m_main.tabs()->widget(i)->objectName();
        if (std::none_of(all.cbegin(), all.cend(),
                         [&name](const View &view) { return view.name.startsWith(name); }))
            qFatal("a tab of the main window is in no view");
    }
    m_main.show();
    // Two ticks, because a rate is a difference.
    m_controller.tick();
    for (auto &row : m_engine->connections)
        row.down += 7'000;
    m_controller.tick();
    return &m_main;
}

QWidget *EveryWindow::showLower(int tab)
{
    if (m_main.connections()->lower()->count() != lowerTabs.size())
        qFatal("a tab below the connections is in no view");
    m_main.connections()->lower()->setCurrentIndex(tab);
    showMain();
    const QTableView *table = m_main.connections()->page()->table();
    m_main.connections()->page()->table()->setCurrentIndex(table->model()->index(0, 0));
    m_controller.tick();
    return &m_main;
}

QWidget *EveryWindow::showSettings(int page)
{
    if (m_settings.pages()->count() != settingsPages.size())
        qFatal("a page of the settings is in no view");
    m_settings.show();
    m_settings.pages()->setCurrentRow(page);
    const auto knowsPin = [this] {
        const QList<QLineEdit *> fields = m_settings.findChildren<QLineEdit *>();
        return std::any_of(fields.cbegin(), fields.cend(), [](const QLineEdit *field) {
            return field->text().startsWith(u"sha256//"_s);
        });
    };
    // They are looked up beside.
    const QLabel *words = m_settings.users()->panel()->words();
    if (settingsPages.at(page) == u"users"_s
        && !QTest::qWaitFor([words] { return !words->text().isEmpty(); }))
        qFatal("the users page says nothing");
    if (settingsPages.at(page) == u"encryption"_s && !m_file.stateFolder.isEmpty()
        && !QTest::qWaitFor(knowsPin))
        qFatal("the encryption page shows no pin");
    return &m_settings;
}

void EveryWindow::nameUsers()
{
    const QString path = m_file.folder.filePath(u"users"_s);
    const QByteArray hash = users::PasswordHash::make("right", 1000)->text();
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)
        || file.write("anna:" + hash
                      + ":connections=3;hosts=@openai,@anthropic;until=2030-12-28\n"
                        "b&b <i>:"
                      + hash + ":until=2020-01-31;note=the <b>old</b> phone\nсветлана:" + hash
                      + ":disabled\n")
            < 0)
        qFatal("the users of the test cannot be written");
    file.close();
    config::Settings settings = m_controller.settings();
    settings.users.file = path;
    QString error = std::exchange(m_engine->applyError, QString());
    if (!applied(m_controller, settings))
        qFatal("the users of the test do not count");
    m_engine->applyError = std::move(error);
}

QWidget *EveryWindow::showUsers()
{
    nameUsers();
    showSettings(1);
    const QAbstractItemModel *rows = m_settings.users()->panel()->table()->model();
    if (!QTest::qWaitFor([rows] { return rows->rowCount() == 3; }))
        qFatal("the users of the test are not seen");
    return &m_settings;
}

QWidget *EveryWindow::showPassword()
{
    m_engine->address = { QHostAddress(QHostAddress::AnyIPv4), 8080 };
    showUsers();
    const UsersPanel *panel = m_settings.users()->panel();
    panel->table()->selectRow(0);
    panel->renewButton()->click(); // agreed to, as all questions here
    const auto shown = [this] { return m_settings.findChild<PasswordDialog *>(); };
    if (!QTest::qWaitFor([&shown] { return shown() != nullptr; }))
        qFatal("no password is shown");
    return shown();
}

void EveryWindow::close()
{
    config::Settings settings = m_controller.settings();
    settings.listen.address = QHostAddress(QHostAddress::LocalHost);
    settings.access.credentials.reset();
    settings.access.allowedClients.clear();
    makeCount(settings);
}

void EveryWindow::makeCount(const config::Settings &settings)
{
    QString error = std::exchange(m_engine->applyError, QString());
    if (!applied(m_controller, settings))
        qFatal("the settings of the test do not count");
    m_engine->applyError = std::move(error);
}

void EveryWindow::useServers()
{
    config::Settings settings = m_controller.settings();
    for (const char *link :
         { "sami-proxy://ann:word@fra.example.com:8443?pin="
           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&name=frankfurt",
           "https://ann:word@ams.example.com:8443?name=amsterdam", "socks5://192.0.2.9:1080" })
        settings.upstream.parents.list.append(config::parseParent(link).value().parent);
    makeCount(settings);
    std::vector<route::ParentState> states(3);
    for (size_t i = 0; i < states.size(); ++i) {
        const config::Parent &server = settings.upstream.parents.list.at(qsizetype(i));
        states[i].name = server.name;
        states[i].kind = server.kind;
    }
    states[0].condition = route::ParentCondition::Resting;
    states[0].fault = route::ParentFault::WrongPin;
    states[0].rest = 72s;
    states[1].isPreferred = true;
    states[1].latency = 31ms;
    states[1].certificateUntil = WallClock::now() + 24h * 63 + 1h;
    states[2].isBarred = true;
    m_engine->servers.parents = states;
    const QByteArrayList routes { "amsterdam", "frankfurt", "direct" };
    for (auto &row : m_engine->connections)
        row.route = routes.at(qsizetype(row.id) % routes.size());
    for (quint64 id = 201; id <= 203; ++id) {
        auto work = FakeEngine::makeWork(id, "api.example.com");
        work.route = routes.at(qsizetype(id) % routes.size());
        m_engine->finished.append(work);
    }
}

QList<EveryWindow::View> EveryWindow::views()
{
    QList<View> all;
    for (int i = 0; i < lowerTabs.size(); ++i)
        all.append({ u"main, connections and "_s + lowerTabs.at(i),
                     [i](EveryWindow &in) { return in.showLower(i); } });
    all.append({ u"main, denied"_s, [](EveryWindow &in) {
                    in.m_main.tabs()->setCurrentWidget(in.m_main.denied());
                    QWidget *window = in.showMain();
                    QTableView *table = in.m_main.denied()->table();
                    table->setCurrentIndex(table->model()->index(0, 0));
                    return window;
                } });
    all.append({ u"main, denied by the environment"_s, [](EveryWindow &in) {
                    in.m_main.tabs()->setCurrentWidget(in.m_main.denied());
                    QWidget *window = in.showMain();
                    QTableView *table = in.m_main.denied()->table();
                    const QModelIndexList rows = table->model()->match(
                        table->model()->index(0, DeniedModel::Reason), Qt::DisplayRole,
                        Wording::reason("port_not_listed"), 1, Qt::MatchExactly);
                    table->setCurrentIndex(rows.value(0));
                    return window;
                } });
    all.append({ u"main, log"_s, [](EveryWindow &in) {
                    in.m_main.tabs()->setCurrentWidget(in.m_main.log());
                    return in.showMain();
                } });
    all.append({ u"main, nobody connected"_s, [](EveryWindow &in) {
                    in.clearEngine();
                    return in.showLower(2);
                } });
    all.append({ u"main, nobody denied"_s, [](EveryWindow &in) {
                    in.clearEngine();
                    in.m_main.tabs()->setCurrentWidget(in.m_main.denied());
                    return in.showMain();
                } });
    all.append({ u"main, nothing in the log"_s, [](EveryWindow &in) {
                    in.clearEngine();
                    in.m_main.tabs()->setCurrentWidget(in.m_main.log());
                    return in.showMain();
                } });
    all.append({ u"main, filtered to nothing"_s, [](EveryWindow &in) {
                    QWidget *window = in.showLower(1);
                    for (auto *search : in.m_main.findChildren<QLineEdit *>())
                        search->setText(u"nowhere"_s);
                    return window;
                } });
    all.append({ u"main, log with files"_s, [](EveryWindow &in) {
                    in.m_log.files().setFolder(in.m_file.folder.filePath(u"logs"_s));
                    in.m_log.files().setOn(true);
                    in.m_main.tabs()->setCurrentWidget(in.m_main.log());
                    QWidget *window = in.showMain();
                    QListView *view = in.m_main.log()->view();
                    view->setCurrentIndex(view->model()->index(0, 0));
                    return window;
                } });
    all.append({ u"main, paused and filtered"_s, [](EveryWindow &in) {
                    QWidget *window = in.showMain();
                    for (auto *search :
                         in.m_main.connections()->page()->findChildren<QLineEdit *>())
                        search->setText(u"example.com"_s);
                    return window;
                } });
    all.append({ u"main, stopped"_s, [](EveryWindow &in) {
                    in.m_controller.stop();
                    return in.showMain();
                } });
    all.append({ u"main, failed"_s, [](EveryWindow &in) {
                    in.fail();
                    return in.showMain();
                } });
    for (int i = 0; i < settingsPages.size(); ++i)
        all.append({ u"settings, "_s + settingsPages.at(i),
                     [i](EveryWindow &in) { return in.showSettings(i); } });
    all.append({ u"settings, users of a file"_s, [](EveryWindow &in) { return in.showUsers(); } });
    all.append({ u"users, adding one"_s, [](EveryWindow &in) {
                    in.showSettings(1);
                    in.m_settings.users()->panel()->addButton()->click();
                    return static_cast<QWidget *>(in.m_settings.findChild<UserDialog *>());
                } });
    all.append({ u"users, the password"_s, [](EveryWindow &in) { return in.showPassword(); } });
    all.append({ u"settings, exposed and wrong"_s, [](EveryWindow &in) {
                    QWidget *window = in.showSettings(1);
                    restoreEveryPage(in.m_settings);
                    auto *listening = in.m_settings.listening();
                    for (auto *box : listening->findChildren<QComboBox *>())
                        box->setCurrentIndex(1);
                    auto *users = in.m_settings.users();
                    for (auto *box : users->findChildren<QCheckBox *>())
                        box->setChecked(true);
                    return window;
                } });
    all.append({ u"settings, open to everyone"_s, [](EveryWindow &in) {
                    QWidget *window = in.showSettings(0);
                    restoreEveryPage(in.m_settings);
                    for (auto *box : in.m_settings.listening()->findChildren<QComboBox *>())
                        box->setCurrentIndex(1);
                    return window;
                } });
    all.append({ u"main, by servers"_s, [](EveryWindow &in) {
                    in.useServers();
                    return in.showLower(1);
                } });
    all.append({ u"settings, servers in force"_s, [](EveryWindow &in) {
                    in.useServers();
                    return in.showSettings(int(settingsPages.indexOf(u"servers"_s)));
                } });
    all.append({ u"settings, a server that fails its test"_s, [](EveryWindow &in) {
                    QWidget *window = in.showSettings(int(settingsPages.indexOf(u"servers"_s)));
                    in.m_settings.servers()->offer(
                        u"https://fra.example.com:8443?name=frankfurt"_s);
                    server::ParentTestOutcome outcome;
                    outcome.last = server::ParentStep::Tls;
                    outcome.reason = net::DialFault::ConnectionReset;
                    in.m_serverTest->end(outcome);
                    return window;
                } });
    all.append({ u"main, draining"_s, [](EveryWindow &in) {
                    QWidget *window = in.showMain();
                    in.m_controller.drain();
                    return window;
                } });
    all.append({ u"sharing, ready"_s, [](EveryWindow &in) {
                    in.m_sharing.show();
                    return static_cast<QWidget *>(&in.m_sharing);
                } });
    all.append({ u"sharing, the plan"_s, [](EveryWindow &in) {
                    in.close();
                    in.m_sharing.show();
                    return static_cast<QWidget *>(&in.m_sharing);
                } });
    all.append({ u"sharing, failed"_s, [](EveryWindow &in) {
                    in.close();
                    if (in.m_engine->applyError.isEmpty())
                        in.m_engine->applyError =
                            u"0.0.0.0:8080 is in use by another program: stop that program or "
                            "choose another PROXY_PORT"_s;
                    in.m_sharing.show();
                    in.m_sharing.apply();
                    settle();
                    return static_cast<QWidget *>(&in.m_sharing);
                } });
    all.append({ u"first start"_s, [](EveryWindow &in) {
                    in.m_firstStart.show();
                    return static_cast<QWidget *>(&in.m_firstStart);
                } });
    all.append({ u"main, damaged settings"_s, [](EveryWindow &in) {
                    in.damage();
                    return in.showMain();
                } });
    all.append({ u"first start, failed"_s, [](EveryWindow &in) {
                    in.fail();
                    in.m_firstStart.show();
                    return static_cast<QWidget *>(&in.m_firstStart);
                } });
    return all;
}

void EveryWindow::addRows()
{
    QTest::addColumn<int>("view");
    const QList<View> all = views();
    for (int i = 0; i < all.size(); ++i)
        QTest::newRow(qPrintable(all.at(i).name)) << i;
}

void EveryWindow::addRowsInEveryLanguage()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<int>("view");
    const QList<View> all = views();
    for (const QString &language : { u"en"_s, u"ru"_s }) {
        for (int i = 0; i < all.size(); ++i)
            QTest::newRow(qPrintable(language + u": "_s + all.at(i).name)) << language << i;
    }
}

QWidget *EveryWindow::showRow()
{
    QFETCH(const int, view);
    return views().at(view).show(*this);
}

void EveryWindow::damage()
{
    m_file.write(QByteArray(settingsText) + "log_level = <b>loud</b>\nallowed_ports\n");
    if (!m_store.open())
        qFatal("the damaged settings of the test cannot be read");
    m_main.addNotice(new DamageStrip(m_store, m_controller, &m_main));
}

void EveryWindow::fail()
{
    m_controller.stop();
    m_engine->startError =
        u"0.0.0.0:8080 is in use by another program: stop that program or choose "
        "another PROXY_PORT"_s;
    start(m_controller);
}

} // namespace sami::gui
