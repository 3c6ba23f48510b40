// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/proxycontroller.h"
#include "gui/control/wayswitches.h"

#include <QObject>

namespace sami::gui {

/// Reports when requests take another way out, even while no window is shown: the user has to know
/// that a server is down, or that hosts now see this computer's own address. Main thread; borrows
/// the controller.
class WayWatch : public QObject
{
    Q_OBJECT

public:
    explicit WayWatch(const ProxyController &controller, QObject *parent = nullptr);

    /// Checks the way out at that time; the controller's tick calls it.
    void look(TimePoint now);

Q_SIGNALS:
    /// Always of the kind WaySwitched.
    void noticed(const sami::gui::Notice &notice);

private:
    const ProxyController &m_controller;
    WaySwitches m_switches;
};

} // namespace sami::gui
