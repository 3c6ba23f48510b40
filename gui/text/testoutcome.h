// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

namespace sami::gui {

/// The steps of a test of the way to a provider, in their order.
enum class TestStage {
    Listening, ///< the own listener takes a connection
    SignIn,    ///< the proxy takes the credentials, and its rules allow the request
    Dns,       ///< the proxy found the host's address
    Tcp,       ///< and reached it
    Tls,       ///< the host proved who it is; left out for http://
    Http,      ///< it answered
};
inline constexpr int testStageCount = 6;

enum class StageState { Open, Running, Passed, Failed, LeftOut };

enum class TestVerdict {
    Reachable,       ///< an ordinary answer
    KeyWanted,       ///< 401: reached, and only the key is missing
    SignInRefused,   ///< 407 of the proxy
    GuesserBlocked,  ///< 429 of the proxy
    RuleForbids,     ///< 403 of the proxy
    PrivateTarget,   ///< 403 of the proxy: the host's address
    ProxyBusy,       ///< 503 of the proxy: full or stopping
    ProxyRefused,    ///< any other answer of the proxy; `detail` is its error type (RFC 9209)
    NotListening,    ///< the own listener cannot be connected to
    DoorTlsFailed,   ///< it speaks no TLS, or not ours; `detail` is what the TLS library says
    BalancerWanted,  ///< it listens to a balancer's header from here; nothing was sent
    DnsFailed,       ///< `detail` is the error type
    TcpFailed,       ///< `detail` is the error type
    TlsFailed,       ///< `detail` is what the TLS library says
    ProviderForbids, ///< 403 or 451 of the provider: mostly the region
    RateLimited,     ///< 429 of the provider
    ServerError,     ///< 5xx of the provider
    NotHttp,         ///< an answer that is none
    ClosedEarly,     ///< the connection ended before the answer
    TimedOut,        ///< `stage` is where
    Cancelled,
    BadUrl, ///< nothing was sent
};

/// How a test ended: codes and values, to be worded by TestWording.
struct TestOutcome
{
    TestVerdict verdict = TestVerdict::Reachable;
    TestStage stage = TestStage::Http; ///< where it was decided
    int status = 0;                    ///< of the answer that decided; 0: none
    QString detail;
    friend bool operator==(const TestOutcome &, const TestOutcome &) = default;
};

} // namespace sami::gui
