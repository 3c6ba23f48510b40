// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/reason.h"
#include "base/clock.h"
#include "base/endpoint.h"
#include "base/exitroute.h"
#include "config/parents.h"

#include <QByteArray>
#include <QObject>
#include <QString>

#include <chrono>
#include <memory>
#include <optional>

namespace sami::server {

/// The steps of a test of a parent, in their order. "It" is the parent.
enum class ParentStep {
    Name,     ///< its name has an address
    Tcp,      ///< it can be reached
    Tls,      ///< it speaks TLS
    Key,      ///< it has the pinned key, or a certificate that is trusted
    SignIn,   ///< it accepts our credentials and connects us to a provider
    Provider, ///< a provider answers through it
};
inline constexpr int parentStepCount = 6;

enum class ParentStepState { Open, Running, Passed, Failed, LeftOut };

/// The result of a test.
struct ParentTestOutcome
{
    bool isGood = false;
    ParentStep last = ParentStep::Name; ///< the step that failed, or Provider
    account::Reason reason;             ///< of a failure, if it has one
    bool isLate = false;                ///< the time ran out
    int status = 0;                     ///< the provider's answer; 0: none
    std::optional<Clock::duration> latency;
    std::optional<WallTime> certificateUntil;
    /// Somebody else answers in the parent's place, or its key was changed. Nothing was sent to it.
    [[nodiscard]] bool isWrongPin() const { return reason == net::DialFault::PinMismatch; }
    /// The parent works, but its own rules do not allow the provider.
    [[nodiscard]] bool isForbidden() const { return reason == net::DialFault::ParentForbids; }
};

/// Tests a parent before it is in the settings, and reports each step. The test uses the proxy's
/// own dialer and layers, so a parent that passes it works. It sends nothing before start(), and no
/// name, password or destination before it has verified the parent's key. It sends no client's
/// request: it asks the provider for "/" without an API key. An interface, so that a shell's tests
/// can script it. Lives in its shell's thread and never blocks it.
class ParentTest : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ParentTest)

public:
    struct Request
    {
        config::Parent parent; ///< not Direct
        QByteArray provider;   ///< a host, asked over TLS at port 443
        QString caFile {};     ///< PROXY_UPSTREAM_CA_FILE
        ExitRoute exit {};
        quint16 providerPort = 443;
    };
    static constexpr std::chrono::seconds timeLimit { 20 }; ///< all steps together

    /// Starts a test, after cancelling one that still runs.
    virtual void start(const Request &request) = 0;
    /// No signal follows.
    virtual void cancel() = 0;
    [[nodiscard]] virtual ParentStepState state(ParentStep step) const = 0;

Q_SIGNALS:
    // From the event loop.
    /// state() has changed.
    void progressed();
    void finished(const sami::server::ParentTestOutcome &outcome);

protected:
    explicit ParentTest(QObject *parent = nullptr) : QObject(parent) {}
};

[[nodiscard]] std::unique_ptr<ParentTest> makeParentTest();

} // namespace sami::server
