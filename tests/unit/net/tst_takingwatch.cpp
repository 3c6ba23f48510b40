// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/takingwatch.h"

#include <QTest>

using namespace sami::net;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr auto interval = TakingWatch::interval;

} // namespace

class TestTakingWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPeerThatTakesNothingHasItsPatience_data();
    void aPeerThatTakesNothingHasItsPatience();
    void aPeerThatTakesAnythingGoesOn();
    void whatIsWrittenMeanwhileIsNotTaken();
    void nothingIsLeftToTake();
    void eachAnswerBeginsAgain();
};

void TestTakingWatch::aPeerThatTakesNothingHasItsPatience_data()
{
    QTest::addColumn<milliseconds>("patience");
    QTest::newRow("as long as it is usual") << TakingWatch::usualPatience;
    QTest::newRow("no whole number of looks") << 2 * interval + 1ms;
    QTest::newRow("one look") << interval;
    QTest::newRow("less than a look") << milliseconds(20);
    QTest::newRow("none") << milliseconds(0);
    QTest::newRow("a day") << milliseconds(24h);
}

void TestTakingWatch::aPeerThatTakesNothingHasItsPatience()
{
    QFETCH(milliseconds, patience);
    TakingWatch watch;
    milliseconds waited {};
    auto wait = watch.begin(1000, patience);
    while (wait) {
        QVERIFY(watch.isWaiting());
        QVERIFY(*wait > 0ms);
        QVERIFY(*wait <= interval);
        waited += *wait;
        wait = watch.look(1000);
    }
    QVERIFY(waited == patience);
    QVERIFY(!watch.isWaiting());
}

void TestTakingWatch::aPeerThatTakesAnythingGoesOn()
{
    TakingWatch watch;
    QVERIFY(watch.begin(1000, 2 * interval) == interval);
    for (int left = 999; left > 900; --left) {
        QVERIFY2(watch.look(left) == interval, "one octet");
        QVERIFY2(watch.look(left) == interval, "none, once");
    }
    QVERIFY(!watch.look(901));
}

void TestTakingWatch::whatIsWrittenMeanwhileIsNotTaken()
{
    TakingWatch watch;
    QVERIFY(watch.begin(1000, 3 * interval));
    QVERIFY(watch.look(2000));
    QVERIFY(watch.look(2000));
    QVERIFY(watch.look(1999));
    QVERIFY(watch.look(3000));
    QVERIFY(watch.look(3000));
    QVERIFY(!watch.look(3000));
}

void TestTakingWatch::nothingIsLeftToTake()
{
    TakingWatch watch;
    QVERIFY(!watch.isWaiting());
    QVERIFY(!watch.begin(0, 1min));
    QVERIFY(watch.begin(1000, 1min));
    QVERIFY(!watch.look(0));
    QVERIFY(!watch.isWaiting());
}

void TestTakingWatch::eachAnswerBeginsAgain()
{
    TakingWatch watch;
    QVERIFY(watch.begin(1000, interval));
    QVERIFY(!watch.look(1000));
    QVERIFY(watch.begin(1000, 2 * interval));
    QVERIFY(watch.look(1000));
}

QTEST_APPLESS_MAIN(TestTakingWatch)
#include "tst_takingwatch.moc"
