// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "answers.h"
#include "guirig.h"
#include "server/proxyserver.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>
#include <vector>
#ifndef Q_OS_WIN
#include <sys/resource.h>
#include <unistd.h>
#endif

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

/// The real core, with settings in a temporary folder.
struct RealRig
{
    explicit RealRig(const QStringList &flags = { u"--port=0"_s })
        : store({ folder.filePath(u"settings.ini"_s), {}, config::parseCommandLine(flags) }),
          controller(std::make_unique<server::ProxyServer>(), store)
    {
        if (!store.open())
            qFatal("the settings in a new folder cannot be read");
    }

    QTemporaryDir folder;
    SettingsStore store;
    ProxyController controller;
};

quint16 closedPort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

/// Counts notices of that kind only: the controller's own ticks must not matter here.
int noticesOf(const QSignalSpy &spy, Notice::Kind kind)
{
    int count = 0;
    for (const QList<QVariant> &arguments : spy)
        count += arguments.first().value<Notice>().kind == kind;
    return count;
}

} // namespace

class ProxyControllerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsAndStops();
    void aFailedStartIsToldOnceAndTriedAgain();
    void stopEndsTheTrying();
    void drainWithoutWorkStops();
    void whatAStopCutCanStillBeRead();
    void applyThatTheCoreRefusesChangesNothing();
    void applyThatCannotBeSavedIsTakenBack();
    void applyWhileStoppedIsSaved();
    void whatIsHeldAboveTheFileIsRefusedFirst_data();
    void whatIsHeldAboveTheFileIsRefusedFirst();
    void theEngineGetsWhatTheNextStartWouldRead();
    void ratesAreThoseSinceTheTickBefore();
    void aBlockIsToldOnce();
    void aListenerThatAnswersIsLeftAlone();
    void aListenerThatIsDeadIsStartedAnew();
    void aProbeThatCannotBeMadeSaysNothing();
    void aTakenPortLeavesTheOldListener();
};

void ProxyControllerTest::startsAndStops()
{
    RealRig rig;
    QSignalSpy states(&rig.controller, &ProxyController::stateChanged);
    QCOMPARE(rig.controller.state(), ProxyState::Stopped);
    start(rig.controller);
    QCOMPARE(rig.controller.state(), ProxyState::Running);
    QVERIFY(rig.controller.listenAddress().port != 0);
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, rig.controller.listenAddress().port);
    QVERIFY(client.waitForConnected());
    rig.controller.stop();
    QCOMPARE(rig.controller.state(), ProxyState::Stopped);
    QCOMPARE(states.count(), 2);
}

