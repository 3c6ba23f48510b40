// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "desk.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QPixmap>
#include <QProcess>
#include <QPushButton>
#include <QScreen>
#include <QSystemTrayIcon>
#include <QTest>
#include <QTimer>
#include <QWidget>

#include <algorithm>
#include <utility>

namespace sami::test {

using namespace Qt::StringLiterals;

bool waitFor(const std::function<bool()> &fact, int milliseconds)
{
    return QTest::qWaitFor(fact, milliseconds);
}

bool Desk::run(const QStringList &arguments)
{
    QProcess xdotool;
    xdotool.setProcessChannelMode(QProcess::ForwardedChannels);
    xdotool.start(u"xdotool"_s, arguments);
    return waitFor([&] { return xdotool.state() == QProcess::NotRunning; })
        && xdotool.exitStatus() == QProcess::NormalExit && xdotool.exitCode() == 0;
}

bool Desk::point(QPoint where)
{
    return run({ u"mousemove"_s, QString::number(where.x()), QString::number(where.y()) });
}

bool Desk::click(QPoint where, Button button)
{
    return run({ u"mousemove"_s, QString::number(where.x()), QString::number(where.y()), u"click"_s,
                 QString::number(int(button)) });
}

bool Desk::click(QWidget *widget, QPoint spot)
{
    // A note that has just appeared above the widget moves it with the next layout.
    QPoint place;
    const auto isSettled = [&] {
        const QPoint now = widget->mapToGlobal(spot.isNull() ? widget->rect().center() : spot);
        return std::exchange(place, now) == now;
    };
    return QTest::qWaitForWindowExposed(widget->window()) && waitFor(isSettled) && click(place);
}

bool Desk::closeByItsButton(QWidget *window)
{
    // The position in openbox's own theme, once Qt knows the frame. The frame of a window that was
    // hidden is known from before, but not its new position, which arrives before the focus.
    const auto hasFrame = [&] { return window->frameGeometry().top() < window->geometry().top(); };
    return QTest::qWaitForWindowActive(window) && waitFor(hasFrame)
        && click(window->frameGeometry().topRight() + QPoint(-10, 10));
}

bool Desk::key(const QString &name)
{
    return run({ u"key"_s, name });
}

bool Desk::type(const QString &text)
{
    return run({ u"type"_s, u"--delay"_s, u"5"_s, text });
}

bool Desk::retype(QWidget *field, const QString &text)
{
    return click(field) && waitFor([&] { return field->hasFocus(); }) && key(u"ctrl+a"_s)
        && type(text) && waitFor([&] { return field->property("text") == text; });
}

QMenu *Desk::openedMenu(int milliseconds)
{
    QMenu *menu = nullptr;
    const auto isOpen = [&menu] {
        menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        return menu && menu->isVisible();
    };
    static_cast<void>(waitFor(isOpen, milliseconds));
    return menu;
}

bool Desk::dismissNotice()
{
    for (QWidget *window : QApplication::topLevelWidgets()) {
        if (!window->inherits("QBalloonTip") || !window->isVisible())
            continue;
        auto *cross = window->findChild<QPushButton *>();
        return cross && click(cross) && waitFor([] {
                   const QWidgetList windows = QApplication::topLevelWidgets();
                   return std::none_of(windows.begin(), windows.end(), [](const QWidget *one) {
                       return one->inherits("QBalloonTip") && one->isVisible();
                   });
               });
    }
    return true;
}

QMenu *Desk::openMenu(const QSystemTrayIcon *icon)
{
    // A click that hits a panel during its layout, or a new notice, misses the icon. If no menu
    // opens, click again.
    constexpr int attempts = 5;
    constexpr int patience = 3'000;
    for (int i = 0; i < attempts; ++i) {
        if (!dismissNotice() || !waitFor([icon] { return icon->geometry().isValid(); })
            || !click(icon->geometry().center(), Button::Right))
            return nullptr;
        if (QMenu *menu = openedMenu(patience))
            return menu;
    }
    return nullptr;
}

bool Desk::choose(QMenu *menu, QAction *action)
{
    const QRect place = menu->actionGeometry(action);
    return QTest::qWaitForWindowExposed(menu) && place.isValid()
        && click(menu->mapToGlobal(place.center()))
        && waitFor([] { return !QApplication::activePopupWidget(); });
}

bool Desk::chooseFrom(QAbstractButton *button, const std::function<QAction *(const QMenu &)> &find)
{
    bool isChosen = false;
    QTimer eye;
    QObject::connect(&eye, &QTimer::timeout, button, [&] {
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        if (!menu || !menu->isVisible())
            return;
        eye.stop();
        QAction *action = find(*menu);
        isChosen = action && choose(menu, action);
        if (!isChosen)
            menu->close();
    });
    eye.start(std::chrono::milliseconds(20));
    return click(button) && waitFor([&] { return !eye.isActive(); }) && isChosen;
}

QImage Desk::screenshot()
{
    return QGuiApplication::primaryScreen()->grabWindow(0).toImage();
}

QImage Desk::settledScreenshot()
{
    constexpr int enough = 5; // checks
    constexpr int patience = 3'000;
    int alike = 0;
    QImage last = screenshot();
    static_cast<void>(waitFor(
        [&] {
            const QImage now = screenshot();
            alike = now == last ? alike + 1 : 0;
            last = now;
            return alike == enough;
        },
        patience));
    return last;
}

QRect Desk::difference(const QImage &before, const QImage &now, const QRect &within)
{
    QRect all;
    const QRect area = within & now.rect();
    for (int y = area.top(); y <= area.bottom(); ++y) {
        for (int x = area.left(); x <= area.right(); ++x) {
            if (before.pixel(x, y) != now.pixel(x, y))
                all |= QRect(x, y, 1, 1);
        }
    }
    return all;
}

} // namespace sami::test
