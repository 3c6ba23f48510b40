// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/denial.h"

#include "base/logging.h"
#include "server/context.h"
#include "server/userrules.h"

namespace sami::server {

using account::EndedHow;
using net::DialFault;
using policy::Refusal;

namespace {

constexpr char unit[] = "server.denial";

ReplyText textOf(OwnReply reply)
{
    return replyText(reply);
}

ReplyText textOf(const policy::Decision &decision)
{
    return replyText(decision.refusal);
}

ReplyText textOf(const net::DialError &error)
{
    return replyText(error.fault);
}

} // namespace

ReplyText replyText(const Denial &denial)
{
    return std::visit([](const auto &why) { return textOf(why); }, denial.why);
}

Denial denialOf(const policy::Decision &decision)
{
    return { decision, EndedHow::Refused };
}

std::optional<Denial> denialOfPlace(Crowding crowding)
{
    if (crowding == Crowding::None)
        return std::nullopt;
    return Denial { crowding == Crowding::ClientFull ? OwnReply::ClientFull : OwnReply::Full,
                    EndedHow::Limit, true };
}

std::optional<Denial> denialOfUser(const users::UserPtr &user)
{
    const Refusal refusal = user ? refusalOf(*user, todayInUtc()) : Refusal::None;
    return refusal == Refusal::None ? std::nullopt : std::optional(denialOf({ refusal }));
}

Denial denialOfFullUser()
{
    return { OwnReply::UserFull, EndedHow::Limit, true };
}

Denial denialOfFullSignIn()
{
    return { OwnReply::SignInFull, EndedHow::Limit, true };
}

std::optional<Denial> denialWhileDraining(const SharedState &shared)
{
    if (!shared.draining.load())
        return std::nullopt;
    return Denial { OwnReply::Draining, EndedHow::Drained, true };
}

Denial denialOf(const net::DialError &error, const policy::Decision &refusal, SharedState &shared)
{
    if (error.fault == DialFault::AddressRefused && !refusal.isAllowed()) {
        if (refusal.refusal == Refusal::FakeAddress && !shared.saidFakeAddress.exchange(true)) {
            logInfo(
                unit,
                "names get fake-IP addresses here, as from Clash, sing-box and the like: "
                "ALLOW_PRIVATE_TARGETS=198.18.0.0/15 (IPv6: fc00::/18) lets clients reach them");
        }
        return denialOf(refusal);
    }
    // The list of parents leads back to one of our own doors.
    if (error.fault == DialFault::NoParent && refusal.refusal == Refusal::Loop)
        return denialOf(refusal);
    const bool isTimeout =
        error.fault == DialFault::ConnectTimeout || error.fault == DialFault::DnsTimeout;
    return { error, isTimeout ? EndedHow::TimeoutDial : EndedHow::DialFailed };
}

} // namespace sami::server
