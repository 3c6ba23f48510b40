// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/changes.h"

#include <QTest>

#include <random>

using namespace sami;
using namespace sami::account;
using namespace std::chrono_literals;

namespace {

/// A simulated proxy: connections that start, move bytes and end.
struct Proxy
{
    ChangeTracker tracker;
    TimePoint now { 1000s };
    QList<ConnectionSnapshot> rows;
    quint64 finished = 0;
    quint64 refusals = 0;
    QList<BlockRow> blocks;

    void add(quint64 id)
    {
        ConnectionSnapshot row;
        row.id = id;
        rows.append(row);
    }
    void pass(Clock::duration time)
    {
        now += time;
        for (ConnectionSnapshot &row : rows)
            row = aged(row, time);
    }
    void move(quint64 id)
    {
        for (ConnectionSnapshot &row : rows) {
            if (row.id != id)
                continue;
            row.down += 100;
            row.sinceDown = {};
        }
    }
    void end(quint64 id)
    {
        rows.removeIf([id](const ConnectionSnapshot &row) { return row.id == id; });
        ++finished;
    }
    ChangeTracker::Answer since(quint64 revision)
    {
        return tracker.since(revision,
                             { RunState::Running, { {}, rows }, now, finished, refusals, blocks });
    }
};

QList<quint64> idsOf(const QList<ConnectionSnapshot> &rows)
{
    QList<quint64> ids;
    for (const ConnectionSnapshot &row : rows)
        ids.append(row.id);
    return ids;
}

using Ids = QList<quint64>;

/// Whether a picture built from differences matches the real state.
bool agrees(const Picture &picture, const Proxy &proxy)
{
    const QList<ConnectionSnapshot> &rows = picture.snapshot().connections;
    if (idsOf(rows) != idsOf(proxy.rows))
        return false;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        if (rows[i].down != proxy.rows[i].down || rows[i].age != proxy.rows[i].age
            || rows[i].sinceDown != proxy.rows[i].sinceDown
            || rows[i].longestSilence != proxy.rows[i].longestSilence)
            return false;
    }
    return true;
}

} // namespace

class TstChanges : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstAnswerIsEverything();
    void aRowThatOnlyAgedIsNotTold();
    void aRowThatMovedOctetsIsTold();
    void aNewRowIsTold();
    void aRowThatWentIsTold();
    void aRowThatCameAndWentInBetweenIsOnlyGone();
    void askedTwiceWithTheSameRevisionIsToldTwice();
    void twoWatchersHaveTheirOwnRevisions();
    void aRevisionThatIsTooOldGetsEverything();
    void aRevisionThatWasNeverGivenGetsEverything();
    void anotherRunIsEverything();
    void tooManyThatAreGoneForgetTheOldestRevisions();
    void finishedWorkIsCountedFromTheRevision();
    void refusalsAndBlocksAreToldWhenTheyChange();
    void aPictureIsWhatThereIs();
};

void TstChanges::theFirstAnswerIsEverything()
{
    Proxy proxy;
    proxy.add(1);
    proxy.add(2);
    const auto answer = proxy.since(0);
    QVERIFY(answer.changes.isWhole);
    QVERIFY(answer.changes.revision != 0);
    QCOMPARE(idsOf(answer.changes.rows), Ids({ 1, 2 }));
    QVERIFY(answer.hasRefusals);
    QVERIFY(answer.changes.blocks);
    QCOMPARE(answer.finishedBefore, 0U);
}

void TstChanges::aRowThatOnlyAgedIsNotTold()
{
    Proxy proxy;
    proxy.add(1);
    const quint64 revision = proxy.since(0).changes.revision;
    proxy.pass(1s);
    const Changes changes = proxy.since(revision).changes;
    QVERIFY(!changes.isWhole);
    QVERIFY2(changes.rows.isEmpty(), "a silent tunnel costs nothing");
    QVERIFY(changes.gone.isEmpty());
}

void TstChanges::aRowThatMovedOctetsIsTold()
{
    Proxy proxy;
    proxy.add(1);
    proxy.add(2);
    const quint64 revision = proxy.since(0).changes.revision;
    proxy.pass(1s);
    proxy.move(2);
    QCOMPARE(idsOf(proxy.since(revision).changes.rows), Ids { 2 });
}

void TstChanges::aNewRowIsTold()
{
    Proxy proxy;
    proxy.add(1);
    const quint64 revision = proxy.since(0).changes.revision;
    proxy.add(2);
    QCOMPARE(idsOf(proxy.since(revision).changes.rows), Ids { 2 });
}

void TstChanges::aRowThatWentIsTold()
{
    Proxy proxy;
    proxy.add(1);
    proxy.add(2);
    const quint64 revision = proxy.since(0).changes.revision;
    proxy.end(1);
    const Changes changes = proxy.since(revision).changes;
    QCOMPARE(changes.gone, Ids { 1 });
    QVERIFY(changes.rows.isEmpty());
    QVERIFY2(proxy.since(changes.revision).changes.gone.isEmpty(), "told once to who knows it");
}

void TstChanges::aRowThatCameAndWentInBetweenIsOnlyGone()
{
    Proxy proxy;
    const quint64 first = proxy.since(0).changes.revision;
    proxy.add(1);
    QCOMPARE(idsOf(proxy.since(first).changes.rows), Ids { 1 });
    proxy.end(1);
    const Changes changes = proxy.since(first).changes;
    QVERIFY(changes.rows.isEmpty());
    QCOMPARE(changes.gone, Ids { 1 });
}

