// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/linerate.h"

#include <QTest>

using namespace sami;
using namespace sami::account;
using namespace std::chrono_literals;

class TestLineRate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void letsSomeThrough();
    void countsTheOthers();
};

void TestLineRate::letsSomeThrough()
{
    LineRate rate;
    const TimePoint start {};
    for (int second = 1; second <= 3; ++second) {
        int written = 0;
        for (int i = 0; i < 10 * LineRate::linesPerSecond; ++i)
            written += rate.takeLine(start + std::chrono::seconds(second) + i * 1ms) ? 1 : 0;
        QCOMPARE(written, LineRate::linesPerSecond);
    }
}

void TestLineRate::countsTheOthers()
{
    LineRate rate;
    const TimePoint now = TimePoint {} + 10s;
    for (int i = 0; i < LineRate::linesPerSecond + 7; ++i)
        (void)rate.takeLine(now);
    QCOMPARE(rate.takeLeftOut(), 7ULL);
    QCOMPARE(rate.takeLeftOut(), 0ULL);
    QVERIFY(!rate.takeLine(now + 999ms));
    QVERIFY(rate.takeLine(now + 1s));
    QCOMPARE(rate.takeLeftOut(), 1ULL);
}

QTEST_APPLESS_MAIN(TestLineRate)
#include "tst_linerate.moc"
