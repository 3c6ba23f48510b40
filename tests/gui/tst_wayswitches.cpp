// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/wayswitches.h"

#include <QTest>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;

class TstWaySwitches : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSwitchIsToldOnce_data();
    void aSwitchIsToldOnce();
    void whyTheOtherWasLeftIsTold();
    void newSettingsAreNoSwitch();
    void withoutServersNothingIsTold();
};

namespace {

/// "a b- direct": in the order of the settings, with "-" after one that is not healthy. The first
/// healthy one is preferred.
route::ParentsOverview overviewOf(const QByteArray &names)
{
    route::ParentsOverview overview;
    bool isTaken = false;
    for (const QByteArray &word : names.split(' ')) {
        route::ParentState state;
        const bool isWell = !word.endsWith('-');
        state.name = isWell ? word : word.chopped(1);
        if (!isWell) {
            state.condition = route::ParentCondition::Resting;
            state.fault = route::ParentFault::Unreachable;
        }
        state.isPreferred = isWell && !isTaken;
        isTaken = isTaken || isWell;
        overview.parents.push_back(state);
    }
    if (!isTaken)
        overview.parents.front().isPreferred = true; // asked all the same
    return overview;
}

QByteArray nameOf(const WayOut &way)
{
    return way.server.isEmpty() ? QByteArray("nobody") : way.server;
}

} // namespace

void TstWaySwitches::aSwitchIsToldOnce_data()
{
    QTest::addColumn<QByteArrayList>("looks"); // one a second
    QTest::addColumn<QByteArrayList>("told");
    const auto seconds = [](const QByteArray &names, int count) {
        return QByteArrayList(count, names);
    };
    QTest::newRow("nothing happens") << seconds("a b", 100) << QByteArrayList();
    QTest::newRow("the first way is no switch, whichever it is")
        << seconds("a- b", 100) << QByteArrayList();
    QTest::newRow("another server")
        << seconds("a b", 3) + seconds("a- b", 200) << QByteArrayList { "5: a>b" };
    QTest::newRow("directly") << seconds("a direct", 3) + seconds("a- direct", 200)
                              << QByteArrayList { "5: a>direct" };
    QTest::newRow("nobody is well")
        << seconds("a b", 3) + seconds("a- b-", 200) << QByteArrayList { "5: a>nobody" };
    QTest::newRow("what is gone at once is not told")
        << seconds("a b", 3) + seconds("a- b", 2) + seconds("a b", 100) << QByteArrayList();
    QTest::newRow("two after one another are told as one")
        << seconds("a b c", 3) + seconds("a- b c", 1) + seconds("a- b- c", 100)
        << QByteArrayList { "6: a>c" };
    QTest::newRow("the way back is told once a minute is over") << seconds("a b", 3)
            + seconds("a- b", 10) + seconds("a b", 200) << QByteArrayList { "5: a>b", "65: b>a" };
    QTest::newRow("there and back within a minute is told no more")
        << seconds("a b", 3) + seconds("a- b", 10) + seconds("a b", 10) + seconds("a- b", 200)
        << QByteArrayList { "5: a>b" };
}

void TstWaySwitches::aSwitchIsToldOnce()
{
    QFETCH(const QByteArrayList, looks);
    QFETCH(QByteArrayList, told);
    WaySwitches switches;
    const TimePoint start { 1000s };
    QByteArrayList seen;
    for (qsizetype second = 0; second < looks.size(); ++second) {
        const auto made =
            switches.look(overviewOf(looks.at(second)), start + std::chrono::seconds(second));
        if (made)
            seen.append(QByteArray::number(second) + ": " + nameOf(made->from) + '>'
                        + nameOf(made->to));
    }
    QCOMPARE(seen, told);
}

void TstWaySwitches::whyTheOtherWasLeftIsTold()
{
    WaySwitches switches;
    const TimePoint start { 1000s };
    route::ParentsOverview left = overviewOf("a- b");
    left.parents[0].fault = route::ParentFault::WrongPin;
    QVERIFY(!switches.look(overviewOf("a b"), start));
    QVERIFY(!switches.look(left, start));
    const auto made = switches.look(left, start + WaySwitches::settled);
    QVERIFY(made);
    QVERIFY(made->fault == route::ParentFault::WrongPin);
    // Back to a: b is as well as before.
    const TimePoint later = start + 1h;
    QVERIFY(!switches.look(overviewOf("a b"), later));
    const auto back = switches.look(overviewOf("a b"), later + WaySwitches::settled);
    QVERIFY(back);
    QVERIFY(!back->fault);
}

void TstWaySwitches::newSettingsAreNoSwitch()
{
    WaySwitches switches;
    const TimePoint start { 1000s };
    QVERIFY(!switches.look(overviewOf("a b"), start));
    switches.forget();
    for (int second = 1; second < 10; ++second)
        QVERIFY(!switches.look(overviewOf("b a"), start + std::chrono::seconds(second)));
}

void TstWaySwitches::withoutServersNothingIsTold()
{
    WaySwitches switches;
    const TimePoint start { 1000s };
    QVERIFY(!switches.look(overviewOf("a b"), start));
    // The proxy stops, and starts again.
    for (int second = 1; second < 10; ++second)
        QVERIFY(!switches.look({}, start + std::chrono::seconds(second)));
    for (int second = 10; second < 20; ++second)
        QVERIFY(!switches.look(overviewOf("a- b"), start + std::chrono::seconds(second)));
}

QTEST_GUILESS_MAIN(TstWaySwitches)
#include "tst_wayswitches.moc"
