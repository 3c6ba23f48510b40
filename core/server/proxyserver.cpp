// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/proxyserver.h"

#include "server/runningproxy.h"

#include <QNetworkProxy>

#include <utility>

namespace sami::server {

ProxyServer::ProxyServer(QObject *parent) : QObject(parent)
{
    // Qt's sockets take the system's proxy by default, which would lead past every address rule.
    QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy);
}

ProxyServer::~ProxyServer() = default;

Result<void, QString> ProxyServer::start(const config::Settings &settings)
{
    if (m_running)
        return Unexpected(QStringLiteral("the proxy is running already"));
    auto started = RunningProxy::start(settings);
    if (!started)
        return Unexpected(started.error());
    m_running = std::move(started).value();
    connect(m_running.get(), &RunningProxy::drained, this, &ProxyServer::stop);
    m_finished = m_running->shared().books.finished;
    return {};
}

Result<void, QString> ProxyServer::apply(const config::Settings &settings)
{
    if (!m_running)
        return Unexpected(QStringLiteral("the proxy is not running"));
    return m_running->apply(settings);
}

void ProxyServer::drain(std::optional<std::chrono::milliseconds> grace)
{
    if (m_running && !isDraining())
        m_running->drain(grace);
}

void ProxyServer::stop()
{
    if (!m_running)
        return;
    m_running->reportUnserved();
    m_running.reset();
    Q_EMIT stopped();
}

bool ProxyServer::isRunning() const
{
    return m_running != nullptr;
}

bool ProxyServer::isDraining() const
{
    return m_running && m_running->shared().draining.load();
}

bool ProxyServer::privateIsCertain() const
{
    return !m_running || m_running->privateIsCertain();
}

SocketAddress ProxyServer::listenAddress() const
{
    return m_running ? m_running->where() : SocketAddress {};
}

int ProxyServer::threads() const
{
    return m_running ? m_running->workers().size() : 0;
}

int ProxyServer::connectionLimit() const
{
    return m_running ? m_running->shared().places.limits().all : 0;
}

account::Snapshot ProxyServer::snapshot() const
{
    return m_running ? m_running->snapshot() : account::Snapshot {};
}

account::Totals ProxyServer::totals() const
{
    return m_running ? m_running->totals() : account::Totals {};
}

QList<account::FinishedWork> ProxyServer::finishedWork() const
{
    return m_finished ? m_finished->recent() : QList<account::FinishedWork>();
}

QList<account::RefusalRow> ProxyServer::refusals() const
{
    if (!m_running)
        return {};
    return m_running->shared().books.refusals.rows() + m_running->shared().books.reports.rows();
}

QList<account::BlockRow> ProxyServer::blocks() const
{
    QList<account::BlockRow> rows;
    if (!m_running)
        return rows;
    const TimePoint now = Clock::now();
    const auto blocks = m_running->shared().gatekeeper.blocks(now);
    for (const auto &block : blocks)
        rows.append({ block.address, std::chrono::ceil<std::chrono::seconds>(block.until - now) });
    return rows;
}

void ProxyServer::expectOwn(const SocketAddress &client)
{
    if (m_running)
        m_running->shared().books.registry.expectOwn({ unmapped(client.address), client.port });
}

void ProxyServer::closeConnection(quint64 id)
{
    if (m_running)
        m_running->workers().forEach([id](Worker &worker) { worker.closeConnection(id); });
}

void ProxyServer::closeAllConnections()
{
    if (m_running)
        m_running->workers().forEach([](Worker &worker) { worker.cut(account::EndedHow::Closed); });
}

bool ProxyServer::liftBlock(const QHostAddress &client)
{
    return m_running && m_running->shared().gatekeeper.lift(client);
}

} // namespace sami::server
