// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/books.h"
#include "account/meters.h"

#include <QSet>
#include <QTest>

#include <latch>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::account;
using namespace std::chrono_literals;
using net::DialFault;
using net::TlsAcceptFault;
using policy::Refusal;

namespace {

FinishedWork endedWith(Ending ending)
{
    FinishedWork work;
    work.ending = std::move(ending);
    return work;
}

/// A tunnel that was established and ended normally.
FinishedWork tunnel()
{
    FinishedWork work = endedWith({ EndedBy::Client, EndedHow::Fin });
    work.dial = 30ms;
    work.firstByte = 700ms;
    work.silence = 42s;
    work.duration = 90s;
    work.up = 1;
    return work;
}

quint64 all(const DurationCounts &counts)
{
    quint64 sum = counts.longer;
    for (const DurationCounts::Step &step : counts.steps)
        sum += step.count;
    return sum;
}

/// The upper bound of the step that counted something; 0: beyond all steps.
std::chrono::milliseconds stepOf(const DurationCounts &counts)
{
    for (const DurationCounts::Step &step : counts.steps) {
        if (step.count > 0)
            return step.upTo;
    }
    return {};
}

template <typename Enum> quint64 all(const PerValue<Enum> &counts)
{
    quint64 sum = 0;
    for (const Enum value : enumValues<Enum>())
        sum += counts[value];
    return sum;
}

quint64 all(const PerValue<EndedBy, PerValue<EndedHow>> &counts)
{
    quint64 sum = 0;
    for (const EndedBy by : enumValues<EndedBy>())
        sum += all(counts[by]);
    return sum;
}

/// One row for each value of an enum.
template <typename Enum> void addValues(const char *what)
{
    QTest::addColumn<int>("value");
    for (const Enum value : enumValues<Enum>())
        QTest::addRow("%s %s", what, Reason(value).code()) << int(value);
}

/// The placeholder for an invalid value, in enums that have one.
template <typename Enum> Enum behind()
{
    return static_cast<Enum>(int(EnumRange<Enum>::last) + 1);
}

} // namespace

class TestMeters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rangesEndWhereTheirEnumsEnd();
    void eachEndIsCounted_data();
    void eachEndIsCounted();
    void eachRefusalIsCounted_data();
    void eachRefusalIsCounted();
    void eachDialFaultIsCounted_data();
    void eachDialFaultIsCounted();
    void eachHandshakeFaultIsCounted_data();
    void eachHandshakeFaultIsCounted();
    void handshakesAreCounted();
    void whatIsBeyondTheRangesIsNotCounted();
    void durationsOfWhatReachedAnUpstream_data();
    void durationsOfWhatReachedAnUpstream();
    void aStepTakesItsLongest_data();
    void aStepTakesItsLongest();
    void theShellsOwnIsNotCounted();
    void theBooksCountSinceTheyAreAsked();
    void aFloodWithoutLinesIsCounted();
    void manyThreads();
};

/// The code of the value after the last one must be that of no value. Adding a value to an enum
/// without extending its range yields a different code here.
void TestMeters::rangesEndWhereTheirEnumsEnd()
{
    QCOMPARE(QByteArray(toString(behind<EndedBy>())), ""_ba);
    QCOMPARE(QByteArray(toString(behind<EndedHow>())), ""_ba);
    QCOMPARE(QByteArray(toString(behind<ConnectionPhase>())), ""_ba);
    QCOMPARE(QByteArray(toString(behind<Cause>())), ""_ba);
    QCOMPARE(QByteArray(toString(behind<Refusal>())), "unknown"_ba);
    QCOMPARE(QByteArray(toString(behind<TlsAcceptFault>())), "unknown"_ba);
    // This enum's word for an unknown value is also the word of its last one.
    QCOMPARE(QByteArray(Reason(behind<DialFault>()).code()),
             QByteArray(Reason(DialFault::OutOfResources).code()));
    QCOMPARE(enumCount<DialFault>, std::size_t(23));
}

void TestMeters::eachEndIsCounted_data()
{
    QTest::addColumn<int>("by");
    QTest::addColumn<int>("how");
    for (const EndedBy by : enumValues<EndedBy>()) {
        for (const EndedHow how : enumValues<EndedHow>())
            QTest::addRow("by %s: %s", toString(by), toString(how)) << int(by) << int(how);
    }
}

void TestMeters::eachEndIsCounted()
{
    QFETCH(int, by);
    QFETCH(int, how);
    const Ending ending { EndedBy(by), EndedHow(how) };
    Meters meters;
    meters.closed(endedWith(ending));
    meters.unserved(ending);
    const MeterReading read = meters.read();
    QCOMPARE(read.ended[ending.by][ending.how], 2ULL);
    QCOMPARE(all(read.ended), 2ULL);
}

void TestMeters::eachRefusalIsCounted_data()
{
    addValues<Refusal>("refused by");
}

