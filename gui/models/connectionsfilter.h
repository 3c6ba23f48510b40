// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/models/liveconnection.h"

#include <QSortFilterProxyModel>

#include <optional>

namespace sami::gui {

class ConnectionsModel;

/// The live connections, filtered and sorted. Compares raw values, not their texts. Sorts in
/// refresh(), once per tick: sorted at every change, a table of thousands would be sorted hundreds
/// of times a second. Main thread.
class ConnectionsFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit ConnectionsFilter(ConnectionsModel *model, QObject *parent = nullptr);

    /// Shows rows that contain each of the words in client, user, host, method or way.
    void setText(const QString &text);
    void setState(std::optional<LiveState> state);
    /// Updates order and filter to the current values.
    void refresh();

    [[nodiscard]] const LiveConnection &connection(const QModelIndex &index) const;

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    ConnectionsModel *m_model;
    QStringList m_words; ///< in lower case
    std::optional<LiveState> m_state;
};

} // namespace sami::gui
