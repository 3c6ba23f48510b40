// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "server/arrival.h"

#include <QSocketNotifier>
#include <QString>
#include <QTcpServer>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace sami::server {

/// One door's listening socket. Owned by Doors, lives in the accept thread; passes every connection
/// on and keeps none.
class Listener : public QTcpServer
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Listener)

public:
    /// Runs in the accept thread.
    using Acceptor = std::function<void(Arrival arrival)>;

    /// Its arrivals carry the id and the kind of `door`.
    Listener(const DoorSpec &door, Acceptor acceptor);
    ~Listener() override;

    /// Binds and listens, so that clients wait in the kernel's backlog, but accepts nothing. The
    /// error says what is wrong and what to do.
    [[nodiscard]] Result<void, QString> bind(const SocketAddress &where);
    /// The same with a socket that another process opened, if it fits (net::takeOverListener()). A
    /// socket that does not fit is closed.
    [[nodiscard]] Result<void, QString> takeOver(net::Descriptor inherited,
                                                 const SocketAddress &where);
    /// The TCP keepalive that connections inherit from the listening socket, where the platform
    /// does that. Call it any time after bind() or takeOver().
    void setKeepalive(int idleSeconds);
    /// Starts accepting. Call it once, after bind() or takeOver().
    void startAccepting();
    [[nodiscard]] SocketAddress where() const;

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void handOn(qintptr descriptor, const SocketAddress &peer);
    void acceptWaiting();
    void pauseAfterError(const QByteArray &error);
    void endPause();

    const QByteArray m_door;
    const DoorKind m_kind;
    Acceptor m_acceptor;
    std::unique_ptr<QSocketNotifier> m_notifier; ///< where we accept ourselves
    std::optional<int> m_keepalive;              ///< what connections inherit here
    /// Connections from before the last setKeepalive() may still wait in the backlog; they have the
    /// old value.
    bool m_backlogHasOldKeepalive = false;
    QTimer m_resume;
    bool m_saidExhausted = false;
};

} // namespace sami::server
