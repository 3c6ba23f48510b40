// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/userplaces.h"

#include <utility>

namespace sami::server {

UserPlaces::Place::Place(UserPlaces &places, users::UserPtr user)
    : m_places(places), m_user(std::move(user))
{}

UserPlaces::Place::~Place()
{
    const std::lock_guard lock(m_places.m_mutex);
    const auto held = m_places.m_held.find(m_user->name);
    if (--*held == 0)
        m_places.m_held.erase(held);
}

UserPlaces::PlacePtr UserPlaces::take(const users::UserPtr &user)
{
    const std::lock_guard lock(m_mutex);
    int &held = m_held[user->name];
    if (user->connections > 0 && held >= user->connections)
        return nullptr;
    ++held;
    return std::make_unique<Place>(*this, user);
}

int UserPlaces::held(const QByteArray &user) const
{
    const std::lock_guard lock(m_mutex);
    return m_held.value(user);
}

} // namespace sami::server
