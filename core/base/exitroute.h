// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>

#include <optional>

namespace sami {

/// The IP version of outgoing connections.
enum class ExitFamily { Any, IPv4, IPv6 };

/// "any", "ipv4", "ipv6".
[[nodiscard]] const char *toString(ExitFamily family);

/// Source addresses for outgoing connections. Without one for a family the system chooses.
struct SourceAddresses
{
    std::optional<QHostAddress> ipv4;
    std::optional<QHostAddress> ipv6;
    friend bool operator==(const SourceAddresses &, const SourceAddresses &) = default;
};

/// How connections leave this machine, as destinations see it. A value.
struct ExitRoute
{
    ExitFamily family = ExitFamily::Any;
    SourceAddresses sources;

    /// Whether this destination may be dialled. A mapped address counts as IPv6: call unmapped()
    /// first.
    [[nodiscard]] bool leadsTo(const QHostAddress &destination) const;
    /// The address to bind before connecting; nothing if the system chooses.
    [[nodiscard]] const std::optional<QHostAddress> &
    sourceFor(const QHostAddress &destination) const;

    friend bool operator==(const ExitRoute &, const ExitRoute &) = default;
};

} // namespace sami
