// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/dialogs.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QTableView;

namespace sami::account {
struct FinishedWork;
}

namespace sami::gui {

class ProxyController;
class RecentFilter;
class RecentModel;

/// The table of what has finished, and why it ended. Cut work is marked and can be shown alone. The
/// owner feeds the model. Main thread.
class RecentPane : public QWidget
{
    Q_OBJECT

public:
    RecentPane(RecentModel *model, ProxyController &controller, Dialogs dialogs,
               QWidget *parent = nullptr);

    [[nodiscard]] QByteArray saveLayout() const;
    void restoreLayout(const QByteArray &layout);
    /// Filters by these words, as if typed.
    void filterBy(const QString &words);
    [[nodiscard]] QTableView *table() const { return m_table; }
    [[nodiscard]] QComboBox *endings() const { return m_endings; }

private:
    void buildFilterBar();
    void buildTable();
    /// Shows the column with the servers only if there are any.
    void showWays();
    void updateCount();
    void showContextMenu(const QPoint &position);
    void addFilters(QMenu *menu, const account::FinishedWork &work);
    void addRemediesOf(QMenu *menu, const account::FinishedWork &work);
    void exportCsv();
    /// The model's rows that pass the filter, in the order shown.
    [[nodiscard]] QList<int> shownRows() const;

    RecentModel *m_model;
    RecentFilter *m_filter;
    ProxyController &m_controller;
    Dialogs m_dialogs;
    QLineEdit *m_search;
    QComboBox *m_endings;
    QLabel *m_count;
    QTableView *m_table;
};

} // namespace sami::gui
