// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QSslCertificate>

#include <memory>

struct ssl_ctx_st; // OpenSSL's SSL_CTX

namespace sami::net {

/// The common part of all TLS connections of one kind, in OpenSSL's terms: the trusted CAs for
/// connections to upstreams, or the certificate for accepted ones. Making one from a system's list
/// takes milliseconds, so the thread that reads the list does it.
///
/// TLS 1.2 and 1.3, ALPN http/1.1, no renegotiation, no compression, no cached sessions. Immutable
/// except for a server's ticket keys, which change with time. Shared by all threads; each
/// connection holds it.
class TlsContext
{
    Q_DISABLE_COPY_MOVE(TlsContext)

public:
    enum class Role { Client, Server };

    /// Verifies peers against `authorities`, without the expired ones: a CA of the same name may
    /// have replaced them. Null if OpenSSL has no memory.
    [[nodiscard]] static std::shared_ptr<const TlsContext>
    client(const QList<QSslCertificate> &authorities);
    /// Presents the certificates of `chain`, own one first, and requests none from clients. Both
    /// are PEM. Null if they cannot be read or do not match. Accepts only ciphers with forward
    /// secrecy and authenticated encryption. A client that offers ALPN without http/1.1 gets the
    /// alert (RFC 7301 §3.2). SNI is ignored. Issues tickets, but accepts no early data.
    ///
    /// `before` is the context that this one replaces. Its tickets stay valid if the private key is
    /// the same, and only then.
    [[nodiscard]] static std::shared_ptr<const TlsContext>
    server(const QByteArray &chain, const QByteArray &key, const TlsContext *before = {});

    [[nodiscard]] Role role() const { return m_role; }
    [[nodiscard]] ssl_ctx_st *native() const { return m_native.get(); }

private:
    struct Free
    {
        void operator()(ssl_ctx_st *native) const;
    };

    explicit TlsContext(Role role);

    Role m_role;
    std::unique_ptr<ssl_ctx_st, Free> m_native;
};

} // namespace sami::net
