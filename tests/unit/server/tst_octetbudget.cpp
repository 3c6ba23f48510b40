// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/octetbudget.h"

#include <QTest>

#include <memory>
#include <thread>
#include <vector>

using namespace sami::server;
using Share = OctetBudget::Share;

namespace {

constexpr qint64 freePart = Share::freePart;
constexpr qint64 limit = 10'000;

} // namespace

class TestOctetBudget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneShare_data();
    void oneShare();
    void theFreePartIsNeverRefused();
    void whatIsKeptNowCounts();
    void givesBack();
    void twoSharesSpendIt();
    void readsAheadLittleWhileItIsSpent();
    void manyThreads();
};

void TestOctetBudget::oneShare_data()
{
    QTest::addColumn<qint64>("octets");
    QTest::addColumn<bool>("isHeld");
    QTest::addColumn<bool>("isSpent");
    QTest::newRow("nothing") << qint64(0) << true << false;
    QTest::newRow("the free part") << freePart << true << false;
    QTest::newRow("an octet beyond it") << freePart + 1 << true << false;
    QTest::newRow("nearly all there is beyond it") << freePart + limit - 1 << true << false;
    QTest::newRow("all there is beyond it") << freePart + limit << true << true;
    QTest::newRow("an octet too many") << freePart + limit + 1 << false << true;
}

void TestOctetBudget::oneShare()
{
    QFETCH(qint64, octets);
    QFETCH(bool, isHeld);
    QFETCH(bool, isSpent);
    OctetBudget budget(limit);
    Share share(budget);
    QCOMPARE(share.hold(octets), isHeld);
    QCOMPARE(budget.isSpent(), isSpent);
}

/// Usual requests are not refused because others have used up the budget.
void TestOctetBudget::theFreePartIsNeverRefused()
{
    OctetBudget budget(limit);
    Share greedy(budget);
    QVERIFY(!greedy.hold(freePart + 2 * limit));
    std::vector<std::unique_ptr<Share>> others;
    for (int i = 0; i < 10; ++i) {
        others.push_back(std::make_unique<Share>(budget));
        QVERIFY(others.back()->hold(freePart));
        QVERIFY(!others.back()->hold(freePart + 1));
        QVERIFY(others.back()->hold(freePart));
    }
}

/// hold() takes the current total, not an increment.
void TestOctetBudget::whatIsKeptNowCounts()
{
    OctetBudget budget(limit);
    Share share(budget);
    for (int i = 0; i < 10; ++i)
        QVERIFY(share.hold(freePart + limit / 2));
    QVERIFY(!budget.isSpent());
    QVERIFY(share.hold(freePart + limit));
    QVERIFY(budget.isSpent());
    QVERIFY(share.hold(freePart + limit / 2));
    QVERIFY(!budget.isSpent());
}

void TestOctetBudget::givesBack()
{
    OctetBudget budget(limit);
    {
        Share share(budget);
        QVERIFY(!share.hold(freePart + 3 * limit));
        share.giveBack();
        QVERIFY(!budget.isSpent());
        share.giveBack();
        QVERIFY(share.hold(freePart + limit));
        QVERIFY(budget.isSpent());
    }
    QVERIFY2(!budget.isSpent(), "its death gives it back");
    Share next(budget);
    QVERIFY2(next.hold(freePart + limit), "all of it");
    QVERIFY2(!next.hold(freePart + limit + 1), "and no more");
}

void TestOctetBudget::twoSharesSpendIt()
{
    OctetBudget budget(limit);
    Share one(budget);
    Share other(budget);
    QVERIFY(one.hold(freePart + limit / 2));
    QVERIFY(other.hold(freePart + limit / 2));
    QVERIFY(budget.isSpent());
    QVERIFY(!other.hold(freePart + limit / 2 + 1));
    QVERIFY2(!one.hold(freePart + limit / 2), "whoever keeps more than the free part hears of it");
    one.giveBack();
    QVERIFY(other.hold(freePart + limit / 2 + 1));
}

void TestOctetBudget::readsAheadLittleWhileItIsSpent()
{
    OctetBudget budget(limit);
    Share one(budget);
    Share other(budget);
    const qsizetype much = other.readAheadLimit();
    QVERIFY(much > freePart);
    QVERIFY(one.hold(freePart + limit));
    QCOMPARE(other.readAheadLimit(), qsizetype(freePart));
    QCOMPARE(one.readAheadLimit(), qsizetype(freePart));
    one.giveBack();
    QCOMPARE(other.readAheadLimit(), much);
}

void TestOctetBudget::manyThreads()
{
    OctetBudget budget(limit);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&budget, thread] {
            for (int i = 0; i < 20'000; ++i) {
                Share share(budget);
                static_cast<void>(share.hold(freePart + (i * 7 + thread) % (2 * limit)));
                static_cast<void>(share.hold(freePart + i % limit));
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    Share share(budget);
    QVERIFY(share.hold(freePart + limit));
    QVERIFY(!share.hold(freePart + limit + 1));
}

QTEST_APPLESS_MAIN(TestOctetBudget)
#include "tst_octetbudget.moc"
