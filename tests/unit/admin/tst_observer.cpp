// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/observer.h"

#include <QTest>

using namespace sami;
using namespace sami::admin;
using namespace std::chrono_literals;

namespace {

const TimePoint start = TimePoint() + 1h;

/// An engine that records the questions, and answers on command.
struct Rig
{
    QList<quint64> asked;
    Observer observer { [this](quint64 revision) { asked.append(revision); } };
    account::ChangeTracker tracker;

    void answer(account::Snapshot snapshot, TimePoint at, quint64 finished = 0)
    {
        account::Changes changes =
            tracker
                .since(asked.last(),
                       { account::RunState::Running, std::move(snapshot), at, finished, 0, {} })
                .changes;
        for (quint64 number = 1; changes.isWhole && number <= finished; ++number) {
            account::FinishedWork work;
            work.number = number;
            changes.finished.append(work);
        }
        observer.take({ changes, {}, {} }, WallTime {});
    }
};

account::Snapshot silentTunnel(Clock::duration age)
{
    account::ConnectionSnapshot row;
    row.id = 7;
    row.phase = account::ConnectionPhase::Tunnel;
    row.age = age;
    row.sinceUp = age;
    row.sinceDown = age;
    row.longestSilence = age;
    return { {}, { row } };
}

} // namespace

class TstObserver : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void severalWhoAskShareOneQuestion();
    void nobodyIsAskedForWhatIsFresh();
    void aSilentTunnelIsNoDifference();
    void whatIsKnownIsLetGo();
    void theNewestFinishedWorkIsNumbered();
};

void TstObserver::severalWhoAskShareOneQuestion()
{
    Rig rig;
    int told = 0;
    rig.observer.observe(start, [&told] { ++told; });
    rig.observer.observe(start + 1ms, [&told] { ++told; });
    QCOMPARE(rig.asked, QList<quint64>({ 0 }));
    QCOMPARE(told, 0);
    rig.answer(silentTunnel(1s), start + 2ms);
    QCOMPARE(told, 2);
    QCOMPARE(rig.observer.seen().connections.size(), 1);
    QCOMPARE(rig.observer.liveStatus().running.value(QStringLiteral("count")).toInt(), 1);
}

void TstObserver::nobodyIsAskedForWhatIsFresh()
{
    Rig rig;
    int told = 0;
    rig.observer.observe(start, [&told] { ++told; });
    rig.answer({}, start);
    rig.observer.observe(start + 99ms, [&told] { ++told; });
    QCOMPARE(told, 2);
    QCOMPARE(rig.asked.size(), 1);
    rig.observer.observe(start + 100ms, [&told] { ++told; });
    QCOMPARE(told, 2);
    QCOMPARE(rig.asked.size(), 2);
    QVERIFY2(rig.asked.last() != 0, "the second question is for the difference");
}

void TstObserver::aSilentTunnelIsNoDifference()
{
    Rig rig;
    account::ChangeTracker shown;
    quint64 revision = 0;
    for (int second = 1; second <= 12; ++second) {
        rig.observer.observe(start + second * 1s + 3ms, [] {});
        rig.answer(silentTunnel(second * 1s), start + second * 1s);
        const auto changes = shown.since(revision, rig.observer.sight()).changes;
        QCOMPARE(changes.rows.size(), revision == 0 ? 1 : 0);
        revision = changes.revision;
    }
}

void TstObserver::whatIsKnownIsLetGo()
{
    Rig rig;
    rig.observer.observe(start, [] {});
    rig.answer(silentTunnel(1s), start);
    rig.observer.tidy(start + Observer::keptFor - 1ms);
    QCOMPARE(rig.observer.seen().connections.size(), 1);
    rig.observer.tidy(start + Observer::keptFor);
    QVERIFY(rig.observer.seen().connections.isEmpty());
    rig.observer.observe(start + 2 * Observer::keptFor, [] {});
    QCOMPARE(rig.asked.last(), 0U);
}

void TstObserver::theNewestFinishedWorkIsNumbered()
{
    Rig rig;
    rig.observer.observe(start, [] {});
    rig.answer({}, start, 3);
    QCOMPARE(rig.observer.finishedCount(), 3U);
    QCOMPARE(rig.observer.finished().size(), 3);
}

QTEST_GUILESS_MAIN(TstObserver)
#include "tst_observer.moc"
