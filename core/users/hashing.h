// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

/// The slow functions beneath PasswordHash: one source per platform. They block; any thread.
namespace sami::users {

/// PBKDF2 (RFC 8018 §5.2) over HMAC-SHA-512, 64 octets. Empty: the library failed.
[[nodiscard]] QByteArray pbkdf2Sha512(const QByteArray &password, const QByteArray &salt,
                                      int iterations);

/// What crypt(3) makes of the password by the kind, cost and salt that `setting` begins with: a
/// whole hash. Empty: there is none here, or it does not know the kind. The password has no NUL.
[[nodiscard]] QByteArray cryptHash(const QByteArray &password, const QByteArray &setting);

} // namespace sami::users
