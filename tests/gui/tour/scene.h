// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "fakeengine.h"
#include "gui/control/ownaddresses.h"

#include <QByteArray>
#include <QList>

namespace sami::gui {
class ProxyController;
}

namespace sami::test {

/// A morning of a small office on a scripted core: addresses of RFC 5737, providers that everybody
/// knows. Main thread; borrows the engine.
class Scene
{
public:
    explicit Scene(gui::FakeEngine &engine);

    /// What the settings file says.
    [[nodiscard]] static QByteArray settings();
    [[nodiscard]] static QList<gui::OwnAddress> ownAddresses();

    /// Lets ten minutes of the chart pass in a few seconds; the controller samples them.
    void play(gui::ProxyController &controller);
    /// Octets for the time since the last step.
    void step();

private:
    void fillConnections();
    void fillFinished();
    void fillRefusals();

    gui::FakeEngine &m_engine;
    TimePoint m_last = Clock::now();
    int m_steps = 0;
};

} // namespace sami::test
