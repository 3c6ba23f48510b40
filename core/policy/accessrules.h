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

/// The rules of access as plain data: what configuration fills and the deciders read.
namespace sami::policy {

/// A user name and password, octets of UTF-8 (RFC 7617).
struct Credentials
{
    QByteArray username;
    QByteArray password;
    friend bool operator==(const Credentials &, const Credentials &) = default;
};

/// One ALLOWED_IPS entry: a range, or the word "private" (privateclients.h), which stays a word
/// wherever settings are kept and shown.
class ClientEntry
{
public:
    ClientEntry() = default;
    /// Not explicit: wherever an entry is wanted a range is one.
    ClientEntry(const Cidr &range) : m_range(range) {}
    [[nodiscard]] static ClientEntry privateClients();

    /// As Cidr::parse(), and the word in any case.
    [[nodiscard]] static Result<ClientEntry, QString> parse(QByteArrayView text);
    [[nodiscard]] bool isPrivate() const { return m_isPrivate; }
    /// Of an entry that is not the word.
    [[nodiscard]] const Cidr &range() const { return m_range; }
    [[nodiscard]] bool holds(const QHostAddress &client,
                             const PrivateClients &privateClients = {}) const;
    [[nodiscard]] QByteArray toByteArray() const;
    friend bool operator==(const ClientEntry &, const ClientEntry &) = default;

private:
    bool m_isPrivate = false;
    Cidr m_range;
};

/// Which hosts one entry of a list means: a name, a "*.suffix" (any depth below the suffix, not the
/// suffix itself), an address literal, each with an optional port.
struct HostPattern
{
    QByteArray host; ///< lower case, without "*." and a trailing dot; IPv6 without brackets
    bool matchesSubdomains = false;
    std::optional<quint16> port;

    /// A bare "*", a name in Unicode and an IPv4 address in another spelling than four decimal
    /// numbers are errors; the sentence does not repeat the text.
    [[nodiscard]] static Result<HostPattern, QString> parse(QByteArrayView text);
    /// Ignores case and a trailing dot; an address matches in every spelling.
    [[nodiscard]] bool matches(QByteArrayView host, quint16 port) const;
    /// The same for a host that canonical() made, when it is asked of many patterns.
    [[nodiscard]] bool matchesCanonical(const QByteArray &host, quint16 port) const;
    /// One spelling for every way to write a host: lower case, no trailing dot, an address as
    /// QHostAddress prints it.
    [[nodiscard]] static QByteArray canonical(QByteArrayView host);
    [[nodiscard]] QByteArray toByteArray() const;
    friend bool operator==(const HostPattern &, const HostPattern &) = default;
};

/// One ALLOWED_HOSTS entry: a pattern, or the word of a preset (hostpresets.h). The word stays a
/// word in settings, file and tray, so that a newer program knows the newer hosts behind it.
struct HostEntry
{
    QByteArray preset;   ///< "@openai"; empty for a pattern
    HostPattern pattern; ///< when there is no preset

    HostEntry() = default;
    /// Implicit: every pattern is an entry.
    HostEntry(const HostPattern &host) : pattern(host) {}

    /// The case of a word does not count. A word that is not known is an error whose sentence
    /// names those that are.
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

    /// "443" or "1024-65535"; 0, reversed and over 65535 are errors.
    [[nodiscard]] static Result<PortRange, QString> parse(QByteArrayView text);
    [[nodiscard]] bool contains(quint16 port) const { return port >= first && port <= last; }
    [[nodiscard]] QByteArray toByteArray() const;
    friend bool operator==(const PortRange &, const PortRange &) = default;
};

/// Which private, local and special addresses may be reached.
struct PrivateTargets
{
    bool all = false;
    QList<Cidr> allowed; ///< when not all
    friend bool operator==(const PrivateTargets &, const PrivateTargets &) = default;
};

/// When an address that guesses passwords is blocked.
struct GuardLimits
{
    int maxAttempts = 10; ///< different wrong credentials within the window
    std::chrono::milliseconds window { 300'000 };
    friend bool operator==(const GuardLimits &, const GuardLimits &) = default;
};

/// What happens to a host that ALLOWED_HOSTS does not have.
enum class HostsMode {
    Enforce, ///< it is refused
    Report,  ///< it passes, and the log and the tray app say that it was not listed
};

[[nodiscard]] constexpr const char *toString(HostsMode mode)
{
    return mode == HostsMode::Enforce ? "enforce" : "report";
}

struct AccessRules
{
    QList<ClientEntry> allowedClients;      ///< empty: everyone
    QList<BalancerEntry> balancers;         ///< who must begin with a PROXY protocol header
    std::optional<Credentials> credentials; ///< none: nobody is asked
    GuardLimits guard;
    QList<HostEntry> allowedHosts; ///< empty: every host
    HostsMode hostsMode = HostsMode::Enforce;
    QList<PortRange> allowedPorts { { 80, 80 }, { 443, 443 }, { 1024, 65535 } };
    PrivateTargets privateTargets;
    friend bool operator==(const AccessRules &, const AccessRules &) = default;
};

} // namespace sami::policy
