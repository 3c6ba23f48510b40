// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/remedy.h"
#include "gui/models/hosttotals.h"
#include "gui/widgets/dialogs.h"

#include <QWidget>

#include <optional>

class QLabel;
class QMenu;
class QTableView;

namespace sami::gui {

class ProxyController;
class WordFilter;

/// Totals by destination, with the commands for one of them. The owner feeds it. Main thread.
class HostsPane : public QWidget
{
    Q_OBJECT

public:
    HostsPane(ProxyController &controller, Dialogs dialogs, QWidget *parent = nullptr);

    /// What has finished since the last call; call it while hidden too.
    void add(const QList<account::FinishedWork> &finished) { m_model->add(finished); }
    /// So many more have finished, and nobody knows to which hosts.
    void addMissed(quint64 count);
    /// The proxy has stopped.
    void endRun() { m_model->forgetConnections(); }
    void refresh(const QList<account::ConnectionSnapshot> &live);
    [[nodiscard]] QByteArray saveLayout() const;
    void restoreLayout(const QByteArray &layout);
    [[nodiscard]] QTableView *table() const { return m_table; }
    /// Since when the totals are, and what they lack.
    [[nodiscard]] QLabel *note() const { return m_note; }

Q_SIGNALS:
    /// Show the live connections to that host.
    void liveRequested(const QString &host);
    /// Show what has finished to that host.
    void finishedRequested(const QString &host);

private:
    void buildTable();
    void refreshNote();
    void showContextMenu(const QPoint &position);
    void addRule(QMenu *menu, const QByteArray &host);
    /// The remedy that adds the host to the list of destinations; none if the list already allows
    /// it.
    [[nodiscard]] std::optional<Remedy> ruleFor(const QByteArray &host) const;
    [[nodiscard]] QByteArray hostAt(const QModelIndex &index) const;

    ProxyController &m_controller;
    Dialogs m_dialogs;
    HostTotals *m_model;
    WordFilter *m_filter;
    QTableView *m_table;
    QLabel *m_note;
    quint64 m_missed = 0;
};

} // namespace sami::gui
