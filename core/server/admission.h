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
    bool mustClose = false; ///< else the connection stays open where the request allows it
};

struct Admission
{
    QByteArray user;                                     ///< verified; empty when nobody is asked
    std::optional<OwnAnswer> answer;                     ///< none: go on and dial
    policy::Refusal wouldRefuse = policy::Refusal::None; ///< see policy::Decision
    /// Nothing of the above is known before this is answered: admitted() goes on then.
    std::unique_ptr<Gatekeeper::Question> question {};
    UserPlaces::PlacePtr place {}; ///< of a user of the users file, when it goes on
};

/// Judges a request before anything is dialled, the cheapest refusal first: loop → own pages (for
/// those who may see them; for others they are pages that are not there) →
/// connection limits → clear text where TLS is required, whatever else is wrong or right → client
/// address → brute-force block → credentials → a user who is disabled or has expired → draining →
/// Max-Forwards → destination by name and port, the user's own hosts → the user's connections. May
/// decrement Max-Forwards in the intake.
[[nodiscard]] Admission admit(Intake &intake, const ActiveSettings &active, SharedState &shared,
                              const policy::Caller &client, Crowding crowding,
                              const account::Entrance &entrance = {});
/// The part of it that comes after the credentials.
[[nodiscard]] Admission admitted(Intake &intake, const ActiveSettings &active, SharedState &shared,
                                 const Gatekeeper::Admission &gate);

} // namespace sami::server
