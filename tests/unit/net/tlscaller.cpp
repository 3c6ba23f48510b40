// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "tlscaller.h"

#include <openssl/ssl.h>
#include <utility>

namespace sami::test {

CallerKind::CallerKind(const QString &authorities) : m_native(SSL_CTX_new(TLS_client_method()))
{
    if (!authorities.isEmpty()) {
        SSL_CTX_load_verify_locations(m_native, authorities.toUtf8().constData(), nullptr);
        SSL_CTX_set_verify(m_native, SSL_VERIFY_PEER, nullptr);
    }
    SSL_CTX_set_session_cache_mode(m_native,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_set_app_data(m_native, this);
    SSL_CTX_sess_set_new_cb(m_native, [](SSL *connection, SSL_SESSION *session) {
        auto *kind = static_cast<CallerKind *>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
        // A copy, because a connection that ends without close_notify invalidates its own session.
        SSL_SESSION_free(std::exchange(kind->m_session, SSL_SESSION_dup(session)));
        return 0;
    });
}

CallerKind::~CallerKind()
{
    SSL_SESSION_free(m_session);
    SSL_CTX_free(m_native);
}

void CallerKind::speak(int oldest, int newest)
{
    SSL_CTX_set_security_level(m_native, 0);
    SSL_CTX_set_min_proto_version(m_native, oldest);
    SSL_CTX_set_max_proto_version(m_native, newest);
}

void CallerKind::knowSuites(const char *suites)
{
    SSL_CTX_set_security_level(m_native, 0);
    SSL_CTX_set_cipher_list(m_native, suites);
}

void CallerKind::knowGroups(const char *groups)
{
    SSL_CTX_set1_groups_list(m_native, groups);
}

void CallerKind::offer(const QByteArray &protocols)
{
    SSL_CTX_set_alpn_protos(m_native, reinterpret_cast<const unsigned char *>(protocols.data()),
                            static_cast<unsigned int>(protocols.size()));
}

TlsCaller::TlsCaller(const CallerKind &kind, const char *name, bool resumes)
    : TlsPeer(SSL_new(kind.native()))
{
    SSL_set_connect_state(m_connection);
    SSL_set_tlsext_host_name(m_connection, name);
    if (resumes) {
        SSL_SESSION *own = SSL_SESSION_dup(kind.session());
        SSL_set_session(m_connection, own);
        SSL_SESSION_free(own);
    }
    work();
}

bool TlsCaller::isResumed() const
{
    return SSL_session_reused(m_connection) == 1;
}

QByteArray TlsCaller::suite() const
{
    return SSL_get_cipher_name(m_connection);
}

QByteArray TlsCaller::version() const
{
    return SSL_get_version(m_connection);
}

} // namespace sami::test
