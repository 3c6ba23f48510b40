// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlsturns.h"

#include <QTest>
#include <QTimer>

#include <array>
#include <chrono>
#include <functional>

using namespace sami::net;

namespace {

struct Taker final : TurnTaker
{
    int turns = 0;
    int rests = 0;
    std::function<void()> onTurn = [] {};
    std::function<void()> onRest = [] {};

    void takeTurn() override
    {
        ++turns;
        onTurn();
    }
    void endRest() override
    {
        ++rests;
        onRest();
    }
};

} // namespace

class TestTlsTurns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsToldFromInside();
    void timersComeBetweenTwoTurns();
    void restsEndOneByOneInTheirOrder();
    void whoLeavesHearsNothing();
};

void TestTlsTurns::nothingIsToldFromInside()
{
    Taker taker;
    TlsTurns::ofThisThread().next(taker);
    TlsTurns::ofThisThread().rest(taker);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(taker.turns + taker.rests, 0);
    QTRY_COMPARE(taker.turns, 1);
    QTRY_COMPARE(taker.rests, 1);
    QTest::qWait(10);
    QCOMPARE(taker.turns + taker.rests, 2);
}

void TestTlsTurns::timersComeBetweenTwoTurns()
{
    Taker taker;
    int ticks = 0;
    int fewest = 1000;
    taker.onTurn = [&] {
        if (taker.turns > 1)
            fewest = qMin(fewest, ticks);
        ticks = 0;
        if (taker.turns < 20)
            TlsTurns::ofThisThread().next(taker);
    };
    QTimer others;
    connect(&others, &QTimer::timeout, this, [&] { ++ticks; });
    others.start(0);
    TlsTurns::ofThisThread().next(taker);
    QTRY_COMPARE(taker.turns, 20);
    QVERIFY(fewest > 0);
}

void TestTlsTurns::restsEndOneByOneInTheirOrder()
{
    std::array<Taker, 5> takers;
    QByteArray order;
    const auto began = std::chrono::steady_clock::now();
    for (size_t i = 0; i < takers.size(); ++i) {
        takers[i].onRest = [&, i] {
            order += static_cast<char>('a' + i);
            if (takers[i].rests == 1)
                TlsTurns::ofThisThread().rest(takers[i]);
        };
        TlsTurns::ofThisThread().rest(takers[i]);
    }
    QTRY_COMPARE(order, "abcdeabcde");
    // Qt's clocks count whole milliseconds.
    QVERIFY(std::chrono::steady_clock::now() - began >= 9 * TlsTurns::interval / 2);
}

void TestTlsTurns::whoLeavesHearsNothing()
{
    Taker first;
    Taker second;
    TlsTurns &turns = TlsTurns::ofThisThread();
    for (Taker *taker : { &first, &second }) {
        turns.next(*taker);
        turns.rest(*taker);
    }
    first.onTurn = [&] { turns.leave(second); }; // in the same turn of the event loop
    QTRY_COMPARE(first.rests, 1);
    QTest::qWait(10);
    QCOMPARE(first.turns, 1);
    QCOMPARE(second.turns + second.rests, 0);
}

QTEST_GUILESS_MAIN(TestTlsTurns)
#include "tst_tlsturns.moc"
