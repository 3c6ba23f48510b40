// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/handshakebounds.h"

#include <QTest>

using sami::TimePoint;
using sami::door::HandshakeBounds;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const TimePoint start = TimePoint() + 1000h;
const QHostAddress one(u"192.0.2.1"_s);
const QHostAddress other(u"192.0.2.2"_s);

/// That many clients that want to begin, numbered from `first`.
void ask(HandshakeBounds &bounds, quint64 first, int count, const QHostAddress &client,
         TimePoint now = start)
{
    for (int i = 0; i < count; ++i)
        bounds.ask(first + quint64(i), client, now);
}

/// How many begin now.
int begin(HandshakeBounds &bounds, TimePoint now)
{
    int begun = 0;
    while (bounds.next(now))
        ++begun;
    return begun;
}

} // namespace

class TestHandshakeBounds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoAsksFirstBeginsFirst();
    void nobodyWaitsForNothing();
    void anAddressHasSoManyUnderWay();
    void anAddressBeginsSoManyASecond();
    void addressesTakeTurns();
    void oneNetworkOfIpv6IsOneAddress();
    void whoEndedWhileWaitingDoesNotBegin();
    void asksOnce();
    void whoIsSilentHoldsNobodyUp();
    void theFirstOfTheSilentGivesWay();
    void whoHasSpokenDoesNotGiveWay();
    void floodsLeaveNothingBehind();
    void asLongForOthers();
};

void TestHandshakeBounds::whoAsksFirstBeginsFirst()
{
    HandshakeBounds bounds;
    ask(bounds, 7, 3, one);
    QCOMPARE(bounds.waiting(), 3);
    QVERIFY(bounds.nextAt().value() <= start);
    QCOMPARE(bounds.next(start).value(), 7U);
    QCOMPARE(bounds.next(start).value(), 8U);
    QCOMPARE(bounds.next(start).value(), 9U);
    QVERIFY(!bounds.next(start));
    QCOMPARE(bounds.waiting(), 0);
}

void TestHandshakeBounds::nobodyWaitsForNothing()
{
    HandshakeBounds bounds;
    QVERIFY(!bounds.next(start));
    QVERIFY(!bounds.nextAt());
    bounds.end(1); // it never asked
    QVERIFY(!bounds.nextAt());
}

void TestHandshakeBounds::anAddressHasSoManyUnderWay()
{
    HandshakeBounds bounds;
    ask(bounds, 1, HandshakeBounds::atOnce + 2, one);
    QCOMPARE(begin(bounds, start), HandshakeBounds::atOnce);
    QVERIFY(!bounds.nextAt()); // one of its own must end first
    QVERIFY(!bounds.next(start + 1h));
    bounds.end(1);
    QVERIFY(bounds.nextAt());
    QCOMPARE(bounds.next(start + 1h).value(), quint64(HandshakeBounds::atOnce + 1));
    QVERIFY(!bounds.next(start + 1h));
}

void TestHandshakeBounds::anAddressBeginsSoManyASecond()
{
    HandshakeBounds bounds;
    const int many = HandshakeBounds::perSecond;
    for (int i = 0; i < many; ++i) {
        bounds.ask(quint64(i), one, start);
        QVERIFY(bounds.next(start));
        bounds.end(quint64(i));
    }
    ask(bounds, 1000, 2, one);
    QVERIFY(!bounds.next(start));
    QVERIFY(bounds.nextAt().value() == start + 1s);
    QVERIFY(!bounds.next(start + 999ms));
    QCOMPARE(begin(bounds, start + 1s), 2);
    // It does not delay other addresses.
    ask(bounds, 2000, many, one, start + 1s);
    static_cast<void>(begin(bounds, start + 1s));
    bounds.ask(3000, other, start + 1s);
    QCOMPARE(bounds.next(start + 1s).value(), 3000U);
}

void TestHandshakeBounds::addressesTakeTurns()
{
    HandshakeBounds bounds;
    ask(bounds, 100, 50, one);
    bounds.ask(1, other, start);
    QCOMPARE(bounds.next(start).value(), 100U);
    QCOMPARE(bounds.next(start).value(), 1U); // not after the fifty
    QCOMPARE(bounds.next(start).value(), 101U);
}

void TestHandshakeBounds::oneNetworkOfIpv6IsOneAddress()
{
    HandshakeBounds bounds;
    for (int i = 0; i < HandshakeBounds::atOnce + 5; ++i)
        bounds.ask(quint64(i), QHostAddress(u"2001:db8::%1"_s.arg(i + 1, 0, 16)), start);
    QCOMPARE(begin(bounds, start), HandshakeBounds::atOnce);
    bounds.ask(1000, QHostAddress(u"2001:db8:0:1::1"_s), start);
    QCOMPARE(begin(bounds, start), 1);
}

