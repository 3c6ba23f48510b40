// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "fakeengine.h"
#include "gui/control/remedy.h"
#include "policy/specialaddresses.h"

#include <QTest>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

class RemedyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void undoesThatVeryReason_data();
    void undoesThatVeryReason();
    void changesNothingElse();
    void fakeAddressesAreAllowedByTheirRange();
    void whatIsAllowedByNowNeedsNone_data();
    void whatIsAllowedByNowNeedsNone();
    void privateIsWhatItMeansHere_data();
    void privateIsWhatItMeansHere();
    void blockIsFoundByItsNetwork();
    void beginningAListAsksAndSaysWhoIsShutOut();
    void whatWasOnlyReportedHasTheSameRemedy();
    void longerListAsksNothing();
    void wholeRangeIsAsked();
    void aPrivateAddressNamesWhoGains_data();
    void aPrivateAddressNamesWhoGains();
};

namespace {

policy::Cidr cidr(const char *text)
{
    return policy::Cidr::parse(text).value();
}

/// Every list has an entry that helps nobody in these tests.
config::Settings strict()
{
    config::Settings settings;
    settings.access.allowedClients = { cidr("198.51.100.7") };
    settings.access.allowedHosts = { policy::HostPattern::parse("other.example").value() };
    settings.access.allowedPorts = { { 443, 443 } };
    settings.access.privateTargets.allowed = { cidr("10.9.9.9") };
    return settings;
}

/// A refusal that strict() would not make.
account::RefusalRow allowedByNow()
{
    return FakeEngine::makeRefusal("198.51.100.7", "x.example", 443, "port_not_listed");
}

QStringList labels(const QList<Remedy> &remedies)
{
    QStringList labels;
    for (const Remedy &remedy : remedies)
        labels.append(remedy.label());
    return labels;
}

} // namespace

void RemedyTest::undoesThatVeryReason_data()
{
    QTest::addColumn<QString>("client");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<QStringList>("offered");
    const auto row = [](const char *name, const char *client, const char *host, const char *reason,
                        const QStringList &offered) {
        QTest::newRow(name) << QString::fromLatin1(client) << QByteArray(host) << QByteArray(reason)
                            << offered;
    };
    using L = QStringList;
    const auto s = [](const char *text) { return QString::fromUtf8(text); };
    row("an unlisted client: its address or its network", "192.0.2.77", "", "client_not_listed",
        L { s("Allow the client 192.0.2.77"), s("Allow the network 192.0.2.0/24") });
    row("an unlisted IPv6 client: its address or its /64", "2001:db8:1:2:3::4", "",
        "client_not_listed",
        L { s("Allow the client 2001:db8:1:2:3::4"), s("Allow the network 2001:db8:1:2::/64") });
    row("an unlisted host: that name, at any port", "192.0.2.1", "API.example.com",
        "host_not_listed", L { s("Allow the destination api.example.com") });
    row("an unlisted address as the host", "192.0.2.1", "2001:db8::5", "host_not_listed",
        L { s("Allow the destination 2001:db8::5") });
    row("an unlisted port: that one", "192.0.2.1", "api.example.com", "port_not_listed",
        L { s("Allow port 8443") });
    row("a private address: that one", "192.0.2.1", "10.0.0.5", "private_target",
        L { s("Allow the destination 10.0.0.5") });
    row("an address of this computer: that one", "192.0.2.1", "192.168.1.9", "own_address",
        L { s("Allow the destination 192.168.1.9") });
    row("a name with a private address: ranges, nothing is looked up", "192.0.2.1", "nas.example",
        "private_target",
        L { s("Allow private destinations in 10.0.0.0/8…"),
            s("Allow private destinations in 172.16.0.0/12…"),
            s("Allow private destinations in 192.168.0.0/16…"),
            s("Allow private destinations in fc00::/7…") });
    row("a name with a fake-IP address: their ranges", "192.0.2.1", "api.example.com", "fake_ip",
        L { s("Allow the fake-IP addresses 198.18.0.0/15…"),
            s("Allow the fake-IP addresses fc00::/18…") });
    row("a wrong password: only the client can mend it", "192.0.2.1", "api.example.com",
        "credentials_wrong", {});
    row("no password: the same", "192.0.2.1", "api.example.com", "credentials_missing", {});
    row("a loop: no setting allows it", "192.0.2.1", "127.0.0.1", "loop", {});
    row("a reason that is not known", "192.0.2.1", "api.example.com", "phase_of_the_moon", {});
    row("a guesser whose block is over", "192.0.2.1", "", "guesser_blocked", {});
}

