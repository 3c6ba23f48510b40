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
/// knows. What flows is no invention: trace.json has what SDKs and the daemon really sent in each
/// second (record.mjs). Main thread; borrows the engine.
class Scene
{
public:
    explicit Scene(gui::FakeEngine &engine);

    /// What the settings file says.
    [[nodiscard]] static QByteArray settings();
    [[nodiscard]] static QList<gui::OwnAddress> ownAddresses();

    /// Lets the ten recorded minutes pass in a few seconds: each sample that the controller takes
    /// has the rate of one recorded second.
    void play(gui::ProxyController &controller);

private:
    /// What one program sent and got in each second.
    struct Program
    {
        QList<double> up;
        QList<double> down;
    };

    void readTrace();
    /// Octets of that second, for the time since the last step.
    void step(qsizetype second);
    void fillConnections();
    void fillFinished();
    void fillRefusals();

    gui::FakeEngine &m_engine;
    QList<Program> m_programs;
    TimePoint m_last = Clock::now();
};

} // namespace sami::test
