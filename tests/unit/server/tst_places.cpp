// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/places.h"

#include <QHostAddress>
#include <QTest>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

using namespace sami::server;
using Kind = Places::Kind;
using Place = Places::Place;

namespace {

const QHostAddress greedy(QStringLiteral("192.0.2.7"));
const QHostAddress other(QStringLiteral("192.0.2.8"));
const QHostAddress here(QStringLiteral("127.0.0.1"));
const QHostAddress balancer(QStringLiteral("198.51.100.1"));

sami::policy::Balancers balancers()
{
    return sami::policy::Balancers({ sami::policy::BalancerEntry::parse("198.51.100.1").value() });
}

static_assert(sizeof(void *) != 8 || sizeof(Place) == 24, "every silent tunnel keeps one");

/// Takes `count` places of any kind.
std::vector<Place> take(Places &places, const QHostAddress &client, int count)
{
    std::vector<Place> taken;
    for (int i = 0; i < count; ++i)
        taken.push_back(places.take(client));
    return taken;
}

int countOf(const std::vector<Place> &places, Kind kind)
{
    int count = 0;
    for (const Place &place : places)
        count += place.kind() == kind ? 1 : 0;
    return count;
}

} // namespace

class TestPlaces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void truthTable_data();
    void truthTable();
    void overItsLimitAClientTakesNoOthersPlace();
    void overItsLimitAClientIsLockedOutNoLonger();
    void thisMachineIsHeardBesideACrowd();
    void aNetworkIsOneClient();
    void aBalancersPlaceMovesToItsClient_data();
    void aBalancersPlaceMovesToItsClient();
    void aBalancerIsNoClient();
    void whatWaitsForItsClientIsNobodys();
    void whatWasMovedIsTheClients();
    void aClientThatIsToldIsNotThisMachine();
    void newLimitsMeetTheNextConnection();
    void aConnectionIsOfTheWorkerWithTheFewest();
    void whoIsTurnedAwayIsNoWorkers();
    void whatIsMovedIsGivenBackOnce();
    void remembersThePeak();
    void neverMoreThanTheLimits();
};

void TestPlaces::truthTable_data()
{
    QTest::addColumn<int>("all");       // the limits
    QTest::addColumn<int>("perClient"); //
    QTest::addColumn<int>("ofOthers");  // earlier connections, each of another client
    QTest::addColumn<int>("ofClient");  // then this client's
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<Crowding>("crowding");

    constexpr int heard = Places::maxHeardPerClient;
    QTest::newRow("B§2: a place is free, no limit for the client")
        << 10 << 0 << 4 << 5 << Kind::Full << Crowding::None;
    QTest::newRow("B§2: a place is free, and the client has one left")
        << 10 << 5 << 4 << 4 << Kind::Full << Crowding::None;
    QTest::newRow("B§2: the client has none left: heard")
        << 10 << 5 << 0 << 5 << Kind::PagesOnly << Crowding::ClientFull;
    QTest::newRow("B§2: the client has none left and is heard often enough: turned away")
        << 10 << 5 << 0 << 5 + heard << Kind::TurnedAway << Crowding::ClientFull;
    QTest::newRow("B§3: all are taken: heard")
        << 10 << 5 << 10 << 0 << Kind::PagesOnly << Crowding::ProxyFull;
    QTest::newRow("B§3: all are taken, the client is heard often enough: turned away")
        << 10 << 0 << 10 << heard << Kind::TurnedAway << Crowding::ProxyFull;
    QTest::newRow("B§3: all are taken, others are heard enough: turned away")
        << 10 << 0 << 10 + Places::maxHeard << 0 << Kind::TurnedAway << Crowding::ProxyFull;
    QTest::newRow("B§3: all are taken, others are heard nearly enough: heard")
        << 10 << 0 << 10 + Places::maxHeard - 1 << 0 << Kind::PagesOnly << Crowding::ProxyFull;
    QTest::newRow("B§2: both limits are reached: the one of all is told")
        << 10 << 5 << 5 << 5 << Kind::PagesOnly << Crowding::ProxyFull;
}

