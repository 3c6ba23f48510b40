// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "origin.h"

#include <QHostAddress>
#include <QTcpSocket>

#include <chrono>
#include <utility>

namespace sami::test {

using namespace std::chrono_literals;

namespace {

constexpr auto pace = 20ms;
constexpr char chatPiece[] = "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":"
                             "[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";

QByteArray line(int number)
{
    return "line " + QByteArray::number(number) + " of a stream\n";
}

} // namespace

Origin::Origin()
{
    connect(&m_server, &QTcpServer::newConnection, this, &Origin::handleConnection);
    connect(&m_pace, &QTimer::timeout, this, &Origin::send);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("the origin cannot listen");
    m_pace.start(pace);
}

QString Origin::url(const char *path) const
{
    return QStringLiteral("http://127.0.0.1:%1/%2").arg(port()).arg(QString::fromLatin1(path));
}

QByteArray Origin::lines(int count)
{
    QByteArray all;
    for (int i = 0; i < count; ++i)
        all += line(i);
    return all;
}

void Origin::handleConnection()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { answer(socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            m_streams.removeIf([socket](const Stream &stream) { return stream.socket == socket; });
            socket->deleteLater();
        });
    }
}

void Origin::answer(QTcpSocket *socket)
{
    if (!socket->peek(socket->bytesAvailable()).contains("\r\n\r\n"))
        return;
    // The head is complete; the rest of a posted body is ignored.
    const QByteArray head = socket->readAll();
    if (head.startsWith("GET /hello ")) {
        socket->write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n");
        return;
    }
    const bool isEvents = head.startsWith("POST ");
    if (!isEvents && !head.startsWith("GET /stream "))
        return;
    socket->write(isEvents ? "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                             "Connection: close\r\n\r\n"
                           : "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    m_streams.append({ socket, isEvents, 0 });
}

void Origin::send()
{
    for (Stream &stream : m_streams) {
        stream.socket->write(stream.isEvents ? QByteArray(chatPiece) : line(stream.sent));
        ++stream.sent;
    }
}

void Origin::finish()
{
    for (const Stream &stream : std::exchange(m_streams, {})) {
        if (stream.isEvents)
            stream.socket->write("data: [DONE]\n\n");
        stream.socket->disconnectFromHost();
    }
}

} // namespace sami::test
