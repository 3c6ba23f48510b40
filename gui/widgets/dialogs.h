// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/messagebox.h"

#include <QString>

#include <functional>

class QWidget;

namespace sami::gui {

/// The questions that a page asks the user; tests inject the answers.
struct Dialogs
{
    Ask ask;
    /// Asks where to save; empty if the user cancels.
    std::function<QString(QWidget *parent, const QString &title, const QString &name)> saveName;
    /// Reports a failure.
    std::function<void(QWidget *parent, const QString &title, const QString &text)> reportError;

    /// Message boxes and the desktop's file dialog.
    [[nodiscard]] static Dialogs desktop();

    /// Asks where, writes the text there, and reports a failure.
    void save(QWidget *parent, const QString &title, const QString &name,
              const QString &text) const;
};

} // namespace sami::gui
