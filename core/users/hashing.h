// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

/// The slow functions that PasswordHash is built on, one source per platform. They block; any
/// thread.
namespace sami::users {

/// PBKDF2 (RFC 8018 §5.2) with HMAC-SHA-512, 64 octets. Empty if the library failed.
[[nodiscard]] QByteArray pbkdf2Sha512(const QByteArray &password, const QByteArray &salt,
                                      int iterations);

/// The complete crypt(3) hash of the password, with the kind, cost and salt at the start of
/// `setting`. Empty without crypt(3), or if it does not know the kind. The password must not
/// contain NUL.
[[nodiscard]] QByteArray cryptHash(const QByteArray &password, const QByteArray &setting);

} // namespace sami::users
