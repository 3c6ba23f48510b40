// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ledger.h"

#include <QList>

#include <mutex>

namespace sami::account {

/// The last finished requests and tunnels and the total number of them, without the shell's own.
/// Thread-safe; used once per finished request, never in the byte path.
class FinishedLog : public Sink
{
public:
    static constexpr qsizetype capacity = 1000;

    void closed(const FinishedWork &work) override;
    /// Oldest first.
    [[nodiscard]] QList<FinishedWork> recent() const;
    /// The work with the numbers `from` + 1 to `to`, oldest first; less if the ring has dropped
    /// some. The numbers are those that total() counts.
    [[nodiscard]] QList<FinishedWork> between(quint64 from, quint64 to) const;
    /// How many have finished since the start.
    [[nodiscard]] quint64 total() const;

private:
    mutable std::mutex m_mutex;
    QList<FinishedWork> m_ring;
    qsizetype m_next = 0;
    quint64 m_total = 0;
};

} // namespace sami::account
