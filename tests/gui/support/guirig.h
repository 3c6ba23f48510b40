// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "answers.h"
#include "fakeengine.h"
#include "gui/control/proxycontroller.h"
#include "gui/control/settingsstore.h"

#include <QTemporaryDir>

#include <memory>

namespace sami::gui {

/// A controller over a scripted core, with settings in a temporary folder. A test calls
/// controller.tick() rather than wait.
class GuiRig
{
public:
    /// `flags` is the command line, whose options override the settings file.
    explicit GuiRig(const QStringList &flags = {})
        : store({ folder.filePath(QStringLiteral("settings.ini")),
                  {},
                  config::parseCommandLine(flags) }),
          engine(new FakeEngine), controller(std::unique_ptr<server::Engine>(engine), store)
    {
        if (!store.open())
            qFatal("the settings in a new folder cannot be read");
        start(controller);
    }

    QTemporaryDir folder;
    SettingsStore store;
    FakeEngine *engine; ///< the controller owns it
    ProxyController controller;
};

} // namespace sami::gui
