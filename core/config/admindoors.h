// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "base/result.h"
#include "config/servername.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QString>

#include <optional>

/// Where the proxy is watched and steered from, as plain values. Every thread.
namespace sami::config {

/// One entry of PROXY_ADMIN, or PROXY_METRICS. A value.
///
///     written              means
///     unix:/run/a.sock     a Unix socket, 0600; its peer is known by its user (Linux)
///     127.0.0.1:8081       TCP in clear text, of loopback alone
///     tls:192.0.2.7:8443   TCP with TLS, at any address (Linux)
struct AdminDoor
{
    enum class Kind { Unix, Clear, Tls };

    Kind kind = Kind::Clear;
    QString path;         ///< of Unix, absolute
    QHostAddress address; ///< of the others; "::" is QHostAddress::Any
    quint16 port = 0;     ///< of the others; 0: any free port

    [[nodiscard]] bool isTcp() const { return kind != Kind::Unix; }
    [[nodiscard]] SocketAddress where() const { return { address, port }; } ///< of TCP
    /// As it is written; an IPv6 address in brackets. UTF-8.
    [[nodiscard]] QByteArray toByteArray() const;
    friend bool operator==(const AdminDoor &left, const AdminDoor &right)
    {
        return left.toByteArray() == right.toByteArray();
    }
};

/// Where there are no doors, none of the rest counts.
struct AdminSettings
{
    QList<AdminDoor> doors;           ///< PROXY_ADMIN; empty: nobody watches or steers
    QString tokensFile;               ///< empty: `admin-tokens` in the state folder
    QList<ServerName> hosts;          ///< by which browsers may call the doors beside the known
    std::optional<AdminDoor> metrics; ///< PROXY_METRICS: always Clear

    [[nodiscard]] bool isOff() const { return doors.isEmpty() && !metrics; }
    /// The TCP addresses of all of them, doors first: no journey of a client may lead there.
    [[nodiscard]] QList<SocketAddress> addresses() const;
    friend bool operator==(const AdminSettings &, const AdminSettings &) = default;
};

} // namespace sami::config
