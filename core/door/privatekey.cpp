// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/privatekey.h"

#include "door/openssl.h"

#include <QCryptographicHash>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

namespace sami::door {

using namespace Qt::StringLiterals;

namespace {

/// Keeps OpenSSL from asking for a passphrase on a terminal.
int noPassphrase(char *, int, int, void *)
{
    return -1;
}

} // namespace

void PrivateKey::Free::operator()(evp_pkey_st *key) const
{
    EVP_PKEY_free(key);
}

Result<PrivateKey, QString> PrivateKey::make()
{
    PrivateKey key(EVP_EC_gen(SN_X9_62_prime256v1));
    if (!key.m_key)
        return Unexpected(u"no key can be made: %1"_s.arg(openssl::takeError()));
    return key;
}

Result<PrivateKey, QString> PrivateKey::fromPem(const QByteArray &pem)
{
    if (pem.contains("ENCRYPTED")) {
        return Unexpected(u"has a key with a passphrase, which nobody is there to type; write it "
                          "without one: openssl pkey -in FILE -out NEW"_s);
    }
    const openssl::Bio octets = openssl::reading(pem);
    PrivateKey key(PEM_read_bio_PrivateKey(octets.get(), nullptr, noPassphrase, nullptr));
    openssl::clearErrors();
    if (!key.m_key) {
        return Unexpected(pem.contains("PRIVATE KEY-----")
                              ? u"has a private key that cannot be read"_s
                              : u"has no private key in PEM (-----BEGIN PRIVATE KEY-----)"_s);
    }
    return key;
}

SecretBytes PrivateKey::toPem() const
{
    // In OpenSSL's secure heap if there is one; otherwise it is wiped along with the BIO.
    const openssl::Bio octets(BIO_new(BIO_s_secmem()));
    const bool isWritten = octets
        && PEM_write_bio_PKCS8PrivateKey(octets.get(), m_key.get(), nullptr, nullptr, 0, nullptr,
                                         nullptr)
            == 1;
    openssl::clearErrors();
    return isWritten ? SecretBytes(openssl::content(octets.get())) : SecretBytes();
}

QByteArray PrivateKey::pin() const
{
    unsigned char *der = nullptr;
    const int size = i2d_PUBKEY(m_key.get(), &der);
    if (size <= 0)
        return {};
    const QByteArray info(reinterpret_cast<const char *>(der), size);
    OPENSSL_free(der);
    return "sha256//" + QCryptographicHash::hash(info, QCryptographicHash::Sha256).toBase64();
}

bool PrivateKey::isP256() const
{
    char group[32] = {};
    const bool isEc = EVP_PKEY_get_utf8_string_param(m_key.get(), OSSL_PKEY_PARAM_GROUP_NAME, group,
                                                     sizeof group, nullptr)
        == 1;
    openssl::clearErrors();
    return isEc && QByteArrayView(group) == SN_X9_62_prime256v1;
}

int PrivateKey::rsaBits() const
{
    const bool isRsa =
        EVP_PKEY_is_a(m_key.get(), "RSA") == 1 || EVP_PKEY_is_a(m_key.get(), "RSA-PSS") == 1;
    return isRsa ? EVP_PKEY_get_bits(m_key.get()) : 0;
}

} // namespace sami::door
