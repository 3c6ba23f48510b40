// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "policy/caller.h"
#include "server/context.h"
#include "server/intake.h"
#include "server/reply.h"

#include <memory>
#include <optional>

namespace sami::server {

/// An answer that the proxy gives itself instead of dialling.
struct OwnAnswer
{
    Reply reply;
    account::EndedHow how = account::EndedHow::Refused;
    bool mustClose = false; ///< otherwise the connection stays open if the request allows it
};

struct Admission
{
    QByteArray user;                                     ///< verified; empty if not required
    std::optional<OwnAnswer> answer;                     ///< none: go on and dial
    policy::Refusal wouldRefuse = policy::Refusal::None; ///< see policy::Decision
    /// Set if a slow hash has to judge the password: nothing above is known yet. Call admitted()
    /// once the verdict is there.
    std::unique_ptr<Gatekeeper::Question> question {};
    UserPlaces::PlacePtr place {}; ///< set for a user of the users file whose request goes ahead
};

/// Judges a request before anything is dialled, in this order: loop → own pages (where the client
/// may see them; for others they do not exist) → connection limits → clear text where TLS is
/// required → client address → brute-force block → credentials → a disabled or expired user →
/// draining → a page that does not exist → Max-Forwards → destination by name and port, the user's
/// own hosts → the user's connections. May decrement Max-Forwards in the intake.
[[nodiscard]] Admission admit(Intake &intake, const ActiveSettings &active, SharedState &shared,
                              const policy::Caller &client, Crowding crowding,
                              const account::Entrance &entrance = {});
/// The checks that follow the credentials.
[[nodiscard]] Admission admitted(Intake &intake, const ActiveSettings &active, SharedState &shared,
                                 const Gatekeeper::GateResult &gate);

} // namespace sami::server
