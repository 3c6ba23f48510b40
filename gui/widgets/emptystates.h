// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QObject>

namespace sami::gui {

class AppActions;
class EmptyState;
class MainWindow;
class ProxyController;

/// The texts of every empty list in the main window, in one place. Main thread; lives with the
/// window.
class EmptyStates : public QObject
{
    Q_OBJECT

public:
    EmptyStates(ProxyController &controller, AppActions &actions, MainWindow &window);

private:
    void addConnections(AppActions &actions, MainWindow &window);
    void addPages(AppActions &actions, MainWindow &window);

    ProxyController &m_controller;
    QList<EmptyState *> m_states;
};

} // namespace sami::gui
