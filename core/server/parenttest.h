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

/// The steps of a test, in their order.
enum class ParentStep {
    Name,     ///< its name has an address
    Tcp,      ///< it can be reached
    Tls,      ///< it speaks TLS
    Key,      ///< it has the pinned key, or a certificate that is trusted
    SignIn,   ///< it takes our credentials, and leads on
    Provider, ///< a provider answers through it
};
inline constexpr int parentStepCount = 6;

enum class ParentStepState { Open, Running, Passed, Failed, LeftOut };

/// What came of a test.
struct ParentTestOutcome
{
    bool isGood = false;
    ParentStep last = ParentStep::Name; ///< that failed, or Provider
    account::Reason reason;             ///< of a failure, where it has one
    bool isLate = false;                ///< nothing came in time
    int status = 0;                     ///< the provider's answer; 0: none
    std::optional<Clock::duration> latency;
    std::optional<WallTime> certificateUntil;
    /// Somebody else answers in its place, or its key was changed. Nothing was sent to it.
    [[nodiscard]] bool isWrongPin() const { return reason == net::DialFault::PinMismatch; }
    /// It works, but its own rules do not allow the provider: no fault of it.
    [[nodiscard]] bool isForbidden() const { return reason == net::DialFault::ParentForbids; }
};

/// Finds out whether a server leads out, before it is in the settings, told step by step. The
/// proxy's own dialer and layers do it: what passes here passes there. Nothing is sent before
/// start(), no name, password or destination before the key was found good, and never a request of
/// anybody's: the provider is asked for "/" without a key. An interface, so that tests of shells
/// play one. In the thread of its shell, which it never holds up.
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

    /// Starts a test. One that still runs is cancelled first.
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
