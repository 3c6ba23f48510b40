// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/tlscontext.h"

#include <QByteArray>
#include <QString>

#include <memory>

struct ssl_st; // OpenSSL's SSL

namespace sami::test {

/// The server's end of a TLS connection, without I/O: bytes in, bytes out. Also does what a
/// well-behaved server would not.
class TlsPeer
{
    Q_DISABLE_COPY_MOVE(TlsPeer)

public:
    /// `identity` is the base name of a certificate and its key. `version`, TLS1_2_VERSION or
    /// TLS1_3_VERSION, excludes others.
    explicit TlsPeer(const QString &identity, int version = 0);
    explicit TlsPeer(std::shared_ptr<const net::TlsContext> context, int version = 0);
    /// Before the handshake: makes tickets that do not fit in one record.
    void useLargeTickets();
    virtual ~TlsPeer();

    /// Takes what our side has sent.
    void feed(const QByteArray &octets);
    /// Returns what goes to our side.
    [[nodiscard]] QByteArray take();

    void write(const QByteArray &bytes);
    void closeNotify();
    /// Changes its own keys, and asks the peer to do so if `asks`.
    void updateKeys(bool asks);
    /// Asks for a new handshake within the connection (TLS 1.2).
    void renegotiate();

    QByteArray received;
    bool sawCloseNotify = false;
    bool hasFailed = false;
    [[nodiscard]] bool isShaken() const;
    [[nodiscard]] QByteArray serverName() const;
    [[nodiscard]] QByteArray protocol() const;
    /// OpenSSL's reason, if hasFailed.
    QByteArray failure;

protected:
    /// For the client role: takes ownership of the connection.
    explicit TlsPeer(ssl_st *connection);
    void work();

    ssl_st *m_connection = nullptr;

private:
    std::shared_ptr<const net::TlsContext> m_context;
    QByteArray m_unwritten; ///< written before the handshake was complete
};

} // namespace sami::test
