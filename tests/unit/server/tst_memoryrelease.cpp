// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/memoryrelease.h"

#include <QTest>

using namespace sami::server;

class TstMemoryRelease : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decides_data();
    void decides();
};

void TstMemoryRelease::decides_data()
{
    QTest::addColumn<int>("held");
    QTest::addColumn<int>("peak");
    QTest::addColumn<bool>("isDue");
    QTest::newRow("nobody ever came") << 0 << 0 << false;
    QTest::newRow("a small crowd has gone") << 0 << 511 << false;
    QTest::newRow("a crowd has gone") << 0 << 512 << true;
    QTest::newRow("half of a crowd has gone") << 256 << 512 << true;
    QTest::newRow("one more than half is still there") << 257 << 512 << false;
    QTest::newRow("the crowd is there") << 4000 << 4000 << false;
}

void TstMemoryRelease::decides()
{
    QFETCH(const int, held);
    QFETCH(const int, peak);
    QTEST(MemoryRelease::isDue(held, peak), "isDue");
}

QTEST_APPLESS_MAIN(TstMemoryRelease)
#include "tst_memoryrelease.moc"
