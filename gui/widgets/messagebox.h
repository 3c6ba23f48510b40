// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QWidget;

namespace sami::gui {

/// Message boxes that show their text as it is: it may quote strangers or a file, and QMessageBox's
/// own functions take what looks like HTML for HTML. Each returns when it was answered.
class MessageBox
{
public:
    /// What Enter answers.
    enum class Enter { SaysYes, SaysNo };

    /// Whether the user says yes.
    [[nodiscard]] static bool ask(QWidget *parent, const QString &title, const QString &text,
                                  Enter enter);
    static void warn(QWidget *parent, const QString &title, const QString &text);
    /// The program cannot go on.
    static void giveUp(const QString &title, const QString &text);
};

} // namespace sami::gui
