// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlsverification.h"

#include <QHostAddress>
#include <QString>

#include <algorithm>
#include <array>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace sami::net {

namespace {

struct Words
{
    int code;
    const char *text;
};

/// The wording of QSslError, which users have known since the first version.
constexpr Words words[] = {
    { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "The issuer certificate could not be found" },
    { X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE,
      "The certificate signature could not be decrypted" },
    { X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY,
      "The public key in the certificate could not be read" },
    { X509_V_ERR_CERT_SIGNATURE_FAILURE, "The signature of the certificate is invalid" },
    { X509_V_ERR_CERT_NOT_YET_VALID, "The certificate is not yet valid" },
    { X509_V_ERR_CERT_HAS_EXPIRED, "The certificate has expired" },
    { X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD,
      "The certificate's notBefore field contains an invalid time" },
    { X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD,
      "The certificate's notAfter field contains an invalid time" },
    { X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "The certificate is self-signed, and untrusted" },
    { X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
      "The root certificate of the certificate chain is self-signed, and untrusted" },
    { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      "The issuer certificate of a locally looked up certificate could not be found" },
    { X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "No certificates could be verified" },
    { X509_V_ERR_CERT_REVOKED, "The peer certificate is blacklisted" },
    { X509_V_ERR_INVALID_CA, "One of the CA certificates is invalid" },
    { X509_V_ERR_PATH_LENGTH_EXCEEDED,
      "The basicConstraints path length parameter has been exceeded" },
    { X509_V_ERR_INVALID_PURPOSE, "The supplied certificate is unsuitable for this purpose" },
    { X509_V_ERR_CERT_UNTRUSTED, "The root CA certificate is not trusted for this purpose" },
    { X509_V_ERR_CERT_REJECTED,
      "The root CA certificate is marked to reject the specified purpose" },
    { X509_V_ERR_HOSTNAME_MISMATCH,
      "The host name did not match any of the valid hosts for this certificate" },
    { X509_V_ERR_IP_ADDRESS_MISMATCH,
      "The host name did not match any of the valid hosts for this certificate" },
};

bool setAddress(X509_VERIFY_PARAM *wanted, const QHostAddress &address)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol) {
        const quint32 number = address.toIPv4Address();
        const std::array<unsigned char, 4> octets { static_cast<unsigned char>(number >> 24),
                                                    static_cast<unsigned char>(number >> 16),
                                                    static_cast<unsigned char>(number >> 8),
                                                    static_cast<unsigned char>(number) };
        return X509_VERIFY_PARAM_set1_ip(wanted, octets.data(), octets.size()) == 1;
    }
    const Q_IPV6ADDR octets = address.toIPv6Address();
    return X509_VERIFY_PARAM_set1_ip(wanted, octets.c, sizeof octets.c) == 1;
}

} // namespace

