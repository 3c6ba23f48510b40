// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "users/user.h"

#include <QByteArray>
#include <QHash>

#include <memory>
#include <mutex>

namespace sami::server {

/// What each user of the users file has under way: a tunnel or a request counts from its admission
/// to its end. Part of what the workers of one proxy share; thread-safe.
class UserPlaces
{
    Q_DISABLE_COPY_MOVE(UserPlaces)

public:
    /// Somebody's work under way; over when it dies, in whichever thread. The UserPlaces must
    /// outlive it.
    class Place
    {
        Q_DISABLE_COPY_MOVE(Place)

    public:
        Place(UserPlaces &places, users::UserPtr user);
        ~Place();

        /// As the user was at the admission.
        [[nodiscard]] const users::User &user() const { return *m_user; }

    private:
        UserPlaces &m_places;
        const users::UserPtr m_user;
    };
    using PlacePtr = std::unique_ptr<Place>;

    UserPlaces() = default;

    /// Null when the user has as many already as it may have at once. Places that are held stay
    /// when a new list allows fewer.
    [[nodiscard]] PlacePtr take(const users::UserPtr &user);
    [[nodiscard]] int held(const QByteArray &user) const;

private:
    mutable std::mutex m_mutex;
    QHash<QByteArray, int> m_held; ///< by name; only those who hold one
};

} // namespace sami::server
