// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/departure.h"

#include "gui/control/proxycontroller.h"

#include <QEventLoop>

#include <utility>

namespace sami::gui {

Departure::Departure(ProxyController &controller, std::function<void()> exit, QObject *parent)
    : QObject(parent), m_controller(controller), m_exit(std::move(exit))
{
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, [this] { m_controller.stop(); });
}

Departure::~Departure() = default;

void Departure::begin(Limit limit)
{
    const ProxyState state = m_controller.state();
    if (state != ProxyState::Running && state != ProxyState::Draining) {
        now();
        return;
    }
    if (limit && (!m_limit.isActive() || m_limit.remainingTimeAsDuration() > *limit))
        m_limit.start(*limit);
    if (std::exchange(m_isUnderWay, true))
        return;
    connect(&m_controller, &ProxyController::stateChanged, this, &Departure::handleState);
    // The menu may have started a drain already.
    if (state == ProxyState::Running)
        m_controller.drain();
}

void Departure::wait(std::chrono::milliseconds limit)
{
    QEventLoop loop;
    connect(this, &Departure::over, &loop, &QEventLoop::quit);
    begin(limit);
    if (!m_isOver)
        loop.exec();
}

void Departure::now()
{
    m_controller.stop();
    exitOnce();
}

void Departure::handleState(ProxyState state)
{
    if (state != ProxyState::Draining)
        exitOnce();
}

void Departure::exitOnce()
{
    m_limit.stop();
    if (std::exchange(m_isOver, true))
        return;
    m_exit();
    Q_EMIT over();
}

} // namespace sami::gui