void TestMeters::eachRefusalIsCounted()
{
    QFETCH(int, value);
    const auto rule = Refusal(value);
    Meters meters;
    meters.refused({ {}, {}, rule, {} });
    meters.refused({ {}, {}, rule, {}, true });
    meters.refused({ {}, {}, rule, {}, true });
    const MeterReading read = meters.read();
    QCOMPARE(read.refused[rule], 1ULL);
    QCOMPARE(read.reported[rule], 2ULL);
    QCOMPARE(all(read.refused) + all(read.reported), 3ULL);
}

void TestMeters::eachDialFaultIsCounted_data()
{
    addValues<DialFault>("failed by");
}

void TestMeters::eachDialFaultIsCounted()
{
    QFETCH(int, value);
    const auto fault = DialFault(value);
    Meters meters;
    meters.closed(endedWith({ EndedBy::Proxy, EndedHow::DialFailed, fault }));
    const MeterReading read = meters.read();
    QCOMPARE(read.dialFaults[fault], 1ULL);
    QCOMPARE(all(read.dialFaults), 1ULL);
}

void TestMeters::eachHandshakeFaultIsCounted_data()
{
    addValues<TlsAcceptFault>("failed by");
}

void TestMeters::eachHandshakeFaultIsCounted()
{
    QFETCH(int, value);
    const auto fault = TlsAcceptFault(value);
    Meters meters;
    meters.handshakeEnded({ TlsVersion::None, fault });
    const MeterReading read = meters.read();
    QCOMPARE(read.handshakeFaults[fault], 1ULL);
    QCOMPARE(all(read.handshakeFaults), 1ULL);
    QCOMPARE(all(read.handshakes), 0ULL);
}

void TestMeters::handshakesAreCounted()
{
    Meters meters;
    meters.handshakeEnded({ TlsVersion::Tls12 });
    meters.handshakeEnded({ TlsVersion::Tls13 });
    meters.handshakeEnded({ TlsVersion::Tls13 });
    meters.handshakeEnded({ TlsVersion::None, Cause::TlsTimeout });
    meters.handshakeEnded({ TlsVersion::None, Cause::TlsFull });
    meters.handshakeEnded({ TlsVersion::None, Cause::KeptInput });
    const MeterReading read = meters.read();
    QCOMPARE(read.handshakes[TlsVersion::Tls12], 1ULL);
    QCOMPARE(read.handshakes[TlsVersion::Tls13], 2ULL);
    QCOMPARE(all(read.handshakes), 3ULL);
    QCOMPARE(all(read.handshakeFaults), 0ULL);
    QCOMPARE(read.handshakeTimeouts, 1ULL);
    QCOMPARE(read.handshakesWithoutRoom, 2ULL);
}

/// Invalid values must not write outside the arrays.
void TestMeters::whatIsBeyondTheRangesIsNotCounted()
{
    Meters meters;
    meters.refused({ {}, {}, Refusal::None, {} });
    meters.refused({ {}, {}, behind<Refusal>(), {} });
    meters.closed(endedWith({ behind<EndedBy>(), EndedHow::Fin }));
    meters.closed(endedWith({ EndedBy::Proxy, behind<EndedHow>(), behind<DialFault>() }));
    const MeterReading read = meters.read();
    QCOMPARE(all(read.refused) + all(read.ended) + all(read.dialFaults), 0ULL);
}

void TestMeters::durationsOfWhatReachedAnUpstream_data()
{
    QTest::addColumn<FinishedWork>("work");
    QTest::addColumn<int>("dials");
    QTest::addColumn<int>("firstBytes");
    QTest::addColumn<int>("durations");
    FinishedWork work = tunnel();
    QTest::newRow("a tunnel") << work << 1 << 1 << 1;
    work.firstByte.reset();
    work.up = 0;
    QTest::newRow("a tunnel in which nothing was said") << work << 1 << 0 << 1;
    work = tunnel();
    work.dial.reset();
    QTest::newRow("a request over a kept connection") << work << 0 << 1 << 1;
    work = endedWith({ EndedBy::Proxy, EndedHow::Complete });
    work.duration = 1ms;
    QTest::newRow("a page of our own") << work << 0 << 0 << 0;
    QTest::newRow("a bare probe") << endedWith({ EndedBy::Client, EndedHow::Fin }) << 0 << 0 << 0;
    work = endedWith({ EndedBy::Proxy, EndedHow::DialFailed, DialFault::ConnectTimeout });
    work.duration = 30s;
    work.up = 40; // from an attempt over a kept connection
    QTest::newRow("a dial that failed") << work << 0 << 0 << 0;
    work.ending = { EndedBy::Proxy, EndedHow::TimeoutDial };
    QTest::newRow("a dial that took too long") << work << 0 << 0 << 0;
    work.ending = { EndedBy::Proxy, EndedHow::Refused, Refusal::PrivateTarget };
    QTest::newRow("a refusal") << work << 0 << 0 << 0;
}

