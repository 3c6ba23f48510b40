// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/settings.h"
#include "route/route.h"
#include "route/routechoice.h"

#include <QTest>

using namespace sami;
using namespace sami::route;

Q_DECLARE_METATYPE(sami::route::Route)

namespace {

const Endpoint destination { "api.example.com", 443 };

Route byWayOf(const QByteArray &name, const QByteArray &host = "parent.example",
              std::vector<Recipe> layers = { TlsRecipe { "parent.example" } })
{
    return { name, { host, 8443 }, std::move(layers) };
}

} // namespace

class TestRoute : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void directReachesTheEndpointItself();
    void anotherReachesItsFirstHost();
    void comparesByValue_data();
    void comparesByValue();
    void isChosenBySettings();
};

void TestRoute::directReachesTheEndpointItself()
{
    const Route route;
    QVERIFY(route.isDirect());
    QCOMPARE(route.name(), "direct");
    QVERIFY(route.firstFor(destination) == destination);
    QVERIFY(route.layers().empty());
}

void TestRoute::anotherReachesItsFirstHost()
{
    const Route route = byWayOf("home");
    QVERIFY(!route.isDirect());
    QCOMPARE(route.name(), "home");
    QCOMPARE(route.firstFor(destination).toByteArray(), "parent.example:8443");
    QCOMPARE(route.layers().size(), size_t(1));
}

void TestRoute::comparesByValue_data()
{
    QTest::addColumn<Route>("other");
    QTest::addColumn<bool>("equal");
    QTest::newRow("the same, made another time") << byWayOf("home") << true;
    QTest::newRow("direct") << Route() << false;
    QTest::newRow("another name") << byWayOf("away") << false;
    QTest::newRow("another first host") << byWayOf("home", "other.example") << false;
    QTest::newRow("another host in a layer")
        << byWayOf("home", "parent.example", { TlsRecipe { "other.example" } }) << false;
    QTest::newRow("a layer more") << byWayOf(
        "home", "parent.example",
        { TlsRecipe { "parent.example" }, TlsRecipe { "parent.example" } })
                                  << false;
    QTest::newRow("no layer") << byWayOf("home", "parent.example", {}) << false;
}

void TestRoute::comparesByValue()
{
    QFETCH(Route, other);
    QFETCH(bool, equal);
    const Route route = byWayOf("home");
    QCOMPARE(route == other, equal);
    QCOMPARE(other == route, equal);
    // Different routes may share a hash by chance; these do not.
    QCOMPARE(qHash(route, 7) == qHash(other, 7), equal);
    const Route copy = other; // NOLINT(performance-unnecessary-copy-initialization)
    QVERIFY(copy == other);
    QCOMPARE(qHash(copy, 7), qHash(other, 7));
}

void TestRoute::isChosenBySettings()
{
    QVERIFY(!goesByParents({}, destination));
    config::UpstreamSettings exit;
    exit.exit.family = ExitFamily::IPv6;
    QVERIFY2(!goesByParents(exit.parents, destination), "the exit is part of the reach");
}

QTEST_APPLESS_MAIN(TestRoute)
#include "tst_route.moc"
