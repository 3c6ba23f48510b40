// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/proxycontroller.h"

#include <QList>
#include <QObject>

namespace sami::gui {

/// One second of the history. Where nothing was measured there are no rates, not rates of zero.
struct TrafficPoint : TrafficSample
{
    enum class Kind {
        Measured,
        Stopped, ///< the proxy did not run
        Asleep,  ///< this computer slept, or its clock was set
    };

    Kind kind = Kind::Measured;
    WallTime at {};
};

/// The rates of the last minutes, one point a second, also while no window is shown. Main thread.
class TrafficHistory : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype capacity = 600; ///< ten minutes
    /// Between two samples so far apart nobody has measured; less is a busy program, and its
    /// next sample holds for all of it.
    static constexpr std::chrono::seconds longestStep { 10 };

    explicit TrafficHistory(ProxyController &controller, QObject *parent = nullptr);

    [[nodiscard]] qsizetype size() const { return m_ring.size(); }
    /// 0 is the oldest.
    [[nodiscard]] const TrafficPoint &at(qsizetype place) const
    {
        return m_ring.at((m_oldest + place) % m_ring.size());
    }
    /// The greatest rate of either direction.
    [[nodiscard]] double peak() const;

    /// The sample of now, and what has passed since the one before: the controller's ticks do that.
    void add(const TrafficSample &sample, bool isServing, WallTime now);

Q_SIGNALS:
    /// One more; the oldest may have gone.
    void sampled();

private:
    void sample();
    void append(const TrafficPoint &point);

    ProxyController &m_controller;
    QList<TrafficPoint> m_ring;
    qsizetype m_oldest = 0;
};

} // namespace sami::gui
