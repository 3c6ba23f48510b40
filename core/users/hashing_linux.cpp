// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/hashing.h"

#include <crypt.h>
#include <memory>
#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace sami::users {

namespace {

constexpr qsizetype digestSize = 64;

} // namespace

QByteArray pbkdf2Sha512(const QByteArray &password, const QByteArray &salt, int iterations)
{
    QByteArray key(digestSize, Qt::Uninitialized);
    const int done = PKCS5_PBKDF2_HMAC(password.constData(), static_cast<int>(password.size()),
                                       reinterpret_cast<const unsigned char *>(salt.constData()),
                                       static_cast<int>(salt.size()), iterations, EVP_sha512(),
                                       digestSize, reinterpret_cast<unsigned char *>(key.data()));
    return done == 1 ? key : QByteArray();
}

QByteArray cryptHash(const QByteArray &password, const QByteArray &setting)
{
    // 32 KiB in libxcrypt, 128 KiB in glibc's: too large for a thread's stack.
    const auto state = std::make_unique<crypt_data>();
    const char *made = crypt_r(password.constData(), setting.constData(), state.get());
    // On failure the result begins with "*", which matches no hash.
    const QByteArray hash = made && *made == '$' ? QByteArray(made) : QByteArray();
    OPENSSL_cleanse(state.get(), sizeof(crypt_data));
    return hash;
}

} // namespace sami::users
