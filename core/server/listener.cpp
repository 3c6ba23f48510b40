// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/listener.h"

#include "base/logging.h"
#include "net/inheritedlistener.h"
#include "net/nativeaccept.h"
#include "net/tcpoptions.h"

#include <QNetworkProxy>

#include <chrono>
#include <utility>

namespace sami::server {

namespace {

constexpr char unit[] = "server.listener";

/// Qt's default of 50 would refuse clients in a burst; the kernel lowers this to its own maximum.
constexpr int backlog = 4096;

/// After an accept error (usually: out of descriptors) accepting pauses this long, while clients
/// wait in the backlog.
constexpr std::chrono::milliseconds acceptPause { 100 };

/// Connections accepted in one turn of the event loop.
constexpr int acceptsPerTurn = 64;

QString advice(QAbstractSocket::SocketError error, const SocketAddress &where)
{
    const QString place = QString::fromLatin1(where.toByteArray());
    switch (error) {
    case QAbstractSocket::AddressInUseError:
        return QStringLiteral("%1 is in use by another program: stop that program or choose "
                              "another PROXY_PORT")
            .arg(place);
    case QAbstractSocket::SocketAddressNotAvailableError:
        return QStringLiteral("%1 is not an address of this machine: set PROXY_ADDRESS to one "
                              "of its own, 0.0.0.0 for all, or 127.0.0.1 for this machine alone")
            .arg(place);
    case QAbstractSocket::SocketAccessError:
        return QStringLiteral("%1 may not be opened by this user: choose a PROXY_PORT over 1023 or "
                              "give the program the right to bind low ports")
            .arg(place);
    default:
        return {};
    }
}

} // namespace

Listener::Listener(const DoorSpec &door, Acceptor acceptor)
    : m_door(door.id), m_kind(door.kind), m_acceptor(std::move(acceptor))
{
    setProxy(QNetworkProxy::NoProxy);
    setListenBacklogSize(backlog);
    m_resume.setSingleShot(true);
    m_resume.setInterval(acceptPause);
    connect(&m_resume, &QTimer::timeout, this, &Listener::endPause);
    // Where Qt accepts, it pauses after any error and stays deaf until it is told to resume.
    connect(this, &QTcpServer::acceptError, this,
            [this] { pauseAfterError(errorString().toUtf8()); });
}

Listener::~Listener() = default;

Result<void, QString> Listener::bind(const SocketAddress &where)
{
    if (listen(where.address, where.port)) {
        pauseAccepting(); // before the event loop can see a client
        return {};
    }
    const QString known = advice(serverError(), where);
    if (!known.isEmpty())
        return Unexpected(known);
    return Unexpected(QStringLiteral("cannot listen on %1: %2")
                          .arg(QString::fromLatin1(where.toByteArray()), errorString()));
}

Result<void, QString> Listener::takeOver(net::Descriptor inherited, const SocketAddress &where)
{
    if (auto fits = net::takeOverListener(inherited.number(), where); !fits)
        return fits;
    if (setSocketDescriptor(inherited.release())) {
        pauseAccepting(); // before the event loop can see a client
        return {};
    }
    return Unexpected(QStringLiteral("cannot listen on %1: %2")
                          .arg(QString::fromLatin1(where.toByteArray()), errorString()));
}

void Listener::setKeepalive(int idleSeconds)
{
    if (!net::canAcceptNatively() || m_keepalive == idleSeconds
        || !net::setForArrivals(socketDescriptor(), idleSeconds))
        return;
    m_keepalive = idleSeconds;
    m_backlogHasOldKeepalive = true;
}

void Listener::startAccepting()
{
    if (!net::canAcceptNatively()) {
        resumeAccepting();
        return;
    }
    m_notifier = std::make_unique<QSocketNotifier>(socketDescriptor(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Listener::acceptWaiting);
}

SocketAddress Listener::where() const
{
    return { serverAddress(), serverPort() };
}

void Listener::incomingConnection(qintptr descriptor)
{
    // QTcpServer does not say when the backlog is empty. It is empty if no error follows in this
    // turn of the event loop.
    if (m_saidExhausted) {
        QMetaObject::invokeMethod(
            this, [this] { m_saidExhausted = m_resume.isActive(); }, Qt::QueuedConnection);
    }
    handOn(descriptor, net::peerOf(descriptor));
}

void Listener::handOn(qintptr descriptor, const SocketAddress &peer)
{
    m_acceptor({ net::Descriptor(descriptor), peer, m_door, m_kind,
                 m_backlogHasOldKeepalive ? std::nullopt : m_keepalive });
}

void Listener::acceptWaiting()
{
    for (int i = 0; i < acceptsPerTurn; ++i) {
        const net::AcceptResult accepted = net::acceptConnection(socketDescriptor());
        switch (accepted.status) {
        case net::AcceptResult::Status::Connection:
            handOn(accepted.descriptor, accepted.peer);
            break;
        case net::AcceptResult::Status::NobodyWaits:
            m_saidExhausted = false;
            m_backlogHasOldKeepalive = false;
            return;
        case net::AcceptResult::Status::Failed:
            m_notifier->setEnabled(false);
            pauseAfterError(qt_error_string(accepted.error).toUtf8());
            return;
        }
    }
}

void Listener::pauseAfterError(const QByteArray &error)
{
    if (!std::exchange(m_saidExhausted, true)) {
        logError(unit,
                 "cannot accept: raise the limit on open files or lower "
                 "MAX_CONCURRENT_CONNECTIONS",
                 { { "error", error } });
    }
    m_resume.start();
}

void Listener::endPause()
{
    if (m_notifier)
        m_notifier->setEnabled(true);
    else
        resumeAccepting();
}

} // namespace sami::server
