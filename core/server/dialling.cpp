// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/dialling.h"

#include "policy/specialaddresses.h"
#include "server/clientleg.h"
#include "server/travelrules.h"

#include <utility>

namespace sami::server {

Dialling::Dialling(Journey journey, ClientLeg &leg, route::DialCallback over)
    : m_journey(std::move(journey)), m_leg(leg),
      m_ahead(leg, m_journey.kind == Journey::Kind::Tunnel, m_journey.heldBytes)
{
    const config::TimeoutSettings &timeouts = leg.active->settings.timeouts;
    route::DialRequest request;
    request.endpoint = m_journey.endpoint;
    request.tls = m_journey.tls;
    request.client = leg.record->client().address;
    request.budgets = &leg.context.shared->budgets;
    request.timeout = timeouts.connect;
    request.tcpKeepaliveSeconds = static_cast<int>(timeouts.tcpKeepalive.count());
    request.addressFilter = [this](const QHostAddress &address) { return passes(address); };
    if (leg.active->parents) {
        prepareTrip();
        request.trip = m_trip.get();
    }
    m_dial = leg.active->dialer->dial(request, std::move(over));
}

Dialling::~Dialling() = default;

void Dialling::prepareTrip()
{
    m_trip = std::make_unique<route::ParentTrip>();
    m_trip->via = m_journey.via;
    m_trip->warm = m_leg.context.warm;
    m_trip->setups = m_leg.context.setups;
    m_trip->mayTravel = [this](const Endpoint &endpoint) {
        m_refusal = judgeTravel(endpoint, *m_leg.active, m_leg.stream->localAddress());
        return m_refusal.isAllowed();
    };
    m_trip->parentFilter = [this](const SocketAddress &parent) {
        const policy::Decision decision =
            judgeParent(parent, *m_leg.active, m_leg.stream->localAddress());
        if (!decision.isAllowed())
            m_refusal = decision;
        return decision.isAllowed();
    };
}

bool Dialling::passes(const QHostAddress &address)
{
    policy::Decision decision = judgeAddress({ address, m_journey.endpoint.port }, *m_leg.active,
                                             m_leg.stream->localAddress());
    if (decision.isAllowed())
        return true;
    // Only a name can resolve to a made-up address; a literal is the client's own choice.
    if (decision.refusal == policy::Refusal::PrivateTarget && policy::isFakeAddress(address)
        && !m_journey.endpoint.literalAddress())
        decision.refusal = policy::Refusal::FakeAddress;
    // Among several refused addresses of a name, the made-up one explains most.
    if (m_refusal.refusal != policy::Refusal::FakeAddress)
        m_refusal = decision;
    return false;
}

} // namespace sami::server
