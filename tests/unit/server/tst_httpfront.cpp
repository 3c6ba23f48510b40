// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What an HTTP client's connection keeps from one request to the next, and how a drain ends it. On
// simulated wires.
#include "doorrig.h"
#include "net/tlshandshake.h"
#include "route/parenthealth.h"
#include "server/drain.h"

#include <QAbstractEventDispatcher>
#include <QTest>
#include <QThread>
#include <QTimerEvent>

#include <memory>

using namespace sami;
using namespace sami::server;
using namespace std::chrono_literals;

namespace {

constexpr char connectHead[] = "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n";
constexpr char established[] = "HTTP/1.1 200 Connection established\r\n\r\n";

config::Settings withKeepalive(std::chrono::seconds idle)
{
    config::Settings settings;
    settings.timeouts.tcpKeepalive = idle;
    return settings;
}

/// One user, whose password nobody knows.
users::RosterPtr someUser()
{
    const auto hash = users::PasswordHash::parse("$pbkdf2-sha512$1000$c2FsdHNhbHRzYWx0c2FsdA$"
                                                 + QByteArray(86, 'A'));
    if (!hash)
        qFatal("%s", qPrintable(hash.error()));
    return std::make_shared<const users::Roster>(users::UsersList(
        { std::make_shared<const users::User>(users::User { "a", *hash, 0, {}, {}, false, {} }) }));
}

/// An HTTP proxy over TLS.
std::shared_ptr<route::ParentDialer> someParent()
{
    config::Parent parent;
    parent.kind = config::ParentKind::Https;
    parent.endpoint = { "parent.test", 443 };
    parent.name = "parent";
    config::ParentSettings settings;
    settings.list = { parent };
    auto health = std::make_shared<route::ParentHealth>();
    health->setParents(settings.list, Clock::now());
    return std::make_shared<route::ParentDialer>(nullptr, health, settings);
}

QByteArray get(const QByteArray &url)
{
    return "GET " + url + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

QByteArray post(const QByteArray &url)
{
    return "POST " + url + " HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n";
}

constexpr char answerOfFour[] = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody";

bool isWaitedFor(rig::Door &door)
{
    const TimePoint now = Clock::now();
    const account::Snapshot current = door.shared().books.registry.snapshot(now);
    return Drain(now, {}).look(current, now).decision == Drain::Decision::Wait;
}

void drain(rig::Door &door)
{
    door.shared().draining.store(true);
    door.session->drain();
    door.turn();
}

/// The session's only timer fires, after `time`.
void expire(rig::Door &door, std::chrono::milliseconds time)
{
    QThread::msleep(time.count());
    const auto timers = QAbstractEventDispatcher::instance()->registeredTimers(door.session.get());
    QCOMPARE(timers.size(), 1);
    QTimerEvent event(timers.constFirst().timerId);
    QCoreApplication::sendEvent(door.session.get(), &event);
    door.turn();
}

} // namespace

class TestHttpFront : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void newSettingsAmidARequestSetTheKeepalive_data();
    void newSettingsAmidARequestSetTheKeepalive();
    void aBoundConnectionKeepsItsTlsCharge_data();
    void aBoundConnectionKeepsItsTlsCharge();
    void aDrainDeliversAnAnswerWhole_data();
    void aDrainDeliversAnAnswerWhole();
    void anAnswerThatEndsItsConnectionIsTakenWhole_data();
    void anAnswerThatEndsItsConnectionIsTakenWhole();
    void anAnsweredRequestHoldsNothing();
    void aClientThatEndsAmidABodyGetsItsAnswer();
    void anIdleClientHoldsUpNoDrain();
    void aCutForWantOfMemoryWaitsForNobody();
    void eachRequestIsLookedAtTwice();
};

void TestHttpFront::newSettingsAmidARequestSetTheKeepalive_data()
{
    QTest::addColumn<bool>("waitsForAVerdict");
    QTest::newRow("in the middle of its head") << false;
    QTest::newRow("while its password is checked") << true;
}

void TestHttpFront::newSettingsAmidARequestSetTheKeepalive()
{
    QFETCH(bool, waitsForAVerdict);
    rig::Door door(withKeepalive(30s));
    if (waitsForAVerdict) {
        door.prepare([&](ActiveSettings &active) {
            active.users = someUser();
            door.shared().gatekeeper->renew(active.settings.access.guard,
                                            active.policy.authenticator(), Clock::now(),
                                            active.users);
        });
    }
    door.accept();
    door.client->sent = connectHead;
    if (waitsForAVerdict)
        door.client->sent += "Proxy-Authorization: Basic YTpi\r\n\r\n";
    while (door.client->stream->turn()) {} // the verdict waits for the event loop
    QCOMPARE(door.client->accepted, "");
    door.apply(withKeepalive(7s)); // there are no users in these settings
    if (!waitsForAVerdict)
        door.say("\r\n");
    QTRY_COMPARE((door.turn(), door.client->accepted), established);
    QCOMPARE(door.client->tcpKeepalive, 7);
}

