// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/widgets/messagebox.h"

#include <QString>

#include <functional>

class QWidget;

namespace sami::gui {

/// The questions that a page asks the user; tests answer them by themselves.
struct Dialogs
{
    Ask ask;
    /// Where to save; empty when the user does not want to.
    std::function<QString(QWidget *parent, const QString &title, const QString &name)> saveName;
    /// Says that something failed.
    std::function<void(QWidget *parent, const QString &title, const QString &text)> complain;

    /// Message boxes and the desktop's file dialog.
    [[nodiscard]] static Dialogs desktop();

    /// Asks where, writes the text there, and says so when it fails.
    void save(QWidget *parent, const QString &title, const QString &name,
              const QString &text) const;
};

} // namespace sami::gui