void TstChanges::askedTwiceWithTheSameRevisionIsToldTwice()
{
    Proxy proxy;
    proxy.add(1);
    proxy.add(2);
    const quint64 revision = proxy.since(0).changes.revision;
    proxy.end(1);
    proxy.move(2);
    for (int time = 0; time < 2; ++time) {
        const Changes changes = proxy.since(revision).changes;
        QCOMPARE(changes.gone, Ids { 1 });
        QCOMPARE(idsOf(changes.rows), Ids { 2 });
    }
}

void TstChanges::twoWatchersHaveTheirOwnRevisions()
{
    Proxy proxy;
    proxy.add(1);
    const quint64 slow = proxy.since(0).changes.revision;
    proxy.move(1);
    const quint64 quick = proxy.since(slow).changes.revision;
    proxy.add(2);
    QCOMPARE(idsOf(proxy.since(quick).changes.rows), Ids { 2 });
    QCOMPARE(idsOf(proxy.since(slow).changes.rows), Ids({ 1, 2 }));
}

void TstChanges::aRevisionThatIsTooOldGetsEverything()
{
    Proxy proxy;
    proxy.add(1);
    const quint64 old = proxy.since(0).changes.revision;
    // Each query makes one more revision, this one too.
    for (size_t i = 0; i < ChangeTracker::kept - 2; ++i)
        static_cast<void>(proxy.since(0));
    QVERIFY(!proxy.since(old).changes.isWhole);
    QVERIFY(proxy.since(old).changes.isWhole);
}

void TstChanges::aRevisionThatWasNeverGivenGetsEverything()
{
    Proxy proxy;
    proxy.add(1);
    const quint64 last = proxy.since(0).changes.revision;
    QVERIFY2(proxy.since(last + 1).changes.isWhole, "the very next one");
    QVERIFY(proxy.since(last + 1000).changes.isWhole);
}

void TstChanges::anotherRunIsEverything()
{
    Proxy proxy;
    proxy.add(1);
    const quint64 before = proxy.since(0).changes.revision;
    proxy.tracker.forget();
    proxy.rows.clear();
    proxy.add(1);
    const Changes changes = proxy.since(before).changes;
    QVERIFY2(changes.isWhole, "number 1 is another connection now");
    QVERIFY2(changes.revision > before, "a revision is never given twice");
    QCOMPARE(idsOf(changes.rows), Ids { 1 });
}

void TstChanges::tooManyThatAreGoneForgetTheOldestRevisions()
{
    Proxy proxy;
    const quint64 first = proxy.since(0).changes.revision;
    for (qsizetype id = 1; id <= ChangeTracker::maxGone + 1; ++id)
        proxy.add(quint64(id));
    const quint64 second = proxy.since(first).changes.revision;
    proxy.rows.clear();
    QVERIFY2(proxy.since(first).changes.isWhole, "what is gone takes memory without a limit");
    QVERIFY(proxy.since(second).changes.isWhole);
    QVERIFY(proxy.since(second).changes.rows.isEmpty());
}

void TstChanges::finishedWorkIsCountedFromTheRevision()
{
    Proxy proxy;
    proxy.finished = 7;
    const quint64 revision = proxy.since(0).changes.revision;
    proxy.finished = 9;
    const auto answer = proxy.since(revision);
    QCOMPARE(answer.finishedBefore, 7U);
    QCOMPARE(proxy.since(answer.changes.revision).finishedBefore, 9U);
}

void TstChanges::refusalsAndBlocksAreToldWhenTheyChange()
{
    Proxy proxy;
    const quint64 first = proxy.since(0).changes.revision;
    auto answer = proxy.since(first);
    QVERIFY(!answer.hasRefusals);
    QVERIFY(!answer.changes.blocks);
    proxy.refusals = 1;
    proxy.blocks = { { QHostAddress(QStringLiteral("192.0.2.1")), 60s } };
    const quint64 second = answer.changes.revision;
    answer = proxy.since(second);
    QVERIFY(answer.hasRefusals);
    QCOMPARE(answer.changes.blocks.value_or(QList<BlockRow>()).size(), 1);
    proxy.blocks.clear();
    answer = proxy.since(answer.changes.revision);
    QVERIFY(!answer.hasRefusals);
    QVERIFY2(answer.changes.blocks && answer.changes.blocks->isEmpty(), "the last one is over");
    QVERIFY2(proxy.since(second).hasRefusals, "who asks less often hears of it all the same");
}

void TstChanges::aPictureIsWhatThereIs()
{
    std::minstd_rand dice(7); // the same sequence in each run
    Proxy proxy;
    Picture quick;
    Picture slow;
    quint64 next = 1;
    for (int turn = 0; turn < 500; ++turn) {
        proxy.pass(std::chrono::milliseconds(dice() % 2000));
        for (auto i = dice() % 4; i > 0; --i)
            proxy.add(next++);
        for (const quint64 id : idsOf(proxy.rows)) {
            if (dice() % 5 == 0)
                proxy.move(id);
            else if (dice() % 9 == 0)
                proxy.end(id);
        }
        if (dice() % 50 == 0)
            proxy.tracker.forget();
        quick.take(proxy.since(quick.revision()).changes);
        QVERIFY(agrees(quick, proxy));
        if (dice() % 20 == 0) {
            slow.take(proxy.since(slow.revision()).changes);
            QVERIFY(agrees(slow, proxy));
        }
    }
}

QTEST_APPLESS_MAIN(TstChanges)
#include "tst_changes.moc"
