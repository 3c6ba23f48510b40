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

/// One line of the users' file as a plain value. Immutable once it is in a UsersList; any thread.
struct User
{
    QByteArray name; ///< UTF-8, 1 to 255 octets, compared octet for octet
    PasswordHash hash;
    int connections = 0;            ///< at once; 0: no limit for this user
    QList<policy::HostEntry> hosts; ///< empty: all that ALLOWED_HOSTS allows
    std::optional<QDate> until;     ///< the last day (UTC) with access
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

/// Why a text cannot be a user's name; empty if it can. Invalid are the file's own syntax (colon,
/// control characters, "#" in front), blanks at the ends, over 255 octets (SOCKS5's limit,
/// RFC 1929), and anything but UTF-8.
[[nodiscard]] QString nameProblem(QByteArrayView name);
/// The same for a note: control characters, blanks at the ends, over 1,000 octets, not UTF-8.
[[nodiscard]] QString noteProblem(QByteArrayView note);

/// Parsers for the file's keys and the flags of `user add`. Each error completes a sentence that
/// names the value, and does not repeat it.
[[nodiscard]] Result<int, QString> parseConnections(QByteArrayView text); ///< 0 to 1,000,000
[[nodiscard]] Result<QDate, QString> parseUntil(QByteArrayView text);     ///< 2027-01-31
/// Entries as in ALLOWED_HOSTS, separated by commas; at least one.
[[nodiscard]] Result<QList<policy::HostEntry>, QString> parseHosts(QByteArrayView text);

} // namespace sami::users