void TestPlaces::truthTable()
{
    QFETCH(int, all);
    QFETCH(int, perClient);
    QFETCH(int, ofOthers);
    QFETCH(int, ofClient);
    QFETCH(Kind, kind);
    QFETCH(Crowding, crowding);

    Places places;
    places.setLimits({ all, perClient });
    std::vector<Place> before;
    for (int i = 0; i < ofOthers; ++i)
        before.push_back(places.take(QHostAddress(quint32(0x0a000001 + i))));
    const std::vector<Place> own = take(places, greedy, ofClient);
    const Place place = places.take(greedy);
    QCOMPARE(place.kind(), kind);
    QCOMPARE(place.crowding(), crowding);
}

void TestPlaces::overItsLimitAClientTakesNoOthersPlace()
{
    Places places;
    places.setLimits({ 10, 5 });
    const std::vector<Place> flood = take(places, greedy, 1000);
    QCOMPARE(countOf(flood, Kind::Full), 5);
    QCOMPARE(countOf(flood, Kind::PagesOnly), Places::maxHeardPerClient);
    QCOMPARE(places.load().held, 5 + Places::maxHeardPerClient);
    const std::vector<Place> good = take(places, other, 5);
    QCOMPARE(countOf(good, Kind::Full), 5);
}

void TestPlaces::overItsLimitAClientIsLockedOutNoLonger()
{
    Places places;
    places.setLimits({ 10, 1 });
    std::vector<Place> served = take(places, greedy, 1);
    const std::vector<Place> over = take(places, greedy, 100);
    QCOMPARE(countOf(over, Kind::Full), 0);
    served.clear();
    QCOMPARE(places.take(greedy).kind(), Kind::Full);
}

void TestPlaces::thisMachineIsHeardBesideACrowd()
{
    Places places(2);
    places.setLimits({ 1, 0 });
    const Place served = places.take(greedy);
    const std::vector<Place> crowd = take(places, greedy, 10);
    QCOMPARE(countOf(crowd, Kind::PagesOnly), 2);
    QCOMPARE(places.take(other).kind(), Kind::TurnedAway);
    const std::vector<Place> local = take(places, here, 10);
    QCOMPARE(countOf(local, Kind::PagesOnly), Places::maxHeardHere);
}

void TestPlaces::aNetworkIsOneClient()
{
    Places places;
    places.setLimits({ 100, 2 });
    const auto kindFor = [&places](const char *address) {
        return places.take(QHostAddress(QString::fromLatin1(address))).kind();
    };
    const Place first = places.take(QHostAddress(QStringLiteral("2001:db8:1::1")));
    const Place second = places.take(QHostAddress(QStringLiteral("2001:db8:1::2")));
    QCOMPARE(kindFor("2001:db8:1::3"), Kind::PagesOnly);
    QCOMPARE(kindFor("2001:db8:2::1"), Kind::Full);
    const Place third = places.take(QHostAddress(QStringLiteral("192.0.2.1")));
    const Place fourth = places.take(QHostAddress(QStringLiteral("::ffff:192.0.2.1")));
    QCOMPARE(kindFor("192.0.2.1"), Kind::PagesOnly);
    QCOMPARE(kindFor("192.0.2.2"), Kind::Full);
}

