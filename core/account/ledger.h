// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"

#include <atomic>
#include <initializer_list>
#include <vector>

namespace sami::account {

/// A rule refused, or one that is only reported would have.
struct Refused
{
    QHostAddress client;
    Endpoint destination; ///< empty host where the client itself was refused
    policy::Refusal rule = policy::Refusal::None;
    WallTime when {};
    bool isReported = false; ///< what it would refuse passed
};

/// A client's TLS handshake with the proxy is over.
struct Handshake
{
    TlsVersion version = TlsVersion::None; ///< None: it failed
    Reason reason {};                      ///< why it failed
};

/// Hears what the ledger is told; each kind of book is a sink of its own. Called from all workers
/// and the accept thread at once, in the byte path's thread: thread-safe, and never waits for
/// anything but a lock that is held for a moment.
class Sink
{
    Q_DISABLE_COPY_MOVE(Sink)

public:
    Sink() = default;
    virtual ~Sink();

    /// A request, a tunnel, or a connection without a request is over.
    virtual void closed(const FinishedWork &work);
    virtual void refused(const Refused &refused);
    /// A connection is over, of which that many lines were left out of the log. `last` is its last
    /// work.
    virtual void leftOut(const FinishedWork &last, quint32 lines);
    /// A connection that never got a session is over, and closed() does not tell of it: there are
    /// too many.
    virtual void unserved(const Ending &ending);
    virtual void shookHands(const Handshake &handshake);
};

/// Is told of every end and every refusal, once, and hands it to its sinks in their order. The
/// sinks outlive it. Thread-safe.
class Ledger
{
    Q_DISABLE_COPY_MOVE(Ledger)

public:
    Ledger(std::initializer_list<Sink *> sinks) : m_sinks(sinks) {}
    ~Ledger() = default;

    /// One more sink, the last, which hears what happens from now on. At most once; what is told
    /// on other threads meanwhile may reach it or not.
    void join(Sink &sink) { m_joined.store(&sink, std::memory_order_release); }

    void closed(const FinishedWork &work) const;
    void refused(const Refused &refused) const;
    void leftOut(const FinishedWork &last, quint32 lines) const;
    void unserved(const Ending &ending) const;
    void shookHands(const Handshake &handshake) const;

private:
    template <typename Tell> void forEach(Tell tell) const;

    const std::vector<Sink *> m_sinks;
    std::atomic<Sink *> m_joined { nullptr };
};

} // namespace sami::account
