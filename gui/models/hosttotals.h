// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "gui/models/keyedtable.h"

#include <QHash>

namespace sami::gui {

/// The traffic with one destination.
struct HostRow
{
    QByteArray host; ///< in lower case, without the port
    quint32 live = 0;
    quint32 requests = 0; ///< finished requests
    quint64 up = 0;
    quint64 down = 0;

    [[nodiscard]] const QByteArray &key() const { return host; }
    friend bool operator==(const HostRow &, const HostRow &) = default;
};

/// Totals by destination since this was created: of all finished work passed to add(), and of live
/// connections. Bounded. Main thread.
class HostTotals : public KeyedTable<HostRow>
{
    Q_OBJECT

public:
    enum Column { Host, Live, Requests, Up, Down };
    [[nodiscard]] static Columns columns();
    /// Raise it when columns are added or removed: a stored layout would fit other columns.
    static const int layoutVersion;

    /// With more hosts, those with the fewest octets are left out. Twice as many are remembered,
    /// because a small one may grow.
    static constexpr qsizetype capacity = 1000;

    explicit HostTotals(QObject *parent = nullptr);

    /// Adds what has finished since the last call.
    void add(const QList<account::FinishedWork> &finished);
    /// Call it between two runs of the proxy, because connection numbers start over.
    void forgetConnections() { m_accounted.clear(); }
    /// Makes the rows show what add() has collected plus what is live.
    void synchronize(const QList<account::ConnectionSnapshot> &live);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    /// The part of a connection's octets that belongs to finished requests.
    struct Accounted
    {
        quint64 up = 0;
        quint64 down = 0;
        quint64 turn = 0; ///< the call of add() that added the last of them
    };

    void dropOldAccounts();

    QHash<QByteArray, HostRow> m_finished; ///< by host
    QHash<quint64, Accounted> m_accounted; ///< by connection number, in this run
    quint64 m_turn = 0;
};

} // namespace sami::gui
