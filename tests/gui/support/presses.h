// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "answers.h"
#include "gui/widgets/settingsdialog.h"

#include <QAbstractButton>
#include <QAction>

namespace sami::gui {

/// Applies the dialog; whether its settings are in force now.
inline bool applied(SettingsDialog &dialog)
{
    bool isApplied = false;
    QObject context;
    QObject::connect(&dialog, &SettingsDialog::applied, &context,
                     [&isApplied](bool isDone) { isApplied = isDone; });
    dialog.apply();
    settle();
    return isApplied;
}

/// A click, and the engine's answer to it.
inline void click(QAbstractButton *button)
{
    button->click();
    settle();
}

/// The same for a menu.
inline void trigger(QAction *action)
{
    action->trigger();
    settle();
}

} // namespace sami::gui