void RemedyTest::undoesThatVeryReason()
{
    QFETCH(QString, client);
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, reason);
    QFETCH(QStringList, offered);
    const auto refusal = FakeEngine::makeRefusal(client.toLatin1().constData(), host, 8443, reason);
    QCOMPARE(labels(Remedy::of(refusal, strict(), {}, {})), offered);
    QVERIFY(Remedy::hint(refusal, strict(), {}) != Remedy::hint(allowedByNow(), strict(), {}));
}

void RemedyTest::changesNothingElse()
{
    const config::Settings before = strict();
    const auto applied = [&](const char *host, const char *reason, qsizetype which) {
        const auto refusal = FakeEngine::makeRefusal("192.0.2.77", host, 8443, reason);
        return Remedy::of(refusal, before, {}, {}).at(which).appliedTo(before);
    };
    config::Settings wanted = before;
    wanted.access.allowedClients.append(cidr("192.0.2.0/24"));
    QCOMPARE(applied("", "client_not_listed", 1), wanted);
    wanted = before;
    wanted.access.allowedHosts.append(policy::HostPattern::parse("api.example.com").value());
    QCOMPARE(applied("api.example.com", "host_not_listed", 0), wanted);
    wanted = before;
    wanted.access.allowedPorts.append({ 8443, 8443 });
    QCOMPARE(applied("api.example.com", "port_not_listed", 0), wanted);
    wanted = before;
    wanted.access.privateTargets.allowed.append(cidr("10.0.0.5"));
    QCOMPARE(applied("10.0.0.5", "private_target", 0), wanted);
}

void RemedyTest::fakeAddressesAreAllowedByTheirRange()
{
    const auto refusal = FakeEngine::makeRefusal("192.0.2.3", "api.example.com", 443, "fake_ip");
    config::Settings settings = strict();
    const Remedy first = Remedy::of(refusal, settings, {}, {}).first();
    QVERIFY(first.question(settings, {}).contains(QStringLiteral("198.18.0.0/15")));
    config::Settings wanted = settings;
    wanted.access.privateTargets.allowed.append(cidr("198.18.0.0/15"));
    settings = first.appliedTo(settings);
    QCOMPARE(settings, wanted);
    const QList<Remedy> left = Remedy::of(refusal, settings, {}, {});
    QCOMPARE(left.size(), 1);
    QVERIFY(policy::isFakeAddress(first.range.network()));
    QVERIFY(policy::isFakeAddress(left.first().range.network()));
    QCOMPARE(left.first().range, cidr("fc00::/18"));
    settings = left.first().appliedTo(settings);
    QVERIFY(Remedy::of(refusal, settings, {}, {}).isEmpty());
    QCOMPARE(Remedy::hint(refusal, settings, {}), Remedy::hint(allowedByNow(), strict(), {}));
}

void RemedyTest::whatIsAllowedByNowNeedsNone_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<quint16>("port");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("the client") << QByteArray() << quint16(1) << QByteArray("client_not_listed");
    QTest::newRow("the host") << QByteArray("other.example") << quint16(1)
                              << QByteArray("host_not_listed");
    QTest::newRow("the port") << QByteArray("x.example") << quint16(443)
                              << QByteArray("port_not_listed");
    QTest::newRow("the private address")
        << QByteArray("10.9.9.9") << quint16(1) << QByteArray("private_target");
}

