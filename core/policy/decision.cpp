// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/decision.h"

namespace sami::policy {

const char *toString(Refusal refusal)
{
    switch (refusal) {
    case Refusal::None:
        return "none";
    case Refusal::ClientNotListed:
        return "client_not_listed";
    case Refusal::ClientUnknown:
        return "client_not_named";
    case Refusal::GuesserBlocked:
        return "guesser_blocked";
    case Refusal::CredentialsMissing:
        return "credentials_missing";
    case Refusal::CredentialsWrong:
        return "credentials_wrong";
    case Refusal::HostNotListed:
        return "host_not_listed";
    case Refusal::PortNotListed:
        return "port_not_listed";
    case Refusal::PrivateTarget:
        return "private_target";
    case Refusal::FakeAddress:
        return "fake_ip";
    case Refusal::OwnAddress:
        return "own_address";
    case Refusal::Loop:
        return "loop";
    case Refusal::TlsRequired:
        return "tls_required";
    case Refusal::UserDisabled:
        return "user_disabled";
    case Refusal::UserExpired:
        return "user_expired";
    case Refusal::UserHostNotListed:
        return "user_host_not_listed";
    }
    return "unknown";
}

} // namespace sami::policy
