// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/parentdialer.h"

#include "route/layereddialer.h"
#include "route/parentdial.h"
#include "route/parenthealth.h"
#include "route/parentroute.h"
#include "route/routechoice.h"

#include <algorithm>
#include <utility>

namespace sami::route {

ParentDialer::ParentDialer(std::shared_ptr<LayeredDialer> ways,
                           std::shared_ptr<ParentHealth> health, config::ParentSettings settings)
    : m_ways(std::move(ways)), m_health(std::move(health)), m_settings(std::move(settings)),
      m_hasTls(std::any_of(m_settings.list.begin(), m_settings.list.end(),
                           [](const config::Parent &parent) { return parent.usesTls(); }))
{}

DialPtr ParentDialer::dial(const DialRequest &request, DialCallback callback)
{
    if (!goesByParents(m_settings, request.endpoint))
        return m_ways->dial(request, std::move(callback));
    auto *operation = new ParentDial(request, std::move(callback), m_ways, m_health);
    DialPtr owner(operation);
    operation->start();
    return owner;
}

Route ParentDialer::firstRoute(const Endpoint &endpoint, const QByteArray &via) const
{
    if (!goesByParents(m_settings, endpoint))
        return {};
    const TimePoint now = Clock::now();
    Attempt attempt = m_health->begin(std::chrono::seconds(1), qHash(endpoint), now);
    const std::optional<Candidate> first = m_health->next(attempt, now);
    return first ? routeThrough(attempt.parents()[qsizetype(first->parent)], endpoint, via)
                 : Route();
}

ParentReach ParentDialer::reach(net::Budgets &budgets, ParentFilter filter) const
{
    return [ways = m_ways, health = m_health, &budgets, filter = std::move(filter)](
               const config::Parent &parent, std::chrono::milliseconds timeout,
               ReachedCallback callback) {
        DialRequest request;
        request.endpoint = parent.endpoint;
        request.route = routeTo(parent);
        request.budgets = &budgets;
        request.timeout = timeout;
        request.addressFilter = [filter, port = parent.endpoint.port](const QHostAddress &address) {
            return !filter || filter({ address, port });
        };
        return ways->dial(request,
                          [callback = std::move(callback), health,
                           parent](Result<Dialled, net::DialError> result) {
                              if (!result) {
                                  callback(Unexpected(parentFaultOf(result.error())));
                                  return;
                              }
                              if (result->certificateUntil)
                                  health->sawCertificate(parent, *result->certificateUntil);
                              const DialTimings &timings = result->timings;
                              const Clock::duration latency = timings.connected - timings.resolved;
                              callback(ReachedParent { std::move(result->stream), latency });
                          });
    };
}

bool ParentDialer::mayUseTls(const Endpoint &endpoint) const
{
    return m_hasTls && goesByParents(m_settings, endpoint);
}

} // namespace sami::route
