// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/listenerprobe.h"

#include "base/logging.h"

#include <QTcpSocket>
#include <QTimer>

#include <chrono>
#include <utility>

namespace sami::gui {

namespace {

constexpr char unit[] = "gui.listenerprobe";

/// A listener on this machine answers at once or not at all.
constexpr std::chrono::seconds patience { 2 };

} // namespace

ListenerProbe::Verdict ListenerProbe::verdictOf(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::SocketResourceError:
    case QAbstractSocket::SocketAccessError:
    case QAbstractSocket::UnsupportedSocketOperationError:
    case QAbstractSocket::UnknownSocketError: // no port left
        return Verdict::Unknown;
    default:
        return Verdict::Dead;
    }
}

void ListenerProbe::ask(const SocketAddress &listener, const AnnounceOwn &announce)
{
    if (m_socket)
        return;
    m_socket = new QTcpSocket(this);
    connect(m_socket, &QTcpSocket::connected, this, [this] { end(Verdict::Alive); });
    connect(m_socket, &QTcpSocket::errorOccurred, this,
            [this](QAbstractSocket::SocketError error) { end(verdictOf(error)); });
    QTimer::singleShot(patience, m_socket, [this, asked = m_socket.data()] {
        if (m_socket != asked) // this probe has ended, only its socket is not deleted yet
            return;
        const bool isTrying = m_socket->state() != QAbstractSocket::UnconnectedState;
        end(isTrying ? Verdict::Dead : Verdict::Unknown);
    });
    connectToOwnListener(*m_socket, listener, announce);
}

void ListenerProbe::end(Verdict verdict)
{
    m_socket->disconnect(this);
    m_socket->deleteLater();
    m_socket = nullptr;
    const bool wasDue = std::exchange(m_isDue, verdict == Verdict::Unknown);
    if (m_isDue && !wasDue)
        logInfo(unit, "the listener cannot be checked yet: this program can make no connection");
    if (verdict == Verdict::Dead)
        Q_EMIT died();
}

} // namespace sami::gui
