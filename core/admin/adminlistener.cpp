// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/adminlistener.h"

#include "base/logging.h"
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
        m_acceptedNow = 0;
        if (m_notifier)
            m_notifier->setEnabled(true);
        else
            resumeAccepting();
    });
    connect(this, &QTcpServer::acceptError, this, [this] { takeRest(errorRest); });
}

AdminListener::~AdminListener()
{
    m_notifier.reset();
    closeUnix();
}

void AdminListener::closeUnix()
{
    if (!m_unix.isValid())
        return;
    UnixSocket::remove(m_asked.path);
    m_unix = {};
}

Result<void, QString> AdminListener::bind()
{
    if (m_asked.kind == config::AdminDoor::Kind::Unix)
        return bindUnix();
    if (listen(m_asked.address, m_asked.port)) {
        pauseAccepting(); // before the event loop can see a client
        return {};
    }
    return Unexpected(QStringLiteral("cannot listen on %1: %2")
                          .arg(QString::fromUtf8(m_asked.toByteArray()), errorString()));
}

Result<void, QString> AdminListener::bindUnix()
{
    auto made = UnixSocket::listenAt(m_asked.path);
    if (!made) {
        return Unexpected(QStringLiteral("cannot listen on %1: %2")
                              .arg(QString::fromUtf8(m_asked.toByteArray()), made.error()));
    }
    m_unix = std::move(made).value();
    return {};
}

bool AdminListener::startAccepting()
{
    if (std::exchange(m_isAccepting, true))
        return false;
    if (!m_unix.isValid() && !net::canAcceptNatively()) {
        resumeAccepting();
        return true;
    }
    const qintptr socket = m_unix.isValid() ? m_unix.number() : socketDescriptor();
    m_notifier = std::make_unique<QSocketNotifier>(socket, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &AdminListener::acceptWaiting);
    return true;
}

config::AdminDoor AdminListener::where() const
{
    config::AdminDoor real = m_asked;
    if (real.isTcp())
        real.port = serverPort();
    return real;
}

void AdminListener::incomingConnection(qintptr descriptor)
{
    handOn(net::Descriptor(descriptor), net::peerOf(descriptor));
}

void AdminListener::acceptWaiting()
{
    const qintptr socket = m_unix.isValid() ? m_unix.number() : socketDescriptor();
    while (m_acceptedNow < acceptsPerSecond) {
        net::Accepted accepted = net::acceptConnection(socket);
        if (accepted.status == net::Accepted::Status::NobodyWaits)
            break;
        if (accepted.status == net::Accepted::Status::Failed) {
            logError(unit, "cannot accept",
                     { { "error", qt_error_string(accepted.error).toUtf8() } });
            takeRest(errorRest);
            return;
        }
        handOn(net::Descriptor(accepted.descriptor), accepted.peer);
    }
    if (m_acceptedNow >= acceptsPerSecond)
        m_notifier->setEnabled(false);
}

void AdminListener::takeRest(std::chrono::milliseconds time)
{
    if (m_notifier)
        m_notifier->setEnabled(false);
    m_second.start(time);
}

void AdminListener::handOn(net::Descriptor descriptor, const SocketAddress &peer)
{
    if (++m_acceptedNow == 1 && !m_second.isActive())
        m_second.start(std::chrono::seconds(1));
    Visitor visitor;
    visitor.door = m_door;
    if (m_unix.isValid()) {
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
