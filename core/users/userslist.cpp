// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/userslist.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QtEndian>

#include <algorithm>

namespace sami::users {

namespace {

/// Uses a key, so that nobody outside can tell which names share a dummy.
quint64 pointOf(const QByteArray &name, const QByteArray &key)
{
    return qFromLittleEndian<quint64>(
        QMessageAuthenticationCode::hash(name, key, QCryptographicHash::Sha256).constData());
}

/// A hash of the usual cost that belongs to no known password.
const PasswordHash &usualDummy()
{
    static const PasswordHash hash =
        PasswordHash::parse("$pbkdf2-sha512$210000$AAAAAAAAAAAAAAAAAAAAAA$" + QByteArray(86, 'A'))
            .value();
    return hash;
}

} // namespace

UsersList::UsersList(QList<UserPtr> users, QByteArray fingerprint)
    : m_users(std::move(users)), m_fingerprint(std::move(fingerprint))
{
    m_places.reserve(m_users.size());
    m_ring.reserve(static_cast<std::size_t>(m_users.size()));
    for (qsizetype place = 0; place < m_users.size(); ++place) {
        m_places.insert(m_users[place]->name, place);
        m_ring.emplace_back(pointOf(m_users[place]->name, ringKey()), place);
    }
    std::sort(m_ring.begin(), m_ring.end());
}

UserPtr UsersList::find(const QByteArray &name) const
{
    const auto found = m_places.constFind(name);
    return found == m_places.cend() ? UserPtr() : m_users[*found];
}

/// The first user's hash: its salt is secret, and the same at each start. With a new key at each
/// start, an unknown name could take another time than before, which a known name never does.
const QByteArray &UsersList::ringKey() const
{
    return m_users.first()->hash.text();
}

const PasswordHash &UsersList::dummyHashFor(const QByteArray &name) const
{
    if (m_ring.empty())
        return usualDummy();
    const auto next =
        std::lower_bound(m_ring.cbegin(), m_ring.cend(), Point(pointOf(name, ringKey()), 0));
    return m_users[(next == m_ring.cend() ? m_ring.front() : *next).second]->hash;
}

} // namespace sami::users