void ProxyControllerTest::aFailedStartIsToldOnceAndTriedAgain()
{
    GuiRig rig;
    rig.controller.stop();
    rig.engine->startError = u"no such address"_s;
    QSignalSpy notices(&rig.controller, &ProxyController::noticed);
    start(rig.controller);
    QCOMPARE(rig.controller.state(), ProxyState::Failed);
    QCOMPARE(rig.controller.errorText(), u"no such address"_s);
    // A second failure is no news. Applying settings triggers one without a wait.
    QVERIFY(applied(rig.controller, rig.controller.settings()));
    QCOMPARE(rig.controller.state(), ProxyState::Failed);
    QCOMPARE(noticesOf(notices, Notice::Kind::StartFailed), 1);

    rig.engine->startError.clear();
    QTRY_COMPARE_WITH_TIMEOUT(rig.controller.state(), ProxyState::Running, 15'000);
    QCOMPARE(noticesOf(notices, Notice::Kind::Recovered), 1);
    QVERIFY(rig.controller.errorText().isEmpty());
}

void ProxyControllerTest::stopEndsTheTrying()
{
    GuiRig rig;
    rig.controller.stop();
    rig.engine->startError = u"no such address"_s;
    start(rig.controller);
    rig.controller.stop();
    QCOMPARE(rig.controller.state(), ProxyState::Stopped);
    rig.engine->startError.clear();
    QVERIFY(applied(rig.controller, rig.controller.settings()));
    QCOMPARE(rig.controller.state(), ProxyState::Stopped);
}

void ProxyControllerTest::drainWithoutWorkStops()
{
    RealRig rig;
    start(rig.controller);
    rig.controller.drain();
    QCOMPARE(rig.controller.state(), ProxyState::Draining);
    QTRY_COMPARE(rig.controller.state(), ProxyState::Stopped);
}

void ProxyControllerTest::whatAStopCutCanStillBeRead()
{
    QTcpServer origin;
    QVERIFY(origin.listen(QHostAddress::LocalHost));
    RealRig rig({ u"--port=0"_s, u"--allow-private-targets=127.0.0.0/8"_s });
    start(rig.controller);
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, rig.controller.listenAddress().port);
    QVERIFY(client.waitForConnected());
    client.write("CONNECT 127.0.0.1:" + QByteArray::number(origin.serverPort())
                 + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    QTRY_COMPARE(rig.controller.snapshot().totals.tunnels, 1U);
    rig.controller.stop();
    const QList<account::FinishedWork> works = rig.controller.finishedWork();
    QCOMPARE(works.size(), 1);
    QCOMPARE(works.first().method, "CONNECT"_ba);
    QCOMPARE(works.first().ending.how, account::EndedHow::Drained);
}

void ProxyControllerTest::applyThatTheCoreRefusesChangesNothing()
{
    GuiRig rig;
    QSignalSpy changes(&rig.controller, &ProxyController::settingsChanged);
    const config::Settings before = rig.controller.settings();
    config::Settings wanted = before;
    wanted.listen.port = 9999;
    rig.engine->applyError = u"in use"_s;
    const auto outcome = applied(rig.controller, wanted);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error(), u"in use"_s);
    QVERIFY(rig.controller.settings() == before);
    QVERIFY(!QFileInfo::exists(rig.store.path()));
    QCOMPARE(changes.count(), 0);
}

void ProxyControllerTest::applyThatCannotBeSavedIsTakenBack()
{
    GuiRig rig;
    const config::Settings before = rig.controller.settings();
    config::Settings wanted = before;
    wanted.timeouts.silence = std::chrono::minutes(5);
    // A folder in the file's place.
    rig.engine->whileApplying = [&rig] { QVERIFY(QDir().mkpath(rig.store.path())); };
    QVERIFY(!applied(rig.controller, wanted));
    QVERIFY(rig.controller.settings() == before);
    QCOMPARE(rig.engine->applied.size(), 2);
    QVERIFY(rig.engine->applied.last() == before);
}

void ProxyControllerTest::applyWhileStoppedIsSaved()
{
    GuiRig rig;
    rig.controller.stop();
    config::Settings wanted = rig.controller.settings();
    wanted.listen.port = 9999;
    QVERIFY(applied(rig.controller, wanted));
    QVERIFY(rig.engine->applied.isEmpty());
    QCOMPARE(rig.controller.settings().listen.port, 9999);
    QCOMPARE(rig.controller.state(), ProxyState::Stopped);
}

using Edit = std::function<void(config::Settings &)>;
Q_DECLARE_METATYPE(Edit)

void ProxyControllerTest::whatIsHeldAboveTheFileIsRefusedFirst_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<QString>("named");
    const auto row = [](const char *name, const QStringList &flags, const Edit &edit,
                        const QString &named) { QTest::newRow(name) << flags << edit << named; };
    const auto morePorts = [](config::Settings &settings) {
        settings.access.allowedPorts.append({ 8443, 8443 });
    };
    row("a list", { u"--allowed-ports=443"_s }, morePorts, u"(--allowed-ports)"_s);
    const auto longer = [](config::Settings &settings) {
        settings.timeouts.silence = std::chrono::minutes(5);
    };
    row("a number", { u"--timeout-ms=75000"_s }, longer, u"(--timeout-ms)"_s);
    const QStringList signIn { u"--auth-username=alice"_s, u"--auth-password=correct horse"_s };
    const auto open = [](config::Settings &settings) { settings.access.credentials.reset(); };
    row("the password taken away", signIn, open, u"(--auth-username)"_s);
    const auto other = [](config::Settings &settings) {
        settings.access.credentials->password = "battery staple";
    };
    row("another password", signIn, other, u"(--auth-password)"_s);
}

