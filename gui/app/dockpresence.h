// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <functional>

namespace sami::gui {

/// Keeps the program in the Dock while one of its windows is open, even minimised, and out of it
/// otherwise. Menus, tool tips and the like do not count as windows. Main thread.
class DockPresence : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DockPresence)

public:
    using Switch = std::function<void(bool inDock)>;

    explicit DockPresence(Switch setInDock, QObject *parent = nullptr);
    ~DockPresence() override;

    /// Sees the events of every window of the application.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void handleHidden();
    void set(bool inDock);

    Switch m_setInDock;
    bool m_inDock = false;
};

} // namespace sami::gui
