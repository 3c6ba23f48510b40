// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/exposuretext.h"

#include "base/endpoint.h"
#include "config/exposure.h"
#include "config/hosttext.h"
#include "config/optionparsers.h"

#include <algorithm>
#include <array>

namespace sami::gui {

namespace {

using policy::AddressBits;
using policy::AddressBlock;
using policy::ClientEntry;
using Entries = QList<ClientEntry>;

constexpr AddressBlock ipv4Loopback { AddressBits::ofIpv4(0x7f000000), 104 };
constexpr AddressBlock ipv6Loopback { { 0, 1 }, 128 };
/// Addresses that no connection comes from: "this network", multicast, reserved ones (RFC 6890),
/// and the unspecified address.
constexpr std::array unroutable { AddressBlock { AddressBits::ofIpv4(0), 104 },
                                  AddressBlock { AddressBits::ofIpv4(0xe0000000), 99 },
                                  AddressBlock { { 0, 0 }, 128 },
                                  AddressBlock { { 0xff00'0000'0000'0000, 0 }, 8 } };

AddressBlock blockOf(const ClientEntry &entry)
{
    const AddressBits first = AddressBits::of(entry.range().network());
    return { first, entry.range().prefixLength() + (first.isIpv4() ? 96 : 0) };
}

bool touches(const AddressBlock &one, const AddressBlock &other)
{
    return one.contains(other) || other.contains(one);
}

/// Which clients can reach the listener at all.
struct Reach
{
    explicit Reach(const config::Settings &settings)
    {
        const QHostAddress address = unmapped(settings.listen.address);
        isAny = address == QHostAddress(QHostAddress::Any);
        isIpv4 = isAny || address.protocol() == QAbstractSocket::IPv4Protocol;
        isIpv6 = isAny || !isIpv4;
        isLoopback = config::listensOnLoopbackOnly(settings);
        isWildcard = isAny || address == QHostAddress(QHostAddress::AnyIPv4)
            || address == QHostAddress(QHostAddress::AnyIPv6);
    }

    /// Whether the entry contains a client that can reach the listener.
    [[nodiscard]] bool has(const ClientEntry &entry) const
    {
        return hasLoopback(entry) || hasOthers(entry);
    }
    [[nodiscard]] bool hasLoopback(const ClientEntry &entry) const
    {
        if (!isLoopback && !isWildcard)
            return false;
        if (entry.isPrivate())
            return true;
        const AddressBlock block = blockOf(entry);
        return (isIpv4 && isOf(block, true) && touches(block, ipv4Loopback))
            || (isIpv6 && isOf(block, false) && touches(block, ipv6Loopback));
    }
    [[nodiscard]] bool hasOthers(const ClientEntry &entry) const
    {
        if (isLoopback)
            return false;
        if (entry.isPrivate())
            return true;
        const AddressBlock block = blockOf(entry);
        const auto isWithin = [&block](const AddressBlock &all) { return all.contains(block); };
        return (block.first.isIpv4() ? isIpv4 : isIpv6) && !isWithin(ipv4Loopback)
            && !isWithin(ipv6Loopback)
            && std::none_of(unroutable.begin(), unroutable.end(), isWithin);
    }
    /// A range has only clients of its own family, although ::/0 contains every IPv4 address in its
    /// mapped form.
    [[nodiscard]] static bool isOf(const AddressBlock &block, bool ipv4)
    {
        return block.first.isIpv4() == ipv4;
    }

    bool isAny = false;
    bool isIpv4 = false;
    bool isIpv6 = false;
    bool isLoopback = false;
    bool isWildcard = false;
};

/// The settings without the entries that let nobody in.
config::Settings effective(config::Settings settings)
{
    const Reach reach(settings);
    settings.access.allowedClients.removeIf(
        [&reach](const ClientEntry &entry) { return !reach.has(entry); });
    return settings;
}

/// Continues a sentence after "When it runs:" and the like: in lower case, unless the first word is
/// in capitals.
QString continued(QString sentence)
{
    if (sentence.size() > 1 && sentence.at(1).isLower())
        sentence[0] = sentence.at(0).toLower();
    return sentence;
}

IconState iconOf(ExposureLevel level, ProxyState state)
{
    switch (state) {
    case ProxyState::Stopped:
        return IconState::Stopped;
    case ProxyState::Running:
        return level == ExposureLevel::Everyone || level == ExposureLevel::Nobody
            ? IconState::Warning
            : IconState::Running;
    case ProxyState::Draining:
        return level == ExposureLevel::Everyone ? IconState::Warning : IconState::Draining;
    case ProxyState::Failed:
        return IconState::Failed;
    }
    return IconState::Stopped;
}

} // namespace

ExposureLevel ExposureText::level(const config::Settings &settings)
{
    const Entries &all = settings.access.allowedClients;
    config::Settings rules = effective(settings);
    const Entries &left = rules.access.allowedClients;
    if (left.isEmpty() && !all.isEmpty())
        return ExposureLevel::Nobody;
    const Reach reach(settings);
    const auto isFromOutside = [&reach](const ClientEntry &entry) {
        return reach.hasOthers(entry);
    };
    if (reach.isLoopback
        || (!left.isEmpty() && std::none_of(left.cbegin(), left.cend(), isFromOutside)))
        return ExposureLevel::ThisComputer;
    rules.access.credentials.reset();
    rules.users.file.clear();
    if (config::isOpenToEveryone(rules))
        return config::asksForPassword(settings) ? ExposureLevel::WhoKnowsPassword
                                                 : ExposureLevel::Everyone;
    return ExposureLevel::ListedClients;
}

Exposure ExposureText::of(const config::Settings &settings, ProxyState state, quint16 port)
{
    Exposure exposure;
    exposure.level = level(settings);
    exposure.icon = iconOf(exposure.level, state);
    QString sentence = who(settings, exposure.level, port);
    // If the proxy cannot start, the room is needed for the failure.
    if (state != ProxyState::Failed) {
        for (const QString &way : ways(settings, exposure.level))
            sentence += QLatin1Char(' ') + way;
    }
    if (exposure.level != ExposureLevel::Nobody && config::isHostListOnlyReported(settings.access))
        sentence +=
            QLatin1Char(' ') + tr("The list of hosts is only reported: every host can be reached.");
    switch (state) {
    case ProxyState::Running:
        exposure.sentence = sentence;
        break;
    case ProxyState::Draining:
        exposure.sentence = tr("It takes no new requests; those that run may finish.")
            + QLatin1Char(' ') + tr("When it runs again: %1").arg(continued(sentence));
        break;
    case ProxyState::Stopped:
    case ProxyState::Failed:
        exposure.sentence = tr("Nobody can use it now.") + QLatin1Char(' ')
            + tr("When it runs: %1").arg(continued(sentence));
        break;
    }
    if (state == ProxyState::Running && exposure.icon == IconState::Warning)
        exposure.warning = exposure.level == ExposureLevel::Everyone
            ? tr("Open to ANYONE, without a password")
            : tr("Nobody can use it: see the list of allowed IPs");
    return exposure;
}

QStringList ExposureText::ways(const config::Settings &settings, ExposureLevel level)
{
    if (level == ExposureLevel::Nobody)
        return {};
    if (settings.tls.mode == config::TlsMode::Require)
        return { tr("Nothing but TLS is accepted.") };
    QStringList sentences;
    const bool isFromElsewhere = level != ExposureLevel::ThisComputer;
    if (isFromElsewhere && config::asksForPassword(settings))
        sentences.append(config::speaksTls(settings)
                             ? tr("Without TLS the password and host names travel in clear text.")
                             : tr("The password and host names travel in clear text."));
    if (level == ExposureLevel::Everyone && config::speaksSocks5(settings))
        sentences.append(tr("It is open as a SOCKS5 proxy too."));
    return sentences;
}

QList<ExposureFix> ExposureText::fixes(ExposureLevel level)
{
    if (level != ExposureLevel::Everyone)
        return {};
    return { ExposureFix::SetPassword, ExposureFix::OnlyPrivateNetworks,
             ExposureFix::OnlyThisComputer };
}

QString ExposureText::action(ExposureFix fix)
{
    switch (fix) {
    case ExposureFix::SetPassword:
        return tr("Set a password");
    case ExposureFix::OnlyPrivateNetworks:
        return tr("Only private networks");
    case ExposureFix::OnlyThisComputer:
        return tr("Only this computer");
    }
    return {};
}

QString ExposureText::thisComputer(const config::Settings &settings)
{
    const bool asks = config::asksForPassword(settings);
    const Entries &all = settings.access.allowedClients;
    const Reach reach(settings);
    // The addresses that a program on this computer comes from by default.
    QList<QHostAddress> usual;
    if (reach.isIpv4)
        usual.append(QHostAddress(QHostAddress::LocalHost));
    if (reach.isIpv6)
        usual.append(QHostAddress(QHostAddress::LocalHostIPv6));
    const bool isForAll =
        all.isEmpty() || std::any_of(usual.cbegin(), usual.cend(), [&all](const auto &client) {
            // Loopback is private on every machine.
            return policy::anyHolds(all, client, policy::PrivateClients());
        });
    if (isForAll)
        return asks ? tr("Only programs on this computer can use it, with the password.")
                    : tr("Only programs on this computer can use it.");
    return asks ? tr("Only programs on this computer that connect from an address in the list of "
                     "allowed IPs can use it, with the password.")
                : tr("Only programs on this computer that connect from an address in the list of "
                     "allowed IPs can use it.");
}

QString ExposureText::listed(const config::Settings &settings)
{
    const bool asks = config::asksForPassword(settings);
    const Entries left = effective(settings).access.allowedClients;
    if (std::all_of(left.cbegin(), left.cend(),
                    [](const ClientEntry &entry) { return entry.isPrivate(); }))
        return asks ? tr("Devices in private networks, such as a home network, can use it, with "
                         "the password.")
                    : tr("Devices in private networks, such as a home network, can use it, "
                         "without a password.");
    return asks ? tr("The clients in the list of allowed IPs can use it, with the password.")
                : tr("The clients in the list of allowed IPs can use it, without a password.");
}

QString ExposureText::who(const config::Settings &settings, ExposureLevel level, quint16 port)
{
    const QString firewall = QLatin1Char(' ') + tr("A firewall may still block them.");
    switch (level) {
    case ExposureLevel::Nobody:
        return tr("Nobody can use it: no program that can reach %1 is in the list of allowed IPs.")
            .arg(config::formatListenAddress(settings.listen.address));
    case ExposureLevel::ThisComputer:
        return thisComputer(settings);
    case ExposureLevel::ListedClients:
        return listed(settings) + firewall;
    case ExposureLevel::WhoKnowsPassword:
        return tr("Anyone who can reach port %1 and knows the password can use it.").arg(port)
            + firewall;
    case ExposureLevel::Everyone:
        return tr("ANYONE who can reach port %1 can use it, without a password.").arg(port)
            + firewall;
    }
    return {};
}

} // namespace sami::gui
