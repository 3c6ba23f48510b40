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

/// A morning of a small office on a scripted core: addresses of RFC 5737, well-known providers. The
/// traffic is real: trace.json has what SDKs and the daemon sent in each second (record.mjs). Main
/// thread; borrows the engine.
class Scene
{
public:
    explicit Scene(gui::FakeEngine &engine);

    /// The content of the settings file.
    [[nodiscard]] static QByteArray settings();
    [[nodiscard]] static QList<gui::OwnAddress> ownAddresses();

    /// Plays the ten recorded minutes in a few seconds: each sample that the controller takes has
    /// the rate of one recorded second.
    void play(gui::ProxyController &controller);

private:
    /// What one program sent and received in each second.
    struct Program
    {
        QList<double> up;
        QList<double> down;
    };

    void readTrace();
    /// Adds that second's bytes, scaled to the time since the last step.
    void step(qsizetype second);
    void fillConnections();
    void fillFinished();
    void fillRefusals();

    gui::FakeEngine &m_engine;
    QList<Program> m_programs;
    TimePoint m_last = Clock::now();
};

} // namespace sami::test
