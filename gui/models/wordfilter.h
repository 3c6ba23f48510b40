// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHostAddress>
#include <QSortFilterProxyModel>
#include <QStringList>

namespace sami::gui {

/// What the tables give beside their texts.
enum TableRole {
    RawRole = Qt::UserRole, ///< the value that a cell stands for: sorted by
    SearchRole,             ///< of column 0: the row's texts, in lower case
};

/// The rows of a table that have each of some words somewhere, sorted by their raw values. Main
/// thread.
class WordFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit WordFilter(QObject *parent = nullptr);

    void setText(const QString &text);
    /// Brings addresses into their order: as numbers, IPv4 before IPv6.
    [[nodiscard]] static QString sortText(const QHostAddress &address);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList m_words; ///< in lower case
};

} // namespace sami::gui
