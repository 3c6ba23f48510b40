// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"

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
};

/// Is told of every end and every refusal, once, and hands it to its sinks in their order.
/// Thread-safe: the sinks, which outlive it, never change.
class Ledger
{
public:
    Ledger(std::initializer_list<Sink *> sinks) : m_sinks(sinks) {}

    void closed(const FinishedWork &work) const;
    void refused(const Refused &refused) const;
    void leftOut(const FinishedWork &last, quint32 lines) const;

private:
    const std::vector<Sink *> m_sinks;
};

} // namespace sami::account
