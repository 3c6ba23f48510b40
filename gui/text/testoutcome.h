// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

namespace sami::gui {

/// The steps of a test of the way to a provider, in order.
enum class TestStage {
    Listening, ///< our own listener accepts a connection
    SignIn,    ///< the proxy accepts the credentials, and its rules allow the request
    Dns,       ///< the proxy finds the host's address
    Tcp,       ///< and connects to it
    Tls,       ///< the host proves its identity; left out for http://
    Http,      ///< the host answers
};
inline constexpr int testStageCount = 6;

enum class StageState { Open, Running, Passed, Failed, LeftOut };

enum class TestVerdict {
    Reachable,       ///< an ordinary answer
    KeyWanted,       ///< 401: reached, only the key is missing
    SignInRefused,   ///< 407 from the proxy
    GuesserBlocked,  ///< 429 from the proxy
    RuleForbids,     ///< 403 from the proxy
    PrivateTarget,   ///< 403 from the proxy, because of the host's address
    ProxyBusy,       ///< 503 from the proxy: full or stopping
    ProxyRefused,    ///< any other answer of the proxy; `detail` is its error type (RFC 9209)
    NotListening,    ///< our own listener accepts no connection
    DoorTlsFailed,   ///< no TLS with our own listener; `detail` is the TLS library's error
    NoPlace,         ///< this computer has no port for the test; `detail` is the system's error
    BalancerWanted,  ///< our listener expects a balancer's header from here; nothing was sent
    DnsFailed,       ///< `detail` is the error type
    TcpFailed,       ///< `detail` is the error type
    TlsFailed,       ///< `detail` is the TLS library's error
    ProviderForbids, ///< 403 or 451 from the provider: usually because of the region
    RateLimited,     ///< 429 from the provider
    ServerError,     ///< 5xx from the provider
    NotHttp,         ///< the answer is not HTTP
    ClosedEarly,     ///< the connection ended before the answer
    TimedOut,        ///< `stage` says where
    Cancelled,
    BadUrl, ///< nothing was sent
};

/// How a test ended: codes and values, worded by TestWording.
struct TestOutcome
{
    TestVerdict verdict = TestVerdict::Reachable;
    TestStage stage = TestStage::Http; ///< where it was decided
    int status = 0;                    ///< of the deciding answer; 0: none
    QString detail;
    friend bool operator==(const TestOutcome &, const TestOutcome &) = default;
};

} // namespace sami::gui
