// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/dialling.h"

#include "net/scratchbuffer.h"
#include "policy/specialaddresses.h"
#include "route/routechoice.h"
#include "server/clientleg.h"

#include <utility>

namespace sami::server {

using net::ByteStream;
using ReadStatus = ByteStream::ReadResult::Status;

Dialling::Dialling(Journey journey, ClientLeg &leg, route::DialCallback over)
    : m_journey(std::move(journey)), m_leg(leg)
{
    const config::TimeoutSettings &timeouts = leg.active->settings.timeouts;
    route::DialRequest request;
    request.endpoint = m_journey.endpoint;
    request.tls = m_journey.tls;
    request.route = route::routeFor(leg.active->settings.upstream, m_journey.endpoint);
    request.client = leg.record->client().address;
    request.budgets = &leg.context.shared->budgets;
    request.timeout = timeouts.connect;
    request.tcpKeepaliveSeconds = static_cast<int>(timeouts.tcpKeepalive.count());
    request.addressFilter = [this](const QHostAddress &address) { return passes(address); };
    readWhileRoom();
    m_dial = leg.active->dialer->dial(request, std::move(over));
}

Dialling::~Dialling() = default;

bool Dialling::hasRoom() const
{
    return m_leg.input.size() < m_leg.kept.readAheadLimit();
}

void Dialling::readWhileRoom()
{
    m_leg.stream->setReadEnabled(!m_leg.hasEnded && hasRoom());
}

std::optional<account::Ending> Dialling::readAhead()
{
    if (!hasRoom()) { // the budget was spent meanwhile
        m_leg.stream->setReadEnabled(false);
        return std::nullopt;
    }
    char *buffer = net::scratchBuffer();
    const ByteStream::ReadResult read =
        m_leg.stream->read(buffer, m_leg.kept.readAheadLimit() - m_leg.input.size());
    switch (read.status) {
    case ReadStatus::WouldBlock:
        break;
    case ReadStatus::Data:
        m_leg.input.append(buffer, read.size);
        static_cast<void>(m_leg.keep(m_journey.heldBytes));
        readWhileRoom();
        break;
    case ReadStatus::Ended:
        if (m_journey.kind == Journey::Kind::Tunnel || m_leg.stream->end() != net::StreamEnd::Fin)
            return account::clientEnding(m_leg.stream->end());
        m_leg.hasEnded = true;
        readWhileRoom();
        break;
    }
    return std::nullopt;
}

bool Dialling::passes(const QHostAddress &address)
{
    // The address that the client itself reached us at may be known to no interface list (it
    // changed a second ago): it is one of ours all the same.
    const SocketAddress local = m_leg.stream->localAddress();
    const ActiveSettings &active = *m_leg.active;
    const policy::OwnNetworks &own = active.ownNetworks;
    policy::Decision decision =
        active.policy.destinations().checkAddress(address, own, local.address);
    if (decision.isAllowed()) {
        decision = policy::DestinationRules::checkLoop(
            { address, m_journey.endpoint.port }, { active.settings.listen.address, local.port },
            own, local.address);
    }
    if (decision.isAllowed())
        return true;
    // Only a name can have an address that was made up for it; a literal is the client's own word.
    if (decision.refusal == policy::Refusal::PrivateTarget && policy::isFakeAddress(address)
        && !m_journey.endpoint.literalAddress())
        decision.refusal = policy::Refusal::FakeAddress;
    // Of several addresses of a name the fake one says most.
    if (m_refusal.refusal != policy::Refusal::FakeAddress)
        m_refusal = decision;
    return false;
}

} // namespace sami::server
