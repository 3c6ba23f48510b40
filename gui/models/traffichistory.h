// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/proxycontroller.h"

#include <QList>
#include <QObject>

namespace sami::gui {

/// The rates of the last minutes, one sample a second, also while no window is shown. Main thread.
class TrafficHistory : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype capacity = 600; ///< ten minutes

    explicit TrafficHistory(ProxyController &controller, QObject *parent = nullptr);

    [[nodiscard]] qsizetype size() const { return m_ring.size(); }
    /// 0 is the oldest.
    [[nodiscard]] const TrafficSample &at(qsizetype place) const
    {
        return m_ring.at((m_oldest + place) % m_ring.size());
    }
    /// The greatest rate of either direction.
    [[nodiscard]] double peak() const;

Q_SIGNALS:
    /// One more; the oldest may have gone.
    void sampled();

private:
    void sample();

    ProxyController &m_controller;
    QList<TrafficSample> m_ring;
    qsizetype m_oldest = 0;
};

} // namespace sami::gui
