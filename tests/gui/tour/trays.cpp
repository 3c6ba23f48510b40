// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The tray icon on every kind of desktop: trays that embed a window, trays on the session bus, and
// none. Judged by what the display shows and what the bus says. run.py provides the desktop and
// names its kind in TOUR_TRAY.
#include "desk.h"
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"
#include "server/proxyserver.h"
#include "settingsfixture.h"
#include "trayhost.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMenu>
#include <QScreen>
#include <QTest>
#include <QToolTip>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace sami::gui;
using namespace sami::test;

namespace {

/// The program's patience, its polls for a tray, and the delay of a busy machine: no window takes
/// longer.
constexpr int windowPatience =
    int(std::chrono::milliseconds(TrayApplication::trayPatience + 2 * TrayIcon::hostPoll).count())
    + 10'000;

/// For a panel to start on a busy machine.
constexpr int patience = 15'000;

/// The program over the real core, with its window hidden at first.
class Program
{
public:
    Program()
    {
        m_file.write("address = 127.0.0.1\nport = 0\n");
        m_store = std::make_unique<SettingsStore>(m_file.input());
        if (!m_store->open())
            qFatal("the settings cannot be read");
        TrayApplication::Surroundings surroundings = TrayApplication::desktop();
        surroundings.exit = [] {};
        m_app = std::make_unique<TrayApplication>(*m_store,
                                                  std::make_unique<sami::server::ProxyServer>(),
                                                  m_tap, std::move(surroundings));
        m_app->start(true);
    }

    [[nodiscard]] TrayApplication *operator->() { return m_app.get(); }
    [[nodiscard]] bool isWindowSeen()
    {
        const MainWindow &window = m_app->window();
        return window.isVisible() && !window.isMinimized();
    }

private:
    SettingsFixture m_file;
    LogTap m_tap;
    std::unique_ptr<SettingsStore> m_store;
    std::unique_ptr<TrayApplication> m_app;
};

/// The menu's texts without mnemonics; a separator is empty.
QStringList labels(const QMenu &menu)
{
    QStringList all;
    const QList<QAction *> actions = menu.actions();
    for (const QAction *action : actions) {
        if (action->isVisible())
            all.append(action->isSeparator() ? QString() : action->text().remove(u'&'));
    }
    return all;
}

} // namespace

class WithTray : public QObject
{
    Q_OBJECT

public:
    explicit WithTray(TrayHost::Kind kind) : m_host(kind) {}

private Q_SLOTS:
    void initTestCase();
    void showsOneIcon();
    void saysInItsToolTipWhereItListens();
    void carriesItsMenu();
    void opensByAClick();
    void showsItsWindowWhenTheTrayIsGone();
    void isBackInTheTrayThatCameBack();
    void leavesTheTrayWithTheProgram();

private:
    /// Where the panel is not bare; empty if it is bare.
    [[nodiscard]] QRect iconPlace() const;
    /// What covers the bare panel, and what the bus says of its icons.
    [[nodiscard]] QString seen() const;
    [[nodiscard]] static QString oneIcon() { return u"one icon"_s; }
    /// Hides the window as a user does.
    [[nodiscard]] bool closeWindow();

    Desk m_desk;
    TrayHost m_host;
    QImage m_bare; ///< the display before the program started
    std::unique_ptr<Program> m_program;
};

void WithTray::initTestCase()
{
    QVERIFY(m_host.start());
    // A panel is painted a moment after it has become the tray. It is done when nothing changes any
    // more.
    QImage before;
    QTRY_VERIFY(std::exchange(before, Desk::screenshot()) == Desk::screenshot()
                && before.pixel(before.width() - 1, before.height() - 1) != before.pixel(0, 0));
    m_bare = before;
    m_program = std::make_unique<Program>();
}

QRect WithTray::iconPlace() const
{
    const QRect screen = QGuiApplication::primaryScreen()->geometry();
    const QRect panel = screen.adjusted(0, screen.height() - TrayHost::panelHeight, 0, 0);
    return Desk::difference(m_bare, Desk::screenshot(), panel);
}

QString WithTray::seen() const
{
    const QRect place = iconPlace();
    const QStringList items = m_host.kind() == TrayHost::Kind::StatusNotifier
        ? StatusNotifier::items()
        : QStringList { u"a window"_s };
    if (place.isEmpty())
        return u"a bare panel"_s;
    if (place.width() <= TrayHost::panelHeight && items.size() == 1)
        return oneIcon();
    return u"from %1 to %2, %3"_s.arg(place.left()).arg(place.right()).arg(items.join(u' '));
}

bool WithTray::closeWindow()
{
    return m_desk.closeByItsButton(&(*m_program)->window())
        && waitFor([this] { return !(*m_program)->window().isVisible(); })
        && m_desk.dismissNotice();
}

void WithTray::showsOneIcon()
{
    QTRY_COMPARE((*m_program)->controller().state(), ProxyState::Running);
    QTRY_COMPARE_WITH_TIMEOUT(seen(), oneIcon(), patience);
    QVERIFY(!m_program->isWindowSeen());
}

void WithTray::saysInItsToolTipWhereItListens()
{
    const QString port = QString::number((*m_program)->controller().listenAddress().port);
    if (m_host.kind() == TrayHost::Kind::StatusNotifier) {
        QTRY_VERIFY(StatusNotifier::toolTip(StatusNotifier::items().value(0)).contains(port));
        return;
    }
    const QPoint icon = iconPlace().center();
    QVERIFY(m_desk.point(icon + QPoint(1, 0)));
    QVERIFY(m_desk.point(icon));
    QTRY_VERIFY(QToolTip::isVisible());
    QVERIFY2(QToolTip::text().contains(port), qPrintable(QToolTip::text()));
    QVERIFY(m_desk.point({ 2, 2 }));
    QTRY_VERIFY(!QToolTip::isVisible());
}

