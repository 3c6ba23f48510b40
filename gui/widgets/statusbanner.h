// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;
class QToolButton;

namespace sami::gui {

class AppActions;
class ProxyController;

/// The strip over the tabs: the state in words, the address, who can use it, and the button for
/// what is to be done about it. Main thread.
class StatusBanner : public QWidget
{
    Q_OBJECT

public:
    StatusBanner(ProxyController &controller, AppActions &actions, QWidget *parent = nullptr);

private:
    void refresh();

    ProxyController &m_controller;
    QLabel *m_icon;
    QLabel *m_state;
    QLabel *m_exposure;
};

} // namespace sami::gui
