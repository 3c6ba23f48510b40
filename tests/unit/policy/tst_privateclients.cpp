// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/accessrules.h"
#include "policy/clientacl.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;

class TstPrivateClients : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoIsPrivate_data();
    void whoIsPrivate();
    void theWordStaysAWord();
    void theListExpandsIt();
};

namespace {

enum Where { Machine, TailscaleMachine, Container };

PrivateClients clientsOf(int where)
{
    const InterfaceAddress loopback { QHostAddress(u"127.0.0.1"_s), 8, LinkKind::Loopback, "lo" };
    if (where == Container) {
        return PrivateClients(
            { loopback,
              { QHostAddress(u"172.17.0.2"_s), 16, LinkKind::Shared, "eth0" },
              { QHostAddress(u"fd00:17::2"_s), 64, LinkKind::Shared, "eth0" } },
            { true, true, { QHostAddress(u"172.17.0.1"_s), QHostAddress(u"fd00:17::1"_s) } });
    }
    QList<InterfaceAddress> interfaces {
        loopback, { QHostAddress(u"192.168.1.7"_s), 24, LinkKind::Shared, "eth0" }
    };
    if (where == TailscaleMachine)
        interfaces.append({ QHostAddress(u"100.100.1.2"_s), 32, LinkKind::PointToPoint, "ts0" });
    // The machine's router may be its gateway, but is a neighbour like any other.
    return PrivateClients(interfaces, { false, true, { QHostAddress(u"192.168.1.1"_s) } });
}

} // namespace

void TstPrivateClients::whoIsPrivate_data()
{
    QTest::addColumn<QString>("client");
    QTest::addColumn<int>("where");
    QTest::addColumn<bool>("expected");
    const auto everywhere = [](const char *client, bool expected) {
        for (const Where where : { Machine, TailscaleMachine, Container })
            QTest::addRow("B§2: %s, place %d", client, int(where))
                << QString::fromLatin1(client) << int(where) << expected;
    };
    for (const char *client : { "127.0.0.1", "127.9.9.9", "::1", "10.0.0.1", "10.255.255.255",
                                "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.7.7",
                                "fc00::1", "fdff::1", "fe80::1", "febf::1", "::ffff:10.0.0.1" })
        everywhere(client, true);
    for (const char *client :
         { "9.255.255.255", "11.0.0.0",    "172.15.255.255", "172.32.0.0", "192.167.255.255",
           "192.169.0.0",   "169.253.0.1", "128.0.0.1",      "8.8.8.8",    "100.63.255.255",
           "100.128.0.0",   "2001:db8::1", "2606:4700::1",   "fbff::1",    "fec0::1",
           "ff02::1",       "::",          "0.0.0.0",        "::2",        "::ffff:8.8.8.8" })
        everywhere(client, false);

    const auto row = [](const char *name, const char *client, Where where, bool expected) {
        QTest::newRow(name) << QString::fromLatin1(client) << int(where) << expected;
    };
    row("B§2: shared addresses are a provider's", "100.64.0.1", Machine, false);
    row("B§2: shared addresses where an interface is in them", "100.64.0.1", TailscaleMachine,
        true);
    row("B§2: shared addresses seen from a container", "100.127.255.255", Container, false);
    row("B§2: a container's gateway stands for anybody", "172.17.0.1", Container, false);
    row("B§2: a container's gateway, mapped", "::ffff:172.17.0.1", Container, false);
    row("B§2: a container's IPv6 gateway", "fd00:17::1", Container, false);
    row("B§2: a container at its own address is a forwarder", "172.17.0.2", Container, false);
    row("B§2: a container's neighbour", "172.17.0.3", Container, true);
    row("B§2: a machine's gateway is a neighbour", "192.168.1.1", Machine, true);
    row("B§2: a machine at its own address", "192.168.1.7", Machine, true);
}

void TstPrivateClients::whoIsPrivate()
{
    QFETCH(QString, client);
    QFETCH(int, where);
    QFETCH(bool, expected);
    QCOMPARE(clientsOf(where).contains(QHostAddress(client)), expected);
}

void TstPrivateClients::theWordStaysAWord()
{
    for (const char *spelling : { "private", "Private", "PRIVATE" }) {
        const auto entry = ClientEntry::parse(spelling);
        QVERIFY(entry);
        QVERIFY(entry->isPrivate());
        QCOMPARE(entry->toByteArray(), "private"_ba);
    }
    QVERIFY(!ClientEntry::parse("privat"));
    QVERIFY(ClientEntry::parse("privat").error().contains(u"private"_s));
    QVERIFY(!ClientEntry::parse("private/8"));
    QVERIFY(!ClientEntry::parse(""));
    QCOMPARE(ClientEntry::parse("192.0.2.0/24")->toByteArray(), "192.0.2.0/24"_ba);
}

void TstPrivateClients::theListExpandsIt()
{
    const ClientAcl list({ ClientEntry::privateClients(), Cidr::parse("192.0.2.7").value() },
                         clientsOf(Container));
    QVERIFY(list.check(Caller(QHostAddress(u"10.1.2.3"_s))).isAllowed());
    QVERIFY(list.check(Caller(QHostAddress(u"192.0.2.7"_s))).isAllowed());
    QVERIFY(!list.check(Caller(QHostAddress(u"172.17.0.1"_s))).isAllowed());
    QVERIFY(!list.check(Caller(QHostAddress(u"192.0.2.8"_s))).isAllowed());
}

QTEST_APPLESS_MAIN(TstPrivateClients)
#include "tst_privateclients.moc"
