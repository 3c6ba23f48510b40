// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/snapshot.h"

#include <QHash>
#include <QList>

#include <mutex>

namespace sami::server {

/// The last finished requests and tunnels, and the number of all of them. Thread-safe; touched once
/// per finished request, never in the byte path.
class FinishedLog
{
public:
    static constexpr qsizetype capacity = 1000;

    void add(const FinishedWork &work);
    /// Oldest first.
    [[nodiscard]] QList<FinishedWork> recent() const;
    /// How many there were since the start.
    [[nodiscard]] quint64 total() const;

private:
    mutable std::mutex m_mutex;
    QList<FinishedWork> m_ring;
    qsizetype m_next = 0;
    quint64 m_total = 0;
};

/// Who or what was refused, how often and when last; or what a rule that is only reported would
/// have refused. Bounded: the row that is oldest goes first. Thread-safe.
class RefusalTable
{
public:
    static constexpr qsizetype capacity = 1000;
    enum class Holds { Refusals, Reports };

    explicit RefusalTable(Holds holds = Holds::Refusals) : m_holds(holds) {}

    void add(const QHostAddress &client, const Endpoint &destination, const QByteArray &reason,
             WallTime now);
    [[nodiscard]] QList<RefusalRow> rows() const;
    [[nodiscard]] quint64 total() const;

private:
    struct Key
    {
        QHostAddress client;
        Endpoint destination;
        QByteArray reason;
        friend bool operator==(const Key &, const Key &) = default;
        friend size_t qHash(const Key &key, size_t seed = 0)
        {
            return qHashMulti(seed, key.client, key.destination, key.reason);
        }
    };

    void dropOldest();

    const Holds m_holds;
    mutable std::mutex m_mutex;
    QHash<Key, RefusalRow> m_rows;
    quint64 m_total = 0;
};

} // namespace sami::server
