// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace sami::net {

class PendingBudget;

/// Octets that a stream has taken and cannot pass on yet, counted in the proxy's budget. A value of
/// its stream, in its thread. The budget is passed to each call, which saves an idle stream a
/// pointer to it; pass the same one each time. Must be clear when it is destroyed.
class PendingOctets
{
    Q_DISABLE_COPY_MOVE(PendingOctets)

public:
    PendingOctets() = default;
    ~PendingOctets() = default;

    [[nodiscard]] bool isEmpty() const { return size() == 0; }
    [[nodiscard]] qsizetype size() const { return m_octets.size() - m_taken; }
    [[nodiscard]] QByteArrayView view() const { return QByteArrayView(m_octets).sliced(m_taken); }
    void append(QByteArrayView octets, PendingBudget &budget);
    /// The first `count` octets were passed on. Their memory is reused by append(), or freed by
    /// clear().
    void take(qsizetype count) { m_taken += count; }
    void clear(PendingBudget &budget);

private:
    QByteArray m_octets;
    qsizetype m_taken = 0; ///< part of m_octets that was passed on
};

} // namespace sami::net