void TestMeters::durationsOfWhatReachedAnUpstream()
{
    QFETCH(FinishedWork, work);
    QFETCH(int, dials);
    QFETCH(int, firstBytes);
    QFETCH(int, durations);
    Meters meters;
    meters.closed(work);
    const MeterReading read = meters.read();
    QCOMPARE(all(read.dial), quint64(dials));
    QCOMPARE(all(read.firstByte), quint64(firstBytes));
    QCOMPARE(all(read.silence), quint64(durations));
    QCOMPARE(all(read.duration), quint64(durations));
    if (durations > 0) {
        using std::chrono::microseconds;
        QVERIFY(read.silence.sum == std::chrono::floor<microseconds>(work.silence));
        QVERIFY(read.duration.sum == std::chrono::floor<microseconds>(work.duration));
        QVERIFY(read.silence.steps.back().upTo >= 1'200s);
    }
}

void TestMeters::aStepTakesItsLongest_data()
{
    QTest::addColumn<qint64>("microseconds");
    QTest::addColumn<qint64>("step");
    QTest::newRow("nothing") << qint64(0) << qint64(5);
    QTest::newRow("less than nothing is nothing") << qint64(-7) << qint64(5);
    QTest::newRow("the longest of a step") << qint64(5'000) << qint64(5);
    QTest::newRow("a microsecond more") << qint64(5'001) << qint64(10);
    QTest::newRow("the longest of all") << qint64(30'000'000) << qint64(30'000);
    QTest::newRow("longer than all") << qint64(30'000'001) << qint64(0);
}

void TestMeters::aStepTakesItsLongest()
{
    QFETCH(qint64, microseconds);
    QFETCH(qint64, step);
    Meters meters;
    FinishedWork work = endedWith({ EndedBy::Client, EndedHow::Fin });
    work.dial = std::chrono::microseconds(microseconds);
    meters.closed(work);
    const DurationCounts dial = meters.read().dial;
    QCOMPARE(qint64(stepOf(dial).count()), step);
    QCOMPARE(dial.longer, step == 0 ? 1ULL : 0ULL);
    QCOMPARE(qint64(dial.sum.count()), std::max<qint64>(microseconds, 0));
}

void TestMeters::theShellsOwnIsNotCounted()
{
    Meters meters;
    FinishedWork work = tunnel();
    work.isOwn = true;
    meters.closed(work);
    const MeterReading read = meters.read();
    QCOMPARE(all(read.ended) + all(read.dial) + all(read.duration), 0ULL);
}

void TestMeters::theBooksCountSinceTheyAreAsked()
{
    Books books;
    books.ledger.closed(tunnel());
    QVERIFY2(!books.meters, "nobody has asked");
    books.keepMeters();
    const Meters *meters = books.meters.get();
    QVERIFY(meters);
    books.ledger.closed(tunnel());
    books.ledger.refused({ {}, {}, Refusal::HostNotListed, {} });
    books.ledger.handshakeEnded({ TlsVersion::Tls13 });
    books.keepMeters();
    QCOMPARE(books.meters.get(), meters);
    const MeterReading read = meters->read();
    QCOMPARE(all(read.ended), 1ULL);
    QCOMPARE(all(read.refused), 1ULL);
    QCOMPARE(all(read.handshakes), 1ULL);
    QCOMPARE(books.finished->total(), 2ULL);
}

/// A flood's connections without a log line are still counted.
void TestMeters::aFloodWithoutLinesIsCounted()
{
    Books books;
    books.keepMeters();
    constexpr int crowd = LineRate::linesPerSecond * 10;
    const Ending ending { EndedBy::Proxy, EndedHow::Limit, Cause::Full };
    for (int i = 0; i < crowd; ++i)
        accountForUnserved(books, { QHostAddress(u"192.0.2.7"_s), 4000 }, 503, ending);
    QVERIFY2(books.finished->total() < quint64(crowd), "each has a line");
    QCOMPARE(books.meters->read().ended[EndedBy::Proxy][EndedHow::Limit], quint64(crowd));
}

void TestMeters::manyThreads()
{
    constexpr int each = 20'000;
    constexpr int threadCount = 4;
    Meters meters;
    std::latch together(threadCount);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < threadCount; ++thread) {
        threads.emplace_back([&] {
            together.arrive_and_wait();
            quint64 before = 0;
            for (int i = 0; i < each; ++i) {
                meters.closed(tunnel());
                if (i % 1000 == 0) {
                    const quint64 now = all(meters.read().ended);
                    if (now < before)
                        qFatal("a counter went backwards");
                    before = now;
                }
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    constexpr quint64 whole = quint64(each) * threadCount;
    const MeterReading read = meters.read();
    QCOMPARE(all(read.ended), whole);
    QCOMPARE(all(read.dial), whole);
    QCOMPARE(quint64(read.dial.sum.count()), whole * 30'000);
    QCOMPARE(all(read.silence), whole);
}

QTEST_APPLESS_MAIN(TestMeters)
#include "tst_meters.moc"
