// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"
#include "gui/models/keyedtable.h"

#include <QHash>

namespace sami::gui {

/// What went to and came from one destination.
struct HostRow
{
    QByteArray host; ///< in lower case, without the port
    quint32 live = 0;
    quint32 requests = 0; ///< finished ones
    quint64 up = 0;
    quint64 down = 0;

    [[nodiscard]] const QByteArray &key() const { return host; }
    friend bool operator==(const HostRow &, const HostRow &) = default;
};

/// Totals by destination since this was made: of all finished work that it was told of, and of what
/// is live. Bounded. Main thread.
class HostTotals : public KeyedTable<HostRow>
{
    Q_OBJECT

public:
    enum Column { Host, Live, Requests, Up, Down };
    [[nodiscard]] static Columns columns();
    /// Raised when columns come or go: an older layout would mean other columns.
    static const int layoutVersion;

    /// Of more hosts those with the least octets are left out. As many again are remembered, for
    /// what is small now may grow.
    static constexpr qsizetype capacity = 1000;

    explicit HostTotals(QObject *parent = nullptr);

    /// What has finished since the last call.
    void add(const QList<account::FinishedWork> &finished);
    /// The numbers of connections start over with the proxy: to be called between two runs.
    void forgetConnections() { m_accounted.clear(); }
    /// Makes the rows say what add() has gathered and what is live.
    void synchronize(const QList<account::ConnectionSnapshot> &live);

    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    /// What finished requests account for of a connection's octets.
    struct Accounted
    {
        quint64 up = 0;
        quint64 down = 0;
        quint64 turn = 0; ///< when the last of them came
    };

    void dropOldAccounts();

    QHash<QByteArray, HostRow> m_finished; ///< by host
    QHash<quint64, Accounted> m_accounted; ///< by the connection's number, of this run
    quint64 m_turn = 0;
};

} // namespace sami::gui
