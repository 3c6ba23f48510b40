// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/pendingbudget.h"
#include "net/pendingoctets.h"

#include <QTest>

using namespace sami::net;

class TestPendingOctets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasWhatWasNotTaken();
    void isCountedUntilCleared();
};

void TestPendingOctets::hasWhatWasNotTaken()
{
    PendingBudget budget;
    PendingOctets pending;
    QVERIFY(pending.isEmpty());
    pending.append("abcdef", budget);
    pending.take(4);
    QCOMPARE(pending.view().toByteArray(), "ef");
    pending.append("gh", budget);
    QCOMPARE(pending.view().toByteArray(), "efgh");
    QCOMPARE(pending.size(), 4);
    pending.take(4);
    QVERIFY(pending.isEmpty());
    pending.append("i", budget);
    QCOMPARE(pending.view().toByteArray(), "i");
    pending.clear(budget);
    QVERIFY(pending.isEmpty());
    QVERIFY(pending.view().isEmpty());
}

void TestPendingOctets::isCountedUntilCleared()
{
    PendingBudget budget;
    budget.setLimit(100'000);
    PendingOctets first;
    PendingOctets second;
    first.append(QByteArray(60'000, 'x'), budget);
    QVERIFY(!budget.isOverdrawn());
    second.append(QByteArray(60'000, 'y'), budget);
    QVERIFY(budget.isOverdrawn());
    // Taken octets occupy memory until they are cleared.
    second.take(60'000);
    QVERIFY(budget.isOverdrawn());
    second.clear(budget);
    QVERIFY(!budget.isOverdrawn());
    first.clear(budget);
    first.clear(budget); // counted once
    budget.setLimit(0);
    QVERIFY(!budget.isOverdrawn());
    budget.setLimit(-1);
    QVERIFY2(budget.isOverdrawn(), "nothing is counted any more, and nothing too often");
}

QTEST_GUILESS_MAIN(TestPendingOctets)
#include "tst_pendingoctets.moc"
