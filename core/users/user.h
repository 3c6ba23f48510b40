// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "policy/accessrules.h"
#include "users/passwordhash.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QDate>
#include <QList>
#include <QString>

#include <memory>
#include <optional>

namespace sami::users {

/// The hosts that a user may reach: entries as in ALLOWED_HOSTS, and what their presets stand for,
/// which is looked up here once and not for each request. Empty: every host.
class UserHosts
{
public:
    UserHosts() = default;
    explicit UserHosts(QList<policy::HostEntry> entries);

    [[nodiscard]] bool isEmpty() const { return m_entries.isEmpty(); }
    [[nodiscard]] const QList<policy::HostEntry> &entries() const { return m_entries; }
    [[nodiscard]] bool contains(const Endpoint &destination) const;
    friend bool operator==(const UserHosts &left, const UserHosts &right)
    {
        return left.m_entries == right.m_entries;
    }

private:
    QList<policy::HostEntry> m_entries;
    QList<policy::HostPattern> m_patterns;
};

/// One line of the users' file as a plain value. Immutable once it is in a UsersList; any thread.
struct User
{
    QByteArray name; ///< UTF-8, 1 to 255 octets, compared octet for octet
    PasswordHash hash;
    int connections = 0;        ///< at once; 0: no limit of the user's own
    UserHosts hosts;            ///< empty: whatever ALLOWED_HOSTS allows
    std::optional<QDate> until; ///< the last day (UTC) on which the user is let in
    bool isDisabled = false;
    QByteArray note; ///< UTF-8, for the file's maintainer; clients never see it

    /// `hosts=` only narrows: ALLOWED_HOSTS is checked elsewhere and still applies.
    [[nodiscard]] bool mayReach(const Endpoint &destination) const;
    /// `today` in UTC.
    [[nodiscard]] bool isExpired(const QDate &today) const { return until && today > *until; }
    friend bool operator==(const User &, const User &) = default;
};

/// Shared, because sessions outlive the list that they found their user in.
using UserPtr = std::shared_ptr<const User>;

/// Why a text cannot be a user's name; empty if it can. A name must not be empty, contain what the
/// file's syntax uses (a colon, control characters, "#" in front) or an invisible character, begin
/// or end with a blank, exceed 255 octets (SOCKS5's limit, RFC 1929), or be anything but UTF-8.
[[nodiscard]] QString nameProblem(QByteArrayView name);
/// The same for a note. It must not contain control characters, begin or end with a blank, exceed
/// 1,000 octets, or be anything but UTF-8.
[[nodiscard]] QString noteProblem(QByteArrayView note);

/// Parsers for the file's keys and the flags of `user add`. Each error completes a sentence that
/// names the value, and does not repeat it.
[[nodiscard]] Result<int, QString> parseConnections(QByteArrayView text); ///< 0 to 1,000,000
[[nodiscard]] Result<QDate, QString> parseUntil(QByteArrayView text);     ///< 2027-01-31
/// Entries as in ALLOWED_HOSTS, comma-separated; one at least.
[[nodiscard]] Result<UserHosts, QString> parseHosts(QByteArrayView text);

} // namespace sami::users
