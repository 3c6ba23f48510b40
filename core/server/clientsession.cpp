// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/clientsession.h"

#include "server/dialling.h"
#include "server/statelog.h"
#include "server/userrules.h"

#include <algorithm>
#include <utility>

namespace sami::server {

using account::ConnectionPhase;
using account::EndedBy;
using account::EndedHow;
using account::howOf;
using net::LingeringClose;

namespace {

constexpr char unit[] = "server.session";

} // namespace

const char *toString(ClientSession::State state)
{
    switch (state) {
    case ClientSession::State::Front:
        return "front";
    case ClientSession::State::Dial:
        return "dial";
    case ClientSession::State::Tunnel:
        return "tunnel";
    case ClientSession::State::Linger:
        return "linger";
    case ClientSession::State::Closed:
        return "closed";
    }
    return "";
}

ClientSession::ClientSession(net::StreamPtr client, account::Registration record,
                             Places::Place place, const WorkerContext &context,
                             const FrontFactory &makeFront, std::function<void()> over)
    : m_over(std::move(over)),
      m_leg(std::move(client), std::move(record), std::move(place), context, this),
      m_front(makeFront(m_leg))
{
    m_leg.stream->setListener(this);
}

ClientSession::~ClientSession() = default;

void ClientSession::start()
{
    m_leg.postMortem.begin(Clock::now());
    const State next = follow(m_front->start());
    if (next != m_state)
        enter(next);
}

void ClientSession::timerEvent(QTimerEvent *event)
{
    if (m_leg.deadline.takeExpiry(*event))
        advance(FrontEvent::DeadlineExpired);
}

void ClientSession::customEvent(QEvent *event)
{
    advance(static_cast<const FrontNote *>(event)->event);
}

void ClientSession::drain()
{
    advance(FrontEvent::DrainBegan);
}

void ClientSession::settingsChanged()
{
    advance(FrontEvent::SettingsChanged);
}

void ClientSession::cut(EndedHow how)
{
    advance(CutOrdered { how });
}

void ClientSession::reviewUser(const QDate &today)
{
    if (!m_leg.userPlace || !m_leg.postMortem.isOpen())
        return;
    const account::Reason why =
        whyNoLonger(m_leg.userPlace->user().name, m_leg.context.active->users, today);
    if (!why.isNone())
        advance(CutOrdered { EndedHow::Closed, why });
}

/// The only place where the state changes.
void ClientSession::advance(Event event)
{
    if (m_state == State::Closed)
        return;
    const State next = handle(event);
    if (next != m_state)
        enter(next);
}

ClientSession::State ClientSession::handle(Event &event)
{
    if (const auto *ordered = std::get_if<CutOrdered>(&event))
        return dropClient({ EndedBy::Proxy, ordered->how, ordered->reason });
    switch (m_state) {
    case State::Front:
        return inFront(event);
    case State::Dial:
        return dialling(event);
    case State::Tunnel:
        return tunnelling(event);
    case State::Linger:
        return lingering(event);
    case State::Closed:
        break;
    }
    return State::Closed;
}

void ClientSession::enter(State state)
{
    logStateChange(unit, m_leg.record->id, m_state, state);
    m_state = state;
    switch (state) {
    case State::Front:
        break;
    case State::Dial:
        m_leg.setPhase(ConnectionPhase::Connecting);
        m_leg.deadline.cancel(); // the dialer has its own
        break;
    case State::Tunnel:
        m_leg.setPhase(ConnectionPhase::Tunnel);
        m_leg.kept.giveBack();
        m_leg.deadline.arm(m_leg.active->settings.timeouts.silence);
        break;
    case State::Linger: // closeLater() has set the phase
        m_leg.deadline.cancel();
        m_front.reset();
        m_leg.userPlace.reset();
        m_leg.upstreamTls.reset(); // its upstream connection is gone
        m_leg.input = {};
        m_leg.kept.giveBack();
        break;
    case State::Closed:
        m_leg.deadline.cancel();
        m_dialling.reset();
        m_front.reset();
        m_tunnelling.reset();
        m_linger.reset();
        m_leg.stream.reset();
        m_leg.userPlace.reset();
        m_leg.postMortem.endConnection();
        m_over();
        break;
    }
}

ClientSession::State ClientSession::follow(Step step)
{
    if (auto *dial = std::get_if<step::Dial>(&step)) {
        m_dialling = std::make_unique<Dialling>(
            std::move(dial->journey), m_leg, [this](Result<route::Dialled, net::DialError> result) {
                advance(DialOver { std::move(result) });
            });
        return State::Dial;
    }
    if (auto *become = std::get_if<step::Become>(&step)) {
        m_front = std::move(become->front);
        m_leg.stream->setListener(this); // Become may have replaced the stream
        return follow(m_front->start());
    }
    if (auto *tunnel = std::get_if<step::Tunnel>(&step))
        return beginTunnel(std::move(*tunnel));
    if (const auto *linger = std::get_if<step::Linger>(&step))
        return closeLater(*linger);
    if (const auto *drop = std::get_if<step::Drop>(&step))
        return dropClient(drop->ending);
    return std::holds_alternative<step::Over>(step) ? State::Closed : State::Front;
}

// --- Front ---

ClientSession::State ClientSession::inFront(const Event &event)
{
    Q_ASSERT(m_front && m_leg.stream);
    const auto *heard = std::get_if<FrontEvent>(&event);
    return heard ? follow(m_front->handle(*heard)) : m_state;
}

// --- Dial ---

void ClientSession::accountForDial(const Result<route::Dialled, net::DialError> &result)
{
    if (result)
        m_leg.postMortem.setDial(result->timings.whole());
    if (!m_leg.active->parents)
        return;
    if (!result) {
        if (!result.error().route.isEmpty())
            m_leg.postMortem.setRoute(result.error().route, false);
        return;
    }
    const route::Route &route = result->route;
    m_leg.postMortem.setRoute(route.name(), !route.isDirect(), result->timings.first);
}

ClientSession::State ClientSession::dialling(Event &event)
{
    Q_ASSERT(m_front && m_dialling);
    if (auto *over = std::get_if<DialOver>(&event)) {
        const std::unique_ptr<Dialling> dialling = std::move(m_dialling);
        accountForDial(over->result);
        return follow(m_front->dialled(std::move(over->result), dialling->refusal()));
    }
    const auto *heard = std::get_if<FrontEvent>(&event);
    if (!heard)
        return m_state;
    switch (*heard) {
    case FrontEvent::ClientReadable:
        if (const auto ending = m_dialling->readAhead())
            return dropClient(*ending);
        return m_state;
    case FrontEvent::ClientFailed:
        return dropClient(account::clientEnding(m_leg.stream->end()));
    case FrontEvent::SettingsChanged:
        static_cast<void>(m_front->handle(FrontEvent::SettingsChanged));
        return m_state;
    default:
        return m_state;
    }
}

// --- Tunnel ---

ClientSession::State ClientSession::beginTunnel(step::Tunnel tunnel)
{
    // A tunnel needs no front. Frees its memory, because thousands of tunnels may be idle at once.
    m_front.reset();
    m_tunnelling.emplace(m_leg, std::move(tunnel),
                         [this](const net::RelayEnd &end) { advance(RelayOver { end }); });
    m_tunnelling->start();
    return State::Tunnel;
}

ClientSession::State ClientSession::tunnelling(const Event &event)
{
    Q_ASSERT(m_tunnelling && !m_front);
    if (const auto *over = std::get_if<RelayOver>(&event)) {
        const net::StreamEnd how = over->end.how;
        m_leg.postMortem.close(m_tunnelling->status(),
                               over->end.by == net::Side::Client
                                   ? account::clientEnding(how)
                                   : account::upstreamEnding(how, m_leg.postMortem.isByParent()),
                               Clock::now());
        return State::Closed;
    }
    const auto *heard = std::get_if<FrontEvent>(&event);
    return heard && *heard == FrontEvent::DeadlineExpired ? checkSilence() : m_state;
}

ClientSession::State ClientSession::checkSilence()
{
    const Clock::duration idle = Clock::now() - m_leg.record->traffic.lastActivity();
    const auto again = m_tunnelling->look(idle, m_leg.active->settings.timeouts.silence);
    if (!again)
        return dropClient({ EndedBy::Proxy, EndedHow::TimeoutSilence });
    m_leg.deadline.arm(*again);
    return m_state;
}

// --- the end ---

ClientSession::State ClientSession::dropClient(const account::Ending &ending)
{
    int status = 0;
    if (m_tunnelling) {
        m_tunnelling->abort();
        status = m_tunnelling->status();
    } else if (m_front) {
        const Front::Standing standing = m_front->standing();
        status = standing.status;
        if (standing.needsReset)
            m_leg.stream->reset();
    }
    m_leg.postMortem.close(status, ending, Clock::now());
    return State::Closed;
}

ClientSession::State ClientSession::closeLater(const step::Linger &linger)
{
    m_leg.setPhase(linger.isIdle ? ConnectionPhase::AwaitingRequest : ConnectionPhase::Closing);
    m_leg.stream->setListener(nullptr);
    m_linger.reset(new LingeringClose(std::move(m_leg.stream), linger.mode, linger.patience));
    connect(m_linger.get(), &LingeringClose::finished, this, [this] { advance(LingerOver {}); });
    m_linger->start();
    return State::Linger;
}

ClientSession::State ClientSession::lingering(const Event &event)
{
    return std::holds_alternative<LingerOver>(event) ? State::Closed : m_state;
}

} // namespace sami::server