void TestHandshakeBounds::whoEndedWhileWaitingDoesNotBegin()
{
    HandshakeBounds bounds;
    ask(bounds, 1, 3, one);
    bounds.end(1);
    bounds.end(2);
    bounds.end(2);
    QCOMPARE(bounds.waiting(), 1);
    QCOMPARE(bounds.next(start).value(), 3U);
    QVERIFY(!bounds.next(start));
}

void TestHandshakeBounds::asksOnce()
{
    HandshakeBounds bounds;
    bounds.ask(1, one, start);
    bounds.ask(1, one, start);
    QCOMPARE(bounds.waiting(), 1);
    QCOMPARE(begin(bounds, start), 1);
    bounds.ask(1, one, start); // already running
    QCOMPARE(begin(bounds, start), 0);
}

void TestHandshakeBounds::whoIsSilentHoldsNobodyUp()
{
    HandshakeBounds bounds;
    ask(bounds, 1, HandshakeBounds::atOnce + 1, one);
    QCOMPARE(begin(bounds, start), HandshakeBounds::atOnce);
    bounds.stepDone(1);
    QVERIFY(bounds.nextAt());
    QCOMPARE(bounds.next(start).value(), quint64(HandshakeBounds::atOnce + 1));
    bounds.flightArrived(1);
    bounds.ask(1000, one, start);
    QVERIFY2(!bounds.next(start), "the step is ours again");
    bounds.end(1);
    bounds.end(2);
    QCOMPARE(bounds.next(start).value(), 1000U);
    QVERIFY(!bounds.givesWay());
}

void TestHandshakeBounds::theFirstOfTheSilentGivesWay()
{
    HandshakeBounds bounds;
    TimePoint now = start;
    const auto fallSilent = [&bounds, &now](quint64 id, const QHostAddress &client) {
        now += 10ms;
        bounds.ask(id, client, now);
        QCOMPARE(bounds.next(now).value(), id);
        bounds.stepDone(id);
    };
    for (quint64 id = 1; id <= HandshakeBounds::silentAtMost; ++id)
        fallSilent(id, one);
    fallSilent(5000, other);
    QVERIFY2(!bounds.givesWay(), "another address takes nothing from it");
    // Sending a byte now and then does not reset the age.
    bounds.flightArrived(1);
    bounds.stepDone(1);
    fallSilent(1000, one);
    QCOMPARE(bounds.givesWay().value(), 1U);
    QVERIFY2(!bounds.givesWay(), "each is named once");
    bounds.flightArrived(1);
    bounds.end(1);
    bounds.end(2);
    fallSilent(1001, one);
    QVERIFY2(!bounds.givesWay(), "one had ended by itself");
    fallSilent(1002, one);
    bounds.end(3);
    QVERIFY2(!bounds.givesWay(), "who has ended meanwhile is not named");
}

void TestHandshakeBounds::whoHasSpokenDoesNotGiveWay()
{
    HandshakeBounds bounds;
    TimePoint now = start;
    for (quint64 id = 1; id <= HandshakeBounds::silentAtMost + 1; ++id) {
        now += 10ms;
        bounds.ask(id, one, now);
        QVERIFY(bounds.next(now));
        bounds.stepDone(id);
        if (id == 1)
            bounds.flightArrived(1); // its step waits for its turn
    }
    QVERIFY(!bounds.givesWay());
}

void TestHandshakeBounds::floodsLeaveNothingBehind()
{
    HandshakeBounds bounds;
    for (quint32 i = 0; i < 10'000; ++i) {
        bounds.ask(i, QHostAddress(0x0a000000U + i), start);
        QVERIFY(bounds.next(start));
        bounds.end(i);
    }
    QVERIFY(bounds.remembered() >= 9'000);
    bounds.ask(20'000, one, start + 2s);
    QCOMPARE(bounds.remembered(), 1);
}

void TestHandshakeBounds::asLongForOthers()
{
    QVERIFY(HandshakeBounds::restAfter(3ms) >= 3ms);
    QVERIFY(HandshakeBounds::turn <= 2ms); // a streaming connection waits at most this long for
                                           // handshakes
}

QTEST_GUILESS_MAIN(TestHandshakeBounds)
#include "tst_handshakebounds.moc"
