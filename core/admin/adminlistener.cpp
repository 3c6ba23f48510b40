// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/adminlistener.h"

#include "base/logging.h"
#include "net/boundsocket.h"
#include "net/nativeaccept.h"
#include "net/tcpoptions.h"

#include <QNetworkProxy>
#include <QSocketNotifier>

#include <chrono>
#include <utility>

namespace sami::admin {

namespace {

constexpr char unit[] = "admin.listener";

/// Admin clients are few.
constexpr int backlog = 64;
/// Above this the kernel's queue counts as crowded. Clients that wait for their answers before they
/// connect again never are that many.
constexpr int crowd = 16;
/// At 500 connections a second, ten arrive in one interval.
constexpr std::chrono::milliseconds glanceInterval { 20 };
/// After an accept error (usually: out of descriptors).
constexpr std::chrono::milliseconds errorRest { 500 };

} // namespace

AdminListener::AdminListener(config::AdminDoor asked, Router::Door door, Acceptor acceptor)
    : m_asked(std::move(asked)), m_door(door), m_acceptor(std::move(acceptor))
{
    setProxy(QNetworkProxy::NoProxy);
    setListenBacklogSize(backlog);
    m_second.setSingleShot(true);
    connect(&m_second, &QTimer::timeout, this, [this] {
        m_shares.renew();
        if (m_notifier)
            m_notifier->setEnabled(true);
        else if (m_isAccepting && !m_socket.isValid())
            resumeAccepting();
    });
    m_glance.setSingleShot(true);
    connect(&m_glance, &QTimer::timeout, this, [this] {
        if (m_notifier)
            m_notifier->setEnabled(true);
    });
    connect(this, &QTcpServer::acceptError, this, [this] { pauseFor(errorRest); });
}

AdminListener::~AdminListener()
{
    m_notifier.reset();
    if (m_file)
        UnixSocket::remove(m_asked.path, *m_file);
}

Result<void, QString> AdminListener::bind()
{
    QString problem;
    if (isUnix() || net::canBindAlone()) {
        auto made = bindNative();
        if (made) {
            m_socket = std::move(made).value();
            return {};
        }
        problem = made.error();
    } else if (listen(m_asked.address, m_asked.port)) {
        pauseAccepting(); // before the event loop can see a client
        return {};
    } else {
        problem = errorString();
    }
    return Unexpected(QStringLiteral("cannot listen on %1: %2")
                          .arg(QString::fromUtf8(m_asked.toByteArray()), problem));
}

Result<net::Descriptor, QString> AdminListener::bindNative()
{
    if (!isUnix())
        return net::bindSocket(m_asked.where());
    auto made = UnixSocket::listenAt(m_asked.path);
    if (made)
        m_file = UnixSocket::fileAt(m_asked.path);
    return made;
}

Result<void, QString> AdminListener::startAccepting()
{
    if (m_isAccepting)
        return {};
    if (m_socket.isValid() && !isUnix()) {
        if (auto listens = net::startListening(m_socket, backlog); !listens)
            return listens;
    }
    m_isAccepting = true;
    if (!m_socket.isValid() && !net::canAcceptNatively()) {
        resumeAccepting();
        return {};
    }
    m_notifier = std::make_unique<QSocketNotifier>(socketNumber(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &AdminListener::acceptWaiting);
    return {};
}

void AdminListener::hold()
{
    if (isUnix() || !std::exchange(m_isAccepting, false))
        return;
    m_notifier.reset();
    if (m_socket.isValid())
        net::pauseListening(m_socket);
    else
        pauseAccepting();
}

void AdminListener::become(const config::AdminDoor &door)
{
    Q_ASSERT(m_asked.sharesSocketWith(door));
    m_asked = door;
}

qintptr AdminListener::socketNumber() const
{
    return m_socket.isValid() ? m_socket.number() : socketDescriptor();
}

config::AdminDoor AdminListener::where() const
{
    config::AdminDoor real = m_asked;
    if (real.isTcp())
        real.port = m_socket.isValid() ? net::boundAddressOf(m_socket).port : serverPort();
    return real;
}

void AdminListener::incomingConnection(qintptr descriptor)
{
    handOn(net::Descriptor(descriptor), net::peerOf(descriptor));
}

bool AdminListener::mayAccept() const
{
    if (m_shares.isSpent())
        return false;
    return !m_shares.isTight() || net::waitingConnections(m_socket) > crowd;
}

void AdminListener::acceptWaiting()
{
    const qintptr socket = socketNumber();
    while (mayAccept()) {
        net::AcceptResult accepted = net::acceptConnection(socket);
        if (accepted.status == net::AcceptResult::Status::NobodyWaits)
            break;
        if (accepted.status == net::AcceptResult::Status::Failed) {
            logError(unit, "cannot accept",
                     { { "error", qt_error_string(accepted.error).toUtf8() } });
            pauseFor(errorRest);
            return;
        }
        handOn(net::Descriptor(accepted.descriptor), accepted.peer);
    }
    if (!m_shares.isTight())
        return;
    m_notifier->setEnabled(false);
    if (!m_shares.isSpent())
        m_glance.start(glanceInterval);
}

void AdminListener::pauseFor(std::chrono::milliseconds time)
{
    if (m_notifier)
        m_notifier->setEnabled(false);
    m_glance.stop();
    m_second.start(time);
}

void AdminListener::handOn(net::Descriptor descriptor, const SocketAddress &peer)
{
    if (m_shares.isFresh() && !m_second.isActive())
        m_second.start(std::chrono::seconds(1));
    if (!m_shares.serves(isUnix() ? QHostAddress() : peer.address))
        return;
    Visitor visitor;
    visitor.door = m_door;
    visitor.speaksTls = m_asked.kind == config::AdminDoor::Kind::Tls;
    if (isUnix()) {
        const qint64 user = UnixSocket::peerUser(descriptor.number());
        if (!UnixSocket::isTrusted(user)) {
            logError(unit, "a peer of another user was turned away", { { "uid", user } });
            return;
        }
        visitor.isLocalPeer = true;
        visitor.from = "unix uid=" + QByteArray::number(user);
    } else {
        visitor.address = peer.address;
        visitor.from = peer.toByteArray();
    }
    m_acceptor(std::move(descriptor), visitor);
}

} // namespace sami::admin
