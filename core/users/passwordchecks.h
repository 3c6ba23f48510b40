// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "users/checkqueue.h"

#include <memory>
#include <optional>

namespace sami::users {

/// Checks passwords on up to two threads of the lowest priority, which are started when the first
/// one has to be checked and are never joined: whoever has no users has no such thread. CheckQueue
/// says who is next. Part of what the workers of one proxy share; thread-safe.
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

    /// `answer` is called once, on a thread of this object's, and must not wait; not at all after
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
