// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

namespace sami::daemon {

/// Tells the service manager about the daemon's state, by sd_notify(3)'s protocol: one datagram per
/// message. Does nothing without a manager, on Windows, or if the manager does not read: it is best
/// effort and never waits.
///
/// Not libsystemd: the protocol is a dozen lines, and a static program has no use for the rest.
class ServiceNotifier
{
public:
    /// `socket` is $NOTIFY_SOCKET: a path, or "@" and the name of an abstract socket.
    explicit ServiceNotifier(const QString &socket);

    /// The proxy listens, or a reload is over. `status` is one line for a person.
    void ready(const QByteArray &status) const;
    void reloading() const;
    /// A stop has begun or goes on; each call postpones the manager's kill by 10 s.
    void stopping(const QByteArray &status) const;

private:
    void send(const QByteArray &message) const;

    QByteArray m_socket;
};

} // namespace sami::daemon
