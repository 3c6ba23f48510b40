// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QHostAddress>
#include <QString>

namespace sami::config {

/// A name or an address that clients reach this server by: an entry of PROXY_TLS_NAMES or of a
/// certificate. A value, in lower case and without a trailing dot.
class ServerName
{
public:
    /// A host name of letters, digits, hyphens and dots (RFC 1123 §2.1), or an address literal
    /// without a zone (IPv6 with or without brackets). The error is worded for people.
    [[nodiscard]] static Result<ServerName, QString> parse(const QByteArray &text);
    /// From an address of this machine. IPv4-mapped addresses become IPv4.
    [[nodiscard]] static ServerName of(const QHostAddress &address);

    [[nodiscard]] bool isAddress() const { return !m_address.isNull(); }
    [[nodiscard]] const QHostAddress &address() const { return m_address; } ///< null for a name
    [[nodiscard]] const QByteArray &toByteArray() const { return m_text; }
    friend bool operator==(const ServerName &left, const ServerName &right)
    {
        return left.m_text == right.m_text;
    }

private:
    ServerName(QByteArray text, const QHostAddress &address)
        : m_text(std::move(text)), m_address(address)
    {}

    QByteArray m_text; ///< as printed
    QHostAddress m_address;
};

} // namespace sami::config
