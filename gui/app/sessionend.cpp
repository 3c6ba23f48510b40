// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/sessionend.h"

#include <QCoreApplication>
#include <QEvent>

namespace sami::gui {

SessionEnd::SessionEnd(QObject *parent) : QObject(parent)
{
    m_limit.setSingleShot(true);
    m_limit.setInterval(patience);
    connect(&m_limit, &QTimer::timeout, this, &SessionEnd::lapse);
}

SessionEnd::~SessionEnd() = default;

void SessionEnd::begin()
{
    m_limit.start();
    qApp->installEventFilter(this);
}

void SessionEnd::lapse()
{
    m_limit.stop();
    qApp->removeEventFilter(this);
}

bool SessionEnd::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::KeyPress)
        lapse();
    return QObject::eventFilter(watched, event);
}

} // namespace sami::gui
