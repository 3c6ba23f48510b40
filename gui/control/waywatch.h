// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/proxycontroller.h"
#include "gui/control/wayswitches.h"

#include <QObject>

namespace sami::gui {

/// Says when requests take another way out, shown or hidden: who looks at no window has to know
/// that a server is down, or that hosts see this computer's own address. Main thread; borrows the
/// controller.
class WayWatch : public QObject
{
    Q_OBJECT

public:
    explicit WayWatch(const ProxyController &controller, QObject *parent = nullptr);

    /// What the controller's tick does, at that time.
    void look(TimePoint now);

Q_SIGNALS:
    /// Of the kind WaySwitched.
    void noticed(const sami::gui::Notice &notice);

private:
    const ProxyController &m_controller;
    WaySwitches m_switches;
};

} // namespace sami::gui
