// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"

#include <atomic>
#include <initializer_list>
#include <vector>

namespace sami::account {

/// A rule refused something, or would have if it were not report-only.
struct Refused
{
    QHostAddress client;
    Endpoint destination; ///< empty host if the client itself was refused
    policy::Refusal rule = policy::Refusal::None;
    WallTime when {};
    bool isReported = false; ///< the rule is report-only: the request passed
};

/// A client's TLS handshake with the proxy has ended.
struct Handshake
{
    TlsVersion version = TlsVersion::None; ///< None if it failed
    Reason reason {};                      ///< why it failed
};

/// Receives what the ledger records; each kind of book is a sink of its own. All workers and the
/// accept thread call it at once, from the byte path. So it must be thread-safe and wait for
/// nothing but short locks.
class Sink
{
    Q_DISABLE_COPY_MOVE(Sink)

public:
    Sink() = default;
    virtual ~Sink();

    /// A request, a tunnel, or a connection without a request is over.
    virtual void closed(const FinishedWork &work);
    virtual void refused(const Refused &refused);
    /// A connection has ended, and `lines` of its lines were left out of the log. `last` is its
    /// last work.
    virtual void leftOut(const FinishedWork &last, quint32 lines);
    /// A connection that never got a session has ended, and closed() is not called for it: there
    /// are too many.
    virtual void unserved(const Ending &ending);
    virtual void handshakeEnded(const Handshake &handshake);
};

/// Records every ending and every refusal once, and passes it to its sinks in order. The sinks must
/// outlive it. Thread-safe.
class Ledger
{
    Q_DISABLE_COPY_MOVE(Ledger)

public:
    Ledger(std::initializer_list<Sink *> sinks) : m_sinks(sinks) {}
    ~Ledger() = default;

    /// Adds one more sink, the last; it receives what happens from now on. At most once. Events on
    /// other threads at this moment may or may not reach it.
    void join(Sink &sink)
    {
        [[maybe_unused]] const Sink *const before =
            m_joined.exchange(&sink, std::memory_order_release);
        Q_ASSERT(!before);
    }

    void closed(const FinishedWork &work) const;
    void refused(const Refused &refused) const;
    void leftOut(const FinishedWork &last, quint32 lines) const;
    void unserved(const Ending &ending) const;
    void handshakeEnded(const Handshake &handshake) const;

private:
    template <typename Tell> void forEach(Tell tell) const;

    const std::vector<Sink *> m_sinks;
    std::atomic<Sink *> m_joined { nullptr };
};

} // namespace sami::account
