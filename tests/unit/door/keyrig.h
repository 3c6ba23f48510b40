// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "door/certificate.h"
#include "door/privatekey.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace sami::test {

/// A key of any kind that an operator may have, and certificates for it.
class KeyRig
{
public:
    [[nodiscard]] static KeyRig p256() { return KeyRig(door::PrivateKey::make().value()); }
    [[nodiscard]] static KeyRig rsa(unsigned bits)
    {
        EVP_PKEY *key = EVP_RSA_gen(bits);
        BIO *octets = BIO_new(BIO_s_mem());
        PEM_write_bio_PrivateKey(octets, key, nullptr, nullptr, 0, nullptr, nullptr);
        char *text = nullptr;
        const long size = BIO_get_mem_data(octets, &text);
        auto made = door::PrivateKey::fromPem(QByteArray(text, size));
        BIO_free(octets);
        EVP_PKEY_free(key);
        return KeyRig(std::move(made).value());
    }

    /// PEM, in a fresh array each time.
    [[nodiscard]] QByteArray key() const
    {
        const door::SecretBytes pem = m_key.toPem();
        return QByteArray(pem.octets().constData(), pem.octets().size());
    }
    [[nodiscard]] QByteArray certificate(WallTime now) const
    {
        const QList<config::ServerName> names { config::ServerName::parse("localhost").value() };
        return door::Certificate::sign(m_key, names, now).value().toPem();
    }
    [[nodiscard]] QByteArray pin() const { return m_key.pin(); }

private:
    explicit KeyRig(door::PrivateKey key) : m_key(std::move(key)) {}

    door::PrivateKey m_key;
};

} // namespace sami::test
