// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/dialer.h"

#include <QByteArray>
#include <QObject>
#include <QSslConfiguration>
#include <QString>

#include <memory>

QT_BEGIN_NAMESPACE
class QSslSocket;
QT_END_NAMESPACE

namespace sami::net {

/// The client's half of a TLS handshake on a connected socket. Any doubt about the certificate is
/// a failure. Has no deadline of its own.
class TlsHandshake : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TlsHandshake)

public:
    /// `host`, a name or a literal address, is what the certificate has to be for; a name also
    /// goes out as SNI.
    TlsHandshake(std::unique_ptr<QSslSocket> socket, const QByteArray &host, QObject *parent);
    ~TlsHandshake() override;

    void start(const QSslConfiguration &configuration);
    /// Closes what is under way.
    void abort();
    /// After succeeded(), once.
    [[nodiscard]] StreamPtr takeStream(Budgets &budgets);

Q_SIGNALS:
    // Exactly one of these, from the event loop.
    void succeeded();
    void failed(const sami::net::DialError &error);

private:
    void concludeLater();
    void conclude();
    [[nodiscard]] bool isForTheHost() const;
    [[nodiscard]] DialError error() const;

    std::unique_ptr<QSslSocket> m_socket;
    QString m_host;
    bool m_concluding = false;
    bool m_encrypted = false;
};

} // namespace sami::net
