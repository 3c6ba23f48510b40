// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headparser.h"
#include "server/front.h"

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

namespace sami::server {

struct ClientLeg;

/// What reading a head has come to.
namespace reading {

struct Waiting ///< for more octets, or for the last answer to be taken
{};
struct Ended ///< the client has ended, and no whole request is left of what it said
{};
struct Spent ///< the budget has no room for what has come of the head
{};
struct Expired ///< a head that has begun took too long
{
    std::chrono::milliseconds limit {};
};
struct Idle ///< nothing was asked while the connection waited
{};
struct Drained ///< nothing was asked, and the proxy is shutting down
{};

} // namespace reading

using HeadOutcome =
    std::variant<reading::Waiting, http::RequestHead, http::HeadFault, reading::Ended,
                 reading::Spent, reading::Expired, reading::Idle, reading::Drained>;

/// The ReadHead state of an HTTP front: takes the octets of one request head off the client's leg,
/// and knows how long the client may take for them. Owned by its front, used again for each
/// request.
///
///     the client has…                                   may take
///     sent the first octet of a head                    REQUEST_HEADER_TIMEOUT for the rest
///     asked nothing yet                                 the same for the first octet
///     taken the answers to all that it asked            KEEP_ALIVE_TIMEOUT for the next request
///     not taken a provider's answer                     the silence limit to take it
///     not taken an answer of ours                       REQUEST_HEADER_TIMEOUT to take it
///
/// A connection over the limit of all connections has 5 s where the header timeout counts.
class HeadReading
{
    Q_DISABLE_COPY_MOVE(HeadReading)

public:
    explicit HeadReading(ClientLeg &leg);
    ~HeadReading();

    /// Waits for the next request by the worker's settings of now. `owesAnswer`: what the client
    /// has not taken of the last answer, if any, is a provider's.
    void begin(bool owesAnswer);
    [[nodiscard]] HeadOutcome handle(FrontEvent event);

    /// The request line of a head that never became a request, as far as it was read.
    [[nodiscard]] http::RequestHeadParser::Begun begun() const { return m_parser->begun(); }
    /// Whether an octet of a head has come; the empty lines before it are none.
    [[nodiscard]] bool hasStarted() const { return m_parser->hasStarted(); }
    /// Whether a head that never became a request has brought credentials.
    [[nodiscard]] bool hasCredentials() const;
    /// The first octets of a head that was refused, for whoever knows other protocols.
    [[nodiscard]] QByteArray firstOctets() const;

private:
    void adoptSettings();
    void readWhenParsed();
    [[nodiscard]] std::chrono::milliseconds idleTimeout() const;
    [[nodiscard]] HeadOutcome readClient();
    [[nodiscard]] HeadOutcome parseInput();
    [[nodiscard]] HeadOutcome handleExpired();
    [[nodiscard]] std::optional<HeadOutcome> lastLook();
    [[nodiscard]] HeadOutcome drainWhenIdle();

    ClientLeg &m_leg;
    std::unique_ptr<http::RequestHeadParser> m_parser; ///< null before the first begin()
    bool m_owesAnswer = false;
};

} // namespace sami::server
