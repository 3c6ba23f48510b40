// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The whole tray app over the real core, on a real X display with a real tray. Driven by mouse and
// keys, judged by the core's own snapshot. run.py provides the display.
#include "client.h"
#include "desk.h"
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"
#include "gui/models/connectionsfilter.h"
#include "gui/models/recentmodel.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/recentpane.h"
#include "gui/widgets/settings/listeningpage.h"
#include "gui/widgets/settings/userspage.h"
#include "origin.h"
#include "server/proxyserver.h"
#include "settingsfixture.h"
#include "trayhost.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;
using namespace sami::gui;
using namespace sami::test;
using sami::account::ConnectionPhase;
using sami::account::ConnectionSnapshot;

namespace {

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

/// Pages of the settings dialog, by their place in the list.
enum class Page { Listening, SignIn };

/// Whether the client received /stream byte for byte.
bool isWhole(Client &client)
{
    const QByteArray all = client.output();
    return !all.isEmpty() && all == Origin::lines(int(all.count('\n')));
}

} // namespace

class Tour : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void startsWithoutAWindow();
    void showsAnIconInTheTray();
    void opensFromTheTrayMenu();
    void showsRequestsAndTunnels();
    void showsAnSdkAtWork();
    void closesAConnectionFromItsMenu();
    void asksForAPasswordFromNowOn();
    void movesBetweenAddressesOfOnePort();
    void keepsItsPortWhenTheNewOneIsTaken();
    void servesOnWithItsWindowClosed();
    void comesBackWithTheTray_data();
    void comesBackWithTheTray();
    void asksBeforeStreamsAreCut();

private:
    [[nodiscard]] ProxyController &core() { return m_app->controller(); }
    [[nodiscard]] QString proxyUrl(const QString &host = u"127.0.0.1"_s);
    [[nodiscard]] std::unique_ptr<Client> curl(const QStringList &arguments);
    [[nodiscard]] bool isServed(const QString &host = u"127.0.0.1"_s);
    /// The only connection to the origin in the core's snapshot.
    [[nodiscard]] std::optional<ConnectionSnapshot> streaming();
    [[nodiscard]] quint64 startedStream(Client &client);
    [[nodiscard]] bool isIconSeen();
    [[nodiscard]] QTableView *table() { return m_app->window().connections()->page()->table(); }
    [[nodiscard]] int rowOf(quint64 id);
    [[nodiscard]] bool isRecent(quint64 id);
    [[nodiscard]] SettingsDialog *dialog() { return m_app->settingsDialog(); }
    [[nodiscard]] bool openSettings(Page page);
    [[nodiscard]] bool applySettings();
    [[nodiscard]] bool chooseAddress(int choice);
    enum class Answer { Stay, Quit };
    void quitFromTheTray(Answer answer);

    SettingsFixture m_file;
    Origin m_origin;
    Desk m_desk;
    TrayHost m_host { TrayHost::Kind::Xembed };
    LogTap m_tap;
    QImage m_bare; ///< the display before the program started
    std::unique_ptr<SettingsStore> m_store;
    std::unique_ptr<TrayApplication> m_app;
    int m_exits = 0;
    QStringList m_questions;
};

