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

/// What of the page of refusals nobody has seen yet: how many rows were refused something since
/// somebody last looked, on the page's tab; and a button for the status line while clients are
/// blocked. Nothing is new after a restart of the proxy but what it refuses from then on. Works
/// only while the window is seen. Main thread; lives with the tabs.
class DeniedBadge : public QObject
{
    Q_OBJECT

public:
    DeniedBadge(ProxyController &controller, QTabWidget *tabs, QWidget *page);

    /// "2 clients blocked"; there only while some are. Owned by the tabs' window, which places it.
    [[nodiscard]] QPushButton *blockedButton() const { return m_blocked; }

private:
    void update();
    void count();
    void showCount(int fresh);
    void showBlocked();

    ProxyController &m_controller;
    QTabWidget *m_tabs;
    QWidget *m_page;
    const QString m_title; ///< of the tab, without a count
    QPushButton *m_blocked;
    quint64 m_total = 0;                 ///< refusals that were counted
    QHash<QByteArray, quint64> m_counts; ///< by client, destination and reason
    QHash<QByteArray, quint64> m_seen;   ///< the same when somebody looked last
};

} // namespace sami::gui
