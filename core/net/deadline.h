// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QBasicTimer>

#include <chrono>

QT_BEGIN_NAMESPACE
class QObject;
class QTimerEvent;
QT_END_NAMESPACE

namespace sami::net {

/// One timer of one owner, which is never restarted at traffic: it fires, the owner looks at when
/// the last byte was, and re-arms for what is left. A value inside its owner, whose timerEvent()
/// hears of it: a QObject of its own would cost each silent tunnel 400 octets.
class Deadline
{
    Q_DISABLE_COPY_MOVE(Deadline)

public:
    /// Used in the owner's thread only.
    explicit Deadline(QObject *owner) : m_owner(owner) {}

    /// Expires `limit` from now, whatever was armed before.
    void arm(std::chrono::milliseconds limit);
    void cancel() { m_timer.stop(); }
    [[nodiscard]] bool isArmed() const { return m_timer.isActive(); }

    /// For the owner's timerEvent(): whether it is this one that has expired. True once per arm().
    [[nodiscard]] bool takeExpiry(const QTimerEvent &event);

private:
    QObject *m_owner;
    QBasicTimer m_timer;
};

} // namespace sami::net
