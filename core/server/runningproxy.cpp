// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/runningproxy.h"

#include "base/logging.h"
#include "base/systemlimits.h"
#include "config/sourceaddress.h"
#include "server/effectivelimits.h"
#include "server/memoryrelease.h"
#include "server/reception.h"
#include "server/userrules.h"

#include <QRandomGenerator>

#include <utility>

namespace sami::server {

namespace {

using Trust = users::RosterWatch::Trust;

/// The façade's unit: readers of the log know these lines under that name.
constexpr char unit[] = "server.proxyserver";

/// How often this machine's own addresses and the users file are read again.
constexpr std::chrono::seconds housekeepingInterval { 10 };
// So every sixth tick checks the certificate, even if it comes early: once a minute.
static_assert(door::DoorCertificate::lookInterval + housekeepingInterval / 2
              <= std::chrono::minutes(1));
/// The longest time that a trust list on a hanging disk may delay clients.
constexpr std::chrono::seconds tlsPatience { 10 };
constexpr std::chrono::milliseconds drainPoll { 50 };
/// Longer than a label may be: 63 octets (RFC 1035 §2.3.4).
const QByteArray tooLongLabel(64, 'x');

QByteArray drawPseudonym()
{
    const quint32 bits = QRandomGenerator::system()->generate();
    return "sami-" + QByteArray::number(bits, 16).rightJustified(8, '0');
}

} // namespace

RunningProxy::RunningProxy(const MachineBounds &bounds, Activation activation, int threads)
    : m_activation(std::move(activation)),
      m_shared(*m_activation.current(), bounds, drawPseudonym(), Clock::now()),
      m_workers(threads, m_shared, m_activation.current()),
      m_doors(m_activation.current()->settings.eventDispatcher)
{}

RunningProxy::~RunningProxy() = default;

Result<std::unique_ptr<RunningProxy>, QString> RunningProxy::start(const config::Settings &settings)
{
    if (auto bound = config::tryToBind(settings.upstream.exit.sources); !bound)
        return Unexpected(bound.error());
    MachineNetworks networks;
    if (auto read = networks.read(); !read)
        return Unexpected(read.error());
    auto door = door::DoorCertificate().renewed(settings);
    if (!door)
        return Unexpected(door.error().toString());
    auto users = users::RosterWatch().renewed(usersSource(settings));
    if (!users)
        return Unexpected(users.error());
    const int threads = EffectiveLimits::threads(settings.limits.threads, usableCores());
    const MachineBounds bounds = MachineBounds::ofThisProcess(threads);
    std::unique_ptr<RunningProxy> running(
        new RunningProxy(bounds,
                         Activation(settings, std::move(networks), std::move(door).value(),
                                    std::move(users).value()),
                         threads));
    if (auto listens = running->listen(settings); !listens)
        return Unexpected(listens.error());
    return running;
}

Result<void, QString> RunningProxy::listen(const config::Settings &settings)
{
    m_activation.resolver().setThreadLimit(m_shared.bounds.lookups);
    limitPlaces(settings);

    m_doors.setAcceptor(
        [this](Arrival arrival) { receiveConnection(std::move(arrival), m_shared, m_workers); });
    m_doors.setKeepalive(settings.timeouts.tcpKeepalive);
    auto bound = m_doors.prepare(doorsOf(settings.listen));
    if (!bound)
        return bound;
    loadTls(settings.upstream.caFile);
    connect(&m_housekeeping, &QTimer::timeout, this, &RunningProxy::doHousekeeping);
    m_housekeeping.start(housekeepingInterval);
    m_usersSettling.setSingleShot(true);
    connect(&m_usersSettling, &QTimer::timeout, this, [this] { refreshUsers(Trust::WhenSettled); });
    m_usersDay = todayInUtc();
    connect(&m_drainPoll, &QTimer::timeout, this, &RunningProxy::pollDrain);
    return {};
}

void RunningProxy::limitPlaces(const config::Settings &settings)
{
    const int others = settings.admin.isOff() ? 0 : MachineBounds::adminDescriptors;
    const PlaceLimits limits =
        EffectiveLimits::places(settings.limits, m_shared.bounds.connectionsBeside(others));
    if (limits.all < settings.limits.maxConnections) {
        logInfo(unit,
                "fewer connections than MAX_CONCURRENT_CONNECTIONS asks for: the limit on open "
                "files allows no more",
                { { "connections", qint64(limits.all) } });
    }
    m_shared.places.setLimits(limits);
    m_shared.places.setBalancers(policy::Balancers(settings.access.balancers));
}

void RunningProxy::loadTls(const QString &caFile)
{
    // If glibc fails to load a module of the name service (mdns, resolve), it never tries again. So
    // this look-up makes it load all of them now. No module knows the name, and none can ask a
    // server for it.
    m_activation.resolver().lookup(tooLongLabel, QHostAddress(QHostAddress::LocalHost), this,
                                   [](const net::ResolveAnswer &) {});
    // From here on clients wait in the kernel's backlog. Accepting waits until TLS is loaded,
    // because connections could take the descriptors that loading needs.
    m_activation.tls().load(caFile, this, [this] { startAccepting(); });
    connect(&m_tlsPatience, &QTimer::timeout, this, [this] {
        logError(unit, "loading the list of trusted authorities takes long: accepting without it");
        startAccepting();
    });
    m_tlsPatience.start(tlsPatience);
}

void RunningProxy::startAccepting()
{
    m_tlsPatience.stop();
    m_mayAccept = true;
    m_doors.commit();
}

Result<void, QString> RunningProxy::apply(const config::Settings &settings)
{
    if (auto bound = config::tryToBind(settings.upstream.exit.sources); !bound)
        return bound;
    auto door = m_activation.door().renewed(settings);
    if (!door)
        return Unexpected(door.error().toString());
    auto users = m_activation.users().renewed(usersSource(settings));
    if (!users)
        return Unexpected(users.error());
    // Even for the same addresses: one of them may have been lost by a failure.
    if (auto bound = m_doors.prepare(doorsOf(settings.listen)); !bound)
        return bound;
    m_doors.setKeepalive(settings.timeouts.tcpKeepalive);
    limitPlaces(settings);
    m_activation.renew(settings, std::move(door).value(), std::move(users).value());
    tellGatekeeper();
    m_workers.publish(m_activation.current());
    if (m_mayAccept)
        m_doors.commit();
    return {};
}

void RunningProxy::tellGatekeeper()
{
    const ActiveSettings &active = *m_activation.current();
    m_shared.gatekeeper->renew(active.settings.access.guard, active.policy.authenticator(),
                               Clock::now(), active.users);
}

void RunningProxy::drain(std::optional<std::chrono::milliseconds> grace)
{
    if (m_shared.draining.exchange(true))
        return;
    m_drain.emplace(Clock::now(), grace);
    m_workers.forEach([](Worker &worker) { worker.drain(); });
    m_drainPoll.start(drainPoll);
}

void RunningProxy::pollDrain()
{
    const TimePoint now = Clock::now();
    const Drain::Look look = m_drain->look(snapshot(now), now);
    switch (look.decision) {
    case Drain::Decision::Wait:
        return;
    case Drain::Decision::Report:
        logInfo(unit, "draining",
                { { "tunnels", look.tunnels },
                  { "requests", look.requests },
                  { "oldest", look.oldest } });
        return;
    case Drain::Decision::Cut:
        logInfo(unit, "the grace time is over: cutting what is left",
                { { "connections", look.busy } });
        break;
    case Drain::Decision::Finish:
        break;
    }
    m_drainPoll.stop();
    Q_EMIT drained();
}

void RunningProxy::doHousekeeping()
{
    const bool isElsewhere = m_activation.refreshNetworks();
    const bool isRefreshed = m_activation.refreshDoor(Clock::now()) || isElsewhere;
    if (isRefreshed)
        m_workers.publish(m_activation.current());
    refreshUsers(Trust::WhenSettled);
    const Places::Load load = m_shared.places.load();
    if (MemoryRelease::isDue(load.held, load.peak)) {
        m_shared.places.forgetPeak();
        releaseFreedMemory();
    }
    reportLeftOut();
    if (isRefreshed)
        Q_EMIT refreshed();
}

/// Runs every ten seconds, so the work of a user who is no longer let in ends within fifteen.
void RunningProxy::refreshUsers(Trust trust)
{
    if (m_activation.refreshUsers(trust)) {
        tellGatekeeper();
        m_workers.publish(m_activation.current());
    }
    if (m_activation.users().isUnsettled())
        m_usersSettling.start(users::RosterWatch::settling);
    const QDate today = todayInUtc();
    if (std::exchange(m_usersDay, today) != today && m_activation.current()->users)
        m_workers.forEach([today](Worker &worker) { worker.reviewUsers(today); });
}

void RunningProxy::readUsers()
{
    refreshUsers(Trust::AtOnce);
}

void RunningProxy::reportLeftOut()
{
    if (const quint64 leftOut = m_shared.books.boundedLines.takeLeftOut(); leftOut > 0)
        logInfo(unit, "log lines were left out: too many came at once",
                { { "times", qint64(leftOut) } });
}

Effective RunningProxy::effective() const
{
    Effective effective { m_activation.current()->settings, m_doors.where(proxyDoor()),
                          m_activation.privateClients().isCertain() };
    effective.pin = m_activation.door().pin();
    effective.settings.listen.port = effective.listening.port;
    effective.settings.limits.threads = m_workers.size();
    effective.settings.limits.maxConnections = m_shared.places.limits().all;
    return effective;
}

VitalsSource::Published RunningProxy::published() const
{
    const auto &parents = m_activation.current()->parents;
    return { parents ? parents->health() : nullptr, m_activation.door().notAfter() };
}

account::Snapshot RunningProxy::snapshot(TimePoint now) const
{
    account::Snapshot snapshot = m_shared.books.registry.snapshot(now);
    addCounted(snapshot.totals);
    return snapshot;
}

account::ChangeTracker::Sight RunningProxy::sight(TimePoint now) const
{
    const account::Books &books = m_shared.books;
    account::ChangeTracker::Sight sight;
    sight.state =
        m_shared.draining.load() ? account::RunState::Draining : account::RunState::Running;
    sight.now = now;
    // Read before the rows: a refusal in between is then reported twice rather than lost.
    sight.refusals = books.refusals.total() + books.reports.total();
    sight.snapshot = snapshot(now);
    return sight;
}

account::Totals RunningProxy::totals() const
{
    account::Totals totals = m_shared.books.registry.totals();
    addCounted(totals);
    return totals;
}

/// What the registry does not know.
void RunningProxy::addCounted(account::Totals &totals) const
{
    totals.requests = m_shared.books.finished->total();
    totals.refused = m_shared.books.refusals.total();
}

} // namespace sami::server
