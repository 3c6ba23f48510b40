// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/remedy.h"

#include "gui/text/exposuretext.h"
#include "gui/text/wording.h"

#include <algorithm>
#include <array>

namespace sami::gui {

namespace {

using policy::Cidr;
using policy::Refusal;

/// A question names at most this many of the clients or hosts that would be shut out.
constexpr qsizetype maxNames = 5;

/// Where private names usually resolve to.
constexpr std::array privateRanges { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7" };
/// The default fake-IP ranges of Clash, sing-box and the like.
constexpr std::array fakeAddressRanges { "198.18.0.0/15", "fc00::/18" };
constexpr char loopbackRange[] = "127.0.0.0/8";

bool holds(const QList<Cidr> &ranges, const QHostAddress &address)
{
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const Cidr &range) { return range.contains(address); });
}

/// The client's network as home and office routers divide it: /24, or /64 for IPv6.
Cidr networkOf(const QHostAddress &client)
{
    bool isV4 = false;
    const quint32 v4 = client.toIPv4Address(&isV4);
    const QByteArray text = isV4
        ? QHostAddress(v4 & 0xffffff00u).toString().toLatin1() + "/24"
        : clientNetwork(client).toString().section(QLatin1Char('%'), 0, 0).toLatin1() + "/64";
    const auto network = Cidr::parse(text);
    return network ? *network : Cidr::host(client);
}

Remedy allowRange(Remedy::Kind kind, const Cidr &range)
{
    Remedy remedy;
    remedy.kind = kind;
    remedy.range = range;
    return remedy;
}

bool holds(const QList<policy::HostEntry> &entries, const Endpoint &destination)
{
    return std::any_of(entries.begin(), entries.end(), [&](const policy::HostEntry &entry) {
        return entry.matches(destination.host, destination.port);
    });
}

bool holds(const QList<policy::PortRange> &ranges, quint16 port)
{
    return std::any_of(ranges.begin(), ranges.end(),
                       [port](const policy::PortRange &range) { return range.contains(port); });
}

QList<Remedy> forFakeAddress(const policy::AccessRules &rules)
{
    QList<Remedy> ranges;
    for (const char *text : fakeAddressRanges) {
        const Cidr range = Cidr::parse(text).value();
        if (!rules.privateTargets.all && !rules.privateTargets.allowed.contains(range))
            ranges.append(allowRange(Remedy::Kind::AllowFakeAddresses, range));
    }
    return ranges;
}

/// Whether these rules would no longer refuse the request for that reason, as far as that can be
/// told without a DNS lookup.
bool isAllowed(const account::RefusalRow &refusal, const policy::AccessRules &rules,
               const policy::PrivateClients &privateClients)
{
    switch (refusal.reason) {
    case Refusal::ClientNotListed:
        return rules.allowedClients.isEmpty()
            || policy::anyHolds(rules.allowedClients, refusal.client, privateClients);
    case Refusal::HostNotListed:
        return rules.allowedHosts.isEmpty() || holds(rules.allowedHosts, refusal.destination);
    case Refusal::PortNotListed:
        return holds(rules.allowedPorts, refusal.destination.port);
    case Refusal::PrivateTarget:
    case Refusal::OwnAddress: {
        const auto literal = refusal.destination.literalAddress();
        return rules.privateTargets.all
            || (literal && holds(rules.privateTargets.allowed, *literal));
    }
    case Refusal::FakeAddress: // which of the ranges its address was in is unknown
        return forFakeAddress(rules).isEmpty();
    case Refusal::None:
    case Refusal::ClientUnknown:
    case Refusal::GuesserBlocked:
    case Refusal::CredentialsMissing:
    case Refusal::CredentialsWrong:
    case Refusal::Loop:
    case Refusal::TlsRequired:
    case Refusal::UserDisabled:
    case Refusal::UserExpired:
    case Refusal::UserHostNotListed:
        break;
    }
    return false;
}

QList<Remedy> forClient(const QHostAddress &client, const policy::AccessRules &rules,
                        const policy::PrivateClients &privateClients)
{
    if (client.isNull() || policy::anyHolds(rules.allowedClients, client, privateClients))
        return {};
    return { allowRange(Remedy::Kind::AllowClients, Cidr::host(client)),
             allowRange(Remedy::Kind::AllowClients, networkOf(client)) };
}

QList<Remedy> forHost(const Endpoint &destination, const policy::AccessRules &rules)
{
    const auto pattern = policy::HostPattern::parse(destination.host);
    if (!pattern || holds(rules.allowedHosts, destination))
        return {};
    Remedy remedy;
    remedy.kind = Remedy::Kind::AllowHost;
    remedy.host = *pattern;
    return { remedy };
}

QList<Remedy> forPort(quint16 port, const policy::AccessRules &rules)
{
    if (port == 0 || holds(rules.allowedPorts, port))
        return {};
    Remedy remedy;
    remedy.kind = Remedy::Kind::AllowPort;
    remedy.port = port;
    return { remedy };
}

QList<Remedy> forPrivateTarget(const Endpoint &destination, bool isOwn,
                               const policy::AccessRules &rules)
{
    if (rules.privateTargets.all)
        return {};
    const QList<Cidr> &allowed = rules.privateTargets.allowed;
    if (const auto literal = destination.literalAddress()) {
        if (holds(allowed, *literal))
            return {};
        return { allowRange(Remedy::Kind::AllowPrivateTargets, Cidr::host(*literal)) };
    }
    QList<Remedy> guesses;
    const auto offer = [&](const char *text) {
        const Cidr range = Cidr::parse(text).value();
        if (allowed.contains(range))
            return;
        guesses.append(allowRange(Remedy::Kind::AllowPrivateTargets, range));
        guesses.last().isGuess = true;
    };
    if (isOwn)
        offer(loopbackRange);
    for (const char *range : privateRanges)
        offer(range);
    return guesses;
}

QList<Remedy> forGuesser(const QHostAddress &client, const QList<account::BlockRow> &blocks)
{
    for (const account::BlockRow &block : blocks) {
        if (clientNetwork(block.address) != clientNetwork(client))
            continue;
        Remedy remedy;
        remedy.client = block.address;
        return { remedy };
    }
    return {};
}

/// "a, b, c and 4 more", each name once.
QString listed(QStringList names)
{
    names.removeDuplicates();
    const qsizetype more = names.size() - maxNames;
    const QString shown = names.mid(0, maxNames).join(QStringLiteral(", "));
    return more > 0
        ? Remedy::tr("%1 and %n more", "names, and how many are not shown", int(more)).arg(shown)
        : shown;
}

QString text(const QByteArray &octets)
{
    return QString::fromUtf8(octets);
}

/// Says who would gain access to that private range if it were allowed. Empty if nobody would:
/// programs on this computer can reach it without the proxy.
QString privateGain(const Cidr &range, const config::Settings &settings)
{
    const QString where = text(range.toByteArray());
    switch (ExposureText::level(settings)) {
    case ExposureLevel::Nobody:
    case ExposureLevel::ThisComputer:
        return {};
    case ExposureLevel::ListedClients:
        return Remedy::tr("Every client in the list of allowed IPs could then reach %1: this "
                          "computer or its network, where services often ask for no password.")
            .arg(where);
    case ExposureLevel::WhoKnowsPassword:
        return Remedy::tr("Everybody who knows the proxy's password could then reach %1: this "
                          "computer or its network, where services often ask for no password.")
            .arg(where);
    case ExposureLevel::Everyone:
        return Remedy::tr("ANYONE who can reach this proxy could then reach %1: this computer or "
                          "its network, where services often ask for no password.")
            .arg(where);
    }
    return {};
}

/// What removes the reason of the refusal, apart from a block of the client.
QList<Remedy> forReason(const account::RefusalRow &refusal, const policy::AccessRules &rules,
                        const policy::PrivateClients &privateClients)
{
    switch (refusal.reason) {
    case Refusal::ClientNotListed:
        return forClient(refusal.client, rules, privateClients);
    case Refusal::HostNotListed:
        return forHost(refusal.destination, rules);
    case Refusal::PortNotListed:
        return forPort(refusal.destination.port, rules);
    case Refusal::PrivateTarget:
    case Refusal::OwnAddress:
        return forPrivateTarget(refusal.destination, refusal.reason == Refusal::OwnAddress, rules);
    case Refusal::FakeAddress:
        return forFakeAddress(rules);
    case Refusal::None:
    case Refusal::ClientUnknown:
    case Refusal::GuesserBlocked: // the remedy is to lift the client's block
    case Refusal::CredentialsMissing:
    case Refusal::CredentialsWrong:
    case Refusal::Loop:
    case Refusal::TlsRequired:
    case Refusal::UserDisabled:
    case Refusal::UserExpired:
    case Refusal::UserHostNotListed:
        break;
    }
    return {};
}

} // namespace