void TestPlaces::aBalancersPlaceMovesToItsClient_data()
{
    QTest::addColumn<int>("all");       // the limits
    QTest::addColumn<int>("perClient"); //
    QTest::addColumn<int>("ofOthers");  // earlier connections, each of another client
    QTest::addColumn<int>("ofClient");  // this client's, also through the balancer
    QTest::addColumn<Kind>("before");   // the place until the header
    QTest::addColumn<Kind>("after");    //
    QTest::addColumn<Crowding>("crowding");

    constexpr int heard = Places::maxHeardPerClient;
    QTest::newRow("B§2: the client has a place left")
        << 20 << 5 << 4 << 4 << Kind::Full << Kind::Full << Crowding::None;
    QTest::newRow("B§2: there is no limit for a client")
        << 20 << 0 << 4 << 9 << Kind::Full << Kind::Full << Crowding::None;
    QTest::newRow("B§2: the client has none left: heard")
        << 20 << 5 << 0 << 5 << Kind::Full << Kind::PagesOnly << Crowding::ClientFull;
    QTest::newRow("B§2: the client has none left and is heard often enough: turned away")
        << 20 << 5 << 0 << 5 + heard << Kind::Full << Kind::TurnedAway << Crowding::ClientFull;
    QTest::newRow("B§3: all were taken: heard as before")
        << 10 << 5 << 10 << 0 << Kind::PagesOnly << Kind::PagesOnly << Crowding::ProxyFull;
    QTest::newRow("B§3: all were taken, the client is heard often enough: turned away")
        << 10 << 0 << 10 << heard << Kind::PagesOnly << Kind::TurnedAway << Crowding::ProxyFull;
    QTest::newRow("B§3: all were taken, others are heard enough: turned away unheard")
        << 10 << 0 << 10 + Places::maxHeard << 0 << Kind::TurnedAway << Kind::TurnedAway
        << Crowding::ProxyFull;
}

void TestPlaces::aBalancersPlaceMovesToItsClient()
{
    QFETCH(int, all);
    QFETCH(int, perClient);
    QFETCH(int, ofOthers);
    QFETCH(int, ofClient);

    Places places;
    places.setLimits({ all, perClient });
    places.setBalancers(balancers());
    std::vector<Place> held;
    for (int i = 0; i < ofOthers; ++i)
        held.push_back(places.take(QHostAddress(quint32(0x0a000001 + i))));
    for (int i = 0; i < ofClient; ++i) {
        held.push_back(places.take(balancer));
        held.back().moveTo(greedy);
    }
    const Places::Load before = places.load();
    {
        Place place = places.take(balancer);
        QTEST(place.kind(), "before");
        place.moveTo(greedy);
        QTEST(place.kind(), "after");
        QTEST(place.crowding(), "crowding");
        const int taken = place.kind() == Kind::TurnedAway ? 0 : 1;
        QCOMPARE(places.load().held, before.held + taken);
        QCOMPARE(places.heldOf(0), before.held + taken);
    }
    QCOMPARE(places.load().held, before.held);
    held.clear();
    QCOMPARE(places.load().held, 0);
    QCOMPARE(places.heldOf(0), 0);
}

void TestPlaces::aBalancerIsNoClient()
{
    Places places;
    places.setLimits({ 10, 2 });
    places.setBalancers(balancers());
    const std::vector<Place> waiting = take(places, balancer, 100);
    QCOMPARE(countOf(waiting, Kind::Full), 10);
    QCOMPARE(countOf(waiting, Kind::PagesOnly), Places::maxHeard);
}

void TestPlaces::whatWaitsForItsClientIsNobodys()
{
    Places places;
    places.setLimits({ 10, 1 });
    places.setBalancers(balancers());
    const std::vector<Place> waiting = take(places, balancer, 3);
    Place itself = places.take(balancer); // a program on the balancer's own machine
    itself.moveTo(balancer);
    QCOMPARE(itself.kind(), Kind::Full);
}

void TestPlaces::whatWasMovedIsTheClients()
{
    Places places;
    places.setLimits({ 10, 1 });
    places.setBalancers(balancers());
    {
        Place place = places.take(balancer);
        place.moveTo(greedy);
        QCOMPARE(places.take(greedy).kind(), Kind::PagesOnly);
        QCOMPARE(places.take(other).kind(), Kind::Full);
    }
    QCOMPARE(places.take(greedy).kind(), Kind::Full);
}

