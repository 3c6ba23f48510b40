// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "answers.h"
#include "gui/control/reachabilitytest.h"
#include "proxyrig.h"
#include "testauthority.h"

#include <QFile>
#include <QSignalSpy>
#include <QSslKey>
#include <QSslServer>
#include <QTcpServer>
#include <QTcpSocket>

#include <memory>
#include <optional>
#include <utility>

namespace sami::gui {

inline const QByteArrayList password { "--auth-username=ann", "--auth-password=correct horse" };
inline const policy::Credentials rightOnes { "ann", "correct horse" };

/// Answers every request head with the same bytes; stays silent if there are none.
class Origin : public QObject
{
public:
    explicit Origin(QTcpServer &server, const QByteArray &answer) : m_server(server)
    {
        connect(&server, &QTcpServer::pendingConnectionAvailable, this, [this, answer] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket, answer] {
                request += socket->readAll();
                if (!request.endsWith("\r\n\r\n") || answer.isEmpty())
                    return;
                socket->write(answer);
                socket->disconnectFromHost();
            });
        });
        server.listen(QHostAddress::LocalHost);
    }
    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }

    QByteArray request;

private:
    QTcpServer &m_server;
};

inline QByteArray response(const QByteArray &status)
{
    return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nX-Note: one\r\n\r\n";
}

inline quint16 closedPort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

/// What the reachability tests share: a certificate authority that they trust, and a way to run a
/// test to its end.
struct ReachabilityRig
{
    [[nodiscard]] static std::unique_ptr<QSslServer> tlsServer(const QString &certificate)
    {
        QFile pem(certificate + QStringLiteral(".pem"));
        QFile key(certificate + QStringLiteral(".key"));
        if (!pem.open(QIODevice::ReadOnly) || !key.open(QIODevice::ReadOnly))
            return nullptr;
        QSslConfiguration configuration;
        configuration.setLocalCertificate(QSslCertificate(pem.readAll()));
        configuration.setPrivateKey(QSslKey(key.readAll(), QSsl::Ec));
        auto server = std::make_unique<QSslServer>();
        server->setSslConfiguration(configuration);
        return server;
    }

    ReachabilityTest::Request request(const test::ProxyRig &rig, const QString &url,
                                      std::optional<policy::Credentials> credentials = {}) const
    {
        if (rig.controller->state() == ProxyState::Stopped)
            start(*rig.controller);
        return { rig.controller->listenAddress(), std::move(credentials), QUrl(url),
                 m_authority.caFile() };
    }

    static TestOutcome run(ReachabilityTest &test, const ReachabilityTest::Request &request)
    {
        QSignalSpy finished(&test, &ReachabilityTest::finished);
        test.start(request);
        if (!finished.isEmpty() || !finished.wait(30'000))
            return { TestVerdict::Cancelled, TestStage::Listening, -1,
                     QStringLiteral("no end came") };
        return finished.first().first().value<TestOutcome>();
    }

    test::TestAuthority m_authority;
};

} // namespace sami::gui
