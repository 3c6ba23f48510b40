// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/house.h"

#include "admin/tokenfile.h"
#include "base/logging.h"
#include "net/nativestream.h"
#include "server/vitals.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

namespace sami::admin {

using namespace Qt::StringLiterals;

namespace {

constexpr char unit[] = "admin.house";

/// How often the tokens' file is read; a revoked token's streams end within that time.
constexpr std::chrono::seconds housekeepingInterval { 5 };
/// For all answers together that their clients have not taken.
constexpr qint64 maxPending = qint64(64) * 1024 * 1024;
constexpr int keepaliveSeconds = 30;

static_assert(House::adminPlaces.strangers > AcceptShares::most);

} // namespace

House::House(Orders orders, Observer::Ask ask)
    : m_tokens({}), m_gate(m_tokens, m_places), m_observer(std::move(ask)),
      m_events(m_observer, orders.condition, [this](quint64 id) { return find(id); }),
      m_api(
          m_observer, std::move(orders),
          [this](quint64 id, const AdminReply &reply) {
              if (AdminConnection *connection = find(id))
                  connection->answer(reply);
          },
          [this](quint64 id, const Request &request) {
              AdminConnection *connection = find(id);
              if (connection && connection->beginEvents())
                  m_events.add(id, request);
          })
{
    m_budgets.pending.setLimit(maxPending);
    connect(&m_housekeeping, &QTimer::timeout, this, &House::doHousekeeping);
    m_opening.setSingleShot(true);
    connect(&m_opening, &QTimer::timeout, this, &House::openAll);
}

House::~House() = default;

Result<config::AdminSettings, QString> House::prepare(const config::AdminSettings &asked)
{
    std::vector<std::unique_ptr<AdminListener>> made;
    config::AdminSettings real = asked;
    const auto make = [&](config::AdminDoor &door, Router::Door kind) -> Result<void, QString> {
        const auto there =
            std::find_if(m_listeners.begin(), m_listeners.end(), [&](const auto &each) {
                return each->servedDoor() == kind && each->asked().sharesSocketWith(door);
            });
        if (there != m_listeners.end()) {
            door.port = (*there)->where().port;
            return {};
        }
        auto listener = std::make_unique<AdminListener>(
            door, kind, [this](net::Descriptor descriptor, const Visitor &visitor) {
                receive(std::move(descriptor), visitor);
            });
        if (auto bound = listener->bind(); !bound)
            return Unexpected(bound.error() + whoHasPortOf(door));
        door = listener->where();
        made.push_back(std::move(listener));
        return {};
    };
    for (config::AdminDoor &door : real.doors) {
        if (auto ready = make(door, Router::Door::Admin); !ready)
            return Unexpected(ready.error());
    }
    if (real.metrics) {
        if (auto ready = make(*real.metrics, Router::Door::Metrics); !ready)
            return Unexpected(ready.error());
    }
    m_prepared = std::move(made);
    m_asked = asked;
    for (const auto &listener : m_listeners) {
        if (!askedAt(*listener))
            listener->hold();
        else if (!m_opening.isActive())
            open(*listener); // no effect unless it was held
    }
    return real;
}

/// The requested door that this listener's socket can serve; null if there is none.
const config::AdminDoor *House::askedAt(const AdminListener &listener) const
{
    const auto isThere = [&listener](const config::AdminDoor &door) {
        return listener.asked().sharesSocketWith(door);
    };
    if (listener.servedDoor() == Router::Door::Metrics)
        return m_asked.metrics && isThere(*m_asked.metrics) ? &*m_asked.metrics : nullptr;
    const auto found = std::find_if(m_asked.doors.cbegin(), m_asked.doors.cend(), isThere);
    return found == m_asked.doors.cend() ? nullptr : &*found;
}

/// A further part of the error if one of our present doors has that port; otherwise empty.
QString House::whoHasPortOf(const config::AdminDoor &door) const
{
    const bool isOurs = door.isTcp()
        && std::any_of(m_listeners.begin(), m_listeners.end(), [&door](const auto &each) {
                            return each->asked().isTcp() && each->where().port == door.port;
                        });
    return isOurs ? u"; another door of this proxy has that port until it restarts"_s : QString();
}

void House::sayOpen(const AdminListener &listener)
{
    const bool isMetrics = listener.servedDoor() == Router::Door::Metrics;
    logInfo(unit, isMetrics ? "metrics door open" : "admin door open",
            { { "at", listener.where().toByteArray() } });
}

/// Returns false, and logs why, if it cannot be opened.
bool House::open(AdminListener &listener)
{
    if (listener.isAccepting())
        return true;
    const bool isMetrics = listener.servedDoor() == Router::Door::Metrics;
    const QByteArray at = listener.where().toByteArray();
    if (auto opened = listener.startAccepting(); !opened) {
        logError(unit, isMetrics ? "the metrics door cannot open" : "an admin door cannot open",
                 { { "at", at }, { "error", opened.error().toUtf8() } });
        return false;
    }
    sayOpen(listener);
    return true;
}

void House::commit(const config::LoadedSettings &loaded,
                   const policy::PrivateClients &privateClients, quint64 edition,
                   std::chrono::milliseconds rest)
{
    for (auto &listener : std::exchange(m_prepared, {}))
        m_listeners.push_back(std::move(listener));
    std::erase_if(m_listeners, [this](const auto &each) { return !askedAt(*each); });
    for (const auto &listener : m_listeners) {
        const config::AdminDoor &asked = *askedAt(*listener);
        if (asked == listener->asked())
            continue;
        listener->become(asked);
        if (listener->isAccepting())
            sayOpen(*listener);
    }
    m_gate.setHosts(loaded.settings.admin.hosts);
    m_api.setSettings(loaded, privateClients, edition);
    m_api.setUsers(UsersDesk(loaded.settings));
    m_tokens.setPath(TokenFile::pathOf(loaded.settings));
    readTokens();
    if (rest > std::chrono::milliseconds(0))
        m_opening.start(rest);
    else
        openAll();
    m_housekeeping.start(housekeepingInterval);
}

void House::openAll()
{
    std::erase_if(m_listeners, [this](const auto &each) { return askedAt(*each) && !open(*each); });
}

void House::setIdentity(std::shared_ptr<const net::TlsContext> identity)
{
    m_identity = std::move(identity);
}

void House::take(const Observation &observation)
{
    m_observer.take(observation, WallClock::now());
}

void House::shut()
{
    m_housekeeping.stop();
    m_opening.stop();
    m_listeners.clear();
    m_prepared.clear();
    m_events.endRevoked([](const AdminCaller &) { return false; });
    m_connections.clear();
}

void House::receive(net::Descriptor descriptor, Visitor visitor)
{
    const SocketAddress peer { visitor.isLocalPeer ? QHostAddress(QHostAddress::LocalHost)
                                                   : visitor.address,
                               0 };
    // A Unix socket has no TCP options, so none are to be set.
    const std::optional<int> set =
        visitor.isLocalPeer ? std::optional(keepaliveSeconds) : std::nullopt;
    net::StreamPtr stream =
        net::adoptAccepted({ descriptor.release(), peer, set }, false, keepaliveSeconds, m_budgets);
    if (!stream)
        return;
    if (!visitor.isLocalPeer)
        visitor.reachedAt = stream->localAddress().address;
    std::unique_ptr<net::TlsAcceptance> tls;
    if (visitor.speaksTls) {
        if (m_identity)
            tls = net::makeTlsAcceptance(*m_identity, *stream);
        if (!tls)
            return;
    }
    const quint64 id = ++m_lastId;
    const AdminPlaces::Peer placed = place(id, visitor);
    if (placed == AdminPlaces::Peer::TurnedAway)
        return;
    ConnectionPtr made(new AdminConnection(id, visitor, std::move(stream), std::move(tls), *this));
    AdminConnection &connection = *made;
    m_connections.emplace(id, std::move(made));
    if (visitor.isLocalPeer)
        connection.makeKnown();
    if (placed == AdminPlaces::Peer::Served)
        connection.start();
    else
        connection.turnAway(problemReply(Problem::Unavailable,
                                         "All places of the Unix sockets are taken; close another "
                                         "connection."));
}

/// Removes the stranger that has to make way.
AdminPlaces::Peer House::place(quint64 id, const Visitor &visitor)
{
    if (visitor.isLocalPeer)
        return m_places.enterPeer(id);
    if (const quint64 leaving = placesOf(visitor).enterStranger(id, visitor.address))
        m_connections.erase(leaving);
    return AdminPlaces::Peer::Served;
}

AdminPlaces &House::placesOf(const Visitor &visitor)
{
    return visitor.door == Router::Door::Metrics ? m_metricsPlaces : m_places;
}

AdminConnection *House::find(quint64 id) const
{
    const auto found = m_connections.find(id);
    return found == m_connections.end() ? nullptr : found->second.get();
}

Result<Request, AdminReply> House::judge(AdminConnection &connection, const http::RequestHead &head)
{
    return m_gate.judge(connection, head);
}

void House::serve(AdminConnection &connection, Request request)
{
    m_api.serve(connection.id(), request);
}

void House::ended(AdminConnection &connection)
{
    const quint64 id = connection.id();
    m_events.remove(id);
    placesOf(connection.visitor()).leave(id);
    m_connections.erase(id);
}

void House::doHousekeeping()
{
    readTokens();
    const QDate today = QDateTime::currentDateTimeUtc().date();
    m_events.endRevoked([&](const AdminCaller &caller) {
        return !caller.token || m_tokens.stillHolds(*caller.token, today);
    });
    m_observer.tidy(Clock::now());
    m_events.tidy(Clock::now());
}

void House::readTokens()
{
    if (const auto problem = m_tokens.refresh()) {
        logError(unit, "the tokens stay as they were", { { "problem", problem->toUtf8() } });
    }
}

} // namespace sami::admin
