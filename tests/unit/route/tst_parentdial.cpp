// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "blackhole.h"
#include "rawpeer.h"
#include "route/layereddialer.h"
#include "route/parentdial.h"
#include "route/parentdialer.h"
#include "route/parenthealth.h"
#include "route/setupturns.h"

#include <QPointer>
#include <QSocketNotifier>
#include <QTest>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

using namespace sami;
using namespace sami::config;
using namespace sami::net;
using namespace sami::route;
using namespace std::chrono_literals;
using sami::test::RawListener;
using sami::test::RawPeer;

namespace {

const QByteArray established = "HTTP/1.1 200 Connection established\r\n\r\n";

/// A clear-text proxy that answers every CONNECT alike. An empty answer closes; "-" stays silent.
class ScriptedParent : public QObject
{
public:
    explicit ScriptedParent(QByteArray answer)
        : m_answer(std::move(answer)), m_notifier(m_listener.descriptor(), QSocketNotifier::Read)
    {
        connect(&m_notifier, &QSocketNotifier::activated, this, [this] { accept(); });
    }

    [[nodiscard]] Parent value(const QByteArray &name) const
    {
        Parent parent;
        parent.kind = ParentKind::Http;
        parent.endpoint = { "127.0.0.1", m_listener.port() };
        parent.name = name;
        return parent;
    }
    /// The request of each connection.
    [[nodiscard]] QByteArrayList asked() const
    {
        QByteArrayList heads;
        for (const auto &peer : m_peers)
            heads.append(peer->received);
        return heads;
    }
    [[nodiscard]] RawPeer &last() { return *m_peers.back(); }

private:
    void accept()
    {
        m_peers.push_back(std::make_unique<RawPeer>(m_listener.accept()));
        RawPeer *peer = m_peers.back().get();
        auto *poll = new QTimer(peer);
        connect(poll, &QTimer::timeout, peer, [this, peer, poll] {
            if (!peer->received.contains("\r\n\r\n"))
                return;
            poll->stop();
            if (m_answer.isEmpty())
                peer->close();
            else if (m_answer != "-")
                peer->send(m_answer);
        });
        poll->start(0);
    }

    QByteArray m_answer;
    RawListener m_listener;
    QSocketNotifier m_notifier;
    std::vector<std::unique_ptr<RawPeer>> m_peers;
};

struct Rig
{
    Rig()
    {
        ways = std::make_shared<LayeredDialer>(
            std::make_shared<Resolver>([](const QByteArray &) {
                return ResolveAnswer { { QHostAddress(QHostAddress::LocalHost) }, false, {} };
            }),
            nullptr, false);
        trip.via = "1.1 sami-0a0b0c0d";
        wish.endpoint = { "api.example.com", 443 };
        wish.budgets = &test::budgets();
        wish.timeout = 5s;
        wish.trip = &trip;
        wish.addressFilter = [this](const QHostAddress &) {
            ++directFilterCalls;
            return true;
        };
    }
    Q_DISABLE_COPY_MOVE(Rig)

    void use(const QList<Parent> &list)
    {
        settings.list = list;
        health->setParents(list, Clock::now());
    }
    void start()
    {
        ParentDialer dialer(ways, health, settings);
        operation = dialer.dial(wish, [this](Result<Dialled, DialError> result) {
            ++count;
            if (result)
                dialled = std::move(result).value();
            else
                error = std::move(result).error();
            whenOver();
        });
    }
    /// "by NAME", or the fault.
    [[nodiscard]] QByteArray outcome() const
    {
        if (dialled)
            return "by " + dialled->route.name();
        return error ? QByteArray(toString(error->fault)) : QByteArray("nothing");
    }

    std::shared_ptr<LayeredDialer> ways;
    std::shared_ptr<ParentHealth> health = std::make_shared<ParentHealth>();
    ParentSettings settings;
    ParentTrip trip;
    DialRequest wish;
    DialPtr operation;
    int count = 0;
    int directFilterCalls = 0;
    std::optional<Dialled> dialled;
    std::optional<DialError> error;
    std::function<void()> whenOver = [] {};
};

/// As many journeys to a parent as are set up at once.
std::vector<SetupTurns::PlacePtr> crowd(SetupTurns &turns, const Parent &parent)
{
    std::vector<SetupTurns::PlacePtr> places;
    for (int i = 0; i < SetupTurns::atOnce; ++i)
        places.push_back(turns.take(parent, [] {}));
    return places;
}

Parent closedParent(const QByteArray &name)
{
    Parent parent;
    parent.kind = ParentKind::Http;
    parent.endpoint = { "127.0.0.1", RawListener().port() };
    parent.name = name;
    return parent;
}

} // namespace

Q_DECLARE_METATYPE(sami::net::DialFault)

