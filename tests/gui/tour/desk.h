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

/// The hands and eyes of a user at a real X display: mouse and keys that go through the X server,
/// and the pixels of the root window.
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
    /// The window manager's close button in the title bar.
    [[nodiscard]] bool closeByItsButton(QWidget *window);
    /// "ctrl+a", "Escape"; goes to the focused window.
    [[nodiscard]] bool key(const QString &name);
    /// Letters and digits; go to the focused widget.
    [[nodiscard]] bool type(const QString &text);
    /// Replaces the field's text (QLineEdit, QSpinBox), by mouse and keys.
    [[nodiscard]] bool retype(QWidget *field, const QString &text);

    /// Opens the icon's menu with a right click; null if none opened.
    [[nodiscard]] QMenu *openMenu(const QSystemTrayIcon *icon);
    /// Clicks the action where the open menu shows it.
    [[nodiscard]] bool choose(QMenu *menu, QAction *action);
    /// Opens the button's menu and clicks the action that `find` picks. (A button runs its own
    /// event loop while its menu is open.)
    [[nodiscard]] bool chooseFrom(QAbstractButton *button,
                                  const std::function<QAction *(const QMenu &)> &find);
    /// Waits for a menu to open.
    [[nodiscard]] static QMenu *openedMenu(int milliseconds = 10'000);

    /// The pixels of the display.
    [[nodiscard]] static QImage screenshot();
    /// The same once it has not changed for a while, because all windows are painted.
    [[nodiscard]] static QImage settledScreenshot();
    /// The bounding rectangle of the differences; both images have the same size.
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
