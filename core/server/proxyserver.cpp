// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/proxyserver.h"

#include "base/logging.h"
#include "base/systemlimits.h"
#include "base/version.h"
#include "config/sourceaddress.h"
#include "http/persistence.h"
#include "net/directdialer.h"
#include "server/doors.h"
#include "server/machinenetworks.h"
#include "server/reception.h"
#include "server/workerpool.h"

#include <QNetworkProxy>
#include <QRandomGenerator>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace sami::server {

using account::ConnectionPhase;
using account::EndedHow;

namespace {

using namespace std::chrono_literals;
constexpr char unit[] = "server.proxyserver";

constexpr int maxThreads = 8;

/// How often the list of this machine's own addresses is read again.
constexpr std::chrono::seconds ownAddressesLifetime { 10 };
/// Connections, of which half must be gone before freed memory is given back.
constexpr int crowdWorthReleasing = 512;
/// A trust list on a disk that hangs keeps clients waiting no longer.
constexpr std::chrono::seconds tlsPatience { 10 };
/// A label has 63 octets at most (RFC 1035 §2.3.4).
const QByteArray tooLongLabel(64, 'x');
constexpr std::chrono::milliseconds drainPoll { 50 };
constexpr std::chrono::seconds drainReport { 2 };

QByteArray drawPseudonym()
{
    const quint32 bits = QRandomGenerator::system()->generate();
    return "sami-" + QByteArray::number(bits, 16).rightJustified(8, '0');
}

/// MAX_CONCURRENT_CONNECTIONS is lowered to what the limit on open files allows.
PlaceLimits effectiveLimits(const config::LimitSettings &limits, qint64 possible)
{
    if (limits.maxConnections <= possible)
        return { limits.maxConnections, limits.maxConnectionsPerClient };
    logInfo(unit,
            "fewer connections than MAX_CONCURRENT_CONNECTIONS asks for: the limit on open files "
            "allows no more",
            { { "connections", possible } });
    return { static_cast<int>(possible), limits.maxConnectionsPerClient };
}

using Lookups = std::shared_ptr<net::Resolver>;
using Trust = std::shared_ptr<net::TlsClientConfig>;

int threadCount(int wanted)
{
    return wanted > 0 ? wanted : std::min(usableCores(), maxThreads);
}

} // namespace

/// Everything that exists between start() and stop().
struct ProxyServer::Running
{
    Running(const MachineBounds &bounds, ActiveSettingsPtr published, Lookups names, Trust trust)
        : shared(*published, bounds, drawPseudonym(), Clock::now()), resolver(std::move(names)),
          tls(std::move(trust)), active(std::move(published)),
          workers(threadCount(active->settings.limits.threads), shared, active),
          doors(active->settings.eventDispatcher)
    {}

    SharedState shared;
    Lookups resolver;
    MachineNetworks networks;
    Trust tls;
    ActiveSettingsPtr active;
    WorkerPool workers;
    Doors doors;            ///< after the workers: they get what comes in
    bool mayAccept = false; ///< TLS is loaded, or took too long
    QTimer tlsPatienceTimer;
    QTimer ownAddressesTimer;
    QTimer drainTimer;
    TimePoint drainBegan {};
    TimePoint lastReport {};
    std::optional<std::chrono::milliseconds> grace;
};

namespace {

ActiveSettingsPtr activate(const config::Settings &settings, const Lookups &resolver,
                           const Trust &tls, const MachineNetworks &networks, quint64 generation)
{
    auto dialer = std::make_shared<net::DirectDialer>(
        resolver, tls, settings.sockets == config::Backend::Qt, settings.upstream.exit);
    return std::make_shared<const ActiveSettings>(
        ActiveSettings { settings, policy::AccessPolicy(settings.access, networks.privateClients()),
                         std::move(dialer), networks.current(), generation,
                         http::keepAliveHint(settings.timeouts.keepAlive) });
}

} // namespace

ProxyServer::ProxyServer(QObject *parent) : QObject(parent)
{
    // Qt's sockets take the system's proxy by default, which would lead past every address rule.
    QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy);
}

ProxyServer::~ProxyServer() = default;

