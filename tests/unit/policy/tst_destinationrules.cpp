// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/destinationrules.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;

namespace {

InterfaceAddress at(const QString &address, int prefixLength)
{
    return { QHostAddress(address), prefixLength, LinkKind::Shared, "eth0" };
}

} // namespace

class TstDestinationRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
    void aListThatIsOnlyReported_data();
    void aListThatIsOnlyReported();
    void addresses_data();
    void addresses();
    void loops_data();
    void loops();
};

void TstDestinationRules::names_data()
{
    QTest::addColumn<QList<QByteArray>>("hosts");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<Refusal>("expected");
    using Hosts = QList<QByteArray>;
    const Hosts all;
    const Hosts two { "api.openai.com:443", "*.anthropic.com", "smtp.example:25" };

    QTest::newRow("B§1: without a list every host is allowed")
        << all << "a.example"_ba << 443 << Refusal::None;
    QTest::newRow("B§1: port 80 is allowed by default")
        << all << "a.example"_ba << 80 << Refusal::None;
    QTest::newRow("B§1: port 1024 is allowed by default")
        << all << "a.example"_ba << 1024 << Refusal::None;
    QTest::newRow("B§1: port 65535 is allowed by default")
        << all << "a.example"_ba << 65535 << Refusal::None;
    QTest::newRow("B§1: mail is refused by default")
        << all << "a.example"_ba << 25 << Refusal::PortNotListed;
    QTest::newRow("B§1: SSH is refused by default")
        << all << "a.example"_ba << 22 << Refusal::PortNotListed;
    QTest::newRow("B§1: port 1023 is refused by default")
        << all << "a.example"_ba << 1023 << Refusal::PortNotListed;
    QTest::newRow("B§1: port 0 is refused") << all << "a.example"_ba << 0 << Refusal::PortNotListed;
    QTest::newRow("B§1: a listed host is allowed")
        << two << "API.OpenAI.com."_ba << 443 << Refusal::None;
    QTest::newRow("B§1: a listed host on a port its entry does not name is refused")
        << two << "api.openai.com"_ba << 8443 << Refusal::HostNotListed;
    QTest::newRow("B§1: a host below a listed suffix is allowed")
        << two << "api.anthropic.com"_ba << 443 << Refusal::None;
    QTest::newRow("B§1: a host that is not listed is refused")
        << two << "a.example"_ba << 443 << Refusal::HostNotListed;
    QTest::newRow("B§1: an address is refused where names are listed")
        << two << "192.0.2.7"_ba << 443 << Refusal::HostNotListed;
    QTest::newRow("B§1: a port in a host entry does not open ALLOWED_PORTS")
        << two << "smtp.example"_ba << 25 << Refusal::PortNotListed;
}

void TstDestinationRules::names()
{
    QFETCH(QList<QByteArray>, hosts);
    QFETCH(QByteArray, host);
    QFETCH(int, port);
    QFETCH(Refusal, expected);

    AccessRules rules;
    for (const QByteArray &text : hosts)
        rules.allowedHosts.append(HostPattern::parse(text).value());
    const Decision decision =
        DestinationRules(rules).checkName({ host, static_cast<quint16>(port) });
    QCOMPARE(decision.refusal, expected);
}

void TstDestinationRules::aListThatIsOnlyReported_data()
{
    QTest::addColumn<HostsMode>("mode");
    QTest::addColumn<bool>("isListed");
    QTest::addColumn<int>("port");
    QTest::addColumn<Refusal>("refusal");
    QTest::addColumn<Refusal>("wouldRefuse");
    const auto none = Refusal::None;
    const auto host = Refusal::HostNotListed;
    const auto port = Refusal::PortNotListed;
    QTest::newRow("B§2: enforced: refused, and nothing is reported")
        << HostsMode::Enforce << false << 443 << host << none;
    QTest::newRow("B§2: enforced: the host comes before the port")
        << HostsMode::Enforce << false << 25 << host << none;
    QTest::newRow("B§2: enforced: what is listed passes")
        << HostsMode::Enforce << true << 443 << none << none;
    QTest::newRow("B§2: reported: it passes, and is told")
        << HostsMode::Report << false << 443 << none << host;
    QTest::newRow("B§2: reported: the port refuses, and the host is told too")
        << HostsMode::Report << false << 25 << port << host;
    QTest::newRow("B§2: reported: what is listed passes untold")
        << HostsMode::Report << true << 443 << none << none;
    QTest::newRow("B§2: reported: the port of what is listed refuses alone")
        << HostsMode::Report << true << 25 << port << none;
}

void TstDestinationRules::aListThatIsOnlyReported()
{
    QFETCH(HostsMode, mode);
    QFETCH(bool, isListed);
    QFETCH(int, port);
    QFETCH(Refusal, refusal);
    QFETCH(Refusal, wouldRefuse);
    AccessRules rules;
    rules.hostsMode = mode;
    const Endpoint wanted { "api.x.ai", static_cast<quint16>(port) };
    QVERIFY2(DestinationRules(rules).checkName({ "a.example", 443 }) == Decision(), "no list");
    rules.allowedHosts = { HostEntry::parse(isListed ? "@xai" : "@openai").value() };
    const Decision decision = DestinationRules(rules).checkName(wanted);
    QCOMPARE(decision.refusal, refusal);
    QCOMPARE(decision.wouldRefuse, wouldRefuse);
    QCOMPARE(decision.isAllowed(), refusal == Refusal::None);
}

