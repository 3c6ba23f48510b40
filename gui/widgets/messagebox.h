// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

namespace sami::gui {

/// Asked before something that cannot be taken back. Each action is a button that says what it
/// does; one more button leaves things as they are, Cancel unless it has words of its own, and so
/// do Enter, Escape and closing the box: a habit does no harm.
struct Question
{
    QString title;
    QString text;
    QStringList actions; ///< "Finish streams, then stop", "Cut now"
    QString leave {};    ///< "Let them finish"; empty: Cancel
};

/// Which of the actions the user wants; none: everything stays as it is. Pages are given one, so
/// that tests answer by themselves.
using Ask = std::function<std::optional<int>(QWidget *parent, const Question &question)>;

/// Message boxes that show their text as it is: it may quote strangers or a file, and QMessageBox's
/// own functions take what looks like HTML for HTML. Each returns when it was answered.
class MessageBox
{
public:
    /// An Ask.
    [[nodiscard]] static std::optional<int> ask(QWidget *parent, const Question &question);
    static void warn(QWidget *parent, const QString &title, const QString &text);
    /// The program cannot go on.
    static void giveUp(const QString &title, const QString &text);
};

} // namespace sami::gui