Result<void, QString> ProxyServer::start(const config::Settings &settings)
{
    if (m_running)
        return Unexpected(QStringLiteral("the proxy is running already"));
    if (auto bound = config::tryToBind(settings.upstream.exit.sources); !bound)
        return bound;
    auto resolver = std::make_shared<net::Resolver>();
    auto tls = std::make_shared<net::TlsClientConfig>();
    MachineNetworks networks;
    if (auto read = networks.read(); !read)
        return read;
    const MachineBounds bounds = MachineBounds::ofThisProcess(threadCount(settings.limits.threads));
    auto running = std::make_unique<Running>(bounds, activate(settings, resolver, tls, networks, 1),
                                             resolver, tls);
    running->networks = std::move(networks);
    running->resolver->setThreadLimit(bounds.lookups);
    running->shared.places.setLimits(effectiveLimits(settings.limits, bounds.connections));

    Running *parts = running.get();
    parts->doors.setAcceptor([parts](Arrival arrival) {
        receiveConnection(std::move(arrival), parts->shared, parts->workers);
    });
    parts->doors.setKeepalive(settings.timeouts.tcpKeepalive);
    auto bound = parts->doors.prepare(doorsOf(settings.listen));
    if (!bound)
        return bound;
    // glibc keeps a module of the name service (mdns, resolve) that it could not load out for good.
    // This name makes it load all of them: no module knows it, and none can ask a server for it.
    resolver->lookup(tooLongLabel, QHostAddress(QHostAddress::LocalHost), &parts->tlsPatienceTimer,
                     [](const net::ResolveAnswer &) {});
    // From here on clients wait in the kernel's backlog. The first is accepted when TLS is loaded:
    // the connections may take the descriptors that loading needs.
    tls->load(settings.upstream.caFile, &parts->tlsPatienceTimer, [this] { startAccepting(); });
    connect(&parts->tlsPatienceTimer, &QTimer::timeout, this, [this] {
        logError(unit, "loading the list of trusted authorities takes long: accepting without it");
        startAccepting();
    });
    parts->tlsPatienceTimer.start(tlsPatience);

    connect(&parts->ownAddressesTimer, &QTimer::timeout, this, &ProxyServer::refreshOwnAddresses);
    connect(&parts->ownAddressesTimer, &QTimer::timeout, this, &ProxyServer::releaseMemory);
    connect(&parts->ownAddressesTimer, &QTimer::timeout, this, &ProxyServer::reportUnserved);
    parts->ownAddressesTimer.start(ownAddressesLifetime);
    connect(&parts->drainTimer, &QTimer::timeout, this, &ProxyServer::reportDrain);
    m_finished = running->shared.books.finished;
    m_running = std::move(running);
    return {};
}

void ProxyServer::startAccepting()
{
    m_running->tlsPatienceTimer.stop();
    m_running->mayAccept = true;
    m_running->doors.commit();
}

/// Bind, publish, accept: an address that is new is judged by the new rules from its first
/// connection on, and one that cannot be bound leaves the old rules as they are.
Result<void, QString> ProxyServer::apply(const config::Settings &settings)
{
    if (!m_running)
        return Unexpected(QStringLiteral("the proxy is not running"));
    if (auto bound = config::tryToBind(settings.upstream.exit.sources); !bound)
        return bound;
    if (!(settings.listen == m_running->active->settings.listen)) {
        auto bound = m_running->doors.prepare(doorsOf(settings.listen));
        if (!bound)
            return bound;
    }
    m_running->resolver->clearCache();
    m_running->tls->load(settings.upstream.caFile);
    m_running->doors.setKeepalive(settings.timeouts.tcpKeepalive);
    m_running->shared.places.setLimits(
        effectiveLimits(settings.limits, m_running->shared.bounds.connections));
    m_running->networks.refresh();
    m_running->active = activate(settings, m_running->resolver, m_running->tls, m_running->networks,
                                 m_running->active->generation + 1);
    m_running->shared.gatekeeper.renew(settings.access.guard,
                                       m_running->active->policy.authenticator(), Clock::now());
    m_running->workers.publish(m_running->active);
    if (m_running->mayAccept)
        m_running->doors.commit();
    return {};
}

/// Of a flood of connections that were turned away: how many had no line.
void ProxyServer::reportUnserved()
{
    if (const quint64 leftOut = m_running->shared.books.unservedLines.takeLeftOut(); leftOut > 0) {
        logInfo(unit, "connections were turned away without a line of their own",
                { { "connections", qint64(leftOut) } });
    }
}

/// Behind a crowd that has gone: what it took is otherwise the daemon's for ever.
void ProxyServer::releaseMemory()
{
    SharedState &shared = m_running->shared;
    const Places::Load load = shared.places.load();
    if (load.peak < crowdWorthReleasing || load.held > load.peak / 2)
        return;
    shared.places.forgetPeak();
    releaseFreedMemory();
}

