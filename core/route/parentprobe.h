// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "route/failover.h"
#include "route/parentreach.h"

#include <QBasicTimer>
#include <QObject>

#include <chrono>
#include <functional>
#include <map>
#include <memory>

namespace sami::route {

class ParentHealth;

/// Checks whether failed parents have recovered: TCP, TLS and the pin, without sending a request.
/// ParentHealth says when. While all are healthy it has neither a timer nor a connection.
///
/// One per proxy, in the thread of its first worker: a probe is a dial, and workers dial and never
/// block. In the tray app the main thread belongs to a window, and a slow repaint would look like a
/// slow parent. A thread of its own would be idle nearly always.
class ParentProbe : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ParentProbe)

public:
    using Now = std::function<TimePoint()>;

    /// Enough for what a journey does in its smallest share, with room for a lost packet.
    static constexpr std::chrono::milliseconds patience { 5000 };

    explicit ParentProbe(std::shared_ptr<ParentHealth> health, QObject *parent = nullptr,
                         Now now = &Clock::now);
    ~ParentProbe() override;

    /// How it connects to parents from now on; empty stops probing.
    void setReach(ParentReach reach);
    /// Starts the probes that are due, and again when the next one is.
    void look();
    /// Ends what is under way; starts no more probes.
    void stop();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    void begin(const Failover::Probe &probe);
    void armTimer();

    std::shared_ptr<ParentHealth> m_health;
    Now m_now;
    ParentReach m_reach;
    std::map<quint64, DialPtr> m_dials; ///< by the parent's id
    QBasicTimer m_timer;
};

} // namespace sami::route