void WithTray::carriesItsMenu()
{
    const AppActions &actions = (*m_program)->actions();
    QMenu &menu = (*m_program)->tray().menu();
    for (const QAction *action :
         { actions.open, actions.startStop, actions.settings, actions.quit })
        QVERIFY2(menu.actions().contains(action), qPrintable(action->text()));

    if (m_host.kind() == TrayHost::Kind::Xembed) {
        QCOMPARE(m_desk.openMenu((*m_program)->tray().icon()), &menu);
        QVERIFY(m_desk.choose(&menu, actions.open));
    } else {
        const QString item = StatusNotifier::items().value(0);
        const QList<StatusNotifier::MenuEntry> entries = StatusNotifier::menu(item);
        QStringList told;
        for (const StatusNotifier::MenuEntry &entry : entries)
            told.append(entry.label);
        QCOMPARE(told, labels(menu));
        const auto open = std::find_if(entries.begin(), entries.end(), [&](const auto &entry) {
            return entry.label == actions.open->text().remove(u'&');
        });
        QVERIFY(open != entries.end() && open->isEnabled);
        QVERIFY(StatusNotifier::click(item, *open));
    }
    QTRY_VERIFY(m_program->isWindowSeen());
    QVERIFY(closeWindow());
}

void WithTray::opensByAClick()
{
    QTRY_COMPARE_WITH_TIMEOUT(seen(), oneIcon(), patience);
    QVERIFY(!m_program->isWindowSeen());
    QVERIFY(m_desk.click(iconPlace().center()));
    QTRY_VERIFY(m_program->isWindowSeen());
    QVERIFY(closeWindow());
}

void WithTray::showsItsWindowWhenTheTrayIsGone()
{
    QVERIFY(!m_program->isWindowSeen());
    QVERIFY(m_host.kill());
    QElapsedTimer clock;
    clock.start();
    QTRY_VERIFY_WITH_TIMEOUT(m_program->isWindowSeen(), windowPatience);
    // Not at once: a panel that is only restarting takes a while.
    QVERIFY(std::chrono::milliseconds(clock.elapsed())
            > TrayApplication::trayPatience - TrayIcon::hostPoll);
    QCOMPARE((*m_program)->controller().state(), ProxyState::Running);
}

void WithTray::isBackInTheTrayThatCameBack()
{
    QVERIFY(m_host.start());
    QTRY_COMPARE_WITH_TIMEOUT(seen(), oneIcon(), patience);
    // By now the program has noticed at its next poll and has created its icon.
    const qint64 looks = 2 * std::chrono::milliseconds(TrayIcon::hostPoll).count();
    QElapsedTimer clock;
    clock.start();
    QTRY_VERIFY_WITH_TIMEOUT(clock.elapsed() > looks, int(looks) + 5'000);
    QTRY_COMPARE_WITH_TIMEOUT(seen(), oneIcon(), patience);
    QVERIFY(closeWindow());
    opensByAClick();
    carriesItsMenu();
}

void WithTray::leavesTheTrayWithTheProgram()
{
    m_program.reset();
    QTRY_COMPARE_WITH_TIMEOUT(seen(), u"a bare panel"_s, patience);
    if (m_host.kind() == TrayHost::Kind::StatusNotifier)
        QTRY_COMPARE(StatusNotifier::items(), QStringList());
}

class WithoutTray : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsItsWindow();
    void keepsItsWindowInReachWhenItIsClosed();
    void takesToATrayThatComesLate();

private:
    Desk m_desk;
    TrayHost m_late { TrayHost::Kind::Xembed };
    Program m_program;
};

void WithoutTray::showsItsWindow()
{
    QVERIFY(!QSystemTrayIcon::isSystemTrayAvailable());
    QVERIFY(!m_program->tray().icon());
    QTRY_VERIFY_WITH_TIMEOUT(m_program.isWindowSeen(), windowPatience);
    QCOMPARE(m_program->controller().state(), ProxyState::Running);
}

void WithoutTray::keepsItsWindowInReachWhenItIsClosed()
{
    QVERIFY(m_desk.closeByItsButton(&m_program->window()));
    QTRY_VERIFY(m_program->window().isMinimized());
    // The desktop's window list still has it.
    QVERIFY(m_program->window().isVisible());
    QCOMPARE(m_program->controller().state(), ProxyState::Running);
    m_program->show();
    QTRY_VERIFY(m_program.isWindowSeen());
}

void WithoutTray::takesToATrayThatComesLate()
{
    QVERIFY(m_late.start());
    QTRY_VERIFY(m_program->tray().icon() && m_program->tray().icon()->geometry().isValid());
    QVERIFY(m_desk.closeByItsButton(&m_program->window()));
    QTRY_VERIFY(!m_program->window().isVisible());
    QCOMPARE(m_desk.openMenu(m_program->tray().icon()), &m_program->tray().menu());
    QVERIFY(m_desk.choose(&m_program->tray().menu(), m_program->actions().open));
    QTRY_VERIFY(m_program.isWindowSeen());
}

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    const QString desktop = qEnvironmentVariable("TOUR_TRAY");
    if (desktop == "none"_L1) {
        WithoutTray tests;
        return QTest::qExec(&tests, argc, argv);
    }
    WithTray tests(desktop == "statusnotifier"_L1 ? TrayHost::Kind::StatusNotifier
                                                  : TrayHost::Kind::Xembed);
    return QTest::qExec(&tests, argc, argv);
}

#include "trays.moc"
