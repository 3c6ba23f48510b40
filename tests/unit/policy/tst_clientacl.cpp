// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/clientacl.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::policy;

class TstClientAcl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void check_data();
    void check();
    void whoIsTold_data();
    void whoIsTold();
};

void TstClientAcl::check_data()
{
    QTest::addColumn<QList<QByteArray>>("allowed");
    QTest::addColumn<QString>("client");
    QTest::addColumn<bool>("expected");

    const QList<QByteArray> list { "192.168.1.100", "10.0.0.0/8", "2001:db8::/32" };
    QTest::newRow("B§1: an empty list lets everyone in")
        << QList<QByteArray>() << u"203.0.113.9"_s << true;
    QTest::newRow("B§2: a listed address is let in") << list << u"192.168.1.100"_s << true;
    QTest::newRow("B§2: an address in a listed range is let in") << list << u"10.9.8.7"_s << true;
    QTest::newRow("B§2: an IPv6 address in a listed range is let in")
        << list << u"2001:db8:1::1"_s << true;
    QTest::newRow("B§2: any other address is refused") << list << u"192.168.1.101"_s << false;
    QTest::newRow("B§2: an IPv6 client is refused where only IPv4 is listed")
        << QList<QByteArray> { "0.0.0.0/0" } << u"2001:db8::1"_s << false;
    QTest::newRow("B§1: a mapped client is judged as IPv4")
        << list << u"::ffff:192.168.1.100"_s << true;
    QTest::newRow("B§2: loopback has no privilege") << list << u"127.0.0.1"_s << false;
}

void TstClientAcl::check()
{
    QFETCH(QList<QByteArray>, allowed);
    QFETCH(QString, client);
    QFETCH(bool, expected);

    QList<ClientEntry> ranges;
    for (const QByteArray &text : allowed)
        ranges.append(Cidr::parse(text).value());
    const Decision decision = ClientAcl(ranges).check(Caller(QHostAddress(client)));
    QCOMPARE(decision.refusal, expected ? Refusal::None : Refusal::ClientNotListed);
}

void TstClientAcl::whoIsTold_data()
{
    QTest::addColumn<QList<QByteArray>>("allowed");
    QTest::addColumn<QString>("client");
    QTest::addColumn<bool>("itself"); // who comes from there
    QTest::addColumn<bool>("told");   // whom a balancer's header names
    const auto row = [](const char *name, const QList<QByteArray> &allowed, const char *client,
                        bool itself, bool told) {
        QTest::newRow(name) << allowed << QString::fromLatin1(client) << itself << told;
    };
    row("B§2: an empty list lets in whoever is told", {}, "127.0.0.1", true, true);
    row("B§2: a listed address is let in, be it told", { "192.0.2.7" }, "192.0.2.7", true, true);
    row("B§2: another is not", { "192.0.2.7" }, "192.0.2.8", false, false);
    row("B§2: loopback that is listed is this machine's", { "127.0.0.1" }, "127.0.0.1", true,
        false);
    row("B§2: so it is in a range", { "127.0.0.0/8" }, "127.9.9.9", true, false);
    row("B§2: so it is in IPv6", { "::1" }, "::1", true, false);
    row("B§2: and in IPv6's form", { "127.0.0.1" }, "::ffff:127.0.0.1", true, false);
    row("B§2: private is a private client, be it told", { "private" }, "10.9.8.7", true, true);
    row("B§2: private is no loopback that is told", { "private" }, "127.0.0.1", true, false);
    row("B§2: private is no own address that is told", { "private" }, "10.0.0.5", true, false);
    row("B§2: nor in IPv6's form", { "private" }, "::ffff:10.0.0.5", true, false);
    row("B§2: an own address that is listed is let in, be it told", { "10.0.0.5" }, "10.0.0.5",
        true, true);
    row("B§2: so it is in a range", { "10.0.0.0/8" }, "10.0.0.5", true, true);
}

void TstClientAcl::whoIsTold()
{
    QFETCH(QList<QByteArray>, allowed);
    QFETCH(QString, client);
    sami::InterfaceAddress own;
    own.address = QHostAddress(u"10.0.0.5"_s);
    QList<ClientEntry> entries;
    for (const QByteArray &text : allowed)
        entries.append(ClientEntry::parse(text).value());
    const ClientAcl acl(entries, PrivateClients({ own }, {}));
    const QHostAddress address(client);
    QTEST(acl.check(Caller(address)).isAllowed(), "itself");
    QTEST(acl.check(Caller(address, Caller::Known::ByHeader)).isAllowed(), "told");
}

QTEST_APPLESS_MAIN(TstClientAcl)
#include "tst_clientacl.moc"
