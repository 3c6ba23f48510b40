// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QBasicTimer>
#include <QObject>

#include <chrono>

namespace sami::net {

/// One timer of one owner, which is never restarted at traffic: it fires, looks at when the last
/// byte was, and re-arms for what is left. Lives in its owner's thread.
class Deadline : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Deadline)

public:
    explicit Deadline(QObject *parent = nullptr);

    /// Expires `limit` from now, whatever was armed before.
    void arm(std::chrono::milliseconds limit);
    void cancel();
    [[nodiscard]] bool isArmed() const { return m_timer.isActive(); }

Q_SIGNALS:
    /// Once per arm().
    void expired();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    QBasicTimer m_timer;
};

} // namespace sami::net
