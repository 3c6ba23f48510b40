// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/tlscontext.h"

#include <QByteArray>
#include <QString>

#include <memory>

struct ssl_st; // OpenSSL's SSL

namespace sami::test {

/// The server's end of a TLS connection, with nothing below: octets in, octets out. What it is told
/// to do that a decent server would not, it does.
class TlsPeer
{
    Q_DISABLE_COPY_MOVE(TlsPeer)

public:
    /// `identity`: the base name of a certificate and its key. `version`: TLS1_2_VERSION or
    /// TLS1_3_VERSION, and no other.
    explicit TlsPeer(const QString &identity, int version = 0);
    explicit TlsPeer(std::shared_ptr<const net::TlsContext> context, int version = 0);
    /// Before the handshake: tickets that do not fit in one record.
    void useLargeTickets();
    virtual ~TlsPeer();

    /// What our side has sent.
    void feed(const QByteArray &octets);
    /// What goes to our side.
    [[nodiscard]] QByteArray take();

    void write(const QByteArray &bytes);
    void closeNotify();
    /// Changes its own keys, and asks for the same if told to.
    void updateKeys(bool asks);
    /// Asks for a handshake amid the connection (TLS 1.2).
    void renegotiate();

    QByteArray received;
    bool sawCloseNotify = false;
    bool hasFailed = false;
    [[nodiscard]] bool isShaken() const;
    [[nodiscard]] QByteArray serverName() const;
    [[nodiscard]] QByteArray protocol() const;
    /// OpenSSL's reason for hasFailed.
    QByteArray failure;

protected:
    /// Of the other role: takes the connection over.
    explicit TlsPeer(ssl_st *connection);
    void work();

    ssl_st *m_connection = nullptr;

private:
    std::shared_ptr<const net::TlsContext> m_context;
    QByteArray m_unwritten; ///< said before the handshake was over
};

} // namespace sami::test
