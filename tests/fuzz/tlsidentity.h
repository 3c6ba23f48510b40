// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "fuzzing.h"
#include "net/tlscontext.h"

#include <QByteArray>
#include <QSslCertificate>

#include <memory>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/// A certificate without a file, for the targets that speak TLS.
namespace sami::fuzzing {

inline const QByteArray host = "a.example";

inline QByteArray pemOf(BIO *bio)
{
    char *octets = nullptr;
    const long size = BIO_get_mem_data(bio, &octets);
    QByteArray pem(octets, size);
    BIO_free(bio);
    return pem;
}

/// A self-signed server certificate for `host`, and a client that trusts it.
struct Contexts
{
    Contexts()
    {
        EVP_PKEY *key = EVP_EC_gen("P-256");
        X509 *certificate = X509_new();
        X509_set_version(certificate, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate), 360'000);
        X509_set_pubkey(certificate, key);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char *>("a"), -1, -1, 0);
        X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
        X509_EXTENSION *names =
            X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:a.example");
        X509_add_ext(certificate, names, -1);
        X509_EXTENSION_free(names);
        X509_sign(certificate, key, EVP_sha256());
        BIO *chain = BIO_new(BIO_s_mem());
        PEM_write_bio_X509(chain, certificate);
        BIO *secret = BIO_new(BIO_s_mem());
        PEM_write_bio_PrivateKey(secret, key, nullptr, nullptr, 0, nullptr, nullptr);
        X509_free(certificate);
        EVP_PKEY_free(key);
        const QByteArray pem = pemOf(chain);
        server = net::TlsContext::server(pem, pemOf(secret));
        client = net::TlsContext::client({ QSslCertificate(pem) });
        require(server && client, "the contexts can be made");
    }

    std::shared_ptr<const net::TlsContext> server;
    std::shared_ptr<const net::TlsContext> client;
};

} // namespace sami::fuzzing
