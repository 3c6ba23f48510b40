// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/waywatch.h"

#include "gui/text/serverwording.h"

namespace sami::gui {

WayWatch::WayWatch(const ProxyController &controller, QObject *parent)
    : QObject(parent), m_controller(controller)
{
    connect(&controller, &ProxyController::ticked, this, [this] { look(Clock::now()); });
    connect(&controller, &ProxyController::settingsChanged, this, [this] { m_switches.forget(); });
}

void WayWatch::look(TimePoint now)
{
    const auto made = m_switches.look(m_controller.servers(), now);
    if (made)
        Q_EMIT noticed(
            { Notice::Kind::WaySwitched,
              ServerWording::switched(made->from.server, made->to.server, made->fault) });
}

} // namespace sami::gui
