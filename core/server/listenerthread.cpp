// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/listenerthread.h"

#include "net/eventdispatcher.h"

#include <optional>
#include <utility>

namespace sami::server {

ListenerThread::ListenerThread(config::Backend eventDispatcher)
{
    if (eventDispatcher == config::Backend::Native)
        net::installEventDispatcher(m_thread);
    m_thread.setObjectName(QStringLiteral("sami-accept"));
    m_anchor.moveToThread(&m_thread);
    m_thread.start();
}

ListenerThread::~ListenerThread()
{
    call([this] {
        m_prepared = {};
        m_open = {};
    });
    m_thread.quit();
    m_thread.wait();
}

void ListenerThread::setAcceptor(Listener::Acceptor acceptor)
{
    m_acceptor = std::move(acceptor);
}

Result<void, QString> ListenerThread::prepare(const SocketAddress &where)
{
    std::optional<Result<void, QString>> result;
    call([&] {
        if (m_open.listener)
            m_prepared = {};
        Door &current = m_open.listener ? m_open : m_prepared;
        // An address cannot be bound while another one, or all of them, are at the same port.
        const bool isInTheWay =
            current.listener && where.port != 0 && where.port == current.listener->where().port;
        result.emplace(isInTheWay ? exchange(current, where) : bind(where));
        if (const Door &last = m_prepared.listener ? m_prepared : m_open; last.listener)
            m_where = last.listener->where();
    });
    return std::move(*result);
}

void ListenerThread::open()
{
    call([this] {
        if (!m_prepared.listener)
            return;
        m_open = std::move(m_prepared);
        m_open.listener->startAccepting();
    });
}

Result<void, QString> ListenerThread::bind(const SocketAddress &where)
{
    Door next { std::make_unique<Listener>(m_acceptor), where.address };
    auto bound = next.listener->bind(where);
    if (bound)
        m_prepared = std::move(next);
    return bound;
}

/// Closes the current one, binds the other; on failure the current one comes back.
Result<void, QString> ListenerThread::exchange(Door &current, const SocketAddress &where)
{
    const bool wasOpen = &current == &m_open;
    // The port that it has, which a 0 in the settings does not name.
    const SocketAddress before { current.asked, current.listener->where().port };
    current = {};
    auto bound = bind(where);
    if (bound)
        return bound;
    if (auto restored = bind(before); !restored) {
        return Unexpected(bound.error() + QStringLiteral("; and the old address is lost: ")
                          + restored.error());
    }
    if (wasOpen) {
        m_open = std::move(m_prepared);
        m_open.listener->startAccepting();
    }
    return bound;
}

void ListenerThread::call(const std::function<void()> &action)
{
    QMetaObject::invokeMethod(&m_anchor, action, Qt::BlockingQueuedConnection);
}

} // namespace sami::server
