// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/coreengine.h"

#include <QCoreApplication>
#include <QEvent>

#include <optional>

namespace sami::gui {

namespace {

/// The proxy of this process has done what it was told when the call returns; only the answer waits
/// in the event loop. It is delivered here and now.
template <typename Value, typename Command> Value answered(Command command)
{
    std::optional<Value> answer;
    QObject context;
    command(&context, [&answer](const Value &value) { answer = value; });
    QCoreApplication::sendPostedEvents(&context, QEvent::MetaCall);
    return *answer;
}

Result<void, QString> withoutValue(const server::Engine::Outcome &outcome)
{
    if (!outcome)
        return Unexpected(outcome.error());
    return {};
}

} // namespace

CoreEngine::CoreEngine(QObject *parent) : ProxyEngine(parent)
{
    connect(&m_proxy, &server::ProxyServer::stopped, this, [this] {
        m_isDraining = false;
        Q_EMIT stopped();
    });
}

Result<void, QString> CoreEngine::start(const config::Settings &settings)
{
    return withoutValue(answered<server::Engine::Outcome>(
        [&](QObject *context, auto answer) { m_proxy.start(settings, context, answer); }));
}

Result<void, QString> CoreEngine::apply(const config::Settings &settings)
{
    return withoutValue(answered<server::Engine::Outcome>(
        [&](QObject *context, auto answer) { m_proxy.apply(settings, context, answer); }));
}

void CoreEngine::drain(std::optional<std::chrono::milliseconds> grace)
{
    m_isDraining = isRunning();
    m_proxy.drain(grace);
}

void CoreEngine::stop()
{
    m_proxy.stop();
    QCoreApplication::sendPostedEvents(&m_proxy, QEvent::MetaCall);
}

bool CoreEngine::isRunning() const
{
    return m_proxy.effective();
}

bool CoreEngine::isDraining() const
{
    return m_isDraining;
}

SocketAddress CoreEngine::listenAddress() const
{
    return m_proxy.effective() ? m_proxy.effective()->listening : SocketAddress {};
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
    return answered<bool>(
        [&](QObject *context, auto answer) { m_proxy.liftBlock(client, context, answer); });
}

} // namespace sami::gui
