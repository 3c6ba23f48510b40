// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/proxycontroller.h"

#include <QList>
#include <QObject>

namespace sami::gui {

/// One second of the history. A second that was not measured has no rates, which is not the same as
/// rates of zero.
struct TrafficPoint : TrafficSample
{
    enum class Kind {
        Measured,
        Stopped, ///< the proxy was not running
        Asleep,  ///< this computer slept, or its clock was set
    };

    Kind kind = Kind::Measured;
    WallTime at {};
};

/// The rates of the last minutes, one point per second, even while no window is shown. Main thread.
class TrafficHistory : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype capacity = 600; ///< ten minutes
    /// A longer step between two samples means that nothing was measured. A shorter one means that
    /// the program was busy: the next sample covers all of it.
    static constexpr std::chrono::seconds longestStep { 10 };

    explicit TrafficHistory(ProxyController &controller, QObject *parent = nullptr);

    [[nodiscard]] qsizetype size() const { return m_ring.size(); }
    /// 0 is the oldest.
    [[nodiscard]] const TrafficPoint &at(qsizetype place) const
    {
        return m_ring.at((m_oldest + place) % m_ring.size());
    }
    /// The highest rate of either direction.
    [[nodiscard]] double peak() const;

    /// Adds the current sample and the points since the previous one; the controller's ticks call
    /// it.
    void add(const TrafficSample &sample, bool isServing, WallTime now);

Q_SIGNALS:
    /// A point was added; the oldest may have been dropped.
    void sampled();

private:
    void sample();
    void append(const TrafficPoint &point);

    ProxyController &m_controller;
    QList<TrafficPoint> m_ring;
    qsizetype m_oldest = 0;
};

} // namespace sami::gui
