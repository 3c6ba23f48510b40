// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/request.h"
#include "base/result.h"
#include "config/admindoors.h"
#include "net/descriptor.h"

#include <QString>
#include <QTcpServer>
#include <QTimer>

#include <functional>
#include <memory>

QT_BEGIN_NAMESPACE
class QSocketNotifier;
QT_END_NAMESPACE

namespace sami::admin {

/// One door's listening socket: binds, accepts when told to, passes every connection on and keeps
/// none. Owned by the house, lives in its thread.
///
/// A Unix socket gets mode 0600; its clients are known by the user that the kernel reports. A
/// socket that a dead process left behind is replaced; one with a listener is an error.
///
/// Accepts at most acceptsPerSecond: a flood waits in the kernel's backlog, and costs the machine
/// no more than that many handshakes.
class AdminListener final : public QTcpServer
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AdminListener)

public:
    static constexpr int acceptsPerSecond = 50;

    using Acceptor = std::function<void(net::Descriptor descriptor, const Visitor &visitor)>;

    AdminListener(config::AdminDoor asked, Router::Door door, Acceptor acceptor);
    ~AdminListener() override;

    /// Clients wait in the kernel's backlog from here on. The error says what is wrong.
    [[nodiscard]] Result<void, QString> bind();
    /// Returns false if it already accepts.
    bool startAccepting();
    [[nodiscard]] Router::Door serves() const { return m_door; }
    [[nodiscard]] const config::AdminDoor &asked() const { return m_asked; }
    /// As requested, with the real port.
    [[nodiscard]] config::AdminDoor where() const;

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    [[nodiscard]] Result<void, QString> bindUnix();
    void closeUnix();
    void acceptWaiting();
    void takeRest(std::chrono::milliseconds time);
    void handOn(net::Descriptor descriptor, const SocketAddress &peer);

    const config::AdminDoor m_asked;
    const Router::Door m_door;
    Acceptor m_acceptor;
    net::Descriptor m_unix;                      ///< set for a Unix socket
    std::unique_ptr<QSocketNotifier> m_notifier; ///< where we accept ourselves
    int m_acceptedNow = 0;                       ///< since the last rest
    bool m_isAccepting = false;
    QTimer m_second;
};

/// The platform-specific part.
struct UnixSocket
{
    /// A listening, non-blocking socket with mode 0600.
    [[nodiscard]] static Result<net::Descriptor, QString> listenAt(const QString &path);
    static void remove(const QString &path);
    /// The user at the other end; -1 if the kernel does not say.
    [[nodiscard]] static qint64 peerUser(qintptr descriptor);
    /// Whether that is this process's user or root.
    [[nodiscard]] static bool isTrusted(qint64 user);
};

} // namespace sami::admin
