// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/connectionregistry.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace sami::account {

namespace {

/// A shell has one or two probes under way; those that never arrive must not pile up.
constexpr qsizetype maxExpected = 16;

void countLive(Totals &totals, ConnectionPhase phase, quint64 up, quint64 down)
{
    ++totals.live;
    totals.up += up;
    totals.down += down;
    switch (phase) {
    case ConnectionPhase::Tunnel:
        ++totals.tunnels;
        break;
    case ConnectionPhase::Exchange:
    case ConnectionPhase::Connecting:
        ++totals.exchanges;
        break;
    case ConnectionPhase::AwaitingRequest:
    case ConnectionPhase::Closing:
        break;
    }
}

} // namespace

ConnectionRecord::ConnectionRecord(quint64 recordId, const SocketAddress &clientAddress,
                                   TimePoint now)
    : id(recordId), acceptedAt(now), traffic(now), m_client(clientAddress)
{}

void ConnectionRecord::setClient(const SocketAddress &client)
{
    const std::lock_guard lock(m_mutex);
    m_via = m_client.address;
    m_client = client;
    m_known = policy::Caller::Known::ByHeader;
}

void ConnectionRecord::describe(TimePoint began, QByteArray user, QByteArray method,
                                QByteArray target, Endpoint endpoint)
{
    const std::lock_guard lock(m_mutex);
    m_user = std::move(user);
    m_method = std::move(method);
    m_target = std::move(target);
    m_endpoint = std::move(endpoint);
    m_route.clear();
    m_dial.reset();
    m_workBegan = began;
}

void ConnectionRecord::setDial(Clock::duration duration)
{
    const std::lock_guard lock(m_mutex);
    m_dial = duration;
}

void ConnectionRecord::setRoute(QByteArray name)
{
    const std::lock_guard lock(m_mutex);
    m_route = std::move(name);
}

ConnectionSnapshot ConnectionRecord::snapshot(TimePoint now) const
{
    ConnectionSnapshot row;
    row.id = id;
    row.entrance = entrance.load(std::memory_order_relaxed);
    row.phase = phase.load(std::memory_order_relaxed);
    row.requests = requests.load(std::memory_order_relaxed);
    row.up = traffic.up();
    row.down = traffic.down();
    row.connectedAt = connectedAt;
    row.age = now - acceptedAt;
    row.sinceUp = now - traffic.lastUp();
    row.sinceDown = now - traffic.lastDown();
    row.longestSilence = traffic.longestSilence(now);

    const std::lock_guard lock(m_mutex);
    row.client = m_client;
    row.via = m_via;
    row.user = m_user;
    row.method = m_method;
    row.target = m_target;
    row.endpoint = m_endpoint;
    row.route = m_route;
    row.dial = m_dial;
    if (const auto first = traffic.firstDown())
        row.firstByte = *first - m_workBegan;
    return row;
}

Registration::Registration(ConnectionRegistry &registry, ConnectionRecord &record)
    : m_registry(&registry), m_record(&record)
{}

Registration::Registration(Registration &&other) noexcept
    : m_registry(other.m_registry), m_record(std::exchange(other.m_record, nullptr))
{}

Registration::~Registration()
{
    if (m_record)
        m_registry->remove(*m_record);
}

Registration ConnectionRegistry::add(const SocketAddress &client, TimePoint now)
{
    const quint64 id = m_lastId.fetch_add(1, std::memory_order_relaxed) + 1;
    auto record = std::make_shared<ConnectionRecord>(id, client, now);
    const std::lock_guard lock(m_mutex);
    // The list is nearly always empty, so this costs little under a lock that is needed anyway.
    if (m_expected.removeOne(client)) {
        record->isOwn = true;
        ++m_own;
    }
    m_records.insert(id, record);
    return { *this, *record };
}

void ConnectionRegistry::expectOwn(const SocketAddress &client)
{
    const std::lock_guard lock(m_mutex);
    if (m_expected.size() >= maxExpected)
        m_expected.removeFirst();
    m_expected.append(client);
}

void ConnectionRegistry::remove(const ConnectionRecord &record)
{
    std::shared_ptr<ConnectionRecord> freedUnlocked;
    const std::lock_guard lock(m_mutex);
    if (!record.isOwn) {
        m_endedUp += record.traffic.up();
        m_endedDown += record.traffic.down();
    }
    freedUnlocked = m_records.take(record.id);
}

Census ConnectionRegistry::census() const
{
    Census census;
    Totals &totals = census.totals;
    const std::lock_guard lock(m_mutex);
    totals.connections = accepted();
    totals.up = m_endedUp;
    totals.down = m_endedDown;
    for (const auto &record : m_records) {
        if (record->isOwn)
            continue;
        const ConnectionPhase phase = record->phase.load(std::memory_order_relaxed);
        const Entrance entrance = record->entrance.load(std::memory_order_relaxed);
        ++census.live[phase][entrance.front][entrance.tls];
        countLive(totals, phase, record->traffic.up(), record->traffic.down());
    }
    return census;
}

Snapshot ConnectionRegistry::snapshot(TimePoint now) const
{
    Snapshot snapshot;
    Totals &totals = snapshot.totals;
    std::vector<std::pair<quint64, std::shared_ptr<ConnectionRecord>>> records;
    {
        const std::lock_guard lock(m_mutex);
        totals.connections = accepted();
        totals.up = m_endedUp;
        totals.down = m_endedDown;
        records.reserve(size_t(m_records.size()));
        for (auto each = m_records.cbegin(); each != m_records.cend(); ++each)
            records.emplace_back(each.key(), each.value());
    }
    // Sorted before they are read: a row is twenty times as large, and the records are in the
    // caches of other cores.
    std::sort(records.begin(), records.end(),
              [](const auto &left, const auto &right) { return left.first < right.first; });
    snapshot.connections.reserve(qsizetype(records.size()));
    for (const auto &[id, record] : records) {
        if (record->isOwn)
            continue;
        const ConnectionSnapshot &row = snapshot.connections.emplaceBack(record->snapshot(now));
        countLive(totals, row.phase, row.up, row.down);
    }
    return snapshot;
}

} // namespace sami::account
