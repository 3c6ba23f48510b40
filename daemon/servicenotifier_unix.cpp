// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/servicenotifier.h"

#include <QFile>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace sami::daemon {

ServiceNotifier::ServiceNotifier(const QString &socket) : m_socket(QFile::encodeName(socket)) {}

void ServiceNotifier::ready(const QByteArray &status) const
{
    send("READY=1\nSTATUS=" + status);
}

void ServiceNotifier::reloading() const
{
    // CLOCK_MONOTONIC lets the manager tell this reload's READY=1 from an older one.
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
    send("RELOADING=1\nMONOTONIC_USEC=" + QByteArray::number(qint64(now.count())));
}

void ServiceNotifier::stopping(const QByteArray &status) const
{
    // Renewed with every message, so a long grace time needs no change of the manager's own limit.
    constexpr std::chrono::microseconds untilNextWord = std::chrono::seconds(10);
    send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + QByteArray::number(qint64(untilNextWord.count()))
         + "\nSTATUS=" + status);
}

void ServiceNotifier::send(const QByteArray &message) const
{
    sockaddr_un address {};
    if (m_socket.isEmpty() || m_socket.size() >= qsizetype(sizeof address.sun_path))
        return;
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    if (descriptor < 0)
        return;
    address.sun_family = AF_UNIX;
    std::copy(m_socket.begin(), m_socket.end(), address.sun_path);
    // An abstract name begins with NUL, and its length is part of it.
    if (m_socket.startsWith('@'))
        address.sun_path[0] = '\0';
    const auto length =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::size_t(m_socket.size()));
    [[maybe_unused]] const ssize_t sent =
        ::sendto(descriptor, message.constData(), std::size_t(message.size()), MSG_DONTWAIT,
                 reinterpret_cast<const sockaddr *>(&address), length);
    ::close(descriptor);
}

} // namespace sami::daemon
