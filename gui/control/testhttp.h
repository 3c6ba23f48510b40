// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headparser.h"
#include "policy/accessrules.h"

#include <QByteArray>
#include <QUrl>

#include <optional>

namespace sami::gui {

// The HTTP of the reachability test, without any I/O. ReachabilityTest owns the reader. Main
// thread.

/// Whether this target needs a tunnel: https://.
[[nodiscard]] bool isTunnelled(const QUrl &target);
/// The request that opens the tunnel, as bytes.
[[nodiscard]] QByteArray tunnelRequest(const QUrl &target,
                                       const std::optional<policy::Credentials> &credentials);
/// The request for the target itself. It carries the proxy's credentials only if the proxy reads
/// it, so not inside a tunnel. It never carries credentials for the target.
[[nodiscard]] QByteArray targetRequest(const QUrl &target,
                                       const std::optional<policy::Credentials> &credentials);

/// The parts of a response head that the test looks at.
struct TestAnswer
{
    int status = 0;        ///< 0: not HTTP/1
    QByteArray proxyError; ///< the type in our own Proxy-Status field; empty: not our answer

    [[nodiscard]] bool isFromProxy() const { return !proxyError.isEmpty(); }
    friend bool operator==(const TestAnswer &, const TestAnswer &) = default;
};

/// Reads the responses of one connection, in order, from pieces of any size.
class AnswerReader
{
public:
    /// Takes the next bytes, if any, and returns the next response once its head is complete,
    /// skipping interim ones (RFC 9110 §15.2). The bytes after it stay for the next call.
    [[nodiscard]] std::optional<TestAnswer> take(const QByteArray &octets);
    /// For a new connection.
    void reset();

private:
    http::ResponseHeadParser m_parser;
    QByteArray m_rest; ///< not parsed yet
};

} // namespace sami::gui
