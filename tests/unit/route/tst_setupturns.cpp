// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "failoverworld.h"
#include "route/setupturns.h"

#include <QTest>

#include <algorithm>
#include <vector>

using namespace sami;
using namespace sami::route;
using namespace sami::test;

namespace {

/// Journeys to one parent, by their numbers.
struct Crowd
{
    explicit Crowd(SetupTurns &atWhom, const QByteArray &name = "s1")
        : turns(atWhom), parent(parentOf(name))
    {}

    void come(int count)
    {
        for (int i = 0; i < count; ++i) {
            const size_t number = places.size();
            places.push_back(turns.take(parent, [this, number] { told.push_back(number); }));
        }
    }
    [[nodiscard]] qsizetype taken() const
    {
        return std::count_if(places.begin(), places.end(),
                             [](const auto &place) { return place && place->isTaken(); });
    }

    SetupTurns &turns;
    config::Parent parent;
    /// In the order in which their turns came. Outlives the places: one that goes may give its turn
    /// to the next.
    std::vector<size_t> told;
    std::vector<SetupTurns::PlacePtr> places;
};

} // namespace

class TestSetupTurns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void soManyAreServedAtOnce();
    void whoWaitsIsServedInOrder();
    void whoGoesIsNotServed();
    void eachParentHasItsOwnLine();
    void aLineThatIsEmptyBeginsAgain();
};

void TestSetupTurns::soManyAreServedAtOnce()
{
    SetupTurns turns;
    Crowd crowd(turns);
    crowd.come(SetupTurns::atOnce + 3);
    QCOMPARE(crowd.taken(), SetupTurns::atOnce);
    QVERIFY(crowd.told.empty());
}

void TestSetupTurns::whoWaitsIsServedInOrder()
{
    SetupTurns turns;
    Crowd crowd(turns);
    crowd.come(SetupTurns::atOnce + 3);
    crowd.places[5].reset();
    crowd.places[0].reset();
    QCOMPARE(crowd.told, (std::vector<size_t> { SetupTurns::atOnce, SetupTurns::atOnce + 1 }));
    QCOMPARE(crowd.taken(), SetupTurns::atOnce);
    crowd.come(1);
    crowd.places[SetupTurns::atOnce].reset();
    QCOMPARE(crowd.told.back(), size_t(SetupTurns::atOnce + 2));
}

void TestSetupTurns::whoGoesIsNotServed()
{
    SetupTurns turns;
    Crowd crowd(turns);
    crowd.come(SetupTurns::atOnce + 2);
    crowd.places[SetupTurns::atOnce].reset();
    crowd.places[0].reset();
    QCOMPARE(crowd.told, (std::vector<size_t> { SetupTurns::atOnce + 1 }));
}

void TestSetupTurns::eachParentHasItsOwnLine()
{
    SetupTurns turns;
    Crowd crowd(turns);
    Crowd other(turns, "s2");
    crowd.come(SetupTurns::atOnce + 1);
    other.come(SetupTurns::atOnce + 1);
    QCOMPARE(other.taken(), SetupTurns::atOnce);
    other.places[0].reset();
    QVERIFY(crowd.told.empty());
    QCOMPARE(other.told.size(), size_t(1));
}

void TestSetupTurns::aLineThatIsEmptyBeginsAgain()
{
    SetupTurns turns;
    Crowd crowd(turns);
    for (int round = 0; round < 2; ++round) {
        crowd.come(SetupTurns::atOnce + 1);
        QCOMPARE(crowd.taken(), SetupTurns::atOnce);
        crowd.places.clear();
    }
}

QTEST_APPLESS_MAIN(TestSetupTurns)
#include "tst_setupturns.moc"
