// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The ways to end the program: its menu, the desktop, the end of the session, the system.
#include "presses.h"
#include "trayprogram.h"

#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;

class DepartureTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void quitAsksWhileStreamsAreLive();
    void quitCanLetStreamsFinish();
    void theSystemsOrderAsksNobody();
    void theSystemsOrderEndsALongWait();
    void quitDoesNotAskWhenNothingRuns();
    void theDesktopsQuitIsNotVetoed();
    void theEndOfTheSessionNeverAsks();
    void theEndOfTheSessionWaitsNoLongerThanItMust();
    void aLogoutNeverAsks();
};

void DepartureTest::quitAsksWhileStreamsAreLive()
{
    Program program;
    TrayApplication &app = program.run();
    // Younger than a tick, so the last totals do not include it.
    program.addStream();
    trigger(app.actions().quit);
    QCOMPARE(program.questions.size(), 1);
    QCOMPARE(program.exits, 0);
    QCOMPARE(app.controller().state(), ProxyState::Running);
    QCOMPARE(program.actions.size(), 2);
    program.answer = 1;
    trigger(app.actions().quit);
    QCOMPARE(program.exits, 1);
    QCOMPARE(app.controller().state(), ProxyState::Stopped);
}

void DepartureTest::quitCanLetStreamsFinish()
{
    Program program;
    TrayApplication &app = program.run();
    program.addStream();
    program.answer = 0;
    trigger(app.actions().quit);
    QCOMPARE(app.controller().state(), ProxyState::Draining);
    QCOMPARE(program.exits, 0);
    // The only action left for an impatient user is to cut them.
    program.answer = {};
    trigger(app.actions().quit);
    QCOMPARE(program.actions.size(), 1);
    QCOMPARE(program.exits, 0);
    program.engine->stop(); // the last stream is over
    settle();
    QCOMPARE(program.exits, 1);
    QVERIFY(!program.store.preferences().windowGeometry.isEmpty());
}

void DepartureTest::theSystemsOrderAsksNobody()
{
    Program program;
    TrayApplication &app = program.run();
    program.addStream();
    app.terminate();
    QCOMPARE(app.controller().state(), ProxyState::Draining);
    QVERIFY(!program.store.preferences().windowGeometry.isEmpty());
    QCOMPARE(program.exits, 0);
    app.terminate();
    QCOMPARE(program.exits, 1);
    QVERIFY(program.questions.isEmpty());
}

void DepartureTest::theSystemsOrderEndsALongWait()
{
    Program program;
    config::Settings settings = program.store.settings();
    settings.timeouts.shutdownGrace = std::chrono::milliseconds(100);
    TrayApplication &app = program.run();
    QVERIFY(applied(app.controller(), settings));
    program.addStream();
    program.answer = 0;
    trigger(app.actions().quit);
    QCOMPARE(app.controller().state(), ProxyState::Draining);
    app.terminate();
    QCOMPARE(program.exits, 0);
    QTRY_COMPARE(program.exits, 1);
}

void DepartureTest::quitDoesNotAskWhenNothingRuns()
{
    Program program;
    trigger(program.run().actions().quit);
    QVERIFY(program.questions.isEmpty());
    QCOMPARE(program.exits, 1);
}

void DepartureTest::theDesktopsQuitIsNotVetoed()
{
    Program program;
    TrayApplication &app = program.run();
    program.addStream();
    QEvent quit(QEvent::Quit);
    QCoreApplication::sendEvent(qApp, &quit);
    QCOMPARE(program.questions.size(), 1);
    QCOMPARE(program.exits, 0);
    QVERIFY(!quit.isAccepted()); // otherwise macOS would wait for the end
    QVERIFY(app.window().isVisible());
    program.answer = 1;
    QCoreApplication::sendEvent(qApp, &quit);
    QVERIFY(quit.isAccepted());
    QCOMPARE(program.exits, 1);
}

void DepartureTest::theEndOfTheSessionNeverAsks()
{
    Program program;
    TrayApplication &app = program.run();
    program.addStream();
    app.window().resize(777, 555);
    app.endSession();
    QVERIFY(!program.store.preferences().windowGeometry.isEmpty());
    // The user may still cancel the logout, so nothing was cut.
    QCOMPARE(app.controller().state(), ProxyState::Running);
    // The stream may finish, and is cut if that takes long.
    QElapsedTimer clock;
    clock.start();
    QEvent quit(QEvent::Quit);
    QCoreApplication::sendEvent(qApp, &quit);
    QVERIFY(std::chrono::milliseconds(clock.elapsed())
            >= TrayApplication::sessionPatience / 2); // timers are coarse
    QVERIFY(program.questions.isEmpty());
    QCOMPARE(program.exits, 1);
}

void DepartureTest::theEndOfTheSessionWaitsNoLongerThanItMust()
{
    Program program;
    TrayApplication &app = program.run();
    program.addStream();
    app.endSession();
    QElapsedTimer clock;
    clock.start();
    QTimer::singleShot(0, program.engine, [&program] { program.engine->stop(); });
    QEvent quit(QEvent::Quit);
    QCoreApplication::sendEvent(qApp, &quit);
    QVERIFY(std::chrono::milliseconds(clock.elapsed()) < TrayApplication::sessionPatience);
    QCOMPARE(program.exits, 1);
}

void DepartureTest::aLogoutNeverAsks()
{
    Program program;
    program.run();
    program.addStream();
    program.desktop.sessionEnds();
    QEvent quit(QEvent::Quit);
    QCoreApplication::sendEvent(qApp, &quit);
    QVERIFY(program.questions.isEmpty());
    QVERIFY(quit.isAccepted());
    QCOMPARE(program.exits, 1);
}

QTEST_MAIN(DepartureTest)
#include "tst_departure.moc"