void TestHttpFront::aBoundConnectionKeepsItsTlsCharge_data()
{
    QTest::addColumn<QByteArray>("scheme");
    QTest::addColumn<bool>("hasParent");
    QTest::newRow("for TLS with the host") << QByteArray("https") << false;
    QTest::newRow("for TLS with a parent") << QByteArray("http") << true;
}

/// In the budget there is room for one TLS leg.
void TestHttpFront::aBoundConnectionKeepsItsTlsCharge()
{
    QFETCH(QByteArray, scheme);
    QFETCH(bool, hasParent);
    rig::Door door;
    if (hasParent) {
        door.prepare([&](ActiveSettings &active) {
            active.parents = someParent();
            door.dialer->route = active.parents->firstRoute(
                { "a.test", 80 }, QByteArray("1.1 ") + rig::Proxy::pseudonym);
        });
    }
    OctetBudget::Share others(door.shared().tlsLegs);
    QVERIFY(others.hold(door.shared().bounds.tlsLegBytes - net::tlsLegCost
                        + 2 * OctetBudget::Share::freePart));
    door.accept();
    door.say(get(scheme + "://a.test/"));
    QCOMPARE(door.dialer->wires.size(), 1U);
    door.dialer->wires.front()->sent +=
        "HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n";
    door.turn();
    QVERIFY(door.client->accepted.startsWith("HTTP/1.1 401 "));
    QVERIFY2(door.shared().tlsLegs.isSpent(), "the connection is kept");

    door.say(get(scheme + "://a.test/again"));
    QVERIFY2(door.dialer->wires.size() == 1, "it serves its client again");
    QVERIFY(door.shared().tlsLegs.isSpent());
    door.dialer->wires.front()->sent += "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    door.turn();

    door.client->accepted.clear();
    door.client->delivered = 0;
    door.say(get(scheme + "://b.test/"));
    QVERIFY2(door.client->accepted.startsWith("HTTP/1.1 503 "), "two legs are too many");
    door.session.reset();
    QVERIFY(!door.shared().tlsLegs.isSpent());
}

void TestHttpFront::aDrainDeliversAnAnswerWhole_data()
{
    QTest::addColumn<bool>("isComplete"); // before the drain
    QTest::addColumn<bool>("isPipelined");
    QTest::newRow("B§6: complete, and not taken") << true << false;
    QTest::newRow("B§6: complete, and the next request is there") << true << true;
    QTest::newRow("B§6: it becomes complete while the proxy drains") << false << false;
}

void TestHttpFront::aDrainDeliversAnAnswerWhole()
{
    QFETCH(const bool, isComplete);
    QFETCH(const bool, isPipelined);
    rig::Door door;
    door.accept();
    QVERIFY(!isWaitedFor(door));
    door.client->isBlocked = true;
    door.say(get("http://a.test/") + (isPipelined ? get("http://a.test/again") : QByteArray()));
    QByteArray &origin = door.dialer->wires.front()->sent;
    origin += QByteArray(answerOfFour).chopped(isComplete ? 0 : 1);
    door.turn();
    if (isComplete)
        QCOMPARE(door.end(), "200 upstream complete");
    drain(door);
    if (!isComplete) {
        // The proxy reads on once the client has taken what there is.
        door.client->isBlocked = false;
        door.turn();
        door.client->isBlocked = true;
        origin += 'y';
        door.turn();
        QCOMPARE(door.end(), "200 upstream complete");
    }
    QVERIFY(isWaitedFor(door));
    QCOMPARE(QByteArray(toString(door.record->phase.load())), "exchange");
    QCOMPARE(int(door.client->proxyEnd), int(fuzzing::Wire::ProxyEnd::Open));
    door.client->isBlocked = false;
    door.turn();
    QCOMPARE(door.client->delivered, door.client->accepted.size());
    QVERIFY(door.client->accepted.contains("\r\n\r\nbody"));
    QCOMPARE(door.client->accepted.contains("HTTP/1.1 503 "), isPipelined);
    QCOMPARE(int(door.client->proxyEnd), int(fuzzing::Wire::ProxyEnd::Fin));
    door.client->peerFin = true;
    door.turn();
    QVERIFY(door.isClosed);
}

void TestHttpFront::anAnswerThatEndsItsConnectionIsTakenWhole_data()
{
    QTest::addColumn<int>("looks"); // before the client takes it
    QTest::addColumn<bool>("isCut");
    QTest::addColumn<QByteArray>("phase");
    QTest::newRow("B§6: after a pause") << 1 << false << QByteArray("exchange");
    QTest::newRow("B§6: not for the silence limit") << 2 << true << QByteArray("closing");
    QTest::newRow("B§6: the grace time is over") << 0 << true << QByteArray("exchange");
}

