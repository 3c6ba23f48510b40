// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/acceptshares.h"
#include "admin/request.h"
#include "base/result.h"
#include "config/admindoors.h"
#include "net/descriptor.h"

#include <QString>
#include <QTcpServer>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

QT_BEGIN_NAMESPACE
class QSocketNotifier;
QT_END_NAMESPACE

namespace sami::admin {

/// The platform-specific part.
struct UnixSocket
{
    /// Identifies the file of a socket, even if another file is at its path later.
    struct File
    {
        quint64 device = 0;
        quint64 number = 0;
    };
    /// A listening, non-blocking socket with mode 0600.
    [[nodiscard]] static Result<net::Descriptor, QString> listenAt(const QString &path);
    [[nodiscard]] static std::optional<File> fileAt(const QString &path);
    /// Removes that file and no other.
    static void remove(const QString &path, const File &file);
    /// The user at the other end; -1 if the kernel does not say.
    [[nodiscard]] static qint64 peerUser(qintptr descriptor);
    /// Whether that is this process's user or root.
    [[nodiscard]] static bool isTrusted(qint64 user);
};

/// One door's listening socket: binds, listens and accepts when told to, passes every connection on
/// and keeps none. Owned by the house, lives in its thread.
///
///     state        a client of a TCP door          of a Unix socket
///     bound        is refused (waits, if           waits: another program would take over a path
///                  canBindAlone() is false)        where nobody listens
///     accepting    is accepted                     is accepted
///     held         as bound                        is accepted
///
/// A Unix socket gets mode 0600; its clients are known by the user that the kernel reports. A
/// socket that a dead process left behind is replaced; one with a listener is an error. Its file is
/// removed at the end, unless another one stands in its place.
///
/// Accepts what AcceptShares serves: a flood from one network is closed unserved, one from many
/// waits in the kernel's backlog, and neither costs the machine more than that many handshakes.
class AdminListener final : public QTcpServer
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AdminListener)

public:
    using Acceptor = std::function<void(net::Descriptor descriptor, const Visitor &visitor)>;

    AdminListener(config::AdminDoor asked, Router::Door door, Acceptor acceptor);
    ~AdminListener() override;

    /// Binds the address. The error says what is wrong.
    [[nodiscard]] Result<void, QString> bind();
    /// Call it after bind(), or after hold() to accept again.
    [[nodiscard]] Result<void, QString> startAccepting();
    /// Stops accepting, until the settings that no longer request this door are in force. A Unix
    /// socket stays open: no journey leads to one.
    void hold();
    [[nodiscard]] bool isAccepting() const { return m_isAccepting; }
    [[nodiscard]] Router::Door servedDoor() const { return m_door; }
    [[nodiscard]] const config::AdminDoor &asked() const { return m_asked; }
    /// Serves `door` from now on, on the same socket (AdminDoor::sharesSocketWith()).
    void become(const config::AdminDoor &door);
    /// As requested, with the real port.
    [[nodiscard]] config::AdminDoor where() const;

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    [[nodiscard]] Result<net::Descriptor, QString> bindNative();
    [[nodiscard]] bool isUnix() const { return m_asked.kind == config::AdminDoor::Kind::Unix; }
    [[nodiscard]] qintptr socketNumber() const;
    void acceptWaiting();
    [[nodiscard]] bool mayAccept() const;
    void pauseFor(std::chrono::milliseconds time);
    void handOn(net::Descriptor descriptor, const SocketAddress &peer);

    config::AdminDoor m_asked;
    const Router::Door m_door;
    Acceptor m_acceptor;
    net::Descriptor m_socket;                    ///< unless QTcpServer has it
    std::optional<UnixSocket::File> m_file;      ///< of a Unix socket
    std::unique_ptr<QSocketNotifier> m_notifier; ///< where we accept ourselves
    AcceptShares m_shares;                       ///< of this second
    bool m_isAccepting = false;
    QTimer m_second;
    QTimer m_glance; ///< when to see whether the kernel's queue is crowded
};

} // namespace sami::admin
