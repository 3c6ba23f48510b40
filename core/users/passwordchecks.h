// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "users/checkqueue.h"

#include <memory>
#include <optional>

namespace sami::users {

/// Checks passwords on up to two threads of the lowest priority. They do nothing else: on a busy
/// machine such a thread may get no turn for long, and must hold no lock then that a worker wants.
/// A third one, of the usual priority, gives them their work and tells the verdicts; CheckQueue
/// says who is next. All are started when the first password has to be checked and are never
/// joined: whoever has no users has no such thread. Part of what the workers of one proxy share;
/// thread-safe.
class PasswordChecks
{
    Q_DISABLE_COPY_MOVE(PasswordChecks)

public:
    static constexpr int maxThreads = 2;

    using Answer = CheckQueue::Answer;
    using Ticket = CheckQueue::Ticket;

    /// One thread where this machine has one core.
    PasswordChecks();
    explicit PasswordChecks(int threads);
    /// Nobody is answered any more, but for a verdict that is being told.
    ~PasswordChecks();

    /// `answer` is called once, on that third thread, and must not wait; not at all after
    /// cancel(), but one that is being told meanwhile. Nothing: there is no room, and it is never
    /// called.
    [[nodiscard]] std::optional<Ticket> ask(PasswordCheck check, Answer answer);
    /// Gives the place up.
    void cancel(const Ticket &ticket);

private:
    struct State;

    std::shared_ptr<State> m_state;
};

} // namespace sami::users
