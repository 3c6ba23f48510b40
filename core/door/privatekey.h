// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "door/secretbytes.h"

#include <QByteArray>
#include <QString>

#include <memory>

struct evp_pkey_st; // OpenSSL's EVP_PKEY

namespace sami::door {

/// A private key in OpenSSL's form, which wipes it when freed. A movable value; any thread.
class PrivateKey
{
public:
    /// Makes a new key on the curve P-256. Fails only if OpenSSL has no memory or no randomness.
    [[nodiscard]] static Result<PrivateKey, QString> make();
    /// The first private key of a PEM text, without a passphrase. The error is for a person and
    /// completes a sentence that names the file.
    [[nodiscard]] static Result<PrivateKey, QString> fromPem(const QByteArray &pem);

    /// PKCS #8, without a passphrase.
    [[nodiscard]] SecretBytes toPem() const;
    /// "sha256//…": SHA-256 of the SubjectPublicKeyInfo as base64, as curl's --pinnedpubkey takes
    /// it.
    [[nodiscard]] QByteArray pin() const;
    [[nodiscard]] bool isP256() const;
    /// The size of an RSA key; 0 for others.
    [[nodiscard]] int rsaBits() const;
    [[nodiscard]] evp_pkey_st *native() const { return m_key.get(); }

private:
    struct Free
    {
        void operator()(evp_pkey_st *key) const;
    };

    explicit PrivateKey(evp_pkey_st *key) : m_key(key) {}

    std::unique_ptr<evp_pkey_st, Free> m_key;
};

} // namespace sami::door
