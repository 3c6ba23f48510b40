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

/// What shells see of a running proxy: plain values, copied out. Reasons are codes; the shells put
/// them into words.
namespace sami::account {

/// The phase of a live connection.
enum class ConnectionPhase { AwaitingRequest, Connecting, Exchange, Tunnel, Closing };

[[nodiscard]] const char *toString(ConnectionPhase phase);

/// One live client connection.
struct ConnectionSnapshot
{
    quint64 id = 0;
    SocketAddress client;
    std::optional<QHostAddress> via; ///< the balancer that passed it on
    Entrance entrance;
    QByteArray user;
    QByteArray method; ///< of the current or last request
    QByteArray target; ///< as in the access log: no query
    Endpoint endpoint;
    ConnectionPhase phase = ConnectionPhase::AwaitingRequest;
    quint32 requests = 0;
    quint64 up = 0; ///< octets client → upstream, over all requests
    quint64 down = 0;
    WallTime connectedAt {};
    Clock::duration age {};            ///< without the time that the machine slept, on some systems
    Clock::duration sinceUp {};        ///< since the client's last octet
    Clock::duration sinceDown {};      ///< since the upstream's last octet
    Clock::duration longestSilence {}; ///< of the current request or tunnel
    /// The route of the current request or tunnel: "direct" or a parent's name. Empty if there is
    /// none yet, or the settings have no parents.
    QByteArray route {};
    std::optional<Clock::duration> dial; ///< of the current request or tunnel
    std::optional<Clock::duration> firstByte;
};

/// The post-mortem of one request, tunnel, or connection that never made a request.
struct FinishedWork
{
    quint64 id = 0; ///< of the connection
    WallTime beganAt {};
    WallTime finishedAt {};
    QHostAddress client {};
    std::optional<QHostAddress> via {}; ///< the balancer that passed it on
    Entrance entrance {};
    QByteArray user {};
    QByteArray method {}; ///< empty for a connection in which no method was read
    QByteArray target {}; ///< of a malformed head: what was read of it, without possible secrets
    Endpoint endpoint {};
    int status = 0; ///< what the client got; 0 for none
    quint64 up = 0;
    quint64 down = 0;
    std::optional<Clock::duration> dial {};
    /// "direct", or the parent that it went through, or the last parent that failed. Empty if no
    /// route was tried, or the settings have no parents.
    QByteArray route {};
    /// The time to connect to that parent, TLS included; empty if the connection already existed.
    std::optional<Clock::duration> routeDial {};
    std::optional<Clock::duration> firstByte {};
    Clock::duration silence {};
    Clock::duration duration {};
    Ending ending {};
    /// A report-only rule that would have refused it.
    policy::Refusal wouldRefuse = policy::Refusal::None;
    bool hasLogBudget = true; ///< for the access log: see PostMortem
    bool isOwn = false;       ///< the shell's own: see ConnectionRegistry::expectOwn()
    quint64 number = 0;       ///< its position in FinishedLog's count; 0 until then
};

/// One row of the bounded tables of refusals.
struct RefusalRow
{
    QHostAddress client;
    Endpoint destination; ///< empty host if the client itself was refused
    policy::Refusal reason = policy::Refusal::None;
    quint64 count = 0;
    WallTime last {};
    bool isReported = false; ///< the rule is report-only: the request passed
};

/// One address that the brute-force guard blocks.
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
