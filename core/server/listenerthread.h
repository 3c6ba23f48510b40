// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"
#include "server/listener.h"

#include <QThread>

#include <memory>

namespace sami::server {

/// The accept thread and the listening socket in it, with calls that wait for the answer. Used
/// from the façade's thread.
class ListenerThread
{
    Q_DISABLE_COPY_MOVE(ListenerThread)

public:
    explicit ListenerThread(config::Backend eventDispatcher);
    ~ListenerThread();

    /// Before open().
    void setAcceptor(Listener::Acceptor acceptor);
    [[nodiscard]] Result<void, QString> open(const SocketAddress &where);
    /// Another port: the new one opens before the old one closes. The same port at another
    /// address: close, open; on failure the old one opens again.
    [[nodiscard]] Result<void, QString> move(const SocketAddress &from, const SocketAddress &to);
    [[nodiscard]] SocketAddress where() const { return m_where; }

private:
    [[nodiscard]] Result<void, QString> replace(const SocketAddress &where);
    void close();

    QThread m_thread;
    QObject m_anchor; ///< in the thread: where calls are sent to
    Listener::Acceptor m_acceptor;
    std::unique_ptr<Listener> m_listener; ///< lives in the thread
    SocketAddress m_where;
};

} // namespace sami::server
