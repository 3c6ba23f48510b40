// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace sami::gui {

class BlocksModel;

/// The clients that the brute-force guard blocks, at the top of its page, with the button that
/// lifts a block. Visible only while somebody is blocked or there is a result to report. Main
/// thread.
class BlocksPanel : public QWidget
{
    Q_OBJECT

public:
    explicit BlocksPanel(QWidget *parent = nullptr);
    ~BlocksPanel() override;

    void synchronize(const QList<account::BlockRow> &blocks);
    /// Reports what became of a block, on screen and to screen readers, until the page is left.
    void say(const QString &text);

    [[nodiscard]] QTableView *table() const { return m_table; }
    [[nodiscard]] QPushButton *liftButton() const { return m_lift; }
    [[nodiscard]] QLabel *result() const { return m_result; }

Q_SIGNALS:
    /// The user wants to unblock these clients.
    void liftRequested(const QList<QHostAddress> &clients);

protected:
    void hideEvent(QHideEvent *event) override;

private:
    void buildTable();
    void refresh();
    void showContextMenu(const QPoint &position);
    [[nodiscard]] QList<QHostAddress> chosen() const;
    [[nodiscard]] QString liftText() const;

    BlocksModel *m_model;
    QLabel *m_heading;
    QTableView *m_table;
    QPushButton *m_lift;
    QLabel *m_result;
};

} // namespace sami::gui
