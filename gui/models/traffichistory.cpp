// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/traffichistory.h"

#include <algorithm>

namespace sami::gui {

TrafficHistory::TrafficHistory(ProxyController &controller, QObject *parent)
    : QObject(parent), m_controller(controller)
{
    m_ring.reserve(capacity);
    connect(&controller, &ProxyController::ticked, this, &TrafficHistory::sample);
}

void TrafficHistory::sample()
{
    if (m_ring.size() < capacity) {
        m_ring.append(m_controller.traffic());
    } else {
        m_ring[m_oldest] = m_controller.traffic();
        m_oldest = (m_oldest + 1) % capacity;
    }
    Q_EMIT sampled();
}

double TrafficHistory::peak() const
{
    double peak = 0;
    for (const TrafficSample &sample : m_ring)
        peak = std::max({ peak, sample.up, sample.down });
    return peak;
}

} // namespace sami::gui
