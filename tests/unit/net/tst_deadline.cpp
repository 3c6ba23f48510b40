// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/clock.h"
#include "net/deadline.h"

#include <QBasicTimer>
#include <QSignalSpy>
#include <QTest>

using namespace sami;
using namespace sami::net;
using namespace std::chrono_literals;

namespace {

/// Counts what its deadline tells it.
class Owner : public QObject
{
    Q_OBJECT

public:
    Deadline deadline { this };

Q_SIGNALS:
    void expired();

protected:
    void timerEvent(QTimerEvent *event) override
    {
        if (deadline.takeExpiry(*event))
            Q_EMIT expired();
    }
};

} // namespace

class TestDeadline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void expiresOnce();
    void expiresAtOnceWithoutALimit();
    void doesNotExpireWhenCancelled();
    void armingAgainReplacesTheOldLimit();
    void aLaterLimitTakesTheTimerThatRuns();
    void anEarlierLimitDoesNotWaitForTheTimerThatRuns();
    void aCancelledOneMayBeArmedAnew();
    void mayBeArmedInItsOwnSignal();
    void takesLimitsLongerThanATimer();
    void leavesOtherTimersAlone();
};

void TestDeadline::expiresOnce()
{
    Owner owner;
    Deadline &deadline = owner.deadline;
    QSignalSpy spy(&owner, &Owner::expired);
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
    Owner owner;
    Deadline &deadline = owner.deadline;
    QSignalSpy spy(&owner, &Owner::expired);
    deadline.arm(-5ms);
    QCOMPARE(spy.count(), 0);
    QTRY_COMPARE(spy.count(), 1);
}

void TestDeadline::doesNotExpireWhenCancelled()
{
    Owner owner;
    Deadline &deadline = owner.deadline;
    QSignalSpy spy(&owner, &Owner::expired);
    deadline.arm(10ms);
    deadline.cancel();
    QVERIFY(!deadline.isArmed());
    QVERIFY(!spy.wait(50));
}

void TestDeadline::armingAgainReplacesTheOldLimit()
{
    Owner owner;
    Deadline &deadline = owner.deadline;
    QSignalSpy spy(&owner, &Owner::expired);
    deadline.arm(1h);
    deadline.arm(10ms);
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(!deadline.isArmed());
}

void TestDeadline::aLaterLimitTakesTheTimerThatRuns()
{
    Owner owner;
    QSignalSpy spy(&owner, &Owner::expired);
    const TimePoint start = Clock::now();
    owner.deadline.arm(20ms);
    owner.deadline.arm(120ms);
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(Clock::now() - start >= 120ms);
    QVERIFY(!owner.deadline.isArmed());
    QVERIFY(!spy.wait(100));
}

void TestDeadline::anEarlierLimitDoesNotWaitForTheTimerThatRuns()
{
    Owner owner;
    QSignalSpy spy(&owner, &Owner::expired);
    owner.deadline.arm(60s);
    owner.deadline.arm(20ms);
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(!owner.deadline.isArmed());
}

void TestDeadline::aCancelledOneMayBeArmedAnew()
{
    Owner owner;
    QSignalSpy spy(&owner, &Owner::expired);
    const TimePoint start = Clock::now();
    owner.deadline.arm(20ms);
    owner.deadline.cancel();
    QVERIFY(!owner.deadline.isArmed());
    owner.deadline.arm(120ms);
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(Clock::now() - start >= 120ms);
}

void TestDeadline::mayBeArmedInItsOwnSignal()
{
    Owner owner;
    Deadline &deadline = owner.deadline;
    int count = 0;
    connect(&owner, &Owner::expired, this, [&] {
        if (++count < 3)
            deadline.arm(1ms);
    });
    deadline.arm(1ms);
    QTRY_COMPARE(count, 3);
    QVERIFY(!deadline.isArmed());
}

void TestDeadline::takesLimitsLongerThanATimer()
{
    Owner owner;
    Deadline &deadline = owner.deadline;
    QSignalSpy spy(&owner, &Owner::expired);
    deadline.arm(std::chrono::hours(24) * 365);
    QVERIFY(deadline.isArmed());
    QVERIFY(!spy.wait(20));
}

void TestDeadline::leavesOtherTimersAlone()
{
    Owner owner;
    QSignalSpy spy(&owner, &Owner::expired);
    owner.deadline.arm(1h);
    QBasicTimer other;
    other.start(1, &owner);
    QVERIFY(!spy.wait(50));
    QVERIFY(owner.deadline.isArmed());
    owner.deadline.cancel();
    QVERIFY(!spy.wait(20));
}

QTEST_GUILESS_MAIN(TestDeadline)
#include "tst_deadline.moc"
