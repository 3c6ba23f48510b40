// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QTcpServer>
#include <QTimer>

class QTcpSocket;

namespace sami::test {

/// A provider on loopback: /hello is answered at once, anything that is posted by a stream of
/// server-sent events, /stream by lines without end; both go on until they are told to finish.
/// Main thread.
class Origin : public QObject
{
    Q_OBJECT

public:
    Origin();

    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }
    [[nodiscard]] QString url(const char *path) const;
    /// What `count` lines of /stream are.
    [[nodiscard]] static QByteArray lines(int count);

    /// Ends all streams in good order.
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
