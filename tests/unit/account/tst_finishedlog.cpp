// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/finishedlog.h"

#include <QTest>

#include <algorithm>
#include <latch>
#include <thread>
#include <vector>

using namespace sami;
using namespace sami::account;

namespace {

FinishedWork workOf(quint64 id)
{
    FinishedWork work;
    work.id = id;
    return work;
}

} // namespace

class TestFinishedLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLastFinished_data();
    void theLastFinished();
    void theOnesInBetween_data();
    void theOnesInBetween();
    void keepsTheWholeWork();
    void finishedOnManyThreads();
};

void TestFinishedLog::theLastFinished_data()
{
    QTest::addColumn<int>("count");
    const int capacity = FinishedLog::capacity;
    QTest::newRow("none") << 0;
    QTest::newRow("one") << 1;
    QTest::newRow("nearly as many as there is room for") << capacity - 1;
    QTest::newRow("as many as there is room for") << capacity;
    QTest::newRow("one more") << capacity + 1;
    QTest::newRow("twice as many") << 2 * capacity;
    QTest::newRow("many more") << 3 * capacity + capacity / 3;
}

/// recent() starts with the oldest; total() also counts those that were dropped.
void TestFinishedLog::theLastFinished()
{
    QFETCH(int, count);
    FinishedLog log;
    for (int i = 1; i <= count; ++i)
        log.closed(workOf(quint64(i)));
    QCOMPARE(log.total(), quint64(count));
    const QList<FinishedWork> recent = log.recent();
    QCOMPARE(recent.size(), std::min<qsizetype>(count, FinishedLog::capacity));
    for (qsizetype i = 0; i < recent.size(); ++i)
        QCOMPARE(recent[i].id, quint64(count - recent.size() + i + 1));
}

void TestFinishedLog::theOnesInBetween_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    QTest::addColumn<int>("first"); ///< of those returned
    QTest::addColumn<int>("size");
    const int capacity = FinishedLog::capacity;
    QTest::newRow("none of none") << 0 << 0 << 0 << 0 << 0;
    QTest::newRow("all of some") << 5 << 0 << 5 << 1 << 5;
    QTest::newRow("what came since") << 5 << 3 << 5 << 4 << 2;
    QTest::newRow("nothing came since") << 5 << 5 << 5 << 0 << 0;
    QTest::newRow("what came after the question is for the next") << 9 << 3 << 5 << 4 << 2;
    QTest::newRow("more than there were") << 5 << 3 << 100 << 4 << 2;
    QTest::newRow("in a ring that has turned")
        << capacity + 5 << capacity << capacity + 5 << capacity + 1 << 5;
    QTest::newRow("across the place where it turns")
        << capacity + 5 << capacity - 2 << capacity + 2 << capacity - 1 << 4;
    QTest::newRow("more than the ring has kept")
        << 2 * capacity << 0 << 2 * capacity << capacity + 1 << capacity;
    QTest::newRow("all of it is lost") << 3 * capacity << 0 << capacity << 0 << 0;
}

void TestFinishedLog::theOnesInBetween()
{
    QFETCH(int, count);
    QFETCH(int, from);
    QFETCH(int, to);
    QFETCH(int, first);
    QFETCH(int, size);
    FinishedLog log;
    for (int i = 1; i <= count; ++i)
        log.closed(workOf(quint64(i)));
    const QList<FinishedWork> works = log.between(quint64(from), quint64(to));
    QCOMPARE(works.size(), size);
    for (int i = 0; i < size; ++i)
        QCOMPARE(works[i].id, quint64(first + i));
}

void TestFinishedLog::keepsTheWholeWork()
{
    FinishedLog log;
    FinishedWork work = workOf(7);
    work.user = "sami";
    work.target = "a:443";
    work.up = 1;
    work.down = 2;
    work.ending = { EndedBy::Upstream, EndedHow::Reset, Cause::ResponseCut };
    log.closed(work);
    const FinishedWork kept = log.recent().constFirst();
    QCOMPARE(kept.user, work.user);
    QCOMPARE(kept.target, work.target);
    QCOMPARE(kept.up, work.up);
    QCOMPARE(kept.down, work.down);
    QVERIFY(kept.ending == work.ending);
}

void TestFinishedLog::finishedOnManyThreads()
{
    constexpr int each = 20'000;
    constexpr int threadCount = 4;
    FinishedLog log;
    std::latch together(threadCount);
    std::vector<std::thread> threads;
    for (quint64 thread = 1; thread <= threadCount; ++thread) {
        threads.emplace_back([&log, &together, thread] {
            together.arrive_and_wait();
            for (int i = 0; i < each; ++i) {
                log.closed(workOf(thread));
                if (i % 1000 == 0)
                    static_cast<void>(log.recent());
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(log.total(), quint64(threadCount * each));
    QCOMPARE(log.recent().size(), FinishedLog::capacity);
}

QTEST_APPLESS_MAIN(TestFinishedLog)
#include "tst_finishedlog.moc"
