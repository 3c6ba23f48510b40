// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/places.h"

#include "policy/clientkey.h"

#include <QHostAddress>

#include <algorithm>
#include <utility>

namespace sami::server {

using policy::clientKey;

namespace {

/// A balancer's connection that has not named its client yet. The first half of an IPv6 multicast
/// address, which no client has, and no clientKey() of an IPv4 address.
constexpr quint64 noClient = quint64(0xffff'fffe) << 32;

} // namespace

Places::Place::Place(Places *places, quint64 client, Kind kind, Crowding crowding, quint16 worker)
    : m_places(places), m_client(client), m_kind(kind), m_crowding(crowding), m_worker(worker)
{}

Places::Place::Place(Place &&other) noexcept
    : m_places(std::exchange(other.m_places, nullptr)), m_client(other.m_client),
      m_kind(other.m_kind), m_crowding(other.m_crowding), m_worker(other.m_worker)
{}

Places::Place::~Place()
{
    if (m_places)
        m_places->giveBack(*this);
}

void Places::Place::moveTo(const QHostAddress &client)
{
    if (m_places)
        m_places->move(*this, client);
}

Places::Places(int heard) : m_heardLimit(heard) {}

Places::~Places() = default;

void Places::setWorkers(int count)
{
    const std::lock_guard lock(m_mutex);
    Q_ASSERT(m_all.full + m_all.heard == 0 && count > 0);
    m_workers.assign(static_cast<std::size_t>(count), 0);
}

void Places::setLimits(const PlaceLimits &limits)
{
    const std::lock_guard lock(m_mutex);
    m_limits = limits;
}

PlaceLimits Places::limits() const
{
    const std::lock_guard lock(m_mutex);
    return m_limits;
}

void Places::setBalancers(const policy::Balancers &balancers)
{
    const std::lock_guard lock(m_mutex);
    m_balancers = balancers;
}

Places::Place Places::take(const QHostAddress &client)
{
    const quint64 key = clientKey(client);
    const int heardLimit = m_heardLimit + (client.isLoopback() ? maxHeardHere : 0);

    const std::lock_guard lock(m_mutex);
    const bool hasNoClientYet = m_balancers.contains(client);
    const Counts held = hasNoClientYet ? Counts {} : m_clients.value(key);
    const Crowding crowded = m_all.full >= m_limits.all ? Crowding::ProxyFull
        : isFull(held)                                  ? Crowding::ClientFull
                                                        : Crowding::None;
    if (crowded != Crowding::None && (m_all.heard >= heardLimit || held.heard >= maxHeardPerClient))
        return { nullptr, key, Kind::TurnedAway, crowded, 0 };

    const Kind kind = crowded == Crowding::None ? Kind::Full : Kind::PagesOnly;
    const quint64 holder = hasNoClientYet ? noClient : key;
    add(holder, kind);
    m_peak = std::max(m_peak, m_all.full + m_all.heard);
    const auto least = std::min_element(m_workers.begin(), m_workers.end());
    ++*least;
    return { this, holder, kind, crowded, static_cast<quint16>(least - m_workers.begin()) };
}

void Places::move(Place &place, const QHostAddress &client)
{
    const quint64 key = clientKey(client);
    const std::lock_guard lock(m_mutex);
    remove(place.m_client, place.m_kind);
    place.m_client = key;
    const Counts held = m_clients.value(key);
    if (place.m_kind == Kind::Full && isFull(held)) {
        place.m_kind = Kind::PagesOnly;
        place.m_crowding = Crowding::ClientFull;
    }
    if (place.m_kind == Kind::PagesOnly
        && (m_all.heard >= m_heardLimit || held.heard >= maxHeardPerClient)) {
        place.m_kind = Kind::TurnedAway;
        place.m_places = nullptr;
        --m_workers[place.m_worker];
        return;
    }
    add(key, place.m_kind);
}

bool Places::isFull(const Counts &client) const
{
    return m_limits.perClient > 0 && client.full >= m_limits.perClient;
}

int Places::Counts::*Places::countOf(Kind kind)
{
    return kind == Kind::Full ? &Counts::full : &Counts::heard;
}

void Places::add(quint64 client, Kind kind)
{
    const auto count = countOf(kind);
    ++(m_all.*count);
    if (client != noClient)
        ++(m_clients[client].*count);
}

void Places::remove(quint64 client, Kind kind)
{
    const auto count = countOf(kind);
    --(m_all.*count);
    if (client == noClient)
        return;
    const auto counts = m_clients.find(client);
    --((*counts).*count);
    if (counts->full == 0 && counts->heard == 0)
        m_clients.erase(decltype(m_clients)::const_iterator(counts));
}

void Places::giveBack(const Place &place)
{
    const std::lock_guard lock(m_mutex);
    --m_workers[place.m_worker];
    remove(place.m_client, place.m_kind);
}

Places::Load Places::load() const
{
    const std::lock_guard lock(m_mutex);
    return { m_all.full + m_all.heard, m_peak };
}

void Places::forgetPeak()
{
    const std::lock_guard lock(m_mutex);
    m_peak = m_all.full + m_all.heard;
}

int Places::heldOf(int worker) const
{
    const std::lock_guard lock(m_mutex);
    return m_workers.at(static_cast<std::size_t>(worker));
}

} // namespace sami::server