class TestParentDial : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesThroughTheFirst();
    void asksTheNext_data();
    void asksTheNext();
    void anAnswerIsAnAnswer_data();
    void anAnswerIsAnAnswer();
    void credentialsAreNobodyElsesMatter();
    void neverGoesDirectUnasked();
    void goesDirectWhereTheListSaysSo();
    void theBypassGoesDirect();
    void judgesWhatTravels();
    void doesNotDialItself();
    void aSilentOneHasItsShare();
    void anAddressThatDoesNotAnswerHasItsShare();
    void waitsForItsTurn();
    void waitsNoLongerThanItsShare();
    void isLetGoInLine();
    void goesDirectWithoutAWait();
    void isLetGoInEachStep_data();
    void isLetGoInEachStep();
    void knowsWhichWayIsFirst();
};

void TestParentDial::goesThroughTheFirst()
{
    ScriptedParent first(established + "220 ready");
    ScriptedParent second(established);
    Rig rig;
    rig.use({ first.value("first"), second.value("second") });
    rig.start();
    QCOMPARE(rig.count, 0);
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(rig.outcome(), "by first");
    QCOMPARE(first.asked(),
             QByteArrayList { "CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443"
                              "\r\nVia: 1.1 sami-0a0b0c0d\r\n\r\n" });
    QVERIFY(second.asked().isEmpty());
    QCOMPARE(rig.directFilterCalls, 0);
    const DialTimings &timings = rig.dialled->timings;
    QVERIFY(timings.first && timings.first->count() > 0 && *timings.first <= timings.led);
    QCOMPARE(timings.whole(), timings.led);
}

void TestParentDial::asksTheNext_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("after one that closes") << QByteArray();
    QTest::newRow("after one that is busy") << QByteArray("HTTP/1.1 503 x\r\n\r\n");
    QTest::newRow("after one that is asked too often") << QByteArray("HTTP/1.1 429 x\r\n\r\n");
    QTest::newRow("after a redirect") << QByteArray("HTTP/1.1 302 x\r\nLocation: /\r\n\r\n");
    QTest::newRow("after garbage") << QByteArray("SSH-2.0-x\r\n");
    QTest::newRow("after an answer without an end")
        << QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(1000);
    QTest::newRow("after a web server") << QByteArray("HTTP/1.1 405 Not Allowed\r\n\r\n");
}

void TestParentDial::asksTheNext()
{
    QFETCH(QByteArray, answer);
    ScriptedParent first(answer);
    ScriptedParent second(established);
    Rig rig;
    rig.use({ first.value("first"), second.value("second") });
    rig.start();
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(rig.outcome(), "by second");
    QCOMPARE(first.asked().size(), 1);
    QCOMPARE(second.asked().size(), 1);

    // It rests, so the next journey does not ask it.
    rig.dialled.reset();
    rig.start();
    QTRY_COMPARE(rig.count, 2);
    QCOMPARE(rig.outcome(), "by second");
    QCOMPARE(first.asked().size(), 1);
}

void TestParentDial::anAnswerIsAnAnswer_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<DialFault>("fault");
    QTest::newRow("forbidden") << QByteArray("HTTP/1.1 403 No\r\n\r\n") << DialFault::ParentForbids;
    QTest::newRow("down") << QByteArray("HTTP/1.1 502 No\r\n\r\n") << DialFault::DestinationFailed;
    QTest::newRow("late") << QByteArray("HTTP/1.1 504 No\r\n\r\n") << DialFault::ConnectTimeout;
    QTest::newRow("no such name") << QByteArray(
        "HTTP/1.1 502 No\r\nProxy-Status: sami; error=dns_error\r\n\r\n")
                                  << DialFault::DnsFailure;
}

void TestParentDial::anAnswerIsAnAnswer()
{
    QFETCH(QByteArray, answer);
    QFETCH(DialFault, fault);
    ScriptedParent first(answer);
    ScriptedParent second(established);
    Rig rig;
    rig.use({ first.value("first"), second.value("second"), Parent::direct() });
    for (int journey = 1; journey <= 2; ++journey) { // the parents' health persists
        rig.start();
        QTRY_COMPARE(rig.count, journey);
        QVERIFY(rig.error);
        QCOMPARE(int(rig.error->fault), int(fault));
        QCOMPARE(int(rig.error->blame), int(Blame::Beyond));
        QCOMPARE(rig.error->route, "first");
        QCOMPARE(rig.error->phrase, "No");
        QCOMPARE(first.asked().size(), journey);
    }
    QVERIFY(second.asked().isEmpty());
    QCOMPARE(rig.directFilterCalls, 0);
}