void TstDestinationRules::addresses_data()
{
    QTest::addColumn<QByteArray>("allowed"); // "", "true" or ranges with blanks between
    QTest::addColumn<QString>("address");
    QTest::addColumn<Refusal>("expected");
    // This machine has 11.22.33.4/24, 11.44.0.4/20, 192.168.1.4, 2606:4700::4/64 and fe80::4%1. The
    // client reached it at 11.55.0.4.
    const auto row = [](const char *name, const QByteArray &allowed, const QString &address,
                        Refusal expected) {
        QTest::newRow(name) << allowed << address << expected;
    };

    row("B§2: a public address passes", "", u"8.8.8.8"_s, Refusal::None);
    row("B§2: a private address is refused", "", u"192.168.1.5"_s, Refusal::PrivateTarget);
    row("B§2: a private address passes with true", "true", u"192.168.1.5"_s, Refusal::None);
    row("B§2: metadata passes only if asked for", "true", u"169.254.169.254"_s, Refusal::None);
    row("B§2: a private address in the list passes", "192.168.1.0/24", u"192.168.1.5"_s,
        Refusal::None);
    row("B§2: a private address outside the list is refused", "192.168.1.0/24", u"192.168.2.5"_s,
        Refusal::PrivateTarget);
    row("B§2: a mapped address asks the list as IPv4", "192.168.1.0/24", u"::ffff:192.168.1.5"_s,
        Refusal::None);
    row("B§2: a NAT64 form is not let in by the list entry of what is inside", "192.168.1.0/24",
        u"64:ff9b::192.168.1.5"_s, Refusal::PrivateTarget);
    row("B§2: a NAT64 form passes when it is listed itself", "64:ff9b::/96",
        u"64:ff9b::192.168.1.5"_s, Refusal::None);
    row("B§2: an own public address is refused", "", u"11.22.33.4"_s, Refusal::OwnAddress);
    row("B§2: an own public address in mapped form is refused", "", u"::ffff:11.22.33.4"_s,
        Refusal::OwnAddress);
    row("B§2: an own public address in NAT64 form is refused", "", u"64:ff9b::11.22.33.4"_s,
        Refusal::OwnAddress);
    row("B§2: an own public address in 6to4 form is refused", "", u"2002:b16:2104::1"_s,
        Refusal::OwnAddress);
    row("B§2: the address that the client reached is refused, known or not", "", u"11.55.0.4"_s,
        Refusal::OwnAddress);
    row("B§2: it is refused in NAT64 form", "", u"64:ff9b::11.55.0.4"_s, Refusal::OwnAddress);
    row("B§2: its neighbour passes", "", u"11.55.0.5"_s, Refusal::None);
    row("B§2: a neighbour with a public address is refused", "", u"11.22.33.5"_s,
        Refusal::PrivateTarget);
    row("B§2: a neighbour in mapped form is refused", "", u"::ffff:11.22.33.5"_s,
        Refusal::PrivateTarget);
    row("B§2: a neighbour in NAT64 form is refused", "", u"64:ff9b::11.22.33.5"_s,
        Refusal::PrivateTarget);
    row("B§2: a neighbour in 6to4 form is refused", "", u"2002:b16:2105::1"_s,
        Refusal::PrivateTarget);
    // 65.54.227.120 is a public server; f4e9:defa is the client 11.22.33.5, inverted.
    row("B§2: a neighbour in Teredo form is refused", "", u"2001:0:4136:e378:8000:63bf:f4e9:defa"_s,
        Refusal::PrivateTarget);
    row("B§2: a neighbour in ISATAP form is refused", "", u"2607::5efe:11.22.33.5"_s,
        Refusal::PrivateTarget);
    row("B§2: an IPv6 neighbour is refused", "", u"2606:4700::5"_s, Refusal::PrivateTarget);
    row("B§2: a neighbour passes with true", "true", u"11.22.33.5"_s, Refusal::None);
    row("B§2: a neighbour in the list passes", "11.22.33.5", u"11.22.33.5"_s, Refusal::None);
    row("B§2: an IPv6 neighbour in the list passes", "2606:4700::/64", u"2606:4700::5"_s,
        Refusal::None);
    row("B§2: a stranger in a provider's network passes", "", u"11.44.0.5"_s, Refusal::None);
    row("B§2: an own IPv6 address is refused", "", u"2606:4700::4"_s, Refusal::OwnAddress);
    row("B§2: an own private address is refused", "", u"192.168.1.4"_s, Refusal::OwnAddress);
    row("B§2: an own link-local address is refused whatever the zone", "", u"fe80::4"_s,
        Refusal::OwnAddress);
    row("B§2: an own address passes with true", "true", u"11.22.33.4"_s, Refusal::None);
    row("B§2: an own address in the list passes", "11.22.33.4", u"11.22.33.4"_s, Refusal::None);
    row("B§2: an own address outside the list is refused", "192.168.1.0/24", u"11.22.33.4"_s,
        Refusal::OwnAddress);
}