void Tour::initTestCase()
{
    const quint16 port = freePort();
    m_file.write("address = 127.0.0.1\nallow_private_targets = 127.0.0.0/8\nport = "
                 + QByteArray::number(port) + '\n');
    m_store = std::make_unique<SettingsStore>(m_file.input());
    QVERIFY(m_store->open());
    QVERIFY(m_host.start());
    // The panel is painted a moment after it has become the tray.
    const QPoint corner = QGuiApplication::primaryScreen()->geometry().bottomRight();
    QTRY_VERIFY_WITH_TIMEOUT(Desk::screenshot().pixel(corner) != Desk::screenshot().pixel(0, 0),
                             15'000);
    m_bare = Desk::screenshot();

    TrayApplication::Surroundings surroundings = TrayApplication::desktop();
    surroundings.exit = [this] { ++m_exits; };
    m_app = std::make_unique<TrayApplication>(
        *m_store, std::make_unique<sami::server::ProxyServer>(), m_tap, std::move(surroundings));
    m_app->start(true);
}

void Tour::cleanup()
{
    // A popup that one step leaves open would get the next one's clicks.
    while (QWidget *popup = QApplication::activePopupWidget())
        popup->close();
    if (m_app && m_app->settingsDialog())
        m_app->settingsDialog()->reject();
    m_origin.finish();
    if (m_app)
        QTRY_VERIFY(!streaming());
}

QString Tour::proxyUrl(const QString &host)
{
    const auto &credentials = core().settings().access.credentials;
    const QString user = credentials
        ? QString::fromUtf8(credentials->username + ':' + credentials->password) + u'@'
        : QString();
    return u"http://%1%2:%3"_s.arg(user, host).arg(core().listenAddress().port);
}

std::unique_ptr<Client> Tour::curl(const QStringList &arguments)
{
    return std::make_unique<Client>(
        u"curl"_s,
        QStringList { u"-sSN"_s, u"--noproxy"_s, QString(), u"--max-time"_s, u"60"_s } + arguments);
}

bool Tour::isServed(const QString &host)
{
    const quint64 before = core().snapshot().totals.requests;
    const auto client = curl({ u"-x"_s, proxyUrl(host), m_origin.url("hello") });
    return client->succeeds() && client->output() == "hello\n"
        && waitFor([&] { return core().snapshot().totals.requests > before; });
}

std::optional<ConnectionSnapshot> Tour::streaming()
{
    const QList<ConnectionSnapshot> rows = core().snapshot().connections;
    const auto found = std::find_if(rows.begin(), rows.end(), [this](const auto &row) {
        return row.endpoint.port == m_origin.port()
            && (row.phase == ConnectionPhase::Exchange || row.phase == ConnectionPhase::Tunnel);
    });
    return found == rows.end() ? std::nullopt : std::optional(*found);
}

quint64 Tour::startedStream(Client &client)
{
    return client.hears() && streaming() ? streaming()->id : 0;
}

bool Tour::isIconSeen()
{
    const QSystemTrayIcon *icon = m_app->tray().icon();
    if (!icon || !icon->geometry().isValid())
        return false;
    const QPoint centre = icon->geometry().center();
    // Check bare panel too: without it any other pixel would pass for an icon.
    const QPoint panel(m_bare.width() - TrayHost::trayerWidth + 4, centre.y());
    const QImage now = Desk::screenshot();
    return now.rect().contains(centre) && now.pixel(panel) == m_bare.pixel(panel)
        && now.pixel(centre) != m_bare.pixel(centre);
}

int Tour::rowOf(quint64 id)
{
    const auto *rows = qobject_cast<ConnectionsFilter *>(table()->model());
    for (int row = 0; row < rows->rowCount(); ++row) {
        if (rows->connection(rows->index(row, 0)).values.id == id)
            return row;
    }
    return -1;
}

bool Tour::isRecent(quint64 id)
{
    const QList<sami::account::FinishedWork> works = core().finishedWork();
    return std::any_of(works.begin(), works.end(), [&](const auto &work) { return work.id == id; });
}

void Tour::startsWithoutAWindow()
{
    QTRY_COMPARE(core().state(), ProxyState::Running);
    QVERIFY(core().settings().listen.port == core().listenAddress().port);
    QVERIFY(isServed());
    for (const QWidget *window : QApplication::topLevelWidgets())
        QVERIFY2(!window->isVisible() || window->inherits("QSystemTrayIconSys"),
                 window->metaObject()->className());
}

void Tour::showsAnIconInTheTray()
{
    QTRY_VERIFY(isIconSeen());
    QVERIFY(m_app->tray().toolTip().contains(QString::number(core().listenAddress().port)));
}

void Tour::opensFromTheTrayMenu()
{
    QVERIFY(!m_app->window().isVisible());
    QMenu *menu = m_desk.openMenu(m_app->tray().icon());
    QCOMPARE(menu, &m_app->tray().menu());
    QVERIFY(m_desk.choose(menu, m_app->actions().open));
    QTRY_VERIFY(m_app->window().isVisible());
    QVERIFY(QTest::qWaitForWindowActive(&m_app->window()));
    QCOMPARE(core().state(), ProxyState::Running);
}

void Tour::showsRequestsAndTunnels()
{
    for (const bool isTunnel : { false, true }) {
        QStringList arguments { u"-x"_s, proxyUrl(), m_origin.url("stream") };
        if (isTunnel)
            arguments.prepend(u"--proxytunnel"_s);
        const auto client = curl(arguments);
        const quint64 id = startedStream(*client);
        QVERIFY(id != 0);
        QCOMPARE(streaming()->method, isTunnel ? "CONNECT" : "GET");
        QVERIFY(streaming()->down > 0);
        QTRY_VERIFY(rowOf(id) >= 0);

        m_origin.finish();
        QVERIFY(client->succeeds());
        QVERIFY(isWhole(*client));
        QTRY_VERIFY(isRecent(id));
        QTRY_COMPARE(rowOf(id), -1);
    }
    // Bring the lower pane to the front with a click on its tab.
    ConnectionsTab *tab = m_app->window().connections();
    QTabBar *bar = tab->lower()->tabBar();
    QVERIFY(m_desk.click(
        bar->mapToGlobal(bar->tabRect(tab->lower()->indexOf(tab->recent())).center())));
    QTRY_VERIFY(tab->recent()->isVisible());
    QTRY_COMPARE(tab->recent()->table()->model()->rowCount(), int(core().finishedWork().size()));
}

void Tour::showsAnSdkAtWork()
{
    const QString modules = qEnvironmentVariable("TOUR_MODULES");
    if (modules.isEmpty())
        QSKIP("node or tests/clients' npm packages are missing (ctest -R clients_npm_ci)");
    Client sdk(u"node"_s,
               { QStringLiteral(TOUR_FOLDER "/sdk.mjs"), modules, proxyUrl(), m_origin.url("v1") });
    QVERIFY(sdk.hears());
    QVERIFY(streaming());
    const quint64 id = streaming()->id;
    QTRY_VERIFY(rowOf(id) >= 0);
    m_origin.finish();
    QVERIFY(sdk.succeeds());
    QVERIFY(sdk.output().startsWith("word word "));
    QTRY_VERIFY(isRecent(id));
}

void Tour::closesAConnectionFromItsMenu()
{
    const auto client = curl({ u"-x"_s, proxyUrl(), m_origin.url("stream") });
    const quint64 id = startedStream(*client);
    QVERIFY(id != 0);
    QTRY_VERIFY(rowOf(id) >= 0);
    const QPoint row = table()->viewport()->mapToGlobal(
        table()->visualRect(table()->model()->index(rowOf(id), 0)).center());
    QVERIFY(m_desk.click(row));
    QVERIFY(m_desk.click(row, Desk::Button::Right));
    QMenu *menu = Desk::openedMenu();
    QVERIFY(menu);
    QVERIFY(client->isRunning());
    // A stream runs, so the program asks first; answer from inside the question's own event loop.
    QTimer eye;
    bool isAsked = false;
    connect(&eye, &QTimer::timeout, this, [&] {
        auto *box = qobject_cast<QMessageBox *>(QApplication::activeModalWidget());
        if (!box || !box->isVisible())
            return;
        eye.stop();
        isAsked = true;
        QAbstractButton *closing = nullptr;
        for (QAbstractButton *button : box->buttons()) {
            if (button != box->button(QMessageBox::Cancel))
                closing = button;
        }
        if (!closing || !m_desk.click(closing))
            box->reject();
    });
    eye.start(std::chrono::milliseconds(50));
    QVERIFY(m_desk.choose(menu, menu->actions().constLast()));
    QTRY_VERIFY(isAsked);
    QTRY_VERIFY(!streaming());
    QVERIFY(client->ends());
    QTRY_VERIFY(isRecent(id));
    QCOMPARE(core().finishedWork().constLast().ending.how, sami::account::EndedHow::Closed);
    QTRY_COMPARE(rowOf(id), -1);
}

bool Tour::openSettings(Page page)
{
    QMenu *menu = m_desk.openMenu(m_app->tray().icon());
    if (!menu || !m_desk.choose(menu, m_app->actions().settings)
        || !waitFor([this] { return dialog() && dialog()->isVisible(); })
        || !QTest::qWaitForWindowActive(dialog()))
        return false;
    QListWidget *titles = dialog()->pages();
    const QRect title = titles->visualItemRect(titles->item(int(page)));
    return m_desk.click(titles->viewport()->mapToGlobal(title.center()))
        && waitFor([&] { return titles->currentRow() == int(page); });
}

bool Tour::applySettings()
{
    QPushButton *apply = dialog()->buttons()->button(QDialogButtonBox::Apply);
    return apply->isEnabled() && m_desk.click(apply)
        && waitFor([&] { return !apply->isEnabled() || !dialog()->error().isEmpty(); });
}

void Tour::asksForAPasswordFromNowOn()
{
    const auto client = curl({ u"-x"_s, proxyUrl(), m_origin.url("stream") });
    const quint64 id = startedStream(*client);
    QVERIFY(id != 0);
    const QString withoutPassword = proxyUrl();

    QVERIFY(openSettings(Page::SignIn));
    UsersPage *page = dialog()->users();
    QVERIFY(m_desk.click(page->required(), QPoint(10, page->required()->height() / 2)));
    QTRY_VERIFY(page->required()->isChecked());
    QVERIFY(m_desk.retype(page->user(), u"alice"_s));
    QVERIFY(m_desk.retype(page->password(), u"secret"_s));
    QVERIFY(client->hears());
    // Streams that began without the password may finish; answer from inside the question's own
    // event loop.
    QString question;
    QTimer eye;
    connect(&eye, &QTimer::timeout, this, [&] {
        auto *box = qobject_cast<QMessageBox *>(QApplication::activeModalWidget());
        if (!box || !box->isVisible())
            return;
        eye.stop();
        question = box->text();
        if (!m_desk.click(box->defaultButton()))
            box->reject();
    });
    eye.start(std::chrono::milliseconds(50));
    QVERIFY(applySettings());
    QTRY_VERIFY(!question.isEmpty());
    QTRY_VERIFY(!QApplication::activeModalWidget());
    QCOMPARE(dialog()->error(), QString());
    QVERIFY(core().settings().access.credentials);
    QCOMPARE(core().settings().access.credentials->username, "alice");

    const auto stranger = curl({ u"-x"_s, withoutPassword, u"-o"_s, u"/dev/null"_s, u"-w"_s,
                                 u"%{http_code}"_s, m_origin.url("hello") });
    QVERIFY(stranger->succeeds());
    QCOMPARE(stranger->output(), "407");
    QVERIFY(isServed());
    QVERIFY(client->hears());
    QVERIFY(streaming());
    QCOMPARE(streaming()->id, id);
    m_origin.finish();
    QVERIFY(client->succeeds());
    QVERIFY(isWhole(*client));
}

bool Tour::chooseAddress(int choice)
{
    // By keys, with the list closed. An open list takes its choice from a pointer that happens to
    // be above it, and a late mouse release for a click on an entry.
    QComboBox *box = dialog()->listening()->choice();
    constexpr int mostStops = 20;
    for (int i = 0; i < mostStops && !box->hasFocus(); ++i) {
        const QWidget *before = QApplication::focusWidget();
        if (!m_desk.key(u"Tab"_s)
            || !waitFor([before] { return QApplication::focusWidget() != before; }))
            return false;
    }
    while (box->hasFocus() && box->currentIndex() != choice) {
        const int before = box->currentIndex();
        if (!m_desk.key(choice > before ? u"Down"_s : u"Up"_s)
            || !waitFor([&] { return box->currentIndex() != before; }))
            return false;
    }
    return box->currentIndex() == choice;
}

void Tour::movesBetweenAddressesOfOnePort()
{
    const auto client = curl({ u"-x"_s, proxyUrl(), m_origin.url("stream") });
    const quint64 id = startedStream(*client);
    QVERIFY(id != 0);
    const sami::SocketAddress before = core().listenAddress();
    QCOMPARE(before.address, QHostAddress(QHostAddress::LocalHost));
    // Another address of this machine, which only a proxy on all addresses serves.
    const QString other = u"127.0.0.2"_s;
    const auto isRefused = [&] {
        const auto stranger = curl({ u"-x"_s, proxyUrl(other), m_origin.url("hello") });
        return stranger->ends() && !stranger->succeeds();
    };
    QVERIFY(isRefused());

    QVERIFY(openSettings(Page::Listening));
    QVERIFY(chooseAddress(1));
    QVERIFY(applySettings());
    QCOMPARE(dialog()->error(), QString());
    QCOMPARE(core().listenAddress().address, QHostAddress(QHostAddress::AnyIPv4));
    QCOMPARE(core().listenAddress().port, before.port);
    QVERIFY(isServed(other));
    QVERIFY(client->hears());

    QVERIFY(chooseAddress(0));
    QVERIFY(applySettings());
    QCOMPARE(dialog()->error(), QString());
    QCOMPARE(core().listenAddress(), before);
    QVERIFY(isRefused());
    QVERIFY(isServed());

    QVERIFY(client->hears());
    QVERIFY(streaming());
    QCOMPARE(streaming()->id, id);
    m_origin.finish();
    QVERIFY(client->succeeds());
    QVERIFY(isWhole(*client));
}

void Tour::keepsItsPortWhenTheNewOneIsTaken()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const sami::SocketAddress before = core().listenAddress();
    const auto client = curl({ u"-x"_s, proxyUrl(), m_origin.url("stream") });
    QVERIFY(startedStream(*client) != 0);

    QVERIFY(openSettings(Page::Listening));
    QVERIFY(m_desk.retype(dialog()->listening()->port(), QString::number(taken.serverPort())));
    QTRY_COMPARE(dialog()->listening()->port()->value(), int(taken.serverPort()));
    QVERIFY(applySettings());
    QVERIFY2(dialog()->error().contains(QString::number(taken.serverPort())),
             qPrintable(dialog()->error()));
    QVERIFY(dialog()->isVisible());
    QCOMPARE(core().state(), ProxyState::Running);
    QCOMPARE(core().listenAddress(), before);
    QCOMPARE(core().settings().listen.port, before.port);
    QVERIFY(isServed());
    QVERIFY(client->hears());
    m_origin.finish();
    QVERIFY(client->succeeds());
    QVERIFY(isWhole(*client));
}

