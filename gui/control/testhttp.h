// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headparser.h"
#include "policy/accessrules.h"

#include <QByteArray>
#include <QUrl>

#include <optional>

namespace sami::gui {

// What the test of the way to a provider says and hears in HTTP, without any I/O. ReachabilityTest
// owns the reader. Main thread.

/// Whether the way to this target is a tunnel: https://.
[[nodiscard]] bool isTunnelled(const QUrl &target);
/// The request that opens it, as octets.
[[nodiscard]] QByteArray tunnelRequest(const QUrl &target,
                                       const std::optional<policy::Credentials> &credentials);
/// The request for the target itself. The proxy's credentials go with it only where the proxy reads
/// it: not into a tunnel. Never one of the target's own.
[[nodiscard]] QByteArray targetRequest(const QUrl &target,
                                       const std::optional<policy::Credentials> &credentials);

/// The head of an answer, as far as the test looks at it.
struct TestAnswer
{
    int status = 0;        ///< 0: it is not HTTP/1
    QByteArray proxyError; ///< the type in the proxy's own Proxy-Status field; empty: not its

    [[nodiscard]] bool isFromProxy() const { return !proxyError.isEmpty(); }
    friend bool operator==(const TestAnswer &, const TestAnswer &) = default;
};

/// Reads the answers of one connection, one after the other, out of arbitrary pieces.
class AnswerReader
{
public:
    /// Takes the next octets, if there are any; the next answer once its head is whole, past the
    /// interim ones (RFC 9110 §15.2). What follows it stays for the next call.
    [[nodiscard]] std::optional<TestAnswer> take(const QByteArray &octets);
    /// For another connection.
    void reset();

private:
    http::ResponseHeadParser m_parser;
    QByteArray m_rest; ///< what no head has taken yet
};

} // namespace sami::gui