void TestPlaces::aClientThatIsToldIsNotThisMachine()
{
    Places places(2);
    places.setLimits({ 1, 0 });
    places.setBalancers(balancers());
    const Place served = places.take(greedy);
    std::vector<Place> told = take(places, balancer, 2);
    for (Place &place : told)
        place.moveTo(here);
    QCOMPARE(countOf(told, Kind::PagesOnly), 2);
    QCOMPARE(places.take(balancer).kind(), Kind::TurnedAway);
    QCOMPARE(places.take(here).kind(), Kind::PagesOnly);
}

void TestPlaces::newLimitsMeetTheNextConnection()
{
    Places places;
    places.setLimits({ 10, 0 });
    std::vector<Place> served = take(places, greedy, 6);
    places.setLimits({ 10, 3 });
    QCOMPARE(places.limits(), (PlaceLimits { 10, 3 }));
    QCOMPARE(places.take(greedy).kind(), Kind::PagesOnly);
    while (served.size() > 2)
        served.pop_back();
    QCOMPARE(places.take(greedy).kind(), Kind::Full);
}

void TestPlaces::aConnectionIsOfTheWorkerWithTheFewest()
{
    constexpr int workers = 3;
    Places places;
    places.setWorkers(workers);
    places.setLimits({ 10, 0 });
    std::vector<Place> held = take(places, greedy, 5); // of 0, 1, 2, 0, 1
    QCOMPARE(places.heldOf(0), 2);
    QCOMPARE(places.heldOf(1), 2);
    QCOMPARE(places.heldOf(2), 1);
    QCOMPARE(places.take(other).worker(), 2);
    held.pop_back();
    QCOMPARE(places.heldOf(1), 1);
    held.push_back(places.take(other));
    QCOMPARE(held.back().worker(), 1);
    held.push_back(places.take(other));
    QCOMPARE(held.back().worker(), 2);
    held.clear();
    for (int worker = 0; worker < workers; ++worker)
        QCOMPARE(places.heldOf(worker), 0);
}

void TestPlaces::whoIsTurnedAwayIsNoWorkers()
{
    Places places(0);
    places.setLimits({ 1, 0 });
    const std::vector<Place> held = take(places, greedy, 5);
    QCOMPARE(countOf(held, Kind::TurnedAway), 4);
    QCOMPARE(places.heldOf(0), 1);
}

void TestPlaces::whatIsMovedIsGivenBackOnce()
{
    Places places;
    places.setWorkers(2);
    places.setLimits({ 10, 0 });
    const Place ofWorker0 = places.take(other);
    {
        Place first = places.take(greedy);
        const Place second = std::move(first);
        QCOMPARE(second.worker(), 1);
        QCOMPARE(places.load().held, 2);
        QCOMPARE(places.heldOf(1), 1);
    }
    QCOMPARE(places.load().held, 1);
    QCOMPARE(places.heldOf(0), 1);
    QCOMPARE(places.heldOf(1), 0);
}

void TestPlaces::remembersThePeak()
{
    Places places;
    places.setLimits({ 10, 0 });
    take(places, greedy, 12); // 10 are served, 2 only get an answer
    QCOMPARE(places.load().held, 0);
    QCOMPARE(places.load().peak, 12);
    const Place place = places.take(greedy);
    places.forgetPeak();
    QCOMPARE(places.load().peak, 1);
}

void TestPlaces::neverMoreThanTheLimits()
{
    Places places;
    places.setLimits({ 50, 20 });
    // 18 are held; of four threads that come and go, two at a time get a place.
    const std::vector<Place> standing = take(places, greedy, 18);
    QCOMPARE(countOf(standing, Kind::Full), 18);
    std::atomic<int> full { 0 };
    std::atomic<int> tooMany { 0 };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 5000; ++round) {
                const Place place = places.take(greedy);
                if (place.kind() != Kind::Full)
                    continue;
                if (full.fetch_add(1) >= 2)
                    tooMany.fetch_add(1);
                std::this_thread::yield();
                full.fetch_sub(1);
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(tooMany.load(), 0);
    QCOMPARE(places.load().held, 18);
    QCOMPARE(places.heldOf(0), 18);
}

QTEST_APPLESS_MAIN(TestPlaces)
#include "tst_places.moc"
