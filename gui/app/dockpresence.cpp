// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/dockpresence.h"

#include <QApplication>
#include <QEvent>
#include <QWidget>

#include <algorithm>
#include <utility>

namespace sami::gui {

namespace {

bool isRealWindow(const QWidget *widget)
{
    return widget && widget->isWindow()
        && (widget->windowType() == Qt::Window || widget->windowType() == Qt::Dialog);
}

} // namespace

DockPresence::DockPresence(Switch setInDock, QObject *parent)
    : QObject(parent), m_setInDock(std::move(setInDock))
{
    qApp->installEventFilter(this);
}

DockPresence::~DockPresence() = default;

bool DockPresence::eventFilter(QObject *watched, QEvent *event)
{
    if ((event->type() == QEvent::Show || event->type() == QEvent::Hide)
        && isRealWindow(qobject_cast<const QWidget *>(watched))) {
        // The Show event arrives before the window appears. Only a program that is in the Dock by
        // then gets the keyboard.
        if (event->type() == QEvent::Show)
            set(true);
        else
            QMetaObject::invokeMethod(this, &DockPresence::handleHidden, Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
}

void DockPresence::handleHidden()
{
    const QWidgetList widgets = QApplication::topLevelWidgets();
    set(std::any_of(widgets.begin(), widgets.end(), [](const QWidget *widget) {
        return widget->isVisible() && isRealWindow(widget);
    }));
}

void DockPresence::set(bool inDock)
{
    if (std::exchange(m_inDock, inDock) != inDock)
        m_setInDock(inDock);
}

} // namespace sami::gui
