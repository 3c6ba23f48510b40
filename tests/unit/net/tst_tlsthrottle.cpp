// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlsthrottle.h"

#include <QTest>

#include <array>
#include <chrono>
#include <functional>

using namespace sami::net;

namespace {

struct Taker final : ThrottledStream
{
    int rests = 0;
    std::function<void()> onRest = [] {};

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
    void restsEndOneByOneInTheirOrder();
    void whoLeavesHearsNothing();
};

void TestTlsTurns::nothingIsToldFromInside()
{
    Taker taker;
    TlsThrottle::ofThisThread().rest(taker);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(taker.rests, 0);
    QTRY_COMPARE(taker.rests, 1);
    QTest::qWait(10);
    QCOMPARE(taker.rests, 1);
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
                TlsThrottle::ofThisThread().rest(takers[i]);
        };
        TlsThrottle::ofThisThread().rest(takers[i]);
    }
    QTRY_COMPARE(order, "abcdeabcde");
    // Qt's clocks count whole milliseconds.
    QVERIFY(std::chrono::steady_clock::now() - began >= 9 * TlsThrottle::interval / 2);
}

void TestTlsTurns::whoLeavesHearsNothing()
{
    Taker first;
    Taker second;
    TlsThrottle &turns = TlsThrottle::ofThisThread();
    turns.rest(first);
    turns.rest(second);
    first.onRest = [&] { turns.leave(second); };
    QTRY_COMPARE(first.rests, 1);
    QTest::qWait(10);
    QCOMPARE(second.rests, 0);
}

QTEST_GUILESS_MAIN(TestTlsTurns)
#include "tst_tlsthrottle.moc"
