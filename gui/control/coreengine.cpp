// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/coreengine.h"

namespace sami::gui {

CoreEngine::CoreEngine(QObject *parent) : ProxyEngine(parent)
{
    connect(&m_proxy, &server::ProxyServer::stopped, this, &ProxyEngine::stopped);
}

Result<void, QString> CoreEngine::start(const config::Settings &settings)
{
    return m_proxy.start(settings);
}

Result<void, QString> CoreEngine::apply(const config::Settings &settings)
{
    return m_proxy.apply(settings);
}

void CoreEngine::drain(std::optional<std::chrono::milliseconds> grace)
{
    m_proxy.drain(grace);
}

void CoreEngine::stop()
{
    m_proxy.stop();
}

bool CoreEngine::isRunning() const
{
    return m_proxy.isRunning();
}

bool CoreEngine::isDraining() const
{
    return m_proxy.isDraining();
}

SocketAddress CoreEngine::listenAddress() const
{
    return m_proxy.listenAddress();
}

account::Snapshot CoreEngine::snapshot() const
{
    return m_proxy.snapshot();
}

account::Totals CoreEngine::totals() const
{
    return m_proxy.totals();
}

QList<account::FinishedWork> CoreEngine::finishedWork() const
{
    return m_proxy.finishedWork();
}

QList<account::RefusalRow> CoreEngine::refusals() const
{
    return m_proxy.refusals();
}

QList<account::BlockRow> CoreEngine::blocks() const
{
    return m_proxy.blocks();
}

void CoreEngine::expectOwn(const SocketAddress &client)
{
    m_proxy.expectOwn(client);
}

void CoreEngine::closeConnection(quint64 id)
{
    m_proxy.closeConnection(id);
}

void CoreEngine::closeAllConnections()
{
    m_proxy.closeAllConnections();
}

bool CoreEngine::liftBlock(const QHostAddress &client)
{
    return m_proxy.liftBlock(client);
}

} // namespace sami::gui
