// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/remedy.h"
#include "gui/widgets/dialogs.h"
#include "gui/widgets/remedymenu.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;
class QTableView;

namespace sami::gui {

class BlocksPanel;
class DeniedModel;
class ProxyController;
class WordFilter;

/// Shows which requests were refused, with the button that removes the reason. Main thread.
class DeniedPage : public QWidget
{
    Q_OBJECT

public:
    DeniedPage(ProxyController &controller, Dialogs dialogs, QWidget *parent = nullptr);
    ~DeniedPage() override;

    /// Gives the list of blocked clients the focus, if there are any.
    void showBlocks();

    [[nodiscard]] BlocksPanel *blocks() const { return m_blocks; }
    [[nodiscard]] QTableView *table() const { return m_table; }
    [[nodiscard]] QPushButton *remedyButton() const { return m_button; }
    [[nodiscard]] QLabel *hint() const { return m_hint; }

Q_SIGNALS:
    /// The user wants the log lines that contain these words.
    void logRequested(const QString &words);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void buildTable();
    void synchronize();
    void updateRemedies();
    [[nodiscard]] RemedyDesk desk();
    void lift(const QList<QHostAddress> &clients);
    void sayLifted(const QStringList &lifted, const QStringList &over);
    void showContextMenu(const QPoint &position);
    void addFilters(QMenu *menu, const account::RefusalRow &row);
    void addCopies(QMenu *menu, const account::RefusalRow &row);
    /// For the current row.
    [[nodiscard]] QList<Remedy> remedies() const;
    /// Why the environment or the command line would override it; empty if they would not.
    [[nodiscard]] QString lockOf(const Remedy &remedy) const;
    void copy() const;

    ProxyController &m_controller;
    Dialogs m_dialogs;
    DeniedModel *m_model;
    WordFilter *m_filter;
    BlocksPanel *m_blocks;
    QLineEdit *m_search;
    QTableView *m_table;
    QLabel *m_hint;
    QPushButton *m_button;
    QMenu *m_choices; ///< the button's, if there are several remedies
    QStringList m_shownLabels;
};

} // namespace sami::gui