void Tour::servesOnWithItsWindowClosed()
{
    m_app->show();
    QVERIFY(QTest::qWaitForWindowActive(&m_app->window()));
    const auto client = curl({ u"-x"_s, proxyUrl(), m_origin.url("stream") });
    const quint64 id = startedStream(*client);
    QVERIFY(id != 0);
    QVERIFY(m_desk.closeByItsButton(&m_app->window()));
    QTRY_VERIFY(!m_app->window().isVisible());
    QCOMPARE(m_exits, 0);
    QCOMPARE(core().state(), ProxyState::Running);
    QVERIFY(isServed());
    QVERIFY(client->hears());
    QVERIFY(streaming());
    QCOMPARE(streaming()->id, id);
}

void Tour::comesBackWithTheTray_data()
{
    QTest::addColumn<bool>("isAway");
    QTest::newRow("a panel that starts anew at once") << false;
    QTest::newRow("a panel that stays away until that was noticed") << true;
}

void Tour::comesBackWithTheTray()
{
    QFETCH(bool, isAway);
    QVERIFY(isIconSeen());
    const QSystemTrayIcon *before = m_app->tray().icon();
    QVERIFY(m_host.kill());
    QTRY_VERIFY(!isIconSeen());
    if (isAway) {
        // The program notices at its next poll; nothing else shows that it has polled.
        QTest::qWait(int(std::chrono::milliseconds(TrayIcon::hostPoll).count()) + 500);
    }
    QVERIFY(m_host.start());
    QTRY_VERIFY(isIconSeen());
    if (isAway)
        QTRY_VERIFY(m_app->tray().icon() != before);
    QMenu *menu = m_desk.openMenu(m_app->tray().icon());
    QCOMPARE(menu, &m_app->tray().menu());
    QVERIFY(m_desk.choose(menu, m_app->actions().open));
    QVERIFY(isServed());
    QTRY_VERIFY(m_app->window().isVisible());
    QVERIFY(m_desk.closeByItsButton(&m_app->window()));
    QTRY_VERIFY(!m_app->window().isVisible());
}