void ProxyServer::refreshOwnAddresses()
{
    if (!m_running->networks.refresh())
        return;
    // Another network (a VPN that came up) may know other addresses for the same names.
    m_running->resolver->clearCache();
    ActiveSettings next = *m_running->active;
    next.ownNetworks = m_running->networks.current();
    next.policy = policy::AccessPolicy(next.settings.access, m_running->networks.privateClients());
    ++next.generation;
    m_running->active = std::make_shared<const ActiveSettings>(std::move(next));
    m_running->workers.publish(m_running->active);
}

void ProxyServer::drain(std::optional<std::chrono::milliseconds> grace)
{
    if (!m_running || isDraining())
        return;
    m_running->shared.draining.store(true);
    m_running->grace = grace;
    m_running->drainBegan = Clock::now();
    m_running->lastReport = m_running->drainBegan;
    m_running->workers.forEach([](Worker &worker) { worker.drain(); });
    m_running->drainTimer.start(drainPoll);
}

void ProxyServer::reportDrain()
{
    const TimePoint now = Clock::now();
    const account::Snapshot current = snapshot();
    const auto isBusy = [](const account::ConnectionSnapshot &row) {
        return row.phase != ConnectionPhase::AwaitingRequest;
    };
    const auto busy = std::count_if(current.connections.begin(), current.connections.end(), isBusy);
    const bool isOver = m_running->grace && now - m_running->drainBegan >= *m_running->grace;
    if (busy == 0 || isOver) {
        if (busy > 0)
            logInfo(unit, "the grace time is over: cutting what is left",
                    { { "connections", qint64(busy) } });
        stop();
        return;
    }
    if (now - m_running->lastReport < drainReport)
        return;
    m_running->lastReport = now;
    Clock::duration oldest {};
    for (const account::ConnectionSnapshot &row : current.connections) {
        if (isBusy(row))
            oldest = std::max(oldest, row.age);
    }
    logInfo(unit, "draining",
            { { "tunnels", qint64(current.totals.tunnels) },
              { "requests", qint64(busy - current.totals.tunnels) },
              { "oldest", oldest } });
}

void ProxyServer::stop()
{
    if (!m_running)
        return;
    reportUnserved();
    m_running.reset();
    Q_EMIT stopped();
}

bool ProxyServer::isRunning() const
{
    return m_running != nullptr;
}

bool ProxyServer::isDraining() const
{
    return m_running && m_running->shared.draining.load();
}

bool ProxyServer::privateIsCertain() const
{
    return !m_running || m_running->networks.privateClients().isCertain();
}

SocketAddress ProxyServer::listenAddress() const
{
    return m_running ? m_running->doors.where(proxyDoor()) : SocketAddress {};
}

int ProxyServer::threads() const
{
    return m_running ? m_running->workers.size() : 0;
}

int ProxyServer::connectionLimit() const
{
    return m_running ? m_running->shared.places.limits().all : 0;
}

account::Snapshot ProxyServer::snapshot() const
{
    if (!m_running)
        return {};
    return { totals(), m_running->shared.books.registry.snapshot(Clock::now()) };
}

account::Totals ProxyServer::totals() const
{
    if (!m_running)
        return {};
    account::Totals totals = m_running->shared.books.registry.totals();
    totals.requests = m_running->shared.books.finished->total();
    totals.refused = m_running->shared.books.refusals.total();
    return totals;
}

QList<account::FinishedWork> ProxyServer::finishedWork() const
{
    return m_finished ? m_finished->recent() : QList<account::FinishedWork>();
}

QList<account::RefusalRow> ProxyServer::refusals() const
{
    if (!m_running)
        return {};
    return m_running->shared.books.refusals.rows() + m_running->shared.books.reports.rows();
}

QList<account::BlockRow> ProxyServer::blocks() const
{
    QList<account::BlockRow> rows;
    if (!m_running)
        return rows;
    const TimePoint now = Clock::now();
    const auto blocks = m_running->shared.gatekeeper.blocks(now);
    for (const auto &block : blocks)
        rows.append({ block.address, std::chrono::ceil<std::chrono::seconds>(block.until - now) });
    return rows;
}

void ProxyServer::expectOwn(const SocketAddress &client)
{
    if (m_running)
        m_running->shared.books.registry.expectOwn({ unmapped(client.address), client.port });
}

void ProxyServer::closeConnection(quint64 id)
{
    if (m_running)
        m_running->workers.forEach([id](Worker &worker) { worker.closeConnection(id); });
}

void ProxyServer::closeAllConnections()
{
    if (m_running)
        m_running->workers.forEach([](Worker &worker) { worker.cut(EndedHow::Closed); });
}

bool ProxyServer::liftBlock(const QHostAddress &client)
{
    return m_running && m_running->shared.gatekeeper.lift(client);
}

} // namespace sami::server
