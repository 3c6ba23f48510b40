// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/happyeyeballs.h"

#include <QTest>

using namespace sami;
using namespace sami::net;
using namespace std::chrono_literals;

namespace {

QList<QHostAddress> addresses(const QByteArray &list)
{
    QList<QHostAddress> result;
    for (const QByteArray &text : list.split(' ')) {
        if (!text.isEmpty())
            result.append(QHostAddress(QString::fromLatin1(text)));
    }
    return result;
}

} // namespace

class TestHappyEyeballs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void interleaves_data();
    void interleaves();
    void startsTheFirstAtOnce();
    void startsTheNextAfterTheDelay();
    void startsTheNextAtOnceAfterAFailure();
    void oneFailureStartsOneAttempt();
    void isExhaustedWhenAllHaveFailed();
    void anAbandonedAttemptIsOver();
    void hasNothingToDoWithoutAddresses();
    void whatWasNotTriedIsReplaced();
    void nothingIsLeftAfterAWinner();
};

void TestHappyEyeballs::interleaves_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("tried");
    QTest::newRow("no address") << QByteArray("") << QByteArray("");
    QTest::newRow("RFC 8305 §4: the first address's family is first")
        << QByteArray("10.0.0.1 ::1") << QByteArray("10.0.0.1 ::1");
    QTest::newRow("RFC 8305 §4: families alternate") << QByteArray("::1 ::2 ::3 10.0.0.1 10.0.0.2")
                                                     << QByteArray("::1 10.0.0.1 ::2 10.0.0.2 ::3");
    QTest::newRow("RFC 8305 §4: the order within a family is kept")
        << QByteArray("10.0.0.2 ::9 10.0.0.1 ::8") << QByteArray("10.0.0.2 ::9 10.0.0.1 ::8");
    QTest::newRow("one family only stays as it is")
        << QByteArray("10.0.0.3 10.0.0.1") << QByteArray("10.0.0.3 10.0.0.1");
    QTest::newRow("the shorter family runs out") << QByteArray("10.0.0.1 10.0.0.2 10.0.0.3 ::1")
                                                 << QByteArray("10.0.0.1 ::1 10.0.0.2 10.0.0.3");
}

void TestHappyEyeballs::interleaves()
{
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, tried);
    QCOMPARE(HappyEyeballs::interleave(addresses(given)), addresses(tried));
}

void TestHappyEyeballs::startsTheFirstAtOnce()
{
    HappyEyeballs race(addresses("10.0.0.1 10.0.0.2"));
    const TimePoint start = TimePoint() + 1h;
    QCOMPARE(race.nextAttempt(start), QHostAddress(QStringLiteral("10.0.0.1")));
    QVERIFY(!race.nextAttempt(start));
    QCOMPARE(race.nextDue(), start + HappyEyeballs::attemptDelay);
}

void TestHappyEyeballs::startsTheNextAfterTheDelay()
{
    HappyEyeballs race(addresses("10.0.0.1 10.0.0.2"));
    const TimePoint start = TimePoint() + 1h;
    QVERIFY(race.nextAttempt(start));
    QVERIFY(!race.nextAttempt(start + 249ms));
    QCOMPARE(race.nextAttempt(start + 250ms), QHostAddress(QStringLiteral("10.0.0.2")));
    QVERIFY(!race.nextDue());
    QVERIFY(!race.isExhausted());
}

void TestHappyEyeballs::startsTheNextAtOnceAfterAFailure()
{
    HappyEyeballs race(addresses("10.0.0.1 10.0.0.2 10.0.0.3"));
    const TimePoint start = TimePoint() + 1h;
    QVERIFY(race.nextAttempt(start));
    race.attemptFailed();
    QVERIFY(*race.nextDue() <= start + 10ms);
    QCOMPARE(race.nextAttempt(start + 10ms), QHostAddress(QStringLiteral("10.0.0.2")));
    // The delay counts from the last attempt's start.
    QVERIFY(!race.nextAttempt(start + 255ms));
    QVERIFY(race.nextAttempt(start + 260ms));
}

