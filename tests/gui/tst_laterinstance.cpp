// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// How the first copy reacts to a later one.
#include "gui/app/singleinstance.h"
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"
#include "presses.h"
#include "proxyrig.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace sami::gui;
using namespace Qt::StringLiterals;
using sami::test::ProxyRig;

namespace {

/// The whole program over the rig's settings file, without a tray. At first its user answers no to
/// everything.
struct Program
{
    Program()
        : instance(rig.store->path()),
          app(*rig.store, std::make_unique<sami::server::ProxyServer>(), tap,
              { [] { return false; },
                [this](QWidget *, const Question &) {
                    ++questions;
                    return answer;
                },
                [this] { ++exits; } })
    {
        app.obey(instance);
        app.start(true);
    }

    ProxyRig rig;
    LogTap tap;
    int questions = 0;
    std::optional<int> answer;
    int exits = 0;
    SingleInstance instance;
    TrayApplication app;
};

} // namespace

class LaterInstanceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void raisesTheWindow();
    void passesTheTokenOn();
    void quitsWithoutAQuestion();
    void quitsWhenTheStreamsTimeIsUp();
    void quitsAtOnceWithoutAProxyThatRuns();
    void theMenuDoesAsk();
    void theMenuCanLetAStreamFinish();
    void theSessionsEndLetsAStreamFinish();
    void aSessionThatGoesOnIsNoEnd_data();
    void aSessionThatGoesOnIsNoEnd();

private:
    static void openStream(Program &program, QTcpServer &server, QTcpSocket &client);
    static void endStream(QTcpServer &server, QTcpSocket &client);
};

void LaterInstanceTest::openStream(Program &program, QTcpServer &server, QTcpSocket &client)
{
    QVERIFY(server.listen(QHostAddress::LocalHost));
    client.connectToHost(QHostAddress(QHostAddress::LocalHost),
                         program.app.controller().listenAddress().port);
    const QByteArray target = "127.0.0.1:" + QByteArray::number(server.serverPort());
    client.write("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n");
    QTRY_COMPARE(program.app.controller().totals().tunnels, 1U);
}

void LaterInstanceTest::raisesTheWindow()
{
    Program program;
    QVERIFY(!program.app.window().isVisible());
    Q_EMIT program.instance.raiseRequested({});
    QVERIFY(program.app.window().isVisible());
    program.app.window().showMinimized();
    Q_EMIT program.instance.raiseRequested({});
    QVERIFY(!program.app.window().isMinimized());
}

void LaterInstanceTest::passesTheTokenOn()
{
    Program program;
    qunsetenv("XDG_ACTIVATION_TOKEN");
    Q_EMIT program.instance.raiseRequested("token-7");
    QCOMPARE(qgetenv("XDG_ACTIVATION_TOKEN"), QByteArray("token-7"));
    Q_EMIT program.instance.raiseRequested({});
    QCOMPARE(qgetenv("XDG_ACTIVATION_TOKEN"), QByteArray("token-7"));
}

void LaterInstanceTest::quitsWithoutAQuestion()
{
    Program program;
    QTcpServer server;
    QTcpSocket client;
    openStream(program, server, client);
    Q_EMIT program.instance.quitRequested();
    QCOMPARE(program.questions, 0);
    // The stream may finish first.
    QCOMPARE(program.app.controller().state(), ProxyState::Draining);
    QCOMPARE(program.exits, 0);
    endStream(server, client);
    QTRY_COMPARE(program.exits, 1);
    QCOMPARE(program.app.controller().state(), ProxyState::Stopped);
}

void LaterInstanceTest::quitsWhenTheStreamsTimeIsUp()
{
    Program program;
    sami::config::Settings settings = program.rig.store->settings();
    settings.timeouts.shutdownGrace = std::chrono::milliseconds(500);
    QVERIFY(applied(program.app.controller(), settings));
    QTcpServer server;
    QTcpSocket client;
    openStream(program, server, client);
    // Draining from the menu has no limit; an order to quit has one.
    trigger(program.app.actions().drain);
    Q_EMIT program.instance.quitRequested();
    // A second order changes nothing.
    Q_EMIT program.instance.quitRequested();
    QCOMPARE(program.exits, 0);
    QTRY_COMPARE(program.exits, 1);
    QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
}

