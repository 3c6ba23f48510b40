// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "sessionrun.h"

#include "fuzzing.h"
#include "http/persistence.h"
#include "scriptedloop.h"
#include "server/clientsession.h"
#include "server/firstoctets.h"

#include <utility>

namespace sami::fuzzing {

using namespace server;

namespace {

/// Rounds in which all timers expire until a session must be over. Each gives up one wait.
constexpr int maxRounds = 32;

/// Whether the proxy's end can still hear the peer.
bool isHeard(const Wire &wire)
{
    return wire.proxyEnd == Wire::ProxyEnd::Open || wire.proxyEnd == Wire::ProxyEnd::Fin;
}

/// The peer's FIN; after an RST there is none.
void hangUp(Wire &wire)
{
    if (isHeard(wire) && !wire.peerReset)
        wire.peerFin = true;
}

class SessionRun
{
public:
    SessionRun(QByteArrayView sizes, QByteArrayView options, Cutting cutting);
    ~SessionRun();
    Q_DISABLE_COPY_MOVE(SessionRun)

    void follow(char order, QByteArrayView octets);
    SessionRecord finish();

private:
    [[nodiscard]] ActiveSettingsPtr settings() const;
    void deliver(const WirePtr &wire, QByteArrayView octets, bool isCut);
    [[nodiscard]] WirePtr newestUpstream() const;
    void settle();
    bool turnAll();
    void noteWrites();