QList<Remedy> Remedy::of(const account::RefusalRow &refusal, const config::Settings &settings,
                         const QList<account::BlockRow> &blocks,
                         const policy::PrivateClients &privateClients)
{
    // While the client is blocked, no other remedy lets it in.
    return forReason(refusal, settings.access, privateClients) + forGuesser(refusal.client, blocks);
}

QString Remedy::hint(const account::RefusalRow &refusal, const config::Settings &settings,
                     const policy::PrivateClients &privateClients)
{
    switch (refusal.reason) {
    case Refusal::CredentialsWrong:
    case Refusal::CredentialsMissing:
        return settings.users.file.isEmpty()
            ? tr("Enter the user name and password of this proxy in the client. They are under "
                 "Settings.")
            : tr("Enter a user name and password of this proxy in the client. Under Settings, "
                 "Users, a new password can be made.");
    case Refusal::Loop:
        return tr("The client asks this proxy for the proxy itself. No setting allows that.");
    case Refusal::TlsRequired:
        return tr("Give the client an https:// address of this proxy.");
    case Refusal::UserDisabled:
    case Refusal::UserExpired:
    case Refusal::UserHostNotListed:
        return tr("The list of users says so: see Settings, Users.");
    case Refusal::GuesserBlocked:
        return tr("The block is over.");
    case Refusal::None:
    case Refusal::ClientNotListed:
    case Refusal::ClientUnknown:
    case Refusal::HostNotListed:
    case Refusal::PortNotListed:
    case Refusal::PrivateTarget:
    case Refusal::FakeAddress:
    case Refusal::OwnAddress:
        break;
    }
    return isAllowed(refusal, settings.access, privateClients) ? tr("The settings allow this now.")
                                                               : verdict(refusal);
}