/// OpenSSL's callbacks during verification.
struct TlsVerificationCalls
{
    static TlsVerification *of(X509_STORE_CTX *store)
    {
        auto *connection = static_cast<SSL *>(
            X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
        return connection ? static_cast<TlsVerification *>(SSL_get_app_data(connection)) : nullptr;
    }

    /// Continues after each fault, so that all are found.
    static int note(int isGood, X509_STORE_CTX *store)
    {
        TlsVerification *verification = of(store);
        if (!isGood && verification)
            verification->add(X509_STORE_CTX_get_error(store));
        return verification ? 1 : isGood;
    }

    static int verify(X509_STORE_CTX *store, void *)
    {
        TlsVerification *verification = of(store);
        const bool hasPassed = verification && !verification->m_pins.isEmpty()
            ? judgePin(*verification, store)
            : judgeChain(verification, store);
        if (hasPassed)
            verification->economize(store);
        return hasPassed ? 1 : 0;
    }

    static bool judgePin(TlsVerification &verification, X509_STORE_CTX *store)
    {
        const bool isPinned = verification.checkPin(X509_STORE_CTX_get0_cert(store));
        X509_STORE_CTX_set_error(store, isPinned ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
        return isPinned;
    }

    static bool judgeChain(TlsVerification *verification, X509_STORE_CTX *store)
    {
        const bool isVerified = X509_verify_cert(store) == 1;
        if (!verification)
            return false; // attach() was not called: no host to verify
        if (!isVerified && verification->m_firstCode == X509_V_OK)
            verification->add(X509_STORE_CTX_get_error(store) != X509_V_OK
                                  ? X509_STORE_CTX_get_error(store)
                                  : X509_V_ERR_UNSPECIFIED);
        if (verification->m_isOfAnotherHost)
            verification->m_faults.append(TlsVerification::textOf(X509_V_ERR_HOSTNAME_MISMATCH));
        X509_STORE_CTX_set_error(store, verification->m_firstCode);
        verification->m_hasPassed = isVerified && verification->m_firstCode == X509_V_OK;
        return verification->m_hasPassed;
    }
};

void TlsVerification::enable(ssl_ctx_st *context)
{
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &TlsVerificationCalls::note);
    SSL_CTX_set_cert_verify_callback(context, &TlsVerificationCalls::verify, nullptr);
}

bool TlsVerification::attach(ssl_st *connection, const QByteArray &host,
                             const QList<QByteArray> &pins)
{
    SSL_set_app_data(connection, this);
    m_pins = pins;
    X509_VERIFY_PARAM *wanted = SSL_get0_param(connection);
    QHostAddress literal;
    if (literal.setAddress(QString::fromUtf8(host)))
        return setAddress(wanted, literal);
    // "example.com." is the same host, but certificates never have the dot (RFC 6066 §3 for SNI).
    QByteArray name = host.toLower();
    if (name.endsWith('.'))
        name.chop(1);
    // OpenSSL takes an empty name for any name, and one with a leading dot for all below it.
    if (name.isEmpty() || name.startsWith('.') || name.contains('\0'))
        return false;
    X509_VERIFY_PARAM_set_hostflags(
        wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    return X509_VERIFY_PARAM_set1_host(wanted, name.constData(), static_cast<size_t>(name.size()))
        == 1
        && SSL_set_tlsext_host_name(connection, name.constData()) == 1;
}

/// Checks only the key: its owner may have signed any certificate around it.
bool TlsVerification::checkPin(x509_st *certificate)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned int size = 0;
    unsigned char *octets = nullptr;
    const int length =
        certificate ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &octets) : 0;
    const bool isDigested = length > 0
        && EVP_Digest(octets, static_cast<size_t>(length), digest.data(), &size, EVP_sha256(),
                      nullptr)
            == 1;
    OPENSSL_free(octets);
    const QByteArray seen = isDigested
        ? QByteArray(reinterpret_cast<const char *>(digest.data()), static_cast<qsizetype>(size))
        : QByteArray();
    m_hasPassed = isDigested && m_pins.contains(seen);
    m_isWrongPin = !m_hasPassed;
    if (m_isWrongPin) {
        m_faults.append(
            "The key is not the pinned one: it has the pin "
            + seen.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
    }
    return m_hasPassed;
}

/// OpenSSL keeps what the server has shown until the connection ends, and the chain that it built.
/// Neither is needed after the verdict, except the server's own certificate: the signature over the
/// handshake is still checked against its key.
void TlsVerification::economize(x509_store_ctx_st *store)
{
    X509_STORE_CTX_set0_verified_chain(store, nullptr);
    STACK_OF(X509) *shown = X509_STORE_CTX_get0_untrusted(store);
    if (sk_X509_num(shown) < 1 || sk_X509_value(shown, 0) != X509_STORE_CTX_get0_cert(store))
        return;
    while (sk_X509_num(shown) > 1)
        X509_free(sk_X509_pop(shown));
    X509 *own = sk_X509_value(shown, 0);
    m_certificate = PeerCertificates::ofThisThread().share(own);
    X509_up_ref(m_certificate.get());
    static_cast<void>(sk_X509_set(shown, 0, m_certificate.get()));
    m_shown.reset(own, X509_free); // this verification still points to it
}

void TlsVerification::add(int code)
{
    if (m_firstCode == X509_V_OK)
        m_firstCode = code;
    if (code == X509_V_ERR_HOSTNAME_MISMATCH || code == X509_V_ERR_IP_ADDRESS_MISMATCH) {
        m_isOfAnotherHost = true;
        return;
    }
    const QByteArray text = textOf(code);
    if (!m_faults.contains(text))
        m_faults.append(text);
}

QByteArray TlsVerification::textOf(int code)
{
    const auto *found = std::find_if(std::begin(words), std::end(words),
                                     [code](const Words &known) { return known.code == code; });
    return found != std::end(words) ? found->text : X509_verify_cert_error_string(code);
}

} // namespace sami::net
