// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/admission.h"

#include "http/forwarding.h"
#include "http/hopbyhop.h"
#include "server/statuspages.h"
#include "server/travelrules.h"

#include <utility>

namespace sami::server {

using account::EndedHow;
using http::TargetForm;

namespace {

OwnAnswer ownPage(const Intake &intake, const SharedState &shared)
{
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    OwnAnswer answer;
    answer.reply =
        statusPage(intake.head.method, intake.target.path(),
                   duration_cast<seconds>(Clock::now() - shared.startedAt), shared.draining.load());
    answer.how = shared.draining.load() ? EndedHow::Drained : EndedHow::Complete;
    // A health probe must not hold up a proxy that is shutting down.
    answer.mustClose = shared.draining.load();
    return answer;
}

/// Whether the client may see the proxy's own pages. This machine always may: a container checks
/// its own health, over loopback or the one address that is listened on. So may a balancer that
/// asks for itself: it has to know whether to send clients here.
bool maySeePages(const ActiveSettings &active, const policy::Caller &client)
{
    using Known = policy::Caller::Known;
    switch (active.settings.pages) {
    case config::PagesFor::All:
        return true;
    case config::PagesFor::Listed:
        if (active.policy.clients().check(client).isAllowed())
            return true;
        break;
    case config::PagesFor::Local:
        break;
    }
    if (client.known != Known::ByConnection)
        return client.known == Known::NotAtAll;
    const QHostAddress plain = unmapped(client.address);
    return plain.isLoopback() || plain == unmapped(active.settings.listen.address);
}

/// RFC 9110 §7.6.2: TRACE and OPTIONS can ask a proxy on the way to answer.
std::optional<OwnAnswer> forwardsLimit(Intake &intake)
{
    switch (http::applyMaxForwards(intake.head)) {
    case http::MaxForwards::Forward:
        return std::nullopt;
    case http::MaxForwards::Malformed:
        return OwnAnswer { errorReply(OwnReply::BadMaxForwards), EndedHow::BadRequest };
    case http::MaxForwards::AnswerHere:
        break;
    }
    Reply reply = okReply();
    if (intake.head.method == "TRACE") {
        reply.contentType = "message/http";
        reply.body = http::traceEcho(intake.head);
    }
    return OwnAnswer { std::move(reply), EndedHow::Complete };
}

OwnAnswer ownAnswer(const Denial &denial)
{
    return { denialReply(denial), denial.how, denial.mustClose };
}

} // namespace

Admission admit(Intake &intake, const ActiveSettings &active, SharedState &shared,
                const policy::Caller &client, Crowding crowding, const account::Entrance &entrance)
{
    // RFC 9110 §7.6.3: a request that has been through this instance before would loop forever.
    // This check comes first: the second time the request comes from ourselves, without its
    // credentials and perhaps in origin-form, so every check below would give a misleading answer.
    if (http::viaNames(intake.head.fields, shared.pseudonym)) {
        return { {}, ownAnswer(denialOf({ policy::Refusal::Loop })) };
    }
    const http::RequestTarget &target = intake.target;
    const bool isOwnPage = target.form == TargetForm::Origin || target.form == TargetForm::Asterisk;
    if (isOwnPage && isStatusPage(intake.head.method, target.path()) && maySeePages(active, client))
        return { {}, ownPage(intake, shared) };
    if (const auto denial = denialOfPlace(crowding))
        return { {}, ownAnswer(*denial) };

    // Comes before the credentials, which are neither requested nor examined: anybody on the path
    // can read them.
    if (active.settings.tls.mode == config::TlsMode::Require
        && entrance.tls == account::TlsVersion::None)
        return { {}, ownAnswer(denialOf({ policy::Refusal::TlsRequired })) };

    // RFC 9110 §3.3: each request is judged on its own, not by its connection.
    const QList<QByteArrayView> credentials = intake.head.fields.values("Proxy-Authorization");
    Gatekeeper::Answer answer = shared.gatekeeper->ask(
        active.policy, active.users, client, policy::readCredentials(credentials), Clock::now());
    if (auto *question = std::get_if<Gatekeeper::Question>(&answer)) {
        Admission open;
        open.question = std::make_unique<Gatekeeper::Question>(std::move(*question));
        return open;
    }
    return admitted(intake, active, shared, std::get<Gatekeeper::GateResult>(answer));
}

Admission admitted(Intake &intake, const ActiveSettings &active, SharedState &shared,
                   const Gatekeeper::GateResult &gate)
{
    const auto refused = [&](const policy::Decision &decision) {
        return Admission { gate.user, ownAnswer(denialOf(decision)), decision.wouldRefuse };
    };
    if (!gate.decision.isAllowed())
        return refused(gate.decision);
    if (const auto denial = denialOfUser(gate.member))
        return { gate.user, ownAnswer(*denial) };
    if (const auto denial = denialWhileDraining(shared))
        return { gate.user, ownAnswer(*denial) };
    // A missing page is an ordinary answer (404), not a refusal by a rule.
    const http::RequestTarget &target = intake.target;
    if (target.form == TargetForm::Origin || target.form == TargetForm::Asterisk)
        return { gate.user, OwnAnswer { noSuchPage(), EndedHow::Complete } };

    if (auto answer = forwardsLimit(intake))
        return { gate.user, std::move(answer) };
    const policy::Decision byName = judgeName(target.endpoint, active, gate.member);
    if (!byName.isAllowed())
        return refused(byName);
    Admission going { gate.user, std::nullopt, byName.wouldRefuse };
    if (gate.member && !(going.place = shared.userPlaces.take(gate.member)))
        going.answer = ownAnswer(denialOfFullUser());
    return going;
}

} // namespace sami::server