void Tour::quitFromTheTray(Answer answer)
{
    // The question runs its own event loop, so answer from inside it.
    QTimer eye;
    connect(&eye, &QTimer::timeout, this, [&] {
        auto *box = qobject_cast<QMessageBox *>(QApplication::activeModalWidget());
        if (!box || !box->isVisible())
            return;
        eye.stop();
        m_questions.append(box->text());
        QAbstractButton *button = box->button(QMessageBox::Cancel);
        for (QAbstractButton *other : box->buttons()) {
            if (answer == Answer::Quit && other->text() == u"Quit and cut them"_s)
                button = other;
        }
        if (!m_desk.click(button))
            box->reject();
    });
    eye.start(std::chrono::milliseconds(50));
    QMenu *menu = m_desk.openMenu(m_app->tray().icon());
    QVERIFY(menu);
    QVERIFY(m_desk.choose(menu, m_app->actions().quit));
    QTRY_VERIFY(!m_questions.isEmpty() || m_exits > 0);
    QTRY_VERIFY(!QApplication::activeModalWidget());
}

void Tour::asksBeforeStreamsAreCut()
{
    const auto client = curl({ u"-x"_s, proxyUrl(), m_origin.url("stream") });
    QVERIFY(startedStream(*client) != 0);
    // The question counts what the last tick saw.
    QTRY_COMPARE(core().totals().exchanges, 1u);

    quitFromTheTray(Answer::Stay);
    QCOMPARE(m_questions.size(), 1);
    QCOMPARE(m_exits, 0);
    QCOMPARE(core().state(), ProxyState::Running);
    QVERIFY(client->hears());

    quitFromTheTray(Answer::Quit);
    QCOMPARE(m_questions.size(), 2);
    QTRY_COMPARE(m_exits, 1);
    QTRY_COMPARE(core().state(), ProxyState::Stopped);
    QVERIFY(client->ends());
    QVERIFY(core().snapshot().connections.isEmpty());
}

QTEST_MAIN(Tour)
#include "tour.moc"
