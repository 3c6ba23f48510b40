// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "users/checkqueue.h"

#include <memory>
#include <optional>

namespace sami::users {

/// Checks passwords on up to two threads of the lowest priority. These only hash: on a busy machine
/// such a thread may not run for a long time, so it must never hold a lock that a worker needs. The
/// manager, one more thread of normal priority, gives them work and delivers the verdicts;
/// CheckQueue chooses the next check. The threads start with the first check, so a proxy without
/// users has none, and are never joined. Shared by the workers of one proxy; thread-safe.
class PasswordChecks
{
    Q_DISABLE_COPY_MOVE(PasswordChecks)

public:
    static constexpr int maxThreads = 2;

    using Answer = CheckQueue::Answer;
    using Ticket = CheckQueue::Ticket;

    /// As many hashing threads as usableCores(), up to maxThreads.
    PasswordChecks();
    explicit PasswordChecks(int threads);
    /// Drops all waiters, except for a verdict that is being delivered.
    ~PasswordChecks();

    /// `answer` is called once, on the manager's thread, and must not block. After cancel() it is
    /// not called if the hash has not begun. If it has, one answer of each client is still called,
    /// perhaps after this object is gone. Returns nothing if there is no room; `answer` is then
    /// never called.
    [[nodiscard]] std::optional<Ticket> ask(PasswordCheck check, Answer answer);
    /// Gives up the waiter's place.
    void cancel(const Ticket &ticket);

private:
    struct State;

    std::shared_ptr<State> m_state;
};

} // namespace sami::users
