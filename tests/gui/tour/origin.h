// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QTcpServer>
#include <QTimer>

class QTcpSocket;

namespace sami::test {

/// A provider on loopback. It answers /hello at once, any POST with a stream of server-sent events,
/// and /stream with endless lines; both streams run until finish().
/// Main thread.
class Origin : public QObject
{
    Q_OBJECT

public:
    Origin();

    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }
    [[nodiscard]] QString url(const char *path) const;
    /// The first `count` lines of /stream.
    [[nodiscard]] static QByteArray lines(int count);

    /// Ends all streams properly.
    void finish();

private:
    struct Stream
    {
        QTcpSocket *socket = nullptr;
        bool isEvents = false;
        int sent = 0; ///< pieces
    };

    void handleConnection();
    void answer(QTcpSocket *socket);
    void send();

    QTcpServer m_server;
    QList<Stream> m_streams;
    QTimer m_pace;
};

} // namespace sami::test
