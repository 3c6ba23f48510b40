// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace sami::policy {

/// Why a client or destination is refused. The shells word it for people; logs show toString().
enum class Refusal {
    None,
    ClientNotListed, ///< ALLOWED_IPS
    ClientUnknown,   ///< a balancer's own connection, or its header names no client
    GuesserBlocked,  ///< brute-force guard
    CredentialsMissing,
    CredentialsWrong,
    HostNotListed, ///< ALLOWED_HOSTS
    PortNotListed, ///< ALLOWED_PORTS
    PrivateTarget, ///< ALLOW_PRIVATE_TARGETS: private, special, or a neighbour's address
    FakeAddress,   ///< the same, for an address that Clash or sing-box made up
    OwnAddress,    ///< an address of this machine's interfaces
    Loop,          ///< leads back to this very proxy
    TlsRequired,   ///< PROXY_TLS=require, but the client came in clear text
    // From the users file. Told only after a correct password.
    UserDisabled,
    UserExpired,       ///< after the user's last day
    UserHostNotListed, ///< the user's own list of hosts
};

/// Stable codes for logs and snapshots: "client_not_listed", …
[[nodiscard]] const char *toString(Refusal refusal);

/// The result of the access rules. A value.
struct Decision
{
    Refusal refusal = Refusal::None;
    std::chrono::seconds retryAfter { 0 }; ///< for GuesserBlocked
    /// A refusal by a rule that only reports; may accompany another refusal.
    Refusal wouldRefuse = Refusal::None;

    [[nodiscard]] bool isAllowed() const { return refusal == Refusal::None; }
    friend bool operator==(const Decision &, const Decision &) = default;
};

} // namespace sami::policy
