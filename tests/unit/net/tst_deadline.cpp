// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/deadline.h"

#include <QSignalSpy>
#include <QTest>

using namespace sami;
using namespace sami::net;
using namespace std::chrono_literals;

class TestDeadline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void expiresOnce();
    void expiresAtOnceWithoutALimit();
    void doesNotExpireWhenCancelled();
    void armingAgainReplacesTheOldLimit();
    void mayBeArmedInItsOwnSignal();
    void takesLimitsLongerThanATimer();
};

void TestDeadline::expiresOnce()
{
    Deadline deadline;
    QSignalSpy spy(&deadline, &Deadline::expired);
    const TimePoint start = Clock::now();
    deadline.arm(50ms);
    QVERIFY(deadline.isArmed());
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(Clock::now() - start >= 50ms);
    QVERIFY(!deadline.isArmed());
    QVERIFY(!spy.wait(100));
}

void TestDeadline::expiresAtOnceWithoutALimit()
{
    Deadline deadline;
    QSignalSpy spy(&deadline, &Deadline::expired);
    deadline.arm(-5ms);
    QCOMPARE(spy.count(), 0);
    QTRY_COMPARE(spy.count(), 1);
}

void TestDeadline::doesNotExpireWhenCancelled()
{
    Deadline deadline;
    QSignalSpy spy(&deadline, &Deadline::expired);
    deadline.arm(10ms);
    deadline.cancel();
    QVERIFY(!deadline.isArmed());
    QVERIFY(!spy.wait(50));
}

void TestDeadline::armingAgainReplacesTheOldLimit()
{
    Deadline deadline;
    QSignalSpy spy(&deadline, &Deadline::expired);
    deadline.arm(1h);
    deadline.arm(10ms);
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(!deadline.isArmed());
}

void TestDeadline::mayBeArmedInItsOwnSignal()
{
    Deadline deadline;
    int count = 0;
    connect(&deadline, &Deadline::expired, this, [&] {
        if (++count < 3)
            deadline.arm(1ms);
    });
    deadline.arm(1ms);
    QTRY_COMPARE(count, 3);
    QVERIFY(!deadline.isArmed());
}

void TestDeadline::takesLimitsLongerThanATimer()
{
    Deadline deadline;
    QSignalSpy spy(&deadline, &Deadline::expired);
    deadline.arm(std::chrono::hours(24) * 365);
    QVERIFY(deadline.isArmed());
    QVERIFY(!spy.wait(20));
}

QTEST_GUILESS_MAIN(TestDeadline)
#include "tst_deadline.moc"
