// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/proxyserver.h"

#include "route/parenthealth.h"
#include "server/runningproxy.h"

#include <QNetworkProxy>
#include <QPointer>

#include <utility>

namespace sami::server {

namespace {

/// A window that stayed hidden this long gets everything when it asks again.
constexpr std::chrono::minutes unaskedLifetime { 1 };

} // namespace

ProxyServer::ProxyServer(QObject *parent) : Engine(parent)
{
    // By default Qt's sockets use the system's proxy, which would bypass every address rule.
    QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy);
    m_unasked.setSingleShot(true);
    connect(&m_unasked, &QTimer::timeout, this, [this] { m_changes.forget(); });
}

ProxyServer::~ProxyServer()
{
    m_vitals.detach();
}

Vitals ProxyServer::vitals() const
{
    return m_vitals.read(Clock::now(), WallClock::now());
}

Condition ProxyServer::condition() const
{
    return m_vitals.condition(Clock::now());
}

void ProxyServer::start(const config::Settings &settings, QObject *context, Answer answer)
{
    answerLater(context, std::move(answer), startNow(settings));
}

Engine::Outcome ProxyServer::startNow(const config::Settings &settings)
{
    if (m_running)
        return Unexpected(QStringLiteral("the proxy is running already"));
    auto started = RunningProxy::start(settings);
    if (!started)
        return Unexpected(started.error());
    m_running = std::move(started).value();
    // Queued: stop() destroys the sender, which must not happen inside its signal. By then another
    // proxy may run.
    connect(
        m_running.get(), &RunningProxy::drained, this,
        [this, over = QPointer(m_running.get())] {
            if (over)
                stop();
        },
        Qt::QueuedConnection);
    connect(m_running.get(), &RunningProxy::refreshed, this,
            [this] { m_vitals.publish(m_running->published()); });
    // Before the first connection: accepting begins in the event loop.
    m_vitals.attach(m_running->shared(), m_running->published(), WallClock::now());
    m_finished = m_running->shared().books.finished;
    m_effective = m_running->effective();
    m_changes.forget();
    return *m_effective;
}

void ProxyServer::apply(const config::Settings &settings, QObject *context, Answer answer)
{
    answerLater(context, std::move(answer), applyNow(settings));
}

Engine::Outcome ProxyServer::applyNow(const config::Settings &settings)
{
    if (!m_running)
        return Unexpected(QStringLiteral("the proxy is not running"));
    if (auto applied = m_running->apply(settings); !applied)
        return Unexpected(applied.error());
    m_effective = m_running->effective();
    m_vitals.publish(m_running->published());
    return *m_effective;
}

policy::PrivateClients ProxyServer::privateClients() const
{
    return m_running ? m_running->privateClients() : policy::PrivateClients();
}

users::RosterPtr ProxyServer::users() const
{
    return m_running ? m_running->users() : users::RosterPtr();
}

void ProxyServer::readUsers()
{
    if (m_running)
        m_running->readUsers();
}

void ProxyServer::drain(std::optional<std::chrono::milliseconds> grace)
{
    if (m_running)
        m_running->drain(grace);
}

void ProxyServer::stop()
{
    if (!m_running)
        return;
    m_running->reportLeftOut();
    m_effective.reset();
    m_vitals.detach();
    m_running.reset();
    m_changes.forget();
    QMetaObject::invokeMethod(this, &Engine::stopped, Qt::QueuedConnection);
}

const Effective *ProxyServer::effective() const
{
    return m_effective ? &*m_effective : nullptr;
}

void ProxyServer::since(quint64 revision, QObject *context,
                        std::function<void(const account::Changes &)> answer)
{
    answerLater(context, std::move(answer), changesSince(revision));
}

account::Changes ProxyServer::changesSince(quint64 revision)
{
    m_unasked.start(unaskedLifetime);
    const TimePoint now = Clock::now();
    account::ChangeTracker::Sight sight;
    if (m_running)
        sight = m_running->sight(now);
    sight.now = now;
    sight.finished = m_finished ? m_finished->total() : 0;
    sight.blocks = blocks();
    const quint64 finished = sight.finished;
    account::ChangeTracker::Answer answer = m_changes.since(revision, std::move(sight));
    if (m_finished)
        answer.changes.finished = m_finished->between(answer.finishedBefore, finished);
    if (answer.hasRefusals)
        answer.changes.refusals = refusals();
    return std::move(answer.changes);
}

account::Snapshot ProxyServer::snapshot() const
{
    return m_running ? m_running->snapshot(Clock::now()) : account::Snapshot {};
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
    const account::Books &books = m_running->shared().books;
    return books.refusals.rows() + books.reports.rows();
}

QList<account::BlockRow> ProxyServer::blocks() const
{
    QList<account::BlockRow> rows;
    if (!m_running)
        return rows;
    const TimePoint now = Clock::now();
    const auto blocks = m_running->shared().gatekeeper->blocks(now);
    for (const auto &block : blocks)
        rows.append({ block.address, std::chrono::ceil<std::chrono::seconds>(block.until - now) });
    return rows;
}

route::ParentsOverview ProxyServer::parents() const
{
    const auto health = m_running ? m_running->published().parents : nullptr;
    return health ? health->overview(Clock::now()) : route::ParentsOverview {};
}

std::shared_ptr<const net::TlsContext> ProxyServer::identity() const
{
    return m_running ? m_running->identity() : nullptr;
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

void ProxyServer::liftBlock(const QHostAddress &client, QObject *context,
                            std::function<void(bool)> answer)
{
    const bool wasBlocked = m_running && m_running->shared().gatekeeper->lift(client, Clock::now());
    answerLater(context, std::move(answer), wasBlocked);
}

} // namespace sami::server
