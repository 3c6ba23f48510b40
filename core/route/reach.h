// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/exitroute.h"
#include "base/result.h"
#include "net/connector.h"
#include "net/deadline.h"
#include "net/extradescriptors.h"
#include "net/happyeyeballs.h"
#include "net/resolver.h"
#include "route/dialer.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

QT_BEGIN_NAMESPACE
class QTimerEvent;
QT_END_NAMESPACE

namespace sami::route {

/// What all dials of one dialer share for this step. They keep it until they are over: the dialer
/// may be replaced meanwhile.
struct ReachTools
{
    std::shared_ptr<net::Resolver> resolver;
    std::shared_ptr<const ExitRoute> exit; ///< null: the system chooses
    bool portable = false;                 ///< see makeConnector()
};

/// The first step of every route, from a name to a TCP connection: resolves it, filters each
/// address and races the rest (RFC 8305). A part of its dial. The dial has the deadline and is the
/// QObject that queued calls need: one of its own would cost each dial hundreds of instructions. In
/// the dial's thread.
///
/// Cached addresses may belong to a host that has moved. So if all have failed, or none has
/// answered within askAgainAfter, the name is looked up once more, and new addresses are tried too.
/// goOn() counts as a failure: the host that was reached was of no use.
///
///     the cached addresses       the second look-up             then
///     all failed or useless      finds others                   they are tried
///                                finds the same                 the failure stands
///                                finds none that is allowed     AddressRefused
///                                finds no such name             NameNotFound
///                                fails otherwise                DnsFailure
///                                lacks a thread or descriptors  the failure stands
///                                no answer, askAgainPatience    the failure stands
///     none answers               finds others                   they join the race
class Reach
{
    Q_DISABLE_COPY_MOVE(Reach)

public:
    /// Without packet loss a connection takes one round trip.
    static constexpr std::chrono::milliseconds askAgainAfter { 2000 };
    /// How long a dial that has otherwise failed waits for the second look-up.
    static constexpr std::chrono::milliseconds askAgainPatience { 3000 };

    using Over = std::function<void(Result<net::StreamPtr, net::DialError>)>;

    /// `dial` and `request` must outlive it; the timers are the dial's. `over` is called from the
    /// event loop, once for start() and, if that brought a stream, once for each goOn(), which may
    /// also call it from inside.
    Reach(QObject &dial, const DialRequest &request, const ReachTools &tools, TimePoint started,
          Over over);
    ~Reach();

    void start();
    /// A layer above the stream has failed with `why`. Reports another stream if the name was
    /// cached and has moved, otherwise `why`.
    void goOn(net::DialError why);
    /// For the dial's timerEvent(), after its own timers.
    void handleTimer(const QTimerEvent &event);
    /// Ends everything under way; reports nothing any more.
    void stop();
    /// The error if this step is the one that is late.
    [[nodiscard]] net::DialError late() const;
    [[nodiscard]] const DialTimings &timings() const { return m_timings; }

private:
    enum class State {
        Resolving,  ///< waiting for addresses
        Connecting, ///< attempts are racing
        Reached,    ///< one attempt has won
        Over,       ///< failed or stopped
    };

    /// How old the addresses are.
    enum class Freshness {
        Current, ///< looked up by this dial, or a literal
        Cached,  ///< looked up by an earlier one
        Asked,   ///< cached, and being looked up again
    };

    [[nodiscard]] const Endpoint &host() const;
    [[nodiscard]] bool leadsToTls() const;
    void handleAnswer(const net::ResolveAnswer &answer);
    void askAgain();
    void handleSecondAnswer(const net::ResolveAnswer &answer);
    /// Why an answer without addresses has none.
    [[nodiscard]] std::optional<net::DialError> failureOf(const net::ResolveAnswer &answer) const;
    void handleAskAgainExpired();
    /// The answer's addresses that may be dialled; empty if it has no addresses, an error if none
    /// of them is allowed.
    [[nodiscard]] Result<QList<QHostAddress>, net::DialError>
    allowedOf(const net::ResolveAnswer &answer) const;
    [[nodiscard]] ExitFamily family() const;
    void connectTo(const QList<QHostAddress> &addresses);
    void startDueAttempts();
    void makeRoomForAttempt();
    void handleConnected(net::Connector *connector);
    void handleAttemptFailed(net::Connector *connector, const net::DialError &error);
    void concludeIfExhausted();
    void fail(net::DialError error);

    QObject &m_dial;
    const DialRequest &m_request;
    const ReachTools m_tools;
    const Over m_over;
    State m_state = State::Resolving;
    Freshness m_freshness = Freshness::Current;
    TimePoint m_started;
    DialTimings m_timings;
    net::Deadline m_nextAttempt { &m_dial };
    /// Until the second look-up starts, then until it is given up.
    net::Deadline m_askAgain { &m_dial };
    net::HappyEyeballs m_race { {} };
    std::vector<net::ConnectorPtr> m_attempts;         ///< the oldest first
    std::vector<net::ExtraDescriptors::Slot> m_extras; ///< one per attempt beyond the first
    std::optional<net::DialError> m_worst;             ///< the most telling failure
};

} // namespace sami::route
