// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ledger.h"

#include <QHash>
#include <QList>

#include <mutex>

namespace sami::account {

/// Counts refusals by client, destination and rule, with the time of the last one; or, in a table
/// of reports, what report-only rules would have refused. Bounded: the oldest row goes first.
/// Thread-safe.
class RefusalTable : public Sink
{
public:
    static constexpr qsizetype capacity = 1000;
    enum class Holds { Refusals, Reports };

    explicit RefusalTable(Holds holds = Holds::Refusals) : m_holds(holds) {}

    /// Takes refusals or reports, whichever this table holds.
    void refused(const Refused &refused) override;
    [[nodiscard]] QList<RefusalRow> rows() const;
    [[nodiscard]] quint64 total() const;

private:
    struct Key
    {
        QHostAddress client;
        Endpoint destination;
        policy::Refusal rule;
        friend bool operator==(const Key &, const Key &) = default;
        friend size_t qHash(const Key &key, size_t seed = 0)
        {
            return qHashMulti(seed, key.client, key.destination, int(key.rule));
        }
    };

    void dropOldest();

    const Holds m_holds;
    mutable std::mutex m_mutex;
    QHash<Key, RefusalRow> m_rows;
    quint64 m_total = 0;
};

} // namespace sami::account
