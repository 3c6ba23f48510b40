// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/ownaddresses.h"

#include <QTest>

using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

InterfaceFacts network(const char *name, const char *address, bool hasDefaultRoute = false)
{
    InterfaceFacts facts;
    facts.name = facts.title = QString::fromLatin1(name);
    facts.hasDefaultRoute = hasDefaultRoute;
    const QHostAddress host(QString::fromLatin1(address));
    facts.addresses.append({ host, host.protocol() == QAbstractSocket::IPv4Protocol ? 24 : 64 });
    return facts;
}

InterfaceFacts with(InterfaceFacts facts, const char *more)
{
    facts.addresses += network("", more).addresses;
    return facts;
}

InterfaceFacts pointToPoint(InterfaceFacts facts)
{
    facts.isPointToPoint = true;
    return facts;
}

InterfaceFacts withoutCarrier(InterfaceFacts facts)
{
    facts.isRunning = false;
    return facts;
}

InterfaceFacts down(InterfaceFacts facts)
{
    facts.isUp = false;
    return facts;
}

const InterfaceFacts lo = network("lo", "127.0.0.1");
const InterfaceFacts wifi = network("wlp3s0", "192.168.1.20", true);
const InterfaceFacts docker = network("docker0", "172.17.0.1");

} // namespace

class TstOwnAddresses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theRightOneIsFirst_data();
    void theRightOneIsFirst();
    void virtualInterfacesAreKnownByName_data();
    void virtualInterfacesAreKnownByName();
    void defaultRoutesAreRead();
    void thisMachineIsAnswered();
};

void TstOwnAddresses::theRightOneIsFirst_data()
{
    QTest::addColumn<QList<InterfaceFacts>>("interfaces");
    QTest::addColumn<QStringList>("expected");
    using Interfaces = QList<InterfaceFacts>;
    QTest::newRow("nothing but loopback") << Interfaces { lo } << QStringList();
    QTest::newRow("no interface at all") << Interfaces() << QStringList();
    QTest::newRow("docker's bridge comes last, though listed first")
        << Interfaces { lo, docker, wifi } << QStringList { u"192.168.1.20"_s, u"172.17.0.1"_s };
    QTest::newRow("so do other bridges and pairs")
        << Interfaces { network("br-0123456789ab", "172.18.0.1"),
                        network("virbr0", "192.168.122.1"), network("veth12ab", "10.1.1.1"), wifi }
        << QStringList { u"192.168.1.20"_s, u"172.18.0.1"_s, u"192.168.122.1"_s, u"10.1.1.1"_s };
    QTest::newRow("a VPN that has the default route comes last")
        << Interfaces { network("tun0", "10.8.0.2", true), network("wlan0", "192.168.1.20") }
        << QStringList { u"192.168.1.20"_s, u"10.8.0.2"_s };
    QTest::newRow("WireGuard and Tailscale come last")
        << Interfaces { network("wg0", "10.9.0.2", true), network("tailscale0", "100.101.1.2"),
                        wifi }
        << QStringList { u"192.168.1.20"_s, u"10.9.0.2"_s, u"100.101.1.2"_s };
    QTest::newRow("a link to one peer comes last, whatever its name")
        << Interfaces { pointToPoint(network("corp", "10.200.0.5", true)), wifi }
        << QStringList { u"192.168.1.20"_s, u"10.200.0.5"_s };
    QTest::newRow("a real bridge is a real interface")
        << Interfaces { docker, network("br0", "192.168.1.20", true) }
        << QStringList { u"192.168.1.20"_s, u"172.17.0.1"_s };
    QTest::newRow("of two networks the one with the default route")
        << Interfaces { network("eth0", "10.0.0.5"), network("eth1", "192.168.1.20", true) }
        << QStringList { u"192.168.1.20"_s, u"10.0.0.5"_s };
    QTest::newRow("a private network before a public address with the default route")
        << Interfaces { network("wwan0", "198.18.7.7", true), network("wlan0", "192.168.43.1") }
        << QStringList { u"192.168.43.1"_s, u"198.18.7.7"_s };
    QTest::newRow("of two public ones the one with the default route")
        << Interfaces { network("eth0", "192.0.2.7"), network("eth1", "198.51.100.7", true) }
        << QStringList { u"198.51.100.7"_s, u"192.0.2.7"_s };
    QTest::newRow("IPv4 before IPv6 of the same network")
        << Interfaces { with(network("eth0", "fd00::7", true), "192.168.1.20") }
        << QStringList { u"192.168.1.20"_s, u"fd00::7"_s };
    QTest::newRow("IPv6 alone") << Interfaces { with(network("eth0", "fe80::7", true),
                                                     "2001:db8::7") }
                                << QStringList { u"2001:db8::7"_s };
    QTest::newRow("link-local addresses are none")
        << Interfaces { network("eth0", "169.254.7.7", true) } << QStringList();
    QTest::newRow("an interface that is down is none")
        << Interfaces { down(wifi), docker } << QStringList { u"172.17.0.1"_s };
    QTest::newRow("a cable that is not plugged in comes after one that is")
        << Interfaces { withoutCarrier(network("eth0", "192.168.0.5", true)),
                        network("wlan0", "192.168.1.20") }
        << QStringList { u"192.168.1.20"_s, u"192.168.0.5"_s };
    QTest::newRow("equals stay in the system's order")
        << Interfaces { network("eth0", "10.0.0.5"), network("eth1", "10.0.1.5") }
        << QStringList { u"10.0.0.5"_s, u"10.0.1.5"_s };
}

