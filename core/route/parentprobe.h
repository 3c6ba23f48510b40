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

/// Looks whether parents that have failed are well again: TCP, TLS and the pin; nothing is asked.
/// ParentHealth says when. While all are healthy it has neither a timer nor a connection.
///
/// One in a proxy, in the thread of its first worker. A probe is a dial, which is what workers are
/// made for, and they never block; the main thread is a window's in the tray app, where a slow
/// repaint would look like a slow parent. A thread of its own would sleep nearly always.
class ParentProbe : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ParentProbe)

public:
    using Now = std::function<TimePoint()>;

    /// What the least share of a journey is enough for, with room for a lost packet.
    static constexpr std::chrono::milliseconds patience { 5000 };

    explicit ParentProbe(std::shared_ptr<ParentHealth> health, QObject *parent = nullptr,
                         Now now = &Clock::now);
    ~ParentProbe() override;

    /// How it reaches parents from now on; none: not at all.
    void setReach(ParentReach reach);
    /// Begins what is due, and comes again when the next one is.
    void look();
    /// Ends what is under way; nothing is begun any more.
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
