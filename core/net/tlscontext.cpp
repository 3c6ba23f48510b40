// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlscontext.h"

#include "net/tlsverification.h"

#include <QDateTime>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace sami::net {

namespace {

template <auto free> struct Freed
{
    template <typename T> void operator()(T *object) const { free(object); }
};
using BioPtr = std::unique_ptr<BIO, Freed<BIO_free>>;
using CertificatePtr = std::unique_ptr<X509, Freed<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

constexpr unsigned char http11[] = "\x08http/1.1";
constexpr unsigned int http11Size = sizeof http11 - 1;

BioPtr reading(const QByteArray &octets)
{
    return BioPtr(BIO_new_mem_buf(octets.constData(), static_cast<int>(octets.size())));
}

void addAuthority(X509_STORE *store, const QByteArray &der)
{
    const auto *octets = reinterpret_cast<const unsigned char *>(der.constData());
    const CertificatePtr certificate(d2i_X509(nullptr, &octets, static_cast<long>(der.size())));
    if (certificate)
        X509_STORE_add_cert(store, certificate.get());
}

int chooseProtocol(SSL *, const unsigned char **chosen, unsigned char *chosenSize,
                   const unsigned char *offered, unsigned int offeredSize, void *)
{
    unsigned char *found = nullptr;
    if (SSL_select_next_proto(&found, chosenSize, http11, http11Size, offered, offeredSize)
        != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

bool useIdentity(SSL_CTX *context, const QByteArray &chain, const QByteArray &key)
{
    const BioPtr certificates = reading(chain);
    const CertificatePtr own(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
    if (!own || SSL_CTX_use_certificate(context, own.get()) != 1)
        return false;
    while (
        CertificatePtr next { PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr) }) {
        if (SSL_CTX_add1_chain_cert(context, next.get()) != 1)
            return false;
    }
    const BioPtr keyOctets = reading(key);
    const KeyPtr own_key(PEM_read_bio_PrivateKey(keyOctets.get(), nullptr, nullptr, nullptr));
    return own_key && SSL_CTX_use_PrivateKey(context, own_key.get()) == 1
        && SSL_CTX_check_private_key(context) == 1;
}

} // namespace

void TlsContext::Free::operator()(ssl_ctx_st *native) const
{
    SSL_CTX_free(native);
}

TlsContext::TlsContext(Role role)
    : m_role(role),
      m_native(SSL_CTX_new(role == Role::Client ? TLS_client_method() : TLS_server_method()))
{
    SSL_CTX *context = m_native.get();
    if (!context)
        return;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    // A silent connection has no buffers; a write that was put off is tried again from wherever its
    // octets are by then.
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                         | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // One read may end after something that is not for the reader, so that it can be counted.
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    // One system call for a record, not one for its head and one for the rest.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

std::shared_ptr<const TlsContext> TlsContext::client(const QList<QSslCertificate> &authorities)
{
    const std::shared_ptr<TlsContext> context(new TlsContext(Role::Client));
    SSL_CTX *native = context->native();
    // This one alone says 0 when it succeeds.
    if (!native || SSL_CTX_set_alpn_protos(native, http11, http11Size) != 0)
        return {};
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const QSslCertificate &authority : authorities) {
        if (authority.expiryDate() >= now)
            addAuthority(SSL_CTX_get_cert_store(native), authority.toDer());
    }
    TlsVerification::enable(native);
    ERR_clear_error(); // of certificates that OpenSSL does not understand
    return context;
}

std::shared_ptr<const TlsContext> TlsContext::server(const QByteArray &chain, const QByteArray &key)
{
    const std::shared_ptr<TlsContext> context(new TlsContext(Role::Server));
    SSL_CTX *native = context->native();
    const bool isUsable = native && useIdentity(native, chain, key);
    ERR_clear_error();
    if (!isUsable)
        return {};
    SSL_CTX_set_alpn_select_cb(native, chooseProtocol, nullptr);
    return context;
}

} // namespace sami::net