void TestHappyEyeballs::oneFailureStartsOneAttempt()
{
    HappyEyeballs race(addresses("10.0.0.1 10.0.0.2 10.0.0.3"));
    const TimePoint start = TimePoint() + 1h;
    QVERIFY(race.nextAttempt(start));
    race.attemptFailed();
    QVERIFY(race.nextAttempt(start));
    QVERIFY(!race.nextAttempt(start));
}

void TestHappyEyeballs::isExhaustedWhenAllHaveFailed()
{
    HappyEyeballs race(addresses("10.0.0.1 10.0.0.2"));
    const TimePoint start = TimePoint() + 1h;
    QVERIFY(race.nextAttempt(start));
    race.attemptFailed();
    QVERIFY(!race.isExhausted()); // one is left
    QVERIFY(race.nextAttempt(start));
    QVERIFY(!race.isExhausted()); // one is running
    race.attemptFailed();
    QVERIFY(race.isExhausted());
}

void TestHappyEyeballs::anAbandonedAttemptIsOver()
{
    HappyEyeballs race(addresses("10.0.0.1 10.0.0.2"));
    const TimePoint start = TimePoint() + 1h;
    QVERIFY(race.nextAttempt(start));
    race.attemptAbandoned();
    QVERIFY(!race.nextAttempt(start + 249ms)); // unlike a failure, it starts nothing early
    QVERIFY(race.nextAttempt(start + 250ms));
    QVERIFY(!race.isExhausted());
    race.attemptAbandoned();
    QVERIFY(race.isExhausted());
}

void TestHappyEyeballs::hasNothingToDoWithoutAddresses()
{
    HappyEyeballs race({});
    QVERIFY(!race.nextAttempt(TimePoint() + 1h));
    QVERIFY(!race.nextDue());
    QVERIFY(race.isExhausted());
}

void TestHappyEyeballs::whatWasNotTriedIsReplaced()
{
    HappyEyeballs race(addresses("10.0.0.1 10.0.0.2 10.0.0.3"));
    const TimePoint start = TimePoint() + 1h;
    QVERIFY(race.nextAttempt(start));
    race.replaceUntried(addresses("10.0.0.1 10.0.0.3 10.0.0.4 ::1"));
    // At once, in the new order, and nothing twice.
    QCOMPARE(race.nextAttempt(start), QHostAddress(QStringLiteral("10.0.0.3")));
    QVERIFY(!race.nextAttempt(start));
    QCOMPARE(race.nextAttempt(start + 250ms), QHostAddress(QStringLiteral("::1")));
    QCOMPARE(race.nextAttempt(start + 500ms), QHostAddress(QStringLiteral("10.0.0.4")));
    QVERIFY(!race.nextDue());
    for (int i = 0; i < 4; ++i) {
        QVERIFY(!race.isExhausted());
        race.attemptFailed();
    }
    QVERIFY(race.isExhausted());
}

void TestHappyEyeballs::nothingIsLeftAfterAWinner()
{
    HappyEyeballs race(addresses("10.0.0.1 10.0.0.2"));
    const TimePoint start = TimePoint() + 1h;
    QVERIFY(race.nextAttempt(start));
    race.attemptsOver();
    QVERIFY(race.isExhausted());
    QVERIFY(!race.nextAttempt(start + 1h));
    // It was known before the winner failed, and is not tried because of that.
    race.replaceUntried(addresses("10.0.0.2"));
    QVERIFY(race.isExhausted());
    race.replaceUntried(addresses("10.0.0.3"));
    QCOMPARE(race.nextAttempt(start + 1h), QHostAddress(QStringLiteral("10.0.0.3")));
}

QTEST_GUILESS_MAIN(TestHappyEyeballs)
#include "tst_happyeyeballs.moc"
