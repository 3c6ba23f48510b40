// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tap.h"
#include "rawpeer.h"

#include <QTest>

#include <memory>
#include <vector>

using namespace sami;
using namespace sami::net;
using namespace std::chrono_literals;

namespace {

class Ear final : public Tap
{
public:
    void handleGap(Clock::duration gap, TimePoint) override { gaps.push_back(gap); }
    void handleOver(const std::optional<RelayEnd> &how, const Traffic &totals, TimePoint) override
    {
        ++overs;
        end = how;
        up = totals.up();
        down = totals.down();
    }

    std::vector<Clock::duration> gaps;
    int overs = 0;
    std::optional<RelayEnd> end;
    quint64 up = 0;
    quint64 down = 0;
};

/// A tunnel that was silent before it started.
struct Tunnel
{
    explicit Tunnel(Clock::duration silence) : traffic(Clock::now() - silence)
    {
        test::Pair clientPair = test::makePair(false);
        test::Pair upstreamPair = test::makePair(false);
        client = std::move(clientPair.peer);
        upstream = std::move(upstreamPair.peer);
        relay =
            std::make_unique<Relay>(std::move(clientPair.stream), std::move(upstreamPair.stream),
                                    traffic, [this](const RelayEnd &) { oversBefore = ear.overs; });
        relay->setTap(ear);
        relay->start();
    }

    Ear ear;
    Traffic traffic;
    std::unique_ptr<test::RawPeer> client;
    std::unique_ptr<test::RawPeer> upstream;
    std::unique_ptr<Relay> relay;
    int oversBefore = -1; ///< what the ear had heard when the relay's owner was notified
};

} // namespace

class TestTap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hearsOfALongSilence();
    void hearsOfNoSinglePiece();
    void hearsTotalsAtTheEnd();
    void hearsOfACut();
};

void TestTap::hearsOfALongSilence()
{
    Tunnel tunnel(90s);
    tunnel.client->send("hello");
    QTRY_COMPARE(tunnel.upstream->received, "hello");
    QCOMPARE(tunnel.ear.gaps.size(), size_t(1));
    QVERIFY(tunnel.ear.gaps.front() >= 90s);
    QVERIFY(tunnel.ear.gaps.front() < 100s);
    QCOMPARE(tunnel.ear.overs, 0);
}

void TestTap::hearsOfNoSinglePiece()
{
    Tunnel tunnel(0s);
    tunnel.client->send("one");
    QTRY_COMPARE(tunnel.upstream->received, "one");
    tunnel.upstream->send("two");
    QTRY_COMPARE(tunnel.client->received, "two");
    QVERIFY(tunnel.ear.gaps.empty());
}

void TestTap::hearsTotalsAtTheEnd()
{
    Tunnel tunnel(0s);
    tunnel.client->send("hello");
    tunnel.upstream->send("good day");
    QTRY_COMPARE(tunnel.client->received, "good day");
    QTRY_COMPARE(tunnel.upstream->received, "hello");
    tunnel.upstream->sendFin();
    QTRY_VERIFY(tunnel.client->sawFin);
    QCOMPARE(tunnel.ear.overs, 0);
    tunnel.client->sendFin();
    QTRY_COMPARE(tunnel.ear.overs, 1);
    QCOMPARE(tunnel.oversBefore, 1);
    QCOMPARE(tunnel.ear.up, 5u);
    QCOMPARE(tunnel.ear.down, 8u);
    QVERIFY(tunnel.ear.end);
    QCOMPARE(test::named(tunnel.ear.end->by), "upstream");
    QCOMPARE(test::named(tunnel.ear.end->how), test::named(StreamEnd::Fin));
}

void TestTap::hearsOfACut()
{
    Tunnel tunnel(0s);
    tunnel.upstream->send("half of");
    QTRY_COMPARE(tunnel.client->received, "half of");
    tunnel.upstream->sendFin(); // this is not the reason of its end
    QTRY_VERIFY(tunnel.client->sawFin);
    tunnel.relay->abort();
    tunnel.relay->abort();
    QCOMPARE(tunnel.ear.overs, 1);
    QCOMPARE(tunnel.ear.down, 7u);
    QVERIFY(!tunnel.ear.end);
}

QTEST_GUILESS_MAIN(TestTap)
#include "tst_tap.moc"
