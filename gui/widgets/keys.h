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

/// The platform's key for the settings; Ctrl+, where it has none.
[[nodiscard]] QList<QKeySequence> preferencesKeys();
/// Del, and the key that is called so on a Mac.
[[nodiscard]] QList<QKeySequence> deleteKeys();

/// The platform's key for closing a window (Ctrl+W) closes this one, as its frame would.
void closeByKey(QWidget *window);

/// Joins a field and the view whose rows it filters: the window's Find finds it; Enter and the down
/// key go on to the rows, Escape clears it and then goes back to them.
void joinSearch(QLineEdit *search, QAbstractItemView *view);
/// The shown search field that is nearest to where the user is; null where the window shows none.
[[nodiscard]] QLineEdit *nearestSearch(const QWidget *window);

/// Enter, or a double click, on a row of that table: an index of the view's model. Not
/// QAbstractItemView::activated, which some desktops send for each single click.
void whenOpened(QTableView *table, const std::function<void(const QModelIndex &)> &open);

} // namespace sami::gui
