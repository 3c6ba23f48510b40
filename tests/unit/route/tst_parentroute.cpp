// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/parentroute.h"
#include "route/routechoice.h"

#include <QTest>

using namespace sami;
using namespace sami::config;
using namespace sami::route;

namespace {

const Endpoint destination { "api.example.com", 443 };
const QByteArray pin(32, 'p');

Parent parentOf(ParentKind kind, const QByteArray &user = {}, const QByteArray &password = {})
{
    Parent parent;
    parent.kind = kind;
    parent.endpoint = { "parent.example", 8443 };
    parent.user = user;
    parent.password = password;
    parent.name = "home";
    if (kind == ParentKind::Https)
        parent.pins = { pin };
    return parent;
}

} // namespace

Q_DECLARE_METATYPE(sami::route::Judge)

class TestParentRoute : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leadsThroughEachKind();
    void carriesCredentials();
    void isMadeForOneEndpoint();
    void beginsAlikeForEveryEndpoint();
    void goesByParentsWhereThereAreAny_data();
    void goesByParentsWhereThereAreAny();
    void saysWhoJudges_data();
    void saysWhoJudges();
};

void TestParentRoute::leadsThroughEachKind()
{
    QVERIFY(routeThrough(Parent::direct(), destination, "1.1 x").isDirect());

    const Route http = routeThrough(parentOf(ParentKind::Http), destination, "1.1 x");
    QCOMPARE(http.name(), "home");
    QCOMPARE(http.firstFor(destination), Endpoint({ "parent.example", 8443 }));
    QCOMPARE(http.leadingTls(), size_t(0));
    const std::vector<Recipe> connect { ConnectRecipe { destination, {}, "1.1 x" } };
    QVERIFY(http.layers() == connect);

    const Route https = routeThrough(parentOf(ParentKind::Https), destination, "1.1 x");
    const std::vector<Recipe> overTls { TlsRecipe { "parent.example", { pin } },
                                        ConnectRecipe { destination, {}, "1.1 x" } };
    QVERIFY(https.layers() == overTls);
    QCOMPARE(https.leadingTls(), size_t(1));

    const Route socks = routeThrough(parentOf(ParentKind::Socks5), destination, "1.1 x");
    const std::vector<Recipe> overSocks { SocksRecipe { destination, {}, {} } };
    QVERIFY(socks.layers() == overSocks);
}

void TestParentRoute::carriesCredentials()
{
    const Parent http = parentOf(ParentKind::Http, "sami", "p\xc3\xa4ss:word");
    const auto connect =
        std::get<ConnectRecipe>(routeThrough(http, destination, {}).layers().front());
    QCOMPARE(connect.authorization, "Basic " + QByteArray("sami:p\xc3\xa4ss:word").toBase64());
    const auto socks = std::get<SocksRecipe>(
        routeThrough(parentOf(ParentKind::Socks5, "sami", "secret"), destination, {})
            .layers()
            .front());
    QCOMPARE(socks.user, "sami");
    QCOMPARE(socks.password, "secret");
}

/// A connection to one endpoint never serves another, nor another user's route.
void TestParentRoute::isMadeForOneEndpoint()
{
    const Parent parent = parentOf(ParentKind::Https, "sami", "secret");
    const Route route = routeThrough(parent, destination, "1.1 x");
    QVERIFY(route == routeThrough(parent, destination, "1.1 x"));
    QVERIFY(!(route == routeThrough(parent, { "api.example.com", 80 }, "1.1 x")));
    QVERIFY(!(route == routeThrough(parent, { "other.example.com", 443 }, "1.1 x")));
    QVERIFY(!(route == routeThrough(parent, destination, "1.1 y")));
    Parent other = parent;
    other.password = "other";
    QVERIFY(!(route == routeThrough(other, destination, "1.1 x")));
    other = parent;
    other.pins = { QByteArray(32, 'q') };
    QVERIFY(!(route == routeThrough(other, destination, "1.1 x")));
    QVERIFY(!(route == Route()));
}

void TestParentRoute::beginsAlikeForEveryEndpoint()
{
    for (const ParentKind kind : { ParentKind::Http, ParentKind::Https, ParentKind::Socks5 }) {
        const Route to = routeTo(parentOf(kind));
        const Route through = routeThrough(parentOf(kind), destination, {});
        QCOMPARE(to.firstFor(destination), through.firstFor(destination));
        QCOMPARE(to.layers().size() + 1, through.layers().size());
        QVERIFY(std::equal(to.layers().begin(), to.layers().end(), through.layers().begin()));
        QCOMPARE(to.layers().size(), through.leadingTls());
    }
    QVERIFY(routeTo(Parent::direct()).isDirect());
}

void TestParentRoute::goesByParentsWhereThereAreAny_data()
{
    QTest::addColumn<bool>("hasParents");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("goes");
    QTest::newRow("no parents") << false << QByteArray("api.example.com") << false;
    QTest::newRow("parents") << true << QByteArray("api.example.com") << true;
    QTest::newRow("a host of the bypass") << true << QByteArray("git.corp.example") << false;
    QTest::newRow("an address of the bypass") << true << QByteArray("10.1.2.3") << false;
    QTest::newRow("another address") << true << QByteArray("192.0.2.1") << true;
    QTest::newRow("a name is not looked up for the bypass")
        << true << QByteArray("ten.example") << true;
}

void TestParentRoute::goesByParentsWhereThereAreAny()
{
    QFETCH(bool, hasParents);
    QFETCH(QByteArray, host);
    QFETCH(bool, goes);
    ParentSettings settings;
    if (hasParents)
        settings.list = { parentOf(ParentKind::Http) };
    settings.bypass.hosts = { policy::HostEntry::parse("*.corp.example").value() };
    settings.bypass.ranges = { policy::Cidr::parse("10.0.0.0/8").value() };
    QCOMPARE(goesByParents(settings, { host, 443 }), goes);
}

void TestParentRoute::saysWhoJudges_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<Judge>("judge");
    const auto row = [](const char *host, Judge judge) {
        QTest::newRow(host) << QByteArray(host) << judge;
    };
    row("api.example.com", Judge::Parent);
    row("local.example.com", Judge::Parent);
    row("notlocal.example", Judge::Parent);
    row("x.mylocalhost", Judge::Parent);
    row("127.0.0.1", Judge::Address);
    row("192.0.2.1", Judge::Address);
    row("2001:db8::1", Judge::Address);
    row("::ffff:10.0.0.1", Judge::Address);
    row("localhost", Judge::Loopback);
    row("LocalHost.", Judge::Loopback);
    row("a.b.localhost", Judge::Loopback);
    row("desk.example.net", Judge::Own);
    row("Desk.Example.NET.", Judge::Own);
    row("desk", Judge::Own);
    row("intranet", Judge::Private);
    row("printer.local", Judge::Private);
    row("db.internal", Judge::Private);
    row("local", Judge::Private);
    row("DB.Internal.", Judge::Private);
}

void TestParentRoute::saysWhoJudges()
{
    QFETCH(QByteArray, host);
    QFETCH(Judge, judge);
    QCOMPARE(int(judgeOf({ host, 443 }, { "desk", "desk.example.net" })), int(judge));
}

QTEST_APPLESS_MAIN(TestParentRoute)
#include "tst_parentroute.moc"
