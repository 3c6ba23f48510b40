// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/traffichistory.h"

#include <algorithm>
#include <cmath>

namespace sami::gui {

using Kind = TrafficPoint::Kind;

TrafficHistory::TrafficHistory(ProxyController &controller, QObject *parent)
    : QObject(parent), m_controller(controller)
{
    m_ring.reserve(capacity);
    connect(&controller, &ProxyController::ticked, this, &TrafficHistory::sample);
}

void TrafficHistory::sample()
{
    const ProxyState state = m_controller.state();
    add(m_controller.traffic(), state == ProxyState::Running || state == ProxyState::Draining,
        WallClock::now());
}

void TrafficHistory::add(const TrafficSample &sample, bool isServing, WallTime now)
{
    TrafficPoint point;
    point.kind = isServing ? Kind::Measured : Kind::Stopped;
    point.at = now;
    if (isServing)
        static_cast<TrafficSample &>(point) = sample;
    if (!m_ring.isEmpty()) {
        // By the wall clock: on some systems the monotonic clock stops during sleep.
        const WallTime last = at(size() - 1).at;
        const auto since = std::chrono::duration<double>(now - last);
        const auto missed =
            std::clamp<qsizetype>(qsizetype(std::llround(since.count())) - 1, 0, capacity);
        for (qsizetype ago = missed; ago > 0; --ago) {
            TrafficPoint between = point;
            if (since > longestStep) {
                between = {};
                between.kind = isServing ? Kind::Asleep : Kind::Stopped;
            }
            between.at = now - std::chrono::seconds(ago);
            append(between);
        }
    }
    append(point);
    Q_EMIT sampled();
}

void TrafficHistory::append(const TrafficPoint &point)
{
    if (m_ring.size() < capacity) {
        m_ring.append(point);
    } else {
        m_ring[m_oldest] = point;
        m_oldest = (m_oldest + 1) % capacity;
    }
}

double TrafficHistory::peak() const
{
    double peak = 0;
    for (const TrafficPoint &point : m_ring)
        peak = std::max({ peak, point.up, point.down });
    return peak;
}

} // namespace sami::gui
