// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QKeySequence>
#include <QList>

#include <functional>

QT_BEGIN_NAMESPACE
class QAbstractItemView;
class QLineEdit;
class QModelIndex;
class QTableView;
class QWidget;
QT_END_NAMESPACE

namespace sami::gui {

/// The platform's shortcut for the settings; Ctrl+, where it has none.
[[nodiscard]] QList<QKeySequence> preferencesKeys();
/// Del, and on a Mac also the key that is labelled "delete".
[[nodiscard]] QList<QKeySequence> deleteKeys();

/// The platform's shortcut for closing a window (Ctrl+W) closes this one, as its frame would.
void closeByKey(QWidget *window);

/// Connects a search field to the view whose rows it filters. The window's Find focuses the field;
/// Enter and Down move on to the rows; Escape clears the field, then moves back to the rows.
void connectSearch(QLineEdit *search, QAbstractItemView *view);
/// The visible search field nearest to the focus; null if the window shows none.
[[nodiscard]] QLineEdit *nearestSearch(const QWidget *window);

/// Calls `open` for Enter or a double click on a row, with an index of the view's model. Does not
/// use QAbstractItemView::activated, which some desktops emit for a single click.
void whenOpened(QTableView *table, const std::function<void(const QModelIndex &)> &open);

} // namespace sami::gui
