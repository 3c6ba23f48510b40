// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/headparser.h"
#include "net/budgets.h"
#include "net/bytestream.h"
#include "route/dialer.h"
#include "server/parenttest.h"

#include <QTimer>

#include <array>
#include <memory>

namespace sami::net {
class Resolver;
class TlsClientConfig;
} // namespace sami::net

namespace sami::route {
class LayeredDialer;
}

namespace sami::server {

/// The ParentTest of this process: one dial after the other, each over the stream of the one
/// before.
///
///     dial                        steps                   over
///     to the parent               Name, Tcp, Tls, Key     nothing
///     through it, to a provider   SignIn                  the first
///     TLS with the provider       Provider                the second
///
/// Without TLS inside TLS (net::tlsOverAnyStream) the test ends after the second dial.
class SteppedTest final : public ParentTest, private net::StreamListener
{
    Q_OBJECT

public:
    /// Tests pass `resolver` and `tls`; null stands for this machine's.
    explicit SteppedTest(std::shared_ptr<net::Resolver> resolver = {},
                         std::shared_ptr<net::TlsClientConfig> tls = {});
    ~SteppedTest() override;

    void start(const Request &request) override;
    void cancel() override;
    [[nodiscard]] ParentStepState state(ParentStep step) const override
    {
        return m_states[size_t(step)];
    }
    void setTimeLimit(std::chrono::milliseconds limit) { m_timer.setInterval(limit); }

private:
    void handleReadable(net::ByteStream &stream) override;
    void handleDrained(net::ByteStream &) override {}
    void handleFailed(net::ByteStream &stream) override;

    [[nodiscard]] route::DialRequest dialRequest();
    void reach();
    void signIn(net::StreamPtr stream);
    void askProvider(net::StreamPtr stream);
    void ask(net::StreamPtr stream);
    void handleAnswer(int status);
    void handleLate();

    void enter(ParentStep step);
    void failReach(const net::DialError &error);
    void failDial(ParentStep step, const net::DialError &error);
    void fail(ParentStep step, account::Reason reason, bool isLate = false);
    void succeed(int status);
    void finish();
    void drop();

    // The budgets outlive every stream that was taken from them.
    net::Budgets m_budgets;
    std::shared_ptr<net::Resolver> m_resolver;
    std::shared_ptr<net::TlsClientConfig> m_tls;
    bool m_loadsTrust; ///< false if the caller has passed a trust list
    std::unique_ptr<route::LayeredDialer> m_dialer;
    Request m_request;
    std::array<ParentStepState, parentStepCount> m_states {};
    ParentTestOutcome m_outcome;
    route::DialPtr m_dial;
    net::StreamPtr m_stream; ///< while the provider's answer is awaited
    http::ResponseHeadParser m_parser;
    QTimer m_timer;
    bool m_isRunning = false;
};

} // namespace sami::server