void ProxyControllerTest::whatIsHeldAboveTheFileIsRefusedFirst()
{
    QFETCH(const QStringList, flags);
    QFETCH(const Edit, edit);
    QFETCH(const QString, named);
    GuiRig rig(flags);
    const config::Settings before = rig.controller.settings();
    config::Settings wanted = before;
    edit(wanted);
    wanted.listen.port = 9999; // a change that is allowed is not made without the rest
    QSignalSpy changes(&rig.controller, &ProxyController::settingsChanged);
    const auto outcome = applied(rig.controller, wanted);
    QVERIFY(!outcome);
    QVERIFY2(outcome.error().contains(named), qPrintable(outcome.error()));
    QVERIFY2(rig.engine->applied.isEmpty(), "the engine runs what is taken back next");
    QVERIFY(!QFileInfo::exists(rig.store.path()));
    QCOMPARE(rig.controller.settings(), before);
    QCOMPARE(changes.count(), 0);
}

void ProxyControllerTest::theEngineGetsWhatTheNextStartWouldRead()
{
    GuiRig rig;
    QFile file(rig.store.path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.write("max_url_length = 4096\n") > 0); // edited by hand while the program runs
    file.close();
    config::Settings wanted = rig.controller.settings();
    wanted.listen.port = 9999;
    QVERIFY(applied(rig.controller, wanted));
    QCOMPARE(rig.engine->applied.size(), 1);
    QCOMPARE(rig.engine->applied.last().limits.head.maxTargetBytes, 4096);
    QCOMPARE(rig.engine->applied.last(), rig.controller.settings());
    const auto next = rig.store.read();
    QVERIFY(next);
    QCOMPARE(rig.engine->applied.last(), next->settings);
}

void ProxyControllerTest::ratesAreThoseSinceTheTickBefore()
{
    GuiRig rig;
    rig.controller.tick();
    rig.engine->sums.down += 1'000'000;
    QTest::qSleep(20);
    rig.controller.tick();
    QVERIFY(rig.controller.traffic().down > 0);
    QCOMPARE(rig.controller.traffic().up, 0.0);
    QTest::qSleep(20);
    rig.controller.tick();
    QCOMPARE(rig.controller.traffic().down, 0.0);
    // After a restart the totals are smaller than before.
    rig.engine->sums.down = 0;
    QTest::qSleep(20);
    rig.controller.tick();
    QCOMPARE(rig.controller.traffic().down, 0.0);
}

void ProxyControllerTest::aBlockIsToldOnce()
{
    GuiRig rig;
    QSignalSpy notices(&rig.controller, &ProxyController::noticed);
    rig.engine->blocked = { { QHostAddress(u"192.0.2.7"_s), std::chrono::seconds(60) } };
    rig.controller.tick();
    rig.controller.tick();
    QCOMPARE(noticesOf(notices, Notice::Kind::GuesserBlocked), 1);
    rig.engine->blocked.clear();
    rig.controller.tick();
    rig.engine->blocked = { { QHostAddress(u"192.0.2.7"_s), std::chrono::seconds(60) } };
    rig.controller.tick();
    QCOMPARE(noticesOf(notices, Notice::Kind::GuesserBlocked), 2);
}

