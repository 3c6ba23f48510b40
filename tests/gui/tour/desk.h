// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QColor>
#include <QImage>
#include <QPoint>
#include <QRect>

#include <functional>

class QAbstractButton;
class QAction;
class QMenu;
class QSystemTrayIcon;
class QWidget;

namespace sami::test {

/// The hands and eyes of a person at a real X display: a mouse and keys that go through the X
/// server, and the pixels of the root window.
/// All waiting lets the program's event loop run. Main thread.
class Desk
{
    Q_DISABLE_COPY_MOVE(Desk)

public:
    enum class Button { Left = 1, Right = 3 };

    Desk() = default;

    /// Moves the pointer there (global).
    [[nodiscard]] bool point(QPoint where);
    /// Moves the pointer there (global) and clicks.
    [[nodiscard]] bool click(QPoint where, Button button = Button::Left);
    /// The widget's centre, or another spot of it.
    [[nodiscard]] bool click(QWidget *widget, QPoint spot = {});
    /// The cross that the window manager puts into the title bar.
    [[nodiscard]] bool closeByItsButton(QWidget *window);
    /// "ctrl+a", "Escape"; to the window that has the focus.
    [[nodiscard]] bool key(const QString &name);
    /// Letters and digits, to what has the focus.
    [[nodiscard]] bool type(const QString &text);
    /// Puts the text in the place of the field's (QLineEdit, QSpinBox), by mouse and keys.
    [[nodiscard]] bool retype(QWidget *field, const QString &text);

    /// Opens the icon's menu by a right click; null when none came.
    [[nodiscard]] QMenu *openMenu(const QSystemTrayIcon *icon);
    /// Clicks the action where the open menu shows it.
    [[nodiscard]] bool choose(QMenu *menu, QAction *action);
    /// Opens the button's menu, and clicks the action that `find` picks from it. (A button runs an
    /// event loop of its own while its menu is open.)
    [[nodiscard]] bool chooseFrom(QAbstractButton *button,
                                  const std::function<QAction *(const QMenu &)> &find);
    /// The menu that is open, waited for.
    [[nodiscard]] static QMenu *openedMenu(int milliseconds = 10'000);

    /// What the display shows.
    [[nodiscard]] static QImage screenshot();
    /// The same when all windows are painted: what has not changed for a while.
    [[nodiscard]] static QImage settledScreenshot();
    /// The smallest rectangle outside of which both are alike; both are of one size.
    [[nodiscard]] static QRect difference(const QImage &before, const QImage &now,
                                          const QRect &within);

    /// While a notice is shown, Qt takes any click on the icon for one on the notice.
    [[nodiscard]] bool dismissNotice();

private:
    [[nodiscard]] static bool run(const QStringList &arguments);
};

/// Lets events run until the fact holds.
[[nodiscard]] bool waitFor(const std::function<bool()> &fact, int milliseconds = 10'000);

} // namespace sami::test
