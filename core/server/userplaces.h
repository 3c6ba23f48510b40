// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "users/user.h"

#include <QByteArray>
#include <QHash>

#include <memory>
#include <mutex>

namespace sami::server {

/// Counts each user's work under way: a tunnel or a request, from its admission to its end. Shared
/// by the workers of one proxy; thread-safe.
class UserPlaces
{
    Q_DISABLE_COPY_MOVE(UserPlaces)

public:
    /// One piece of a user's work; it ends when this is destroyed, in whichever thread. The
    /// UserPlaces must outlive it.
    class Place
    {
        Q_DISABLE_COPY_MOVE(Place)

    public:
        Place(UserPlaces &places, users::UserPtr user);
        ~Place();

        /// The user as of the admission.
        [[nodiscard]] const users::User &user() const { return *m_user; }

    private:
        UserPlaces &m_places;
        const users::UserPtr m_user;
    };
    using PlacePtr = std::unique_ptr<Place>;

    UserPlaces() = default;

    /// Null if the user already has as many as allowed at once. Places already held stay when a new
    /// list allows fewer.
    [[nodiscard]] PlacePtr take(const users::UserPtr &user);
    [[nodiscard]] int held(const QByteArray &user) const;

private:
    mutable std::mutex m_mutex;
    QHash<QByteArray, int> m_held; ///< by name; only users that hold a place
};

} // namespace sami::server
