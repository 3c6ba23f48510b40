// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "policy/balancers.h"
#include "policy/cidr.h"
#include "policy/privateclients.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

#include <chrono>
#include <optional>

/// The access rules as plain data: the configuration fills it, and the deciders read it.
namespace sami::policy {

/// A user name and password, octets of UTF-8 (RFC 7617).
struct Credentials
{
    QByteArray username;
    QByteArray password;
    friend bool operator==(const Credentials &, const Credentials &) = default;
};

/// One ALLOWED_IPS entry: a range, or the word "private" (privateclients.h), which settings keep
/// and show as the word.
class ClientEntry
{
public:
    ClientEntry() = default;
    /// Implicit: a range is an entry.
    ClientEntry(const Cidr &range) : m_range(range) {}
    [[nodiscard]] static ClientEntry privateClients();

    /// Like Cidr::parse(), but also accepts the word, in any case.
    [[nodiscard]] static Result<ClientEntry, QString> parse(QByteArrayView text);
    [[nodiscard]] bool isPrivate() const { return m_isPrivate; }
    /// Only for an entry that is not the word.
    [[nodiscard]] const Cidr &range() const { return m_range; }
    /// `privateClients` is what the word means on the machine in question.
    [[nodiscard]] bool holds(const QHostAddress &client,
                             const PrivateClients &privateClients) const;
    [[nodiscard]] QByteArray toByteArray() const;
    friend bool operator==(const ClientEntry &, const ClientEntry &) = default;

private:
    bool m_isPrivate = false;
    Cidr m_range;
};

/// Whether any of the entries holds the client; false for an empty list, which ALLOWED_IPS reads as
/// everyone.
[[nodiscard]] bool anyHolds(const QList<ClientEntry> &entries, const QHostAddress &client,
                            const PrivateClients &privateClients);

/// The hosts that one list entry covers: a name, a "*.suffix" (any depth below the suffix, but not
/// the suffix itself) or an address literal, each with an optional port.
struct HostPattern
{
    QByteArray host; ///< lower case, no "*.", no trailing dot; IPv6 without brackets
    bool matchesSubdomains = false;
    std::optional<quint16> port;

    /// Errors: a bare "*", a name in Unicode, and an IPv4 address other than four decimal numbers.
    /// The error does not repeat the text.
    [[nodiscard]] static Result<HostPattern, QString> parse(QByteArrayView text);
    /// Ignores case and a trailing dot. An address matches in every spelling.
    [[nodiscard]] bool matches(QByteArrayView host, quint16 port) const;
    /// The same for a host from canonical(), to test many patterns against it.
    [[nodiscard]] bool matchesCanonical(const QByteArray &host, quint16 port) const;
    /// The canonical spelling of a host: lower case, no trailing dot, an address as QHostAddress
    /// prints it.
    [[nodiscard]] static QByteArray canonical(QByteArrayView host);
    [[nodiscard]] QByteArray toByteArray() const;
    friend bool operator==(const HostPattern &, const HostPattern &) = default;
};

/// One ALLOWED_HOSTS entry: a pattern, or the word for a preset (hostpresets.h). Settings, files
/// and the tray app keep the word, so that a newer program uses its newer list of hosts.
struct HostEntry
{
    QByteArray preset;   ///< "@openai"; empty for a pattern
    HostPattern pattern; ///< if there is no preset

    HostEntry() = default;
    /// Implicit: a pattern is an entry.
    HostEntry(const HostPattern &host) : pattern(host) {}

    /// Ignores the case of a word. The error for an unknown word lists the known ones.
    [[nodiscard]] static Result<HostEntry, QString> parse(QByteArrayView text);
    [[nodiscard]] QList<HostPattern> patterns() const;
    [[nodiscard]] bool matches(QByteArrayView host, quint16 port) const;
    [[nodiscard]] QByteArray toByteArray() const;
    friend bool operator==(const HostEntry &, const HostEntry &) = default;
};

/// A range of ports, both ends included.
struct PortRange
{
    quint16 first = 0;
    quint16 last = 0;

    /// "443" or "1024-65535". Errors: 0, a reversed range, a port over 65535.
    [[nodiscard]] static Result<PortRange, QString> parse(QByteArrayView text);
    [[nodiscard]] bool contains(quint16 port) const { return port >= first && port <= last; }
    [[nodiscard]] QByteArray toByteArray() const;
    friend bool operator==(const PortRange &, const PortRange &) = default;
};

/// Which private, local and special addresses are allowed as targets.
struct PrivateTargets
{
    bool all = false;
    QList<Cidr> allowed; ///< if not all
    friend bool operator==(const PrivateTargets &, const PrivateTargets &) = default;
};

/// When an address that guesses passwords gets blocked.
struct GuardLimits
{
    int maxAttempts = 10; ///< different wrong credentials within the window
    std::chrono::milliseconds window { 300'000 };
    friend bool operator==(const GuardLimits &, const GuardLimits &) = default;
};

/// What happens to a host that is not in ALLOWED_HOSTS.
enum class HostsMode {
    Enforce, ///< it is refused
    Report,  ///< it passes, but the log and the tray app say that it was not listed
};

[[nodiscard]] constexpr const char *toString(HostsMode mode)
{
    return mode == HostsMode::Enforce ? "enforce" : "report";
}

struct AccessRules
{
    QList<ClientEntry> allowedClients;      ///< empty: everyone
    QList<BalancerEntry> balancers;         ///< peers that must send a PROXY protocol header
    std::optional<Credentials> credentials; ///< none: no authentication
    GuardLimits guard;
    QList<HostEntry> allowedHosts; ///< empty: every host
    HostsMode hostsMode = HostsMode::Enforce;
    QList<PortRange> allowedPorts { { 80, 80 }, { 443, 443 }, { 1024, 65535 } };
    PrivateTargets privateTargets;
    friend bool operator==(const AccessRules &, const AccessRules &) = default;
};

} // namespace sami::policy
