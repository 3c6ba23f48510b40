// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headparser.h"
#include "net/takingwatch.h"
#include "server/front.h"

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

namespace sami::server {

struct ClientLeg;

/// The outcomes of reading a head.
namespace reading {

struct Waiting ///< for more octets, or until the last answer is taken
{};
struct Ended ///< the client has ended without sending another complete request
{};
struct Spent ///< the budget has no room for what has arrived of the head
{};
struct Expired ///< a head that has begun took too long
{
    std::chrono::milliseconds limit {};
};
struct Idle ///< no request came while the connection waited
{};
struct Drained ///< no request came, and the proxy is shutting down
{
    bool isAmidAnswer = false; ///< the last answer may still be on its way to the client
};

} // namespace reading

using HeadOutcome =
    std::variant<reading::Waiting, http::RequestHead, http::HeadFault, reading::Ended,
                 reading::Spent, reading::Expired, reading::Idle, reading::Drained>;

/// The ReadHead state of an HTTP front: takes the octets of one request head off the client's leg,
/// and knows how long the client may take. Owned by its front and reused for each request.
///
///     the client has…                                   and may take
///     sent the first octet of a head                    the header timeout for the rest
///     asked nothing yet                                 the same for the first octet
///     taken the answers to all its requests             the keep-alive timeout for the next one
///     not taken a provider's answer                     the silence limit to take it
///     not taken an answer of ours                       the header timeout to take it
///
/// These are in config::TimeoutSettings. A connection over a limit has at most 5 s instead of the
/// header timeout. A client that takes some of a provider's answer in time gets the same time again
/// (net::TakingWatch).
///
/// For the account, the connection awaits a request once the client has taken the last answer and
/// nothing that it sent ahead waits to be parsed. Until then a drain waits for it.
class HeadReading
{
    Q_DISABLE_COPY_MOVE(HeadReading)

public:
    explicit HeadReading(ClientLeg &leg);
    ~HeadReading();

    /// Waits for the next request under the worker's current settings. `lastAnswerForwarded`: the
    /// last answer came from an upstream, so the client may take the silence limit to read it.
    void begin(bool lastAnswerForwarded);
    [[nodiscard]] HeadOutcome handle(FrontEvent event);

    /// The request line, as far as it was read, of a head that never became a request.
    [[nodiscard]] http::RequestHeadParser::Begun begun() const { return m_parser->begun(); }
    /// Whether an octet of a head has come; empty lines before it do not count.
    [[nodiscard]] bool hasStarted() const { return m_parser->hasStarted(); }
    /// Whether a head that never became a request contains credentials.
    [[nodiscard]] bool hasCredentials() const;
    /// The first octets of a refused head, from which another protocol can be recognised.
    [[nodiscard]] QByteArray firstOctets() const;

private:
    void adoptSettings();
    void readWhenParsed();
    [[nodiscard]] bool isAnswerTaken() const;
    [[nodiscard]] std::chrono::milliseconds idleTimeout() const;
    [[nodiscard]] std::chrono::milliseconds firstWait();
    [[nodiscard]] HeadOutcome readClient();
    [[nodiscard]] HeadOutcome parseInput();
    [[nodiscard]] HeadOutcome handleExpired();
    [[nodiscard]] std::optional<HeadOutcome> readBeforeExpiry();
    [[nodiscard]] HeadOutcome handleTaken();
    [[nodiscard]] HeadOutcome handleDrain();
    [[nodiscard]] HeadOutcome drainWhenIdle(bool isAmidAnswer);

    ClientLeg &m_leg;
    std::unique_ptr<http::RequestHeadParser> m_parser; ///< null before the first begin()
    bool m_lastAnswerForwarded = false;
    net::TakingWatch m_taking; ///< of a provider's answer
};

} // namespace sami::server
