// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace sami::policy {

/// Why a client or a destination is refused. The shells word these; logs show toString().
enum class Refusal {
    None,
    ClientNotListed, ///< ALLOWED_IPS
    ClientNotNamed,  ///< a balancer's own connection, or one of whose client it knows nothing
    GuesserBlocked,  ///< brute-force guard
    CredentialsMissing,
    CredentialsWrong,
    HostNotListed, ///< ALLOWED_HOSTS
    PortNotListed, ///< ALLOWED_PORTS
    PrivateTarget, ///< ALLOW_PRIVATE_TARGETS: private, special, a neighbour's
    FakeAddress,   ///< the same for a name whose address is one that Clash or sing-box made up
    OwnAddress,    ///< an address of this machine's interfaces
    Loop,          ///< leads back to this very proxy
    TlsRequired,   ///< PROXY_TLS=require, and it came in clear text
    // Of the users file; told only after a right password.
    UserDisabled,
    UserExpired,       ///< the last day is over
    UserHostNotListed, ///< the user's own list of hosts
};

/// Stable codes for logs and snapshots: "client_not_listed", …
[[nodiscard]] const char *toString(Refusal refusal);

/// An answer of the access rules. A value.
struct Decision
{
    Refusal refusal = Refusal::None;
    std::chrono::seconds retryAfter { 0 }; ///< for GuesserBlocked
    /// A rule that is only reported and would have refused; beside any other refusal.
    Refusal wouldRefuse = Refusal::None;

    [[nodiscard]] bool isAllowed() const { return refusal == Refusal::None; }
    friend bool operator==(const Decision &, const Decision &) = default;
};

} // namespace sami::policy
