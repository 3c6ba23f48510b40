// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>

#include <optional>

namespace sami {

/// Which of the two Internet protocols leads out.
enum class ExitFamily { Any, IPv4, IPv6 };

/// "any", "ipv4", "ipv6".
[[nodiscard]] const char *toString(ExitFamily family);

/// The addresses of this machine that connections are made from. For a family without one the
/// system chooses.
struct SourceAddresses
{
    std::optional<QHostAddress> ipv4;
    std::optional<QHostAddress> ipv6;
    friend bool operator==(const SourceAddresses &, const SourceAddresses &) = default;
};

/// The way out: what destinations see of this machine. A value.
struct ExitRoute
{
    ExitFamily family = ExitFamily::Any;
    SourceAddresses sources;

    /// Whether that destination may be dialled this way. A mapped address counts as IPv6: call
    /// unmapped() first.
    [[nodiscard]] bool leadsTo(const QHostAddress &destination) const;
    /// The address to bind before connecting there; nothing where the system chooses.
    [[nodiscard]] const std::optional<QHostAddress> &
    sourceFor(const QHostAddress &destination) const;

    friend bool operator==(const ExitRoute &, const ExitRoute &) = default;
};

} // namespace sami
