// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"

#include <QByteArray>
#include <QHash>
#include <QObject>

class QPushButton;
class QTabWidget;
class QWidget;

namespace sami::gui {

class ProxyController;

/// Counts refusals that nobody has seen yet, on the tab of their page: the rows with new refusals
/// since the page was last looked at. Also has the status line's button that appears while clients
/// are blocked. After a restart of the proxy only new refusals count. Works only while the window
/// is visible. Main thread; lives with the tabs.
class DeniedBadge : public QObject
{
    Q_OBJECT

public:
    DeniedBadge(ProxyController &controller, QTabWidget *tabs, QWidget *page);

    /// "2 clients blocked"; visible only while some are. The tabs' window owns it and places it.
    [[nodiscard]] QPushButton *blockedButton() const { return m_blocked; }

private:
    void update();
    void count();
    void showCount(int fresh);
    void showBlocked();

    ProxyController &m_controller;
    QTabWidget *m_tabs;
    QWidget *m_page;
    const QString m_title; ///< the tab's, without a count
    QPushButton *m_blocked;
    quint64 m_total = 0;                 ///< refusals counted so far
    QHash<QByteArray, quint64> m_counts; ///< by client, destination and reason
    QHash<QByteArray, quint64> m_seen;   ///< the same when the page was last looked at
};

} // namespace sami::gui
