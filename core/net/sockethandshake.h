// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/tlshandshake.h"

#include <QSslConfiguration>
#include <QString>

#include <memory>

QT_BEGIN_NAMESPACE
class QSslSocket;
QT_END_NAMESPACE

namespace sami::net {

/// What all of Qt's handshakes have in common; replaces the class of tlscontext.h where there is
/// no TlsStream.
class TlsContext
{
public:
    explicit TlsContext(const QList<QSslCertificate> &authorities);

    [[nodiscard]] const QSslConfiguration &configuration() const { return m_configuration; }

private:
    QSslConfiguration m_configuration;
};

/// A handshake on a QSslSocket, where there is no TlsStream; yields a SocketStream.
class SocketHandshake final : public TlsHandshake
{
    Q_OBJECT

public:
    /// Fails without a socket.
    SocketHandshake(std::unique_ptr<QSslSocket> socket, const QByteArray &host,
                    QList<QByteArray> pins, Budgets &budgets);
    ~SocketHandshake() override;

    void start(const TlsContext &context) override;
    void abort() override;
    [[nodiscard]] std::optional<WallTime> certificateUntil() const override;
    [[nodiscard]] StreamPtr takeStream() override;

private:
    void concludeLater();
    void conclude();
    [[nodiscard]] bool isForTheHost() const;
    [[nodiscard]] QByteArray seenPin() const;
    [[nodiscard]] DialError error() const;

    std::unique_ptr<QSslSocket> m_socket;
    QString m_host;
    QList<QByteArray> m_pins;
    Budgets &m_budgets; ///< for the resulting stream
    bool m_concluding = false;
    bool m_encrypted = false;
};

} // namespace sami::net
