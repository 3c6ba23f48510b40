// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QSortFilterProxyModel>
#include <QStringList>

namespace sami::gui {

/// The roles that the tables provide besides Qt's own.
enum TableRole {
    RawRole = Qt::UserRole, ///< the value behind a cell, used for sorting
    SearchRole,             ///< in column 0: the row's texts, in lower case
};

/// The rows of a table that contain each of some words, sorted by their raw values. Main thread.
class WordFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit WordFilter(QObject *parent = nullptr);

    void setText(const QString &text);
    /// A key that sorts addresses as numbers, IPv4 before IPv6.
    [[nodiscard]] static QString sortText(const QHostAddress &address);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList m_words; ///< in lower case
};

} // namespace sami::gui
