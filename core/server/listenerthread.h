// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"
#include "server/listener.h"

#include <QThread>

#include <functional>
#include <memory>

namespace sami::server {

/// The accept thread and the listening socket in it, with calls that wait for the answer. Used
/// from the façade's thread.
///
/// Opening an address takes two steps, so that what judges its connections can be put in force in
/// between: prepare() binds, open() accepts.
class ListenerThread
{
    Q_DISABLE_COPY_MOVE(ListenerThread)

public:
    explicit ListenerThread(config::Backend eventDispatcher);
    /// Closes everything, what was prepared and not opened too.
    ~ListenerThread();

    /// Before open().
    void setAcceptor(Listener::Acceptor acceptor);
    /// Binds `where`; nothing is accepted there yet. A listener that is open at another port goes
    /// on until open(); one at the same port has to close first, so nothing is accepted until
    /// then. What was prepared before and not opened is closed. On failure what was open is open,
    /// and what was prepared while nothing was open still is.
    [[nodiscard]] Result<void, QString> prepare(const SocketAddress &where);
    /// Accepts at what was prepared, and nowhere else. Does nothing when nothing was.
    void open();
    /// Where it listens, or is prepared to: the port is the real one when 0 was asked for.
    [[nodiscard]] SocketAddress where() const { return m_where; }

private:
    struct Door
    {
        std::unique_ptr<Listener> listener; ///< lives in the thread; null: there is none
        QHostAddress asked;                 ///< what the settings call its address
    };
    [[nodiscard]] Result<void, QString> bind(const SocketAddress &where);
    [[nodiscard]] Result<void, QString> exchange(Door &current, const SocketAddress &where);
    void call(const std::function<void()> &action);

    QThread m_thread;
    QObject m_anchor; ///< in the thread: where calls are sent to
    Listener::Acceptor m_acceptor;
    Door m_open;     ///< accepts
    Door m_prepared; ///< is bound
    SocketAddress m_where;
};

} // namespace sami::server