void TestParentDial::credentialsAreNobodyElsesMatter()
{
    ScriptedParent first("HTTP/1.1 407 x\r\nProxy-Authenticate: Basic realm=x\r\n\r\n");
    Rig rig;
    rig.use({ first.value("first") });
    for (int journey = 1; journey <= 2; ++journey) {
        rig.start();
        QTRY_COMPARE(rig.count, journey);
        QCOMPARE(int(rig.error->fault), int(DialFault::ParentCredentials));
        QCOMPARE(first.asked().size(), 1); // it is not asked again
    }
    rig.use({ first.value("first") }); // until settings change
    rig.start();
    QTRY_COMPARE(rig.count, 3);
    QCOMPARE(first.asked().size(), 2);
}

void TestParentDial::neverGoesDirectUnasked()
{
    Rig rig;
    rig.wish.endpoint = { "127.0.0.1", 443 };
    rig.use({ closedParent("first"), closedParent("second") });
    rig.start();
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(int(rig.error->fault), int(DialFault::NoParent));
    QCOMPARE(rig.error->route, "second");
    QVERIFY(rig.error->detail.startsWith("first: "));
    QVERIFY(rig.error->detail.contains("; second: "));
    QCOMPARE(rig.directFilterCalls, 0);
}

void TestParentDial::goesDirectWhereTheListSaysSo()
{
    RawListener destination;
    Rig rig;
    rig.wish.endpoint = { "127.0.0.1", destination.port() };
    rig.use({ closedParent("first"), Parent::direct() });
    rig.start();
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(rig.outcome(), "by direct");
    QVERIFY(rig.dialled->route.isDirect());
    QCOMPARE(rig.dialled->stream->peerAddress(), destination.address());
    QCOMPARE(rig.directFilterCalls, 1);

    // A failure there is the destination's.
    rig.wish.endpoint.port = RawListener().port();
    rig.dialled.reset();
    rig.start();
    QTRY_COMPARE(rig.count, 2);
    QCOMPARE(int(rig.error->fault), int(DialFault::ConnectionRefused));
}

void TestParentDial::theBypassGoesDirect()
{
    RawListener destination;
    ScriptedParent parent(established);
    Rig rig;
    rig.settings.bypass.ranges = { policy::Cidr::parse("127.0.0.0/8").value() };
    rig.use({ parent.value("first") });
    rig.wish.endpoint = { "127.0.0.1", destination.port() };
    rig.start();
    QTRY_COMPARE(rig.count, 1);
    QVERIFY(rig.dialled->route.isDirect());
    QCOMPARE(rig.directFilterCalls, 1);
    QVERIFY(parent.asked().isEmpty());
}

void TestParentDial::judgesWhatTravels()
{
    ScriptedParent parent(established);
    Rig rig;
    rig.use({ parent.value("first"), Parent::direct() });
    QByteArrayList judged;
    rig.trip.mayTravel = [&judged](const Endpoint &endpoint) {
        judged.append(endpoint.host);
        return endpoint.host != "intranet";
    };
    rig.wish.endpoint.host = "intranet";
    rig.start();
    QCOMPARE(rig.count, 0); // never from inside the call
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(int(rig.error->fault), int(DialFault::AddressRefused));
    QVERIFY(parent.asked().isEmpty());
    rig.wish.endpoint.host = "api.example.com";
    rig.start();
    QTRY_COMPARE(rig.count, 2);
    QCOMPARE(rig.outcome(), "by first");
    QCOMPARE(judged, QByteArrayList({ "intranet", "api.example.com" }));
}

void TestParentDial::doesNotDialItself()
{
    ScriptedParent ourselves(established);
    ScriptedParent second(established);
    Rig rig;
    rig.use({ ourselves.value("first"), second.value("second") });
    const quint16 own = ourselves.value({}).endpoint.port;
    rig.trip.parentFilter = [own](const SocketAddress &parent) { return parent.port != own; };
    rig.start();
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(rig.outcome(), "by second");
    QVERIFY(ourselves.asked().isEmpty());
}

void TestParentDial::aSilentOneHasItsShare()
{
    ScriptedParent silent("-");
    ScriptedParent second(established);
    Rig rig;
    rig.wish.timeout = 6s;
    rig.use({ silent.value("first"), second.value("second") });
    const TimePoint start = Clock::now();
    rig.start();
    QTRY_COMPARE_WITH_TIMEOUT(rig.count, 1, 8000);
    const Clock::duration passed = Clock::now() - start;
    QCOMPARE(rig.outcome(), "by second");
    QVERIFY(passed >= 1900ms && passed < 5s);
    QVERIFY(rig.dialled->timings.whole() >= 1900ms);
}

void TestParentDial::anAddressThatDoesNotAnswerHasItsShare()
{
    test::BlackHole hole(QHostAddress(QHostAddress::LocalHost), 0);
    Parent dead = closedParent("first");
    dead.endpoint.port = hole.port();
    ScriptedParent second(established);
    Rig rig;
    rig.wish.timeout = 6s;
    rig.use({ dead, second.value("second") });
    rig.start();
    QTRY_COMPARE_WITH_TIMEOUT(rig.count, 1, 8000);
    QCOMPARE(rig.outcome(), "by second");
}