void RemedyTest::whatIsAllowedByNowNeedsNone()
{
    QFETCH(QByteArray, host);
    QFETCH(quint16, port);
    QFETCH(QByteArray, reason);
    const auto refusal = FakeEngine::makeRefusal("198.51.100.7", host, port, reason);
    QVERIFY(Remedy::of(refusal, strict(), {}, {}).isEmpty());
    QCOMPARE(Remedy::hint(refusal, strict(), {}), Remedy::hint(allowedByNow(), strict(), {}));
}

void RemedyTest::privateIsWhatItMeansHere_data()
{
    QTest::addColumn<QString>("client");
    QTest::addColumn<bool>("isContainer");
    QTest::addColumn<bool>("isHeld");
    QTest::newRow("a shared address, where this computer has one")
        << u"100.64.0.9"_s << false << true;
    QTest::newRow("a container's gateway, which is everybody") << u"172.17.0.1"_s << true << false;
    QTest::newRow("the same address elsewhere") << u"172.17.0.1"_s << false << true;
}

void RemedyTest::privateIsWhatItMeansHere()
{
    QFETCH(const QString, client);
    QFETCH(const bool, isContainer);
    QFETCH(const bool, isHeld);
    const policy::PrivateClients here(
        { { QHostAddress(u"100.101.1.2"_s), 32, LinkKind::Shared, {} } },
        Surroundings { isContainer, true, { QHostAddress(u"172.17.0.1"_s) } });
    config::Settings settings = strict();
    settings.access.allowedClients = { policy::ClientEntry::privateClients() };
    const auto refusal =
        FakeEngine::makeRefusal(client.toLatin1().constData(), {}, 0, "client_not_listed");
    QCOMPARE(Remedy::of(refusal, settings, {}, here).isEmpty(), isHeld);
    const QString allowed = Remedy::hint(allowedByNow(), strict(), {});
    QCOMPARE(Remedy::hint(refusal, settings, here) == allowed, isHeld);
}

void RemedyTest::blockIsFoundByItsNetwork()
{
    const QHostAddress blocked(QStringLiteral("2001:db8:1:2::"));
    const auto refusal = FakeEngine::makeRefusal("2001:db8:1:2:3::4", {}, 0, "guesser_blocked");
    const QList<Remedy> remedies = Remedy::of(refusal, strict(), { { blocked, 40s } }, {});
    QCOMPARE(remedies.size(), 1);
    QCOMPARE(remedies.first().kind, Remedy::Kind::LiftBlock);
    QCOMPARE(remedies.first().client, blocked);
    QCOMPARE(remedies.first().appliedTo(strict()), strict());
}

void RemedyTest::beginningAListAsksAndSaysWhoIsShutOut()
{
    config::Settings open;
    FakeEngine engine;
    engine.addConnections(9);
    const auto client = FakeEngine::makeRefusal("192.0.2.3", {}, 0, "client_not_listed");
    QList<Remedy> remedies = Remedy::of(client, open, {}, {});
    const QString alone = remedies.at(0).question(open, engine.connections);
    QVERIFY2(alone.contains(QStringLiteral("192.0.2.1, 192.0.2.2, 192.0.2.4, 192.0.2.5, "
                                           "192.0.2.6 and 3 more")),
             qPrintable(alone));
    const QString network = remedies.at(1).question(open, engine.connections);
    QVERIFY2(network.contains(QStringLiteral("every other client"))
                 && !network.contains(QStringLiteral("192.0.2.4")),
             qPrintable(network));

    const auto host =
        FakeEngine::makeRefusal("192.0.2.3", "api.example.com", 443, "host_not_listed");
    const QString others =
        Remedy::of(host, open, {}, {}).first().question(open, engine.connections);
    QVERIFY2(others.contains(QStringLiteral("llm.example.net"))
                 && !others.contains(QStringLiteral("api.example.com,")),
             qPrintable(others));
}

