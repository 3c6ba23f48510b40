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

/// A question before something that cannot be undone. Each action is a button named after what it
/// does. One more button leaves things as they are: Cancel, unless `leave` names it. Enter, Escape
/// and closing the box mean that button, so that a habit does no harm.
struct Question
{
    QString title;
    QString text;
    QStringList actions; ///< "Finish streams, then stop", "Cut now"
    QString leave {};    ///< "Let them finish"; empty: Cancel
};

/// The index of the action that the user chose; none: change nothing. Passed to the pages, so that
/// tests can inject an answer.
using Ask = std::function<std::optional<int>(QWidget *parent, const Question &question)>;

/// Message boxes that show text as it is. It may quote strangers or a file, and QMessageBox's
/// static functions render anything that looks like HTML. Each function returns once the box was
/// answered.
class MessageBox
{
public:
    /// An Ask.
    [[nodiscard]] static std::optional<int> ask(QWidget *parent, const Question &question);
    static void warn(QWidget *parent, const QString &title, const QString &text);
    /// Says that the program cannot go on.
    static void giveUp(const QString &title, const QString &text);
};

} // namespace sami::gui
