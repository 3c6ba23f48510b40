// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "policy/caller.h"
#include "server/context.h"
#include "server/intake.h"
#include "server/reply.h"

#include <optional>

namespace sami::server {

/// An answer that the proxy gives itself instead of dialling.
struct OwnAnswer
{
    Reply reply;
    account::EndedHow how = account::EndedHow::Refused;
    bool mustClose = false; ///< else the connection stays open where the request allows it
};

struct Admission
{
    QByteArray user;                                     ///< verified; empty when nobody is asked
    std::optional<OwnAnswer> answer;                     ///< none: go on and dial
    policy::Refusal wouldRefuse = policy::Refusal::None; ///< see policy::Decision
};

/// Judges a request before anything is dialled, the cheapest refusal first: loop → own pages (for
/// those who may see them; for others they are pages that are not there) →
/// connection limits → clear text where TLS is required, whatever else is wrong or right → client
/// address → brute-force block → credentials → draining →
/// Max-Forwards → destination by name and port. May decrement Max-Forwards in the intake.
[[nodiscard]] Admission admit(Intake &intake, const ActiveSettings &active, SharedState &shared,
                              const policy::Caller &client, Crowding crowding,
                              const account::Entrance &entrance = {});

} // namespace sami::server
