// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/dialogs.h"

#include <QTimer>
#include <QWidget>

class QModelIndex;
class QSplitter;
class QTabWidget;

namespace sami::gui {

class ConnectionsPage;
class DetailsPane;
class HostsPane;
class ProxyController;
class RecentModel;
class RecentPane;
class TrafficChart;
class TrafficHistory;
struct Preferences;

/// The live table above; below it what belongs to it: details, what has finished, totals by host
/// and the chart. Only the part that is seen is kept up to date. Main thread.
class ConnectionsTab : public QWidget
{
    Q_OBJECT

public:
    ConnectionsTab(ProxyController &controller, const Dialogs &dialogs, QWidget *parent = nullptr);
    ~ConnectionsTab() override;

    void restorePreferences(const Preferences &preferences);
    void storePreferences(Preferences &preferences) const;

    [[nodiscard]] ConnectionsPage *page() const { return m_page; }
    [[nodiscard]] RecentPane *recent() const { return m_recentPane; }
    [[nodiscard]] DetailsPane *details() const { return m_details; }
    [[nodiscard]] HostsPane *hosts() const { return m_hosts; }
    [[nodiscard]] TrafficChart *chart() const { return m_chart; }
    [[nodiscard]] QTabWidget *lower() const { return m_lower; }

private:
    void connectParts();
    void handleTick();
    void handleState();
    void refreshLower();
    void mergeFinished();
    void mergeBetweenTicks(quint64 finished);
    void showDetails();
    void showFinished(const QModelIndex &index);

    ProxyController &m_controller;
    TrafficHistory *m_history;
    RecentModel *m_recent;
    QSplitter *m_splitter;
    ConnectionsPage *m_page;
    QTabWidget *m_lower;
    DetailsPane *m_details;
    RecentPane *m_recentPane;
    HostsPane *m_hosts;
    TrafficChart *m_chart;
    quint64 m_mergedAt = 0;   ///< Totals::requests at the last merge
    quint64 m_tickedAt = 0;   ///< the same at the last tick
    quint64 m_lastNumber = 0; ///< FinishedWork::number of the last one merged, in this run
    QTimer m_between;         ///< merges between two ticks, while much finishes
};

} // namespace sami::gui
