// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "answers.h"
#include "fakeengine.h"
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"

#include <QTemporaryDir>

#include <memory>

namespace sami::gui {

/// The whole program over a scripted core, on a desktop that the test simulates.
struct Program
{
    explicit Program(bool hasTrayAtFirst = true)
        : hasTray(hasTrayAtFirst),
          store({ folder.filePath(QStringLiteral("settings.ini")), {}, {} })
    {
        if (!store.open())
            qFatal("the settings in a new folder cannot be read");
        Preferences preferences;
        preferences.firstStartDone = true;
        if (!store.savePreferences(preferences))
            qFatal("the settings in a new folder cannot be written");
    }

    TrayApplication &run(bool isMinimized = false)
    {
        engine = new FakeEngine;
        app = std::make_unique<TrayApplication>(
            store, std::unique_ptr<server::Engine>(engine), log,
            TrayApplication::Surroundings {
                [this] { return hasTray; },
                [this](QWidget *, const Question &question) {
                    questions.append(question.text);
                    actions = question.actions;
                    whileAsked();
                    return answer;
                },
                [this] { ++exits; }, nullptr, [this](bool inDock) { dock.append(inDock); },
                [this](macdesktop::Events events) { desktop = std::move(events); },
                trayClickOpensMenu });
        QObject::connect(&app->tray(), &TrayIcon::said, app.get(),
                         [this](const QString &title, const QString &text) {
                             said.append({ title, text });
                         });
        app->start(isMinimized);
        settle();
        return *app;
    }

    void addStream()
    {
        engine->addConnections(1);
        engine->connections.last().phase = account::ConnectionPhase::Tunnel;
    }

    bool hasTray;
    bool trayClickOpensMenu = false;
    std::optional<int> answer; ///< the action to choose
    std::function<void()> whileAsked = [] {};
    QStringList questions;
    QStringList actions; ///< of the last question
    int exits = 0;
    QList<QStringList> said; ///< by the tray icon: title and text
    QList<bool> dock;        ///< the calls to the Dock, in order
    macdesktop::Events desktop;
    QTemporaryDir folder;
    SettingsStore store;
    LogTap log;
    FakeEngine *engine = nullptr;
    std::unique_ptr<TrayApplication> app;
};

} // namespace sami::gui
