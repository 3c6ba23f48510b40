// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/ownaddresses.h"

#include "config/settings.h"

#include <QFile>
#include <QNetworkInterface>
#include <QNetworkProxy>
#include <QRegularExpression>
#include <QUdpSocket>

#include <algorithm>
#include <tuple>
#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

/// Matches the interfaces of containers, virtual machines and VPNs: on Linux and macOS the start of
/// the name, on Windows a part of the title.
constexpr auto virtualNames =
    "^(docker|br-[0-9a-f]{12}$|veth|virbr|vnet|vmnet|vboxnet|lxc|lxd|incus|podman|cni|flannel|cali|"
    "kube|nerdctl|tun|tap|utun|wg|ppp|ipsec|gif|stf|zt|tailscale|nordlynx|proton|mullvad|ham|"
    "bridge\\d|anpi|awdl|llw|dummy|ifb|sit)"
    "|^(vEthernet|VirtualBox|VMware)|Hyper-V|WSL|TAP-Windows|\\bTAP\\b|WireGuard|Wintun|OpenVPN|"
    "Tailscale|ZeroTier|Hamachi|\\bVPN\\b"_L1;

bool isPrivate(const QHostAddress &address)
{
    return policy::PrivateClients().contains(address);
}

/// How unsuitable the address is to give to others; less is better.
auto distance(const InterfaceFacts &facts, const OwnAddress &own)
{
    const bool isHome = isPrivate(own.address);
    const int network = isHome ? (facts.hasDefaultRoute ? 0 : 1) : (facts.hasDefaultRoute ? 2 : 3);
    return std::tuple(own.isVirtual, !facts.isRunning, network,
                      own.address.protocol() != QAbstractSocket::IPv4Protocol);
}

#ifdef Q_OS_LINUX

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QSet<QString> defaultRoutes(const QList<QNetworkInterface> &)
{
    return defaultRouteInterfaces(contentOf(u"/proc/net/route"_s),
                                  contentOf(u"/proc/net/ipv6_route"_s));
}

#else

QSet<QString> defaultRoutes(const QList<QNetworkInterface> &interfaces)
{
    // Ask the system which local address it would use: connecting a datagram socket sends nothing.
    // The destination belongs to nobody (RFC 5737).
    QUdpSocket socket;
    socket.setProxy(QNetworkProxy::NoProxy);
    socket.connectToHost(QHostAddress(u"192.0.2.1"_s), 9);
    const QHostAddress local = socket.localAddress();
    QSet<QString> names;
    for (const QNetworkInterface &interface : interfaces) {
        const QList<QNetworkAddressEntry> entries = interface.addressEntries();
        if (std::any_of(entries.cbegin(), entries.cend(),
                        [&local](const auto &entry) { return entry.ip() == local; }))
            names.insert(interface.name());
    }
    return names;
}

#endif

} // namespace

QString OwnAddress::network() const
{
    return QString::fromLatin1(policy::Cidr::around(address, prefixLength).toByteArray());
}

bool isVirtualInterface(const QString &name)
{
    static const QRegularExpression pattern { QString(virtualNames) };
    return pattern.match(name).hasMatch();
}

QSet<QString> defaultRouteInterfaces(const QByteArray &ipv4Table, const QByteArray &ipv6Table)
{
    QSet<QString> names;
    const auto fieldsOf = [](const QByteArray &line) { return line.simplified().split(' '); };
    // Interface, destination, gateway, flags, …, mask in the eighth field; the first line is a
    // heading.
    for (const QByteArray &line : ipv4Table.split('\n').mid(1)) {
        const QByteArrayList fields = fieldsOf(line);
        if (fields.size() > 7 && fields[1] == "00000000" && fields[7] == "00000000")
            names.insert(QString::fromUtf8(fields[0]));
    }
    // Destination, prefix length, source, prefix length, next hop, …, interface last. Without a
    // default route the kernel lists an unreachable one on "lo".
    for (const QByteArray &line : ipv6Table.split('\n')) {
        const QByteArrayList fields = fieldsOf(line);
        if (fields.size() > 9 && fields[0] == QByteArray(32, '0') && fields[1] == "00"
            && fields[9] != "lo")
            names.insert(QString::fromUtf8(fields[9]));
    }
    return names;
}

QList<OwnAddress> rankedAddresses(const QList<InterfaceFacts> &interfaces)
{
    using Ranked = std::pair<decltype(distance({}, {})), OwnAddress>;
    QList<Ranked> ranked;
    for (const InterfaceFacts &facts : interfaces) {
        if (!facts.isUp)
            continue;
        const bool isVirtual = facts.isPointToPoint || isVirtualInterface(facts.name)
            || isVirtualInterface(facts.title);
        for (const InterfaceFacts::Address &entry : facts.addresses) {
            if (entry.address.isLoopback() || entry.address.isLinkLocal() || entry.prefixLength < 0)
                continue;
            const OwnAddress own { facts.title, entry.address, entry.prefixLength, isVirtual };
            ranked.append({ distance(facts, own), own });
        }
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked &one, const Ranked &other) {
        return one.first < other.first;
    });
    QList<OwnAddress> own;
    for (const auto &[rank, address] : std::as_const(ranked))
        own.append(address);
    return own;
}

QList<OwnAddress> ownAddresses()
{
    const QList<QNetworkInterface> interfaces = QNetworkInterface::allInterfaces();
    const QSet<QString> ways = defaultRoutes(interfaces);
    QList<InterfaceFacts> facts;
    for (const QNetworkInterface &interface : interfaces) {
        const auto flags = interface.flags();
        InterfaceFacts one { interface.name(),
                             interface.humanReadableName(),
                             flags.testFlag(QNetworkInterface::IsUp),
                             flags.testFlag(QNetworkInterface::IsRunning),
                             flags.testFlag(QNetworkInterface::IsPointToPoint),
                             ways.contains(interface.name()),
                             {} };
        const QList<QNetworkAddressEntry> entries = interface.addressEntries();
        for (const QNetworkAddressEntry &entry : entries)
            one.addresses.append({ entry.ip(), entry.prefixLength() });
        facts.append(one);
    }
    return rankedAddresses(facts);
}

QList<QHostAddress> addressesForOthers()
{
    QList<QHostAddress> addresses;
    const QList<OwnAddress> own = ownAddresses();
    for (const OwnAddress &one : own)
        addresses.append(one.address);
    return addresses;
}

} // namespace sami::gui
