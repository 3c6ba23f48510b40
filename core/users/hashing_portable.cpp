// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Windows has no crypt(3), and that of macOS knows only DES.
#include "users/hashing.h"

#include <QPasswordDigestor>

namespace sami::users {

namespace {

constexpr quint64 digestSize = 64;

} // namespace

QByteArray pbkdf2Sha512(const QByteArray &password, const QByteArray &salt, int iterations)
{
    return QPasswordDigestor::deriveKeyPbkdf2(QCryptographicHash::Sha512, password, salt,
                                              iterations, digestSize);
}

QByteArray cryptHash(const QByteArray &, const QByteArray &)
{
    return {};
}

} // namespace sami::users