void TstOwnAddresses::theRightOneIsFirst()
{
    QFETCH(QList<InterfaceFacts>, interfaces);
    QFETCH(QStringList, expected);
    QStringList ranked;
    for (const OwnAddress &own : rankedAddresses(interfaces))
        ranked.append(own.address.toString());
    QCOMPARE(ranked, expected);
}

void TstOwnAddresses::virtualInterfacesAreKnownByName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isVirtual");
    for (const char *name : { "docker0",
                              "docker_gwbridge",
                              "br-0123456789ab",
                              "veth1a2b3c",
                              "virbr0",
                              "vmnet8",
                              "vboxnet0",
                              "lxcbr0",
                              "lxdbr0",
                              "podman0",
                              "cni0",
                              "tun0",
                              "tap0",
                              "utun4",
                              "wg0",
                              "ppp0",
                              "tailscale0",
                              "ztabcdef12",
                              "nordlynx",
                              "bridge100",
                              "vEthernet (WSL)",
                              "VirtualBox Host-Only Network",
                              "VMware Network Adapter VMnet8",
                              "OpenVPN TAP-Windows6",
                              "Tailscale",
                              "WireGuard Tunnel",
                              "My VPN" })
        QTest::newRow(name) << QString::fromLatin1(name) << true;
    for (const char *name : { "eth0", "enp5s0", "eno1", "wlan0", "wlp3s0", "wwan0", "en0", "br0",
                              "bond0", "Wi-Fi", "Ethernet", "Ethernet 2", "usb0" })
        QTest::newRow(name) << QString::fromLatin1(name) << false;
}

void TstOwnAddresses::virtualInterfacesAreKnownByName()
{
    QFETCH(QString, name);
    QTEST(isVirtualInterface(name), "isVirtual");
}

void TstOwnAddresses::defaultRoutesAreRead()
{
    const QByteArray ipv4 =
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
        "wlp3s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
        "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
        "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0\n";
    const QByteArray zeros(32, '0');
    const QByteArray ipv6 = zeros + " 00 " + zeros
        + " 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n"
        + zeros + " 00 " + zeros + " 00 " + zeros
        + " ffffffff 00000001 00000000 00200200       lo\n"
          "fe800000000000000000000000000000 40 "
        + zeros + " 00 " + zeros + " 00000100 00000001 00000000 00000001     eth1\n";
    // Half of the address space, as some VPNs route it, is no default route; the network's own
    // remains one.
    QCOMPARE(defaultRouteInterfaces(ipv4, {}), QSet<QString> { u"wlp3s0"_s });
    QCOMPARE(defaultRouteInterfaces({}, ipv6), QSet<QString> { u"eth0"_s });
    QCOMPARE(defaultRouteInterfaces("nonsense\nmore", "nonsense"), QSet<QString>());
}

void TstOwnAddresses::thisMachineIsAnswered()
{
    const QList<OwnAddress> own = ownAddresses();
    QCOMPARE(addressesForOthers().size(), own.size());
    for (const OwnAddress &one : own) {
        QVERIFY(!one.address.isLoopback() && !one.address.isLinkLocal());
        QVERIFY(!one.interfaceName.isEmpty());
    }
}

QTEST_GUILESS_MAIN(TstOwnAddresses)
#include "tst_ownaddresses.moc"
