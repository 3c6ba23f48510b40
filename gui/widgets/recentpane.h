// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/dialogs.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QTableView;

namespace sami::gui {

class RecentModel;
class WordFilter;

/// The table of what has finished, and why it ended. Its owner feeds the model. Main thread.
class RecentPane : public QWidget
{
    Q_OBJECT

public:
    RecentPane(RecentModel *model, Dialogs dialogs, QWidget *parent = nullptr);

    [[nodiscard]] QByteArray saveLayout() const;
    void restoreLayout(const QByteArray &layout);
    [[nodiscard]] QTableView *table() const { return m_table; }

private:
    void buildTable();
    void updateCount();
    void showContextMenu(const QPoint &position);
    void copy() const;
    void exportCsv();
    /// The model's rows as they are seen: the chosen ones, or all that the filter leaves.
    [[nodiscard]] QList<int> chosenRows() const;
    [[nodiscard]] QList<int> shownRows() const;

    RecentModel *m_model;
    WordFilter *m_filter;
    Dialogs m_dialogs;
    QLineEdit *m_search;
    QLabel *m_count;
    QTableView *m_table;
};

} // namespace sami::gui