void LaterInstanceTest::quitsAtOnceWithoutAProxyThatRuns()
{
    Program program;
    program.app.controller().stop();
    Q_EMIT program.instance.quitRequested();
    QCOMPARE(program.exits, 1);
}

void LaterInstanceTest::theMenuDoesAsk()
{
    Program program;
    QTcpServer server;
    QTcpSocket client;
    openStream(program, server, client);
    trigger(program.app.actions().quit);
    QCOMPARE(program.questions, 1);
    QCOMPARE(program.exits, 0);
}

void LaterInstanceTest::endStream(QTcpServer &server, QTcpSocket &client)
{
    client.disconnectFromHost();
    server.close();
    while (QTcpSocket *accepted = server.nextPendingConnection())
        accepted->disconnectFromHost();
}

void LaterInstanceTest::theMenuCanLetAStreamFinish()
{
    Program program;
    QTcpServer server;
    QTcpSocket client;
    openStream(program, server, client);
    program.answer = 0;
    trigger(program.app.actions().quit);
    QCOMPARE(program.app.controller().state(), ProxyState::Draining);
    QCOMPARE(program.exits, 0);
    endStream(server, client);
    QTRY_COMPARE(program.exits, 1);
}

void LaterInstanceTest::theSessionsEndLetsAStreamFinish()
{
    Program program;
    QTcpServer server;
    QTcpSocket client;
    openStream(program, server, client);
    program.app.endSession();
    QCOMPARE(program.app.controller().state(), ProxyState::Running);
    QTimer::singleShot(0, &client, [&] { endStream(server, client); });
    QEvent quit(QEvent::Quit);
    QCoreApplication::sendEvent(qApp, &quit);
    // The desktop gets its answer when everything is over.
    QCOMPARE(program.exits, 1);
    QCOMPARE(program.questions, 0);
    QVERIFY(!program.rig.store->preferences().windowGeometry.isEmpty());
}

void LaterInstanceTest::aSessionThatGoesOnIsNoEnd_data()
{
    QTest::addColumn<QByteArray>("sign");
    QTest::newRow("the user clicks in a window") << "click"_ba;
    QTest::newRow("the user types in a window") << "key"_ba;
    QTest::newRow("the user clicks the icon") << "icon"_ba;
    QTest::newRow("the user opens the icon's menu") << "menu"_ba;
    QTest::newRow("a later copy shows the window") << "copy"_ba;
    QTest::newRow("much time passes") << "time"_ba;
}

void LaterInstanceTest::aSessionThatGoesOnIsNoEnd()
{
    QFETCH(const QByteArray, sign);
    Program program;
    QTcpServer server;
    QTcpSocket client;
    openStream(program, server, client);
    program.app.show();
    program.app.endSession();
    QWidget *window = &program.app.window();
    if (sign == "click")
        QTest::mouseClick(window, Qt::LeftButton);
    else if (sign == "key")
        QTest::keyClick(window, Qt::Key_Shift);
    else if (sign == "icon")
        Q_EMIT program.app.tray().activated();
    else if (sign == "menu")
        Q_EMIT program.app.tray().menu().aboutToShow();
    else if (sign == "copy")
        Q_EMIT program.instance.raiseRequested({});
    else
        program.app.findChild<SessionEnd *>()->lapse();
    // Quit from the Dock, for example: the user is asked again, and may stay.
    QEvent quit(QEvent::Quit);
    QCoreApplication::sendEvent(qApp, &quit);
    QCOMPARE(program.questions, 1);
    QVERIFY(!quit.isAccepted());
    QCOMPARE(program.exits, 0);
    QCOMPARE(program.app.controller().state(), ProxyState::Running);
    // And an order to quit gives streams all of their time.
    Q_EMIT program.instance.quitRequested();
    if (sign == "click")
        QTest::qWait(int(std::chrono::milliseconds(TrayApplication::sessionPatience).count())
                     + 500);
    QCOMPARE(program.exits, 0);
    endStream(server, client);
    QTRY_COMPARE(program.exits, 1);
}

QTEST_MAIN(LaterInstanceTest)
#include "tst_laterinstance.moc"