void TestHttpFront::anAnswerThatEndsItsConnectionIsTakenWhole()
{
    QFETCH(const int, looks);
    QFETCH(const bool, isCut);
    config::Settings settings;
    settings.timeouts.silence = 50ms;
    rig::Door door(settings);
    door.accept();
    door.client->isBlocked = true;
    door.say("GET http://a.test/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    door.dialer->wires.front()->sent += answerOfFour;
    door.turn();
    QCOMPARE(door.end(), "200 upstream complete");
    for (int i = 0; i < looks; ++i)
        expire(door, 60ms);
    QVERIFY(isWaitedFor(door));
    QTEST(QByteArray(toString(door.record->phase.load())), "phase");
    QCOMPARE(int(door.client->proxyEnd), int(fuzzing::Wire::ProxyEnd::Open));
    if (isCut) {
        door.session->cut(account::EndedHow::Drained);
        QCOMPARE(int(door.client->proxyEnd), int(fuzzing::Wire::ProxyEnd::Reset));
        return;
    }
    door.client->isBlocked = false;
    door.turn();
    QCOMPARE(door.client->delivered, door.client->accepted.size());
    QCOMPARE(int(door.client->proxyEnd), int(fuzzing::Wire::ProxyEnd::Fin));
}

/// Its body is still to come, and is discarded.
void TestHttpFront::anAnsweredRequestHoldsNothing()
{
    rig::Door door;
    OctetBudget::Share others(door.shared().tlsLegs);
    QVERIFY(others.hold(door.shared().bounds.tlsLegBytes - net::tlsLegCost
                        + 2 * OctetBudget::Share::freePart));
    door.dialer->fault = net::DialFault::ConnectionRefused;
    door.accept();
    door.say(post("https://a.test/"));
    QVERIFY(door.client->accepted.startsWith("HTTP/1.1 502 "));
    QVERIFY(!door.shared().tlsLegs.isSpent());
    QVERIFY(isWaitedFor(door));
    drain(door);
    QCOMPARE(int(door.client->proxyEnd), int(fuzzing::Wire::ProxyEnd::Fin));
}

/// The answer to a request that was refused waits for a slow client.
void TestHttpFront::aClientThatEndsAmidABodyGetsItsAnswer()
{
    rig::Door door;
    door.dialer->fault = net::DialFault::ConnectionRefused;
    door.accept();
    door.client->isBlocked = true;
    door.say(post("http://a.test/") + "bo");
    door.client->peerFin = true;
    door.turn();
    QVERIFY(!door.isClosed);
    door.client->isBlocked = false;
    door.turn();
    QCOMPARE(door.client->delivered, door.client->accepted.size());
    QVERIFY(door.client->accepted.startsWith("HTTP/1.1 502 "));
    QTRY_VERIFY((door.turn(), door.isClosed));
    QCOMPARE(int(door.client->proxyEnd), int(fuzzing::Wire::ProxyEnd::Fin));
}

/// Its FIN is out, and what it may still send is read; but it has its answers.
void TestHttpFront::anIdleClientHoldsUpNoDrain()
{
    rig::Door door;
    door.accept();
    door.say(get("http://a.test/"));
    door.dialer->wires.front()->sent += answerOfFour;
    door.turn();
    drain(door);
    QCOMPARE(int(door.client->proxyEnd), int(fuzzing::Wire::ProxyEnd::Fin));
    QVERIFY(!door.isClosed);
    QVERIFY(!isWaitedFor(door));
    door.say(get("http://a.test/too-late"));
    QCOMPARE(int(door.client->proxyEnd), int(fuzzing::Wire::ProxyEnd::Fin));
    QCOMPARE(door.finished().size(), 1);
    door.client->peerFin = true;
    door.turn();
    QVERIFY(door.isClosed);
}

/// The client takes nothing of a large head.
void TestHttpFront::aCutForWantOfMemoryWaitsForNobody()
{
    rig::Door door;
    door.accept();
    door.client->isBlocked = true;
    door.say(get("http://a.test/"));
    door.shared().budgets.pending.count(qsizetype(1) << 40);
    door.dialer->wires.front()->sent +=
        "HTTP/1.1 200 OK\r\nA: " + QByteArray(30'000, 'a') + "\r\n\r\n";
    door.turn();
    QCOMPARE(door.end(), "200 proxy limit kept_input");
    QTRY_VERIFY((door.turn(), door.isClosed));
    QCOMPARE(int(door.client->proxyEnd), int(fuzzing::Wire::ProxyEnd::Reset));
    door.shared().budgets.pending.count(-(qsizetype(1) << 40));
}

/// A slow client has taken nothing at the first look at either request.
void TestHttpFront::eachRequestIsLookedAtTwice()
{
    config::Settings settings;
    settings.timeouts.silence = 50ms;
    rig::Door door(settings);
    door.accept();
    for (int request = 0; request < 2; ++request) {
        door.client->isBlocked = true;
        door.say(get("http://a.test/"));
        QByteArray &origin = door.dialer->wires.front()->sent;
        origin += QByteArray(answerOfFour).chopped(2);
        door.turn();
        expire(door, 60ms);
        QCOMPARE(door.finished().size(), request);
        door.client->isBlocked = false;
        door.turn();
        origin += "dy";
        door.turn();
        QCOMPARE(door.finished().size(), request + 1);
        QCOMPARE(door.end(), "200 upstream complete");
    }
    QCOMPARE(door.dialer->wires.size(), 1U);
}

QTEST_GUILESS_MAIN(TestHttpFront)
#include "tst_httpfront.moc"