void ProxyControllerTest::aListenerThatAnswersIsLeftAlone()
{
    RealRig rig;
    start(rig.controller);
    QSignalSpy states(&rig.controller, &ProxyController::stateChanged);
    rig.controller.checkListener();
    QCOMPARE(rig.controller.findChildren<QTcpSocket *>().size(), 1);
    QTRY_COMPARE(rig.controller.findChildren<QTcpSocket *>().size(), 0);
    QCOMPARE(states.count(), 0);

    // The probe is no client: a client that connects after it gets a row, the probe none.
    QTcpSocket client;
    client.connectToHost(QHostAddress::LocalHost, rig.controller.listenAddress().port);
    QVERIFY(client.waitForConnected());
    client.write("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
    QTRY_COMPARE(rig.controller.finishedWork().size(), 1);
    QCOMPARE(rig.controller.finishedWork().first().target, "/health"_ba);
    QCOMPARE(rig.controller.snapshot().totals.connections, 1U);
    QCOMPARE(rig.controller.snapshot().totals.requests, 1U);
}

void ProxyControllerTest::aListenerThatIsDeadIsStartedAnew()
{
    GuiRig rig;
    rig.engine->address.port = closedPort();
    const int starts = rig.engine->starts;
    rig.controller.checkListener();
    QTRY_COMPARE(rig.engine->starts, starts + 1);
    QCOMPARE(rig.controller.state(), ProxyState::Running);
    // If it cannot listen, it fails and keeps retrying.
    rig.engine->startError = u"no such address"_s;
    rig.controller.checkListener();
    QTRY_COMPARE(rig.controller.state(), ProxyState::Failed);
}

void ProxyControllerTest::aProbeThatCannotBeMadeSaysNothing()
{
#ifdef Q_OS_WIN
    QSKIP("there is no such bound to set");
#else
    QTcpServer alive;
    QVERIFY(alive.listen(QHostAddress::LocalHost));
    GuiRig rig;
    rig.engine->address.port = alive.serverPort();
    const int starts = rig.engine->starts;
    std::vector<int> held;
    struct rlimit former = {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &former), 0);
    const struct rlimit few
    {
        std::min<rlim_t>(former.rlim_cur, 256), former.rlim_max
    };
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &few), 0);
    const int spare = int(alive.socketDescriptor());
    for (int taken = ::dup(spare); taken >= 0; taken = ::dup(spare))
        held.push_back(taken);
    rig.controller.checkListener();
    settle();
    const bool wasRestarted = rig.engine->starts != starts;
    for (const int descriptor : held)
        ::close(descriptor);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &former), 0);
    QVERIFY2(!wasRestarted, "running streams would be cut");
    QCOMPARE(rig.controller.state(), ProxyState::Running);

    // It is made up for.
    rig.controller.tick();
    QTRY_VERIFY(alive.hasPendingConnections());
    QTRY_COMPARE(rig.controller.findChildren<QTcpSocket *>().size(), 0);
    QCOMPARE(rig.engine->starts, starts);
    const QTcpSocket *first = alive.nextPendingConnection();
    QVERIFY(first);
    rig.controller.tick();
    settle();
    QVERIFY2(!alive.hasPendingConnections(), "once is enough");
#endif
}

void ProxyControllerTest::aTakenPortLeavesTheOldListener()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    RealRig rig(QStringList {});
    config::Settings settings = rig.controller.settings();
    settings.listen.port = closedPort();
    QVERIFY(applied(rig.controller, settings));
    start(rig.controller);
    QCOMPARE(rig.controller.state(), ProxyState::Running);
    const SocketAddress before = rig.controller.listenAddress();
    settings.listen.port = other.serverPort();
    const auto outcome = applied(rig.controller, settings);
    QVERIFY(!outcome);
    QVERIFY(outcome.error().contains(QString::number(other.serverPort())));
    QCOMPARE(rig.controller.listenAddress().port, before.port);
    QCOMPARE(rig.controller.settings().listen.port, before.port);
    QTcpSocket client;
    client.connectToHost(before.address, before.port);
    QVERIFY(client.waitForConnected());
}

QTEST_GUILESS_MAIN(ProxyControllerTest)
#include "tst_proxycontroller.moc"
