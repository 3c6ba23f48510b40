// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QSslCertificate>

#include <memory>

struct ssl_ctx_st; // OpenSSL's SSL_CTX

namespace sami::net {

/// What all TLS connections of one kind have in common, in OpenSSL's terms: the trusted authorities
/// of connections to upstreams, or the certificate of those that we accept. Making one of a
/// system's list takes milliseconds, so it is done on the thread that reads the list.
///
/// TLS 1.2 and 1.3, ALPN http/1.1, no renegotiation, no compression, no session of the client's is
/// kept. Immutable but for the keys of a server's tickets, which change with time; shared by all
/// threads, and by each connection as long as that lives.
class TlsContext
{
    Q_DISABLE_COPY_MOVE(TlsContext)

public:
    enum class Role { Client, Server };

    /// Verifies peers against `authorities`; those that have expired are left out, for one of the
    /// same name may have taken their place. Null where OpenSSL has no memory for it.
    [[nodiscard]] static std::shared_ptr<const TlsContext>
    client(const QList<QSslCertificate> &authorities);
    /// Shows the certificates of `chain`, the own one first, and asks for none. PEM both. Null when
    /// they cannot be read or do not belong together. Forward secrecy and authenticated encryption
    /// only. A client that offers ALPN without http/1.1 gets the alert (RFC 7301 §3.2); the name
    /// that it asks for (SNI) is ignored. Tickets, but no early data.
    ///
    /// `before`: the one that this takes the place of. Its tickets are good here too if the private
    /// key is the same, and no longer otherwise.
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