QString Remedy::verdict(const account::RefusalRow &refusal)
{
    const QString reason = Wording::reason(account::Reason(refusal.reason));
    return refusal.isReported
        ? tr("Let through, because the list is only reported: %1.").arg(reason)
        : tr("Refused: %1.").arg(reason);
}

QString Remedy::label() const
{
    switch (kind) {
    case Kind::AllowClients:
        return range.prefixLength() == Cidr::host(range.network()).prefixLength()
            ? tr("Allow the client %1").arg(text(range.toByteArray()))
            : tr("Allow the network %1").arg(text(range.toByteArray()));
    case Kind::AllowHost:
        return tr("Allow the destination %1").arg(text(host.toByteArray()));
    case Kind::AllowPort:
        return tr("Allow port %1").arg(port);
    case Kind::AllowPrivateTargets:
        return isGuess ? tr("Allow private destinations in %1…").arg(text(range.toByteArray()))
                       : tr("Allow the destination %1").arg(text(range.toByteArray()));
    case Kind::AllowFakeAddresses:
        return tr("Allow the fake-IP addresses %1…").arg(text(range.toByteArray()));
    case Kind::LiftBlock:
        return tr("Lift the block of %1").arg(client.toString());
    }
    return {};
}

QString Remedy::verb() const
{
    QString words = label();
    if (words.endsWith(QStringLiteral("…")))
        words.chop(1);
    return words;
}

config::Settings Remedy::appliedTo(config::Settings settings) const
{
    policy::AccessRules &rules = settings.access;
    switch (kind) {
    case Kind::AllowClients:
        rules.allowedClients.append(range);
        break;
    case Kind::AllowHost:
        rules.allowedHosts.append(host);
        break;
    case Kind::AllowPort:
        rules.allowedPorts.append({ port, port });
        break;
    case Kind::AllowPrivateTargets:
    case Kind::AllowFakeAddresses:
        rules.privateTargets.allowed.append(range);
        break;
    case Kind::LiftBlock:
        break;
    }
    return settings;
}

QString Remedy::question(const config::Settings &settings,
                         const QList<account::ConnectionSnapshot> &live) const
{
    QString question;
    QStringList others;
    if (kind == Kind::AllowClients && settings.access.allowedClients.isEmpty()) {
        question = tr("The list of allowed IPs is empty: every client is let in. With %1 as its "
                      "only entry, every other client is shut out.")
                       .arg(text(range.toByteArray()));
        for (const auto &connection : live) {
            if (!range.contains(connection.client.address))
                others.append(connection.client.address.toString());
        }
    } else if (kind == Kind::AllowHost && settings.access.allowedHosts.isEmpty()
               && settings.access.hostsMode == policy::HostsMode::Enforce) {
        question = tr("The list of destinations is empty: every host can be reached. With %1 as "
                      "its only entry, no other host can be reached.")
                       .arg(text(host.toByteArray()));
        for (const auto &connection : live) {
            const Endpoint &endpoint = connection.endpoint;
            if (!endpoint.host.isEmpty() && !host.matches(endpoint.host, endpoint.port))
                others.append(text(endpoint.host));
        }
    } else if (kind == Kind::AllowFakeAddresses) {
        return tr("Clash, sing-box and similar programs on this computer answer names with "
                  "addresses in %1 and route connections to them by their own rules. Allow "
                  "every destination in it, for every client?")
            .arg(text(range.toByteArray()));
    } else if (kind == Kind::AllowPrivateTargets) {
        QStringList sentences;
        if (isGuess)
            sentences.append(tr("The destination is a name, and its address is not known here: "
                                "every destination in %1 would be allowed.")
                                 .arg(text(range.toByteArray())));
        if (const QString gain = privateGain(range, settings); !gain.isEmpty())
            sentences.append(gain);
        return sentences.join(QLatin1Char('\n'));
    }
    if (!others.isEmpty()) {
        question += QLatin1Char('\n') + tr("These would lose access: %1.").arg(listed(others));
    }
    return question;
}

} // namespace sami::gui
