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
    close();
    m_thread.quit();
    m_thread.wait();
}

void ListenerThread::setAcceptor(Listener::Acceptor acceptor)
{
    m_acceptor = std::move(acceptor);
}

Result<void, QString> ListenerThread::open(const SocketAddress &where)
{
    return replace(where);
}

Result<void, QString> ListenerThread::move(const SocketAddress &from, const SocketAddress &to)
{
    const bool samePort = to.port != 0 && to.port == m_where.port;
    if (!samePort)
        return replace(to);
    close();
    auto opened = replace(to);
    if (opened)
        return opened;
    // The old port again, which a 0 in the settings does not name.
    if (auto restored = replace({ from.address, m_where.port }); !restored) {
        return Unexpected(opened.error() + QStringLiteral("; and the old address is lost: ")
                          + restored.error());
    }
    return opened;
}

/// Opens a new listener and, once it stands, closes the one before.
Result<void, QString> ListenerThread::replace(const SocketAddress &where)
{
    std::optional<Result<void, QString>> result;
    QMetaObject::invokeMethod(
        &m_anchor,
        [&] {
            auto next = std::make_unique<Listener>(m_acceptor);
            result.emplace(next->open(where));
            if (*result) {
                m_where = next->where();
                m_listener = std::move(next);
            }
        },
        Qt::BlockingQueuedConnection);
    return std::move(*result);
}

void ListenerThread::close()
{
    QMetaObject::invokeMethod(
        &m_anchor, [this] { m_listener.reset(); }, Qt::BlockingQueuedConnection);
}

} // namespace sami::server
