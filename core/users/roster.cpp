// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/roster.h"

#include "base/randomoctets.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>

#include <utility>

namespace sami::users {

namespace {

constexpr qsizetype keySize = 32;

} // namespace

Roster::Roster(UsersList list) : m_list(std::move(list)), m_key(randomOctets<keySize>()) {}

QByteArray Roster::digestOf(const policy::Credentials &pair) const
{
    // The length comes first, so that no two pairs give the same text.
    QByteArray text = QByteArray::number(pair.username.size());
    text.reserve(text.size() + 1 + pair.username.size() + pair.password.size());
    text.append(':').append(pair.username).append(pair.password);
    return QMessageAuthenticationCode::hash(text, m_key, QCryptographicHash::Sha256);
}

UserPtr Roster::verified(const policy::Credentials &pair) const
{
    const UserPtr user = m_list.find(pair.username);
    const PasswordHash &hash = user ? user->hash : m_list.dummyHashFor(pair.username);
    const bool isRight = hash.verify(pair.password);
    return isRight ? user : nullptr;
}

} // namespace sami::users
