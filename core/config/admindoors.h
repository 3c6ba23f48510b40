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

/// Where the proxy is monitored and controlled, as plain values. Any thread.
namespace sami::config {

/// One entry of PROXY_ADMIN, or PROXY_METRICS. A value.
///
///     written              means
///     unix:/run/a.sock     a Unix socket, mode 0600; its peer is known by user (Linux)
///     127.0.0.1:8081       TCP in clear text, on loopback only
///     tls:192.0.2.7:8443   TCP with TLS, at any address (Linux)
struct AdminDoor
{
    enum class Kind { Unix, Clear, Tls };

    Kind kind = Kind::Clear;
    QString path;         ///< of Unix; absolute
    QHostAddress address; ///< of Clear and Tls; "::" is QHostAddress::Any
    quint16 port = 0;     ///< of Clear and Tls; 0: any free port

    [[nodiscard]] bool isTcp() const { return kind != Kind::Unix; }
    [[nodiscard]] SocketAddress where() const { return { address, port }; } ///< only for TCP
    /// Whether one socket can be the one and then the other: at most TLS differs. With port 0 they
    /// are two sockets.
    [[nodiscard]] bool sharesSocketWith(const AdminDoor &other) const
    {
        return *this == other
            || (isTcp() && other.isTcp() && port != 0 && where() == other.where());
    }
    /// As written in the setting, with an IPv6 address in brackets. UTF-8.
    [[nodiscard]] QByteArray toByteArray() const;
    friend bool operator==(const AdminDoor &left, const AdminDoor &right)
    {
        return left.toByteArray() == right.toByteArray();
    }
};

/// Without doors the other members have no effect.
struct AdminSettings
{
    QList<AdminDoor> doors;           ///< PROXY_ADMIN; empty: no monitoring or control
    QString tokensFile;               ///< empty: `admin-tokens` in the state folder
    QList<ServerName> hosts;          ///< further names under which browsers may call the doors
    std::optional<AdminDoor> metrics; ///< PROXY_METRICS; its kind is always Clear

    [[nodiscard]] bool isOff() const { return doors.isEmpty() && !metrics; }
    /// All TCP addresses, doors first. No client may be forwarded to any of them.
    [[nodiscard]] QList<SocketAddress> addresses() const;
    friend bool operator==(const AdminSettings &, const AdminSettings &) = default;
};

} // namespace sami::config
