// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ending.h"
#include "account/entrance.h"
#include "account/reason.h"
#include "base/clock.h"
#include "base/endpoint.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>

#include <chrono>
#include <optional>

/// What the shells see of a running proxy: plain values, copied out. Reasons are codes; the shells
/// make the sentences.
namespace sami::account {

/// Where a live connection stands.
enum class ConnectionPhase { AwaitingRequest, Connecting, Exchange, Tunnel, Closing };

[[nodiscard]] const char *toString(ConnectionPhase phase);

/// One live client connection.
struct ConnectionSnapshot
{
    quint64 id = 0;
    SocketAddress client;
    std::optional<QHostAddress> via; ///< the balancer that says so
    Entrance entrance;
    QByteArray user;
    QByteArray method; ///< of the current or last request
    QByteArray target; ///< as the access log writes it: no query
    Endpoint endpoint;
    ConnectionPhase phase = ConnectionPhase::AwaitingRequest;
    quint32 requests = 0;
    quint64 up = 0; ///< octets client → upstream, all requests together
    quint64 down = 0;
    Clock::duration age {};
    Clock::duration sinceUp {};        ///< since the client's last octet
    Clock::duration sinceDown {};      ///< since the upstream's last octet
    Clock::duration longestSilence {}; ///< of the current request or tunnel
    QByteArray
        route {}; ///< of that too: "direct" or a parent's name; empty: none yet, or no parents
    std::optional<Clock::duration> dial; ///< of the current request or tunnel
    std::optional<Clock::duration> firstByte;
};

/// The post-mortem of one request, tunnel, or connection that never made a request.
struct FinishedWork
{
    quint64 id = 0; ///< of the connection
    WallTime finishedAt {};
    QHostAddress client;
    std::optional<QHostAddress> via; ///< the balancer that says so
    Entrance entrance;
    QByteArray user;
    QByteArray method; ///< empty for a connection in which no method was read
    QByteArray target; ///< of a malformed head what was read of it, without what may be secret
    Endpoint endpoint;
    int status = 0; ///< what the client got; 0: nothing
    quint64 up = 0;
    quint64 down = 0;
    std::optional<Clock::duration> dial;
    /// "direct" or the name of the parent that it went through, or of the last that failed; empty:
    /// no way was looked for, or the settings have no parents.
    QByteArray route {};
    /// How long it took to reach that parent, TLS included; nothing where that was done before.
    std::optional<Clock::duration> routeDial {};
    std::optional<Clock::duration> firstByte;
    Clock::duration silence {};
    Clock::duration duration {};
    Ending ending {};
    /// A rule that is only reported and would have refused it.
    policy::Refusal wouldRefuse = policy::Refusal::None;
    bool isLinePaid = true; ///< of the access log: see PostMortem
    bool isOwn = false;     ///< of the shell itself: see ConnectionRegistry::expectOwn()
    quint64 number = 0;     ///< how many there were up to this one, by FinishedLog; 0 before
};

/// One row of the bounded tables of refusals.
struct RefusalRow
{
    QHostAddress client;
    Endpoint destination; ///< empty host where the client itself was refused
    policy::Refusal reason = policy::Refusal::None;
    quint64 count = 0;
    WallTime last {};
    bool isReported = false; ///< the rule is only reported: what it would refuse passed
};

/// One address that the brute-force guard keeps out.
struct BlockRow
{
    QHostAddress address;
    std::chrono::seconds left {};
};

struct Totals
{
    quint64 connections = 0; ///< accepted since the start
    quint64 requests = 0;    ///< finished requests and tunnels
    quint64 refused = 0;
    quint64 up = 0; ///< live connections included
    quint64 down = 0;
    quint32 live = 0;
    quint32 tunnels = 0; ///< of the live ones
    quint32 exchanges = 0;
};

struct Snapshot
{
    Totals totals;
    QList<ConnectionSnapshot> connections; ///< by id
};

} // namespace sami::account
