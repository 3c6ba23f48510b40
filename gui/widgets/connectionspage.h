// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "gui/text/livestate.h"
#include "gui/widgets/dialogs.h"

#include <QList>
#include <QWidget>

#include <functional>

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QTableView;
class QToolButton;

namespace sami::gui {

class ConnectionsFilter;
class ConnectionsModel;
class ProxyController;

/// The live table with its filters and menu. Takes one snapshot a tick while visible, none while
/// hidden. Main thread.
class ConnectionsPage : public QWidget
{
    Q_OBJECT

public:
    ConnectionsPage(ProxyController &controller, Dialogs dialogs, QWidget *parent = nullptr);
    ~ConnectionsPage() override;

    [[nodiscard]] QByteArray saveLayout() const;
    void restoreLayout(const QByteArray &layout);
    [[nodiscard]] QTableView *table() const { return m_table; }
    [[nodiscard]] QToolButton *pauseButton() const { return m_pause; }
    /// Shows only the rows that contain all of these words.
    void filterBy(const QString &words);
    /// As of the last tick while visible, or of the pause.
    [[nodiscard]] const ConnectionsModel &connections() const { return *m_model; }

Q_SIGNALS:
    /// The details pane should show this connection; 0 for none.
    void currentChanged(quint64 id);
    /// Enter or a double click: bring the details of that connection to the front.
    void opened(quint64 id);

protected:
    void showEvent(QShowEvent *event) override;

private:
    /// A chosen connection. After a restart the id alone may be another connection's.
    struct Chosen
    {
        quint64 id = 0;
        SocketAddress client;
    };

    void buildFilterBar();
    void buildTable();
    /// Shows the column with the servers only if there are any.
    void showWays();
    void buildActions();
    void handleTick();
    void synchronize();
    void preservingView(const std::function<void()> &change);
    void handleCurrent(const QModelIndex &current);
    void setPaused(bool paused);
    void updateCount();
    void applyStateFilter();
    void showContextMenu(const QPoint &position);
    void copyCsv(const QList<Chosen> &rows) const;
    /// Closes those that still exist; asks first if that cuts a stream.
    void close(const QList<Chosen> &rows);
    [[nodiscard]] QList<Chosen> selectedRows() const;

    ProxyController &m_controller;
    Dialogs m_dialogs;
    ConnectionsModel *m_model;
    ConnectionsFilter *m_filter;
    QLineEdit *m_search;
    QComboBox *m_states;
    QToolButton *m_pause;
    QLabel *m_count;
    QTableView *m_table;
    QAction *m_close;
    quint64 m_acceptedAtPause = 0; ///< Totals::connections when the table was paused
    quint64 m_current = 0;         ///< the last value of currentChanged()
    bool m_isHeld = false;         ///< the rows change, not the selection
};

} // namespace sami::gui
