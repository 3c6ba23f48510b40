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

/// Who the brute-force guard keeps out, above everything else on its page, with the button that
/// ends it. There only while somebody is blocked, or while it says what became of a block. Main
/// thread.
class BlocksPanel : public QWidget
{
    Q_OBJECT

public:
    explicit BlocksPanel(QWidget *parent = nullptr);
    ~BlocksPanel() override;

    void synchronize(const QList<account::BlockRow> &blocks);
    /// Says what became of a block, to eye and ear, until the page is left.
    void say(const QString &text);

    [[nodiscard]] QTableView *table() const { return m_table; }
    [[nodiscard]] QPushButton *liftButton() const { return m_lift; }
    [[nodiscard]] QLabel *result() const { return m_result; }

Q_SIGNALS:
    /// The user wants these in again.
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