void RemedyTest::whatWasOnlyReportedHasTheSameRemedy()
{
    config::Settings settings = strict();
    settings.access.hostsMode = policy::HostsMode::Report;
    auto report = FakeEngine::makeRefusal("192.0.2.3", "claude.ai", 443, "host_not_listed");
    const QString refused = Remedy::verdict(report);
    report.isReported = true;
    QVERIFY(Remedy::verdict(report) != refused);
    QVERIFY2(Remedy::verdict(report).startsWith(QStringLiteral("Let through")),
             qPrintable(Remedy::verdict(report)));
    const QList<Remedy> offered = Remedy::of(report, settings, {}, {});
    QCOMPARE(labels(offered), QStringList { QStringLiteral("Allow the destination claude.ai") });
    settings.access.allowedHosts.clear();
    QCOMPARE(offered.first().question(settings, {}), QString()); // nobody is shut out
    settings.access.allowedHosts = { policy::HostEntry::parse("@anthropic").value() };
    QVERIFY2(Remedy::of(report, settings, {}, {}).isEmpty(), "the preset has it");
    QCOMPARE(Remedy::hint(report, settings, {}), Remedy::hint(allowedByNow(), strict(), {}));
}

void RemedyTest::longerListAsksNothing()
{
    for (const char *reason : { "client_not_listed", "host_not_listed", "port_not_listed" }) {
        const auto refusal = FakeEngine::makeRefusal("192.0.2.3", "api.example.com", 8443, reason);
        QCOMPARE(Remedy::of(refusal, strict(), {}, {}).first().question(strict(), {}), QString());
    }
}

void RemedyTest::wholeRangeIsAsked()
{
    const auto name = FakeEngine::makeRefusal("192.0.2.3", "localhost", 8443, "own_address");
    const QList<Remedy> remedies = Remedy::of(name, strict(), {}, {});
    QCOMPARE(remedies.first().range, cidr("127.0.0.0/8"));
    QVERIFY(remedies.first().question(strict(), {}).contains(QStringLiteral("127.0.0.0/8")));
}

void RemedyTest::aPrivateAddressNamesWhoGains_data()
{
    QTest::addColumn<QByteArray>("listen");
    QTest::addColumn<bool>("hasPassword");
    QTest::addColumn<bool>("hasList");
    QTest::addColumn<QString>("who"); ///< empty: no question
    QTest::newRow("this computer") << "127.0.0.1"_ba << true << false << QString();
    QTest::newRow("password") << "0.0.0.0"_ba << true << false << u"knows the proxy's password"_s;
    QTest::newRow("list") << "0.0.0.0"_ba << false << true << u"in the list"_s;
    QTest::newRow("everyone") << "0.0.0.0"_ba << false << false << u"ANYONE"_s;
}

void RemedyTest::aPrivateAddressNamesWhoGains()
{
    QFETCH(const QByteArray, listen);
    QFETCH(const bool, hasPassword);
    QFETCH(const bool, hasList);
    QFETCH(const QString, who);
    config::Settings settings;
    settings.listen.address = QHostAddress(QString::fromLatin1(listen));
    if (hasPassword)
        settings.access.credentials = policy::Credentials { "sami", "secret" };
    if (hasList)
        settings.access.allowedClients = { cidr("192.0.2.0/24") };
    for (const char *target : { "127.0.0.1", "10.0.0.5" }) {
        const auto refusal = FakeEngine::makeRefusal("192.0.2.3", target, 80, "private_target");
        const Remedy remedy = Remedy::of(refusal, settings, {}, {}).first();
        const QString question = remedy.question(settings, {});
        QCOMPARE(question.isEmpty(), who.isEmpty());
        QVERIFY2(question.contains(who), qPrintable(question));
        QVERIFY2(who.isEmpty() || question.contains(QLatin1String(target)), qPrintable(question));
        QCOMPARE(remedy.verb(), remedy.label());
    }
}

QTEST_GUILESS_MAIN(RemedyTest)
#include "tst_remedy.moc"