void TestParentDial::waitsForItsTurn()
{
    ScriptedParent first("-");
    SetupTurns turns;
    auto others = crowd(turns, first.value("first"));
    Rig rig;
    rig.trip.setups = &turns;
    rig.use({ first.value("first") });
    rig.start();
    QTest::qWait(50);
    QVERIFY(first.asked().isEmpty());
    others.pop_back();
    QTRY_COMPARE(first.asked().size(), 1);
    // The question takes as long as the destination likes, and nobody's turn.
    QTRY_VERIFY(turns.take(first.value("first"), [] {})->isTaken());
    first.last().send(established);
    QTRY_COMPARE(rig.outcome(), "by first");
    // The client waited for the turn too; the time to reach the parent does not have that.
    QVERIFY(rig.dialled->timings.whole() - *rig.dialled->timings.first >= 50ms);
}

void TestParentDial::waitsNoLongerThanItsShare()
{
    ScriptedParent first(established);
    ScriptedParent second(established);
    SetupTurns turns;
    const auto others = crowd(turns, first.value("first"));
    Rig rig;
    rig.trip.setups = &turns;
    rig.wish.timeout = 600ms;
    rig.use({ first.value("first"), second.value("second") });
    rig.start();
    QTRY_COMPARE(rig.outcome(), "by second");
    QVERIFY(first.asked().isEmpty());
}

void TestParentDial::isLetGoInLine()
{
    ScriptedParent first(established);
    SetupTurns turns;
    auto others = crowd(turns, first.value("first"));
    Rig rig;
    rig.trip.setups = &turns;
    rig.use({ first.value("first") });
    rig.start();
    QTest::qWait(50);
    others.pop_back(); // its turn is on its way
    rig.operation.reset();
    QVERIFY(turns.take(first.value("first"), [] {})->isTaken());
    QTest::qWait(50);
    QVERIFY(first.asked().isEmpty());
    QCOMPARE(rig.count, 0);
}

void TestParentDial::goesDirectWithoutAWait()
{
    RawListener destination;
    SetupTurns turns;
    const auto others = crowd(turns, Parent::direct());
    Rig rig;
    rig.trip.setups = &turns;
    rig.wish.endpoint = { "127.0.0.1", destination.port() };
    rig.use({ closedParent("first"), Parent::direct() });
    rig.start();
    QTRY_COMPARE(rig.outcome(), "by direct");
}

void TestParentDial::isLetGoInEachStep_data()
{
    QTest::addColumn<QByteArray>("step");
    QTest::newRow("before anybody was asked") << QByteArray("begin");
    QTest::newRow("while the first is silent") << QByteArray("first");
    QTest::newRow("while the second is silent") << QByteArray("second");
    QTest::newRow("by whoever hears") << QByteArray("over");
}

void TestParentDial::isLetGoInEachStep()
{
    QFETCH(QByteArray, step);
    ScriptedParent first(step == "first" ? QByteArray("-") : QByteArray());
    ScriptedParent second(step == "over" ? established : QByteArray("-"));
    Rig rig;
    rig.use({ first.value("first"), second.value("second") });
    rig.whenOver = [&rig] {
        rig.dialled.reset();
        rig.operation.reset();
    };
    rig.start();
    const QPointer<DialOperation> watched(rig.operation.get());
    if (step == "over") {
        QTRY_COMPARE(rig.count, 1);
    } else {
        if (step != "begin")
            QTRY_COMPARE((step == "first" ? first : second).asked().size(), 1);
        rig.operation.reset();
    }
    QTRY_VERIFY(!watched);
    QTest::qWait(1);
    QCOMPARE(rig.count, step == "over" ? 1 : 0);
    if (step != "begin") {
        RawPeer &peer = (step == "first" ? first : second).last();
        QTRY_VERIFY(peer.sawFin || peer.sawReset());
    }
}

void TestParentDial::knowsWhichWayIsFirst()
{
    ScriptedParent second(established);
    Rig rig;
    rig.use({ closedParent("first"), second.value("second") });
    const ParentDialer dialer(rig.ways, rig.health, rig.settings);
    QCOMPARE(dialer.firstRoute(rig.wish.endpoint, {}).name(), "first");
    rig.start();
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(rig.outcome(), "by second");
    QVERIFY(dialer.firstRoute(rig.wish.endpoint, rig.trip.via) == rig.dialled->route);
    QVERIFY(!dialer.mayUseTls(rig.wish.endpoint));
}

QTEST_GUILESS_MAIN(TestParentDial)
#include "tst_parentdial.moc"