    QByteArrayView m_sizes;
    QByteArrayView m_options;
    Cutting m_cutting;
    bool m_asksForCredentials;
    std::shared_ptr<FakeDialer> m_dialer = std::make_shared<FakeDialer>();
    quint64 m_generation = 0;
    SharedState m_shared;
    route::UpstreamPool m_pool;
    WorkerContext m_context;
    account::ConnectionRecord *m_row = nullptr; ///< the session's
    std::unique_ptr<ClientSession> m_session;
    bool m_isClosed = false;
    SessionRecord m_record;
    std::vector<qsizetype> m_noted; ///< per upstream: octets whose write is noted
};

/// A machine that is in nobody's way.
constexpr MachineBounds machineBounds { .connections = 1000,
                                        .extras = 16,
                                        .heard = 16,
                                        .pipes = 0,
                                        .idleUpstreams = 256,
                                        .keptInputBytes = 1 << 20,
                                        .tlsLegBytes = 1 << 20 };

SessionRun::SessionRun(QByteArrayView sizes, QByteArrayView options, Cutting cutting)
    : m_sizes(sizes), m_options(options), m_cutting(cutting),
      m_asksForCredentials(options.contains('a')),
      m_shared(*settings(), machineBounds, sessionPseudonym.toByteArray(), Clock::now())
{
    m_dialer->resolved = QHostAddress(options.contains('q') ? 0x0a000001 : 0x08080808);
    m_dialer->isForTunnel = [this] { return m_row->snapshot(Clock::now()).method == "CONNECT"; };
    m_context = { &m_shared, settings(), &m_pool };
    m_record.client = std::make_shared<Wire>();
    net::StreamPtr stream(new FakeStream(m_record.client, m_shared.budgets));
    auto row = m_shared.books.registry.add(stream->peerAddress(), Clock::now());
    m_row = &*row;
    // 'x': the proxy is full; 'y': the client has as many connections as it may.
    m_shared.places.setLimits({ options.contains('x') ? 0 : 2, options.contains('y') ? 1 : 0 });
    const Places::Place other = m_shared.places.take(m_row->client().address);
    m_session = std::make_unique<ClientSession>(
        std::move(stream), std::move(row), m_shared.places.take(m_row->client().address), m_context,
        FirstOctets::make, [this] { m_isClosed = true; });
    m_session->start();
    settle();
}

SessionRun::~SessionRun() = default;

ActiveSettingsPtr SessionRun::settings() const
{
    config::Settings settings;
    // Nobody waits here: a silence is over as soon as its timer expires.
    settings.timeouts.silence = std::chrono::milliseconds(0);
    if (m_asksForCredentials)
        settings.access.credentials = policy::Credentials { "user", "pa:ss" };
    if (m_options.contains('h'))
        settings.access.allowedClients = { policy::Cidr::host(QHostAddress(0xc0000263)) };
    return std::make_shared<ActiveSettings>(
        ActiveSettings { settings,
                         policy::AccessPolicy(settings.access),
                         m_dialer,
                         {},
                         m_generation,
                         http::keepAliveHint(settings.timeouts.keepAlive) });
}

WirePtr SessionRun::newestUpstream() const
{
    return m_dialer->wires.empty() ? nullptr : m_dialer->wires.back();
}

void SessionRun::deliver(const WirePtr &wire, QByteArrayView octets, bool isCut)
{
    if (!wire || wire->peerFin || wire->peerReset)
        return;
    const QList<Piece> pieces = isCut ? cut(octets, m_sizes) : QList<Piece> { pieceOf(octets) };
    for (const Piece &piece : pieces) {
        if (!isHeard(*wire))
            return;
        wire->sent += viewOf(piece);
        settle();
    }
}

void SessionRun::follow(char order, QByteArrayView octets)
{
    const WirePtr &client = m_record.client;
    const WirePtr upstream = newestUpstream();
    switch (order) {
    case 'c':
        deliver(client, octets, m_cutting != Cutting::None);
        break;
    case 'C':
        hangUp(*client);
        break;
    case 'R':
        client->peerReset = true;
        break;
    case 'b':
    case 'B':
        client->isBlocked = order == 'b';
        m_record.wasEverBlocked = true;
        break;
    case 'u':
        deliver(upstream, octets, m_cutting == Cutting::Both);
        break;
    case 'U':
        if (upstream)
            hangUp(*upstream);
        break;
    case 'V':
        if (upstream)
            upstream->peerReset = true;
        break;
    case 'p':
    case 'P':
        m_dialer->blocks = order == 'p';
        m_record.wasEverBlocked = true;
        for (const WirePtr &wire : m_dialer->wires)
            wire->isBlocked = m_dialer->blocks;
        break;
    case 'd':
        m_dialer->fault.reset();
        if (!octets.isEmpty() && octets.front() >= '0' && octets.front() <= '9')
            m_dialer->fault = static_cast<net::DialFault>(octets.front() - '0');
        break;
    case 'w':
        m_dialer->waits = true;
        break;
    case 'W':
        m_dialer->answer();
        break;
    case 'T':
        ScriptedLoop::instance().expireNext();
        break;
    case 'D':
        m_shared.draining.store(true);
        m_session->drain();
        break;
    case 'X':
        m_session->cut(account::EndedHow::Drained);
        break;
    case 'Z':
        m_session->cut(account::EndedHow::Closed);
        break;
    case 'A':
        m_asksForCredentials = !m_asksForCredentials;
        ++m_generation;
        m_context.active = settings();
        m_pool.setGeneration(m_generation);
        m_session->settingsChanged();
        m_record.wasApplied = true;
        break;
    default:
        break;
    }
    settle();
}

bool SessionRun::turnAll()
{
    bool hadSome = m_record.client->stream && m_record.client->stream->turn();
    noteWrites();
    // By number: a turn may dial another one.
    for (std::size_t i = 0; i < m_dialer->wires.size(); ++i) {
        const WirePtr wire = m_dialer->wires[i];
        hadSome = (wire->stream && wire->stream->turn()) || hadSome;
        noteWrites();
    }
    return hadSome;
}

void SessionRun::noteWrites()
{
    m_noted.resize(m_dialer->wires.size());
    for (std::size_t i = 0; i < m_noted.size(); ++i) {
        const qsizetype size = m_dialer->wires[i]->accepted.size();
        if (size > m_noted[i])
            m_record.writes.push_back({ i, size - m_noted[i], qsizetype(m_row->requests) - 1 });
        m_noted[i] = size;
    }
}

/// Runs the event loop until nothing is left to do but wait.
void SessionRun::settle()
{
    bool hadSome = true;
    while (hadSome) {
        hadSome = ScriptedLoop::instance().deliverPosted();
        noteWrites();
        hadSome = turnAll() || hadSome;
    }
}

SessionRecord SessionRun::finish()
{
    for (const char order : { 'B', 'P', 'W', 'C' })
        follow(order, {});
    for (const WirePtr &wire : m_dialer->wires)
        hangUp(*wire);
    settle();
    for (int round = 0; round < maxRounds && !m_isClosed; ++round) {
        ScriptedLoop::instance().expireAll();
        settle();
    }
    require(m_isClosed, "a session ends when both ends have hung up");
    m_session.reset();
    m_pool.clear();
    settle();
    require(!m_record.client->stream, "the client's stream is freed");
    for (const WirePtr &wire : m_dialer->wires)
        require(!wire->stream, "every upstream stream is freed");
    m_record.upstreams = m_dialer->wires;
    m_record.finished = m_shared.books.finished->recent();
    return m_record;
}

} // namespace

SessionRecord runSession(QByteArrayView script, Cutting cutting)
{
    ScriptedLoop::instance();
    const QByteArrayView sizes = takeLine(script);
    const QByteArrayView options = takeLine(script);
    SessionRun run(sizes, options, cutting);
    QByteArrayView rest = script.startsWith('%') ? script.sliced(1) : QByteArrayView();
    while (!rest.isEmpty()) {
        const qsizetype next = rest.indexOf("\n%");
        const QByteArrayView order = next < 0 ? rest : rest.first(next);
        rest = next < 0 ? QByteArrayView() : rest.sliced(next + 2);
        if (!order.isEmpty())
            run.follow(order.front(), order.sliced(1));
    }
    return run.finish();
}

} // namespace sami::fuzzing
