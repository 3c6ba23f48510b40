// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/models/keyedtable.h"
#include "server/snapshot.h"

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

/// Totals by destination, of the finished work that is still known and of what is live. Bounded.
/// Main thread.
class HostTotals : public KeyedTable<HostRow>
{
    Q_OBJECT

public:
    enum Column { Host, Live, Requests, Up, Down, ColumnCount };

    /// Of more hosts those with the least octets are left out.
    static constexpr qsizetype capacity = 1000;

    explicit HostTotals(QObject *parent = nullptr);

    /// `now` is the time at which the live rows were taken.
    void synchronize(const QList<server::FinishedWork> &finished,
                     const QList<server::ConnectionSnapshot> &live, WallTime now);

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role) const override;
};

} // namespace sami::gui
