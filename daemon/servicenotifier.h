// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

namespace sami::daemon {

/// Tells the service manager how it goes: sd_notify(3)'s protocol, one datagram a message. Nothing
/// happens without a manager, on Windows, or when the manager does not read: telling is best
/// effort and never waits.
///
/// Not libsystemd: the protocol is a dozen lines, and a static program has no use for the rest.
class ServiceNotifier
{
public:
    /// `socket` is $NOTIFY_SOCKET: a path, or "@" and the name of an abstract socket.
    explicit ServiceNotifier(const QString &socket);

    /// Listening; also the end of a reload. `status` is one line for a person.
    void ready(const QByteArray &status) const;
    void reloading() const;
    /// The first word of a stop, and how it goes on; each puts off the manager's kill by 10 s.
    void stopping(const QByteArray &status) const;

private:
    void send(const QByteArray &message) const;

    QByteArray m_socket;
};

} // namespace sami::daemon