void TstDestinationRules::addresses()
{
    QFETCH(QByteArray, allowed);
    QFETCH(QString, address);
    QFETCH(Refusal, expected);

    AccessRules rules;
    rules.privateTargets.all = allowed == "true";
    if (!rules.privateTargets.all && !allowed.isEmpty()) {
        for (const QByteArray &text : allowed.split(' '))
            rules.privateTargets.allowed.append(Cidr::parse(text).value());
    }
    const OwnNetworks own({ at(u"11.22.33.4"_s, 24), at(u"11.44.0.4"_s, 20),
                            at(u"192.168.1.4"_s, 24), at(u"2606:4700::4"_s, 64),
                            at(u"fe80::4%1"_s, 64) });
    const QHostAddress reachedAt(u"11.55.0.4"_s);
    QCOMPARE(DestinationRules(rules).checkAddress(QHostAddress(address), own, reachedAt).refusal,
             expected);
}

void TstDestinationRules::loops_data()
{
    QTest::addColumn<QString>("listener");
    QTest::addColumn<QString>("destination");
    QTest::addColumn<bool>("expected");
    // This machine has 11.22.33.4, 2606:4700::4 and fe80::4%1, and was reached at 11.55.0.4. The
    // ports are the same.
    const auto row = [](const char *name, const QString &listener, const QString &destination,
                        bool expected) {
        QTest::newRow(name) << listener << destination << expected;
    };

    row("S§7.6: the listener's own address leads back", u"127.0.0.1"_s, u"127.0.0.1"_s, true);
    row("S§7.6: its IPv4-mapped form leads back", u"127.0.0.1"_s, u"::ffff:127.0.0.1"_s, true);
    row("S§7.6: 0.0.0.0 leads to a listener on loopback", u"127.0.0.1"_s, u"0.0.0.0"_s, true);
    row("S§7.6: :: leads to a listener on IPv6 loopback", u"::1"_s, u"::"_s, true);
    row("S§7.6: 0.0.0.0 leads to no other listener", u"11.22.33.4"_s, u"0.0.0.0"_s, false);
    row("S§7.6: another loopback address is another server", u"127.0.0.1"_s, u"127.0.0.2"_s, false);
    row("S§7.6: another address of the machine is another server", u"127.0.0.1"_s, u"11.22.33.4"_s,
        false);
    row("S§7.6: an own address leads back to the wildcard", u"0.0.0.0"_s, u"11.22.33.4"_s, true);
    row("S§7.6: the address that the client reached leads back to the wildcard", u"0.0.0.0"_s,
        u"11.55.0.4"_s, true);
    row("S§7.6: any loopback address leads back to the wildcard", u"0.0.0.0"_s, u"127.8.8.8"_s,
        true);
    row("S§7.6: 0.0.0.0 leads back to the wildcard", u"0.0.0.0"_s, u"0.0.0.0"_s, true);
    row("S§7.6: a neighbour is not the wildcard", u"0.0.0.0"_s, u"11.22.33.5"_s, false);
    row("S§7.6: the IPv4 wildcard takes no IPv6", u"0.0.0.0"_s, u"2606:4700::4"_s, false);
    row("S§7.6: an own IPv6 address leads back to the wildcard of both families", u"::"_s,
        u"2606:4700::4"_s, true);
    row("S§7.6: an own IPv4 address leads back to the wildcard of both families", u"::"_s,
        u"11.22.33.4"_s, true);
    row("S§7.6: a zone makes no other address", u"::"_s, u"fe80::4"_s, true);
    row("S§7.6: ::1 leads back to the wildcard of both families", u"::"_s, u"::1"_s, true);
}

void TstDestinationRules::loops()
{
    QFETCH(QString, listener);
    QFETCH(QString, destination);
    QFETCH(bool, expected);

    const OwnNetworks own(
        { at(u"11.22.33.4"_s, 24), at(u"2606:4700::4"_s, 64), at(u"fe80::4%1"_s, 64) });
    const QHostAddress reachedAt(u"11.55.0.4"_s);
    const QHostAddress bound =
        listener == u"::"_s ? QHostAddress(QHostAddress::Any) : QHostAddress(listener);
    const QHostAddress address(destination);
    QCOMPARE(
        DestinationRules::checkLoop({ address, 8080 }, { bound, 8080 }, own, reachedAt).refusal,
        expected ? Refusal::Loop : Refusal::None);
    QVERIFY(DestinationRules::checkLoop({ address, 8081 }, { bound, 8080 }, own, reachedAt)
                .isAllowed());
}

QTEST_APPLESS_MAIN(TstDestinationRules)
#include "tst_destinationrules.moc"
