// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlscontext.h"

#include "net/ticketkeys.h"
#include "net/tlsverification.h"

#include <QDateTime>

#include <array>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
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

/// The cheapest of the strong ciphers first. A client that prefers ChaCha20 (its machine has no AES
/// instructions) gets it.
constexpr char suites12[] = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                            "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                            "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr char suites13[] =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr char groups[] = "X25519:P-256:P-384";
/// One is enough, because it may be reused, and each adds to the handshake's cost.
constexpr size_t ticketsPerHandshake = 1;

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

using TicketKeysPtr = std::shared_ptr<TicketKeys>;

/// An SSL_CTX's slot for its keys: connections hold the SSL_CTX and may outlive the TlsContext.
int ticketKeysIndex()
{
    static const int index = SSL_CTX_get_ex_new_index(
        0, nullptr, nullptr, nullptr, [](void *, void *held, CRYPTO_EX_DATA *, int, long, void *) {
            delete static_cast<TicketKeysPtr *>(held);
        });
    return index;
}

TicketKeysPtr ticketKeysOf(const SSL_CTX *context)
{
    const auto *held =
        static_cast<const TicketKeysPtr *>(SSL_CTX_get_ex_data(context, ticketKeysIndex()));
    return held ? *held : nullptr;
}

bool setMac(EVP_MAC_CTX *mac, TicketKey &key)
{
    std::array<char, 7> digest { "SHA256" };
    const std::array<OSSL_PARAM, 3> parameters {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key.mac.data(), key.mac.size()),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()
    };
    return EVP_MAC_CTX_set_params(mac, parameters.data()) == 1;
}

/// The return values for SSL_CTX_set_tlsext_ticket_key_evp_cb().
struct Ticket
{
    static constexpr int failed = -1;
    static constexpr int fullHandshake = 0; ///< no ticket is made or accepted: a full handshake
    static constexpr int good = 1;
    static constexpr int renewed = 2;

    static int seal(TicketKeys &keys, unsigned char *name, unsigned char *iv,
                    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac)
    {
        std::optional<TicketKey> key = keys.sealing(Clock::now());
        if (!key || RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1)
            return fullHandshake;
        std::copy(key->name.begin(), key->name.end(), name);
        const bool isSet =
            EVP_EncryptInit_ex2(cipher, EVP_aes_256_cbc(), key->cipher.data(), iv, nullptr) == 1
            && setMac(mac, *key);
        OPENSSL_cleanse(&*key, sizeof *key);
        return isSet ? good : failed;
    }

    static int open(TicketKeys &keys, const unsigned char *name, const unsigned char *iv,
                    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac)
    {
        std::optional<TicketKeys::Opening> found =
            keys.opening(QByteArrayView(name, qsizetype(TicketKey().name.size())), Clock::now());
        if (!found)
            return fullHandshake;
        const bool isSet =
            EVP_DecryptInit_ex2(cipher, EVP_aes_256_cbc(), found->key.cipher.data(), iv, nullptr)
                == 1
            && setMac(mac, found->key);
        OPENSSL_cleanse(&found->key, sizeof found->key);
        return !isSet ? failed : found->isOld ? renewed : good;
    }

    static int key(SSL *connection, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
                   EVP_MAC_CTX *mac, int isSealed)
    {
        const TicketKeysPtr keys = ticketKeysOf(SSL_get_SSL_CTX(connection));
        if (!keys)
            return failed;
        return isSealed ? seal(*keys, name, iv, cipher, mac) : open(*keys, name, iv, cipher, mac);
    }
};

/// Shares the ticket keys of `before` if it has the same private key; otherwise makes new ones.
bool useTickets(SSL_CTX *context, const TlsContext *before)
{
    TicketKeysPtr keys;
    if (before
        && EVP_PKEY_eq(SSL_CTX_get0_privatekey(before->native()), SSL_CTX_get0_privatekey(context))
            == 1)
        keys = ticketKeysOf(before->native());
    if (!keys)
        keys = std::make_shared<TicketKeys>();
    auto held = std::make_unique<TicketKeysPtr>(std::move(keys));
    if (SSL_CTX_set_ex_data(context, ticketKeysIndex(), held.get()) != 1)
        return false;
    static_cast<void>(held.release());
    return SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &Ticket::key) == 1
        && SSL_CTX_set_num_tickets(context, ticketsPerHandshake) == 1;
}

bool useSuites(SSL_CTX *context)
{
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    return SSL_CTX_set_cipher_list(context, suites12) == 1
        && SSL_CTX_set_ciphersuites(context, suites13) == 1
        && SSL_CTX_set1_groups_list(context, groups) == 1;
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
    const KeyPtr ownKey(PEM_read_bio_PrivateKey(keyOctets.get(), nullptr, nullptr, nullptr));
    return ownKey && SSL_CTX_use_PrivateKey(context, ownKey.get()) == 1
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
    // An idle connection keeps no buffers. A write that must wait may be repeated from another
    // buffer.
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                         | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // A read returns after a record that is not for the reader, so that such records are counted.
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    // One system call per record, instead of one for its header and one for the rest.
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

std::shared_ptr<const TlsContext> TlsContext::client(const QList<QSslCertificate> &authorities)
{
    const std::shared_ptr<TlsContext> context(new TlsContext(Role::Client));
    SSL_CTX *native = context->native();
    // Unlike its siblings this function returns 0 on success.
    if (!native || SSL_CTX_set_alpn_protos(native, http11, http11Size) != 0)
        return {};
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const QSslCertificate &authority : authorities) {
        if (authority.expiryDate() >= now)
            addAuthority(SSL_CTX_get_cert_store(native), authority.toDer());
    }
    TlsVerification::enable(native);
    ERR_clear_error(); // from certificates that OpenSSL does not understand
    return context;
}

std::shared_ptr<const TlsContext> TlsContext::server(const QByteArray &chain, const QByteArray &key,
                                                     const TlsContext *before)
{
    const std::shared_ptr<TlsContext> context(new TlsContext(Role::Server));
    SSL_CTX *native = context->native();
    const bool isUsable = native && useIdentity(native, chain, key) && useSuites(native)
        && useTickets(native, before);
    ERR_clear_error();
    if (!isUsable)
        return {};
    SSL_CTX_set_alpn_select_cb(native, chooseProtocol, nullptr);
    return context;
}

} // namespace sami::net
