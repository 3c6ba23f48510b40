// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/passwordchecks.h"

#include "base/lowpriority.h"
#include "base/systemlimits.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace sami::users {

struct PasswordChecks::State : std::enable_shared_from_this<State>
{
    /// The exchange between a hashing thread and the manager. `step` says which of them owns the
    /// other members.
    struct Desk
    {
        enum Step : int {
            Free,   ///< owned by the manager
            Taken,  ///< owned by the hashing thread
            Done,   ///< owned by the manager
            Closed, ///< owned by nobody
        };

        std::atomic<int> step { Free };
        CheckQueue::Turn turn;
        UserPtr user;
        bool hasThread = false;
    };

    explicit State(int most) : desks(std::clamp(most, 1, maxThreads)) {}

    void ring();
    void manage();
    [[nodiscard]] std::vector<std::pair<Answer, UserPtr>> collect();
    void assign();
    void hash(Desk &desk);

    std::mutex mutex;
    CheckQueue queue;
    const int desks;
    std::array<Desk, maxThreads> desk;
    std::atomic<unsigned> bell { 0 }; ///< rung when the manager may have work
    bool isManaged = false;
    bool isOver = false;
};

void PasswordChecks::State::ring()
{
    ++bell;
    bell.notify_one();
}

/// Requires the lock. Returns the waiters of finished checks with their verdicts.
std::vector<std::pair<PasswordChecks::Answer, UserPtr>> PasswordChecks::State::collect()
{
    std::vector<std::pair<Answer, UserPtr>> verdicts;
    for (Desk &each : desk) {
        if (each.step != Desk::Done)
            continue;
        for (Answer &answer : queue.finish(each.turn.check))
            verdicts.emplace_back(std::move(answer), each.user);
        each.turn = {};
        each.user.reset();
        each.step = Desk::Free;
    }
    return verdicts;
}

/// Requires the lock. If no thread can be started, the next ring tries again; until then the queue
/// fills up and refuses.
void PasswordChecks::State::assign()
{
    for (int i = 0; i < desks; ++i) {
        Desk &each = desk[std::size_t(i)];
        if (each.step != Desk::Free)
            continue;
        if (!each.hasThread) {
            if (queue.isIdle())
                return;
            try {
                std::thread([self = shared_from_this(), &each] { self->hash(each); }).detach();
                each.hasThread = true;
            } catch (const std::system_error &) {
                return;
            }
        }
        auto turn = queue.next();
        if (!turn)
            return;
        each.turn = std::move(*turn);
        each.step = Desk::Taken;
        each.step.notify_one();
    }
}

void PasswordChecks::State::manage()
{
    while (true) {
        const unsigned heard = bell;
        std::vector<std::pair<Answer, UserPtr>> verdicts;
        {
            const std::lock_guard lock(mutex);
            if (isOver)
                return;
            verdicts = collect();
            assign();
        }
        for (const auto &[answer, user] : verdicts)
            answer(user);
        bell.wait(heard);
    }
}

/// Takes no lock that others take, and frees nothing that others have allocated: this thread may
/// not be scheduled for a long time, and nobody may have to wait for it.
void PasswordChecks::State::hash(Desk &own)
{
    lowerOwnPriority(LowPriority::Lowest);
    while (true) {
        int step = own.step;
        if (step == Desk::Closed)
            return;
        if (step != Desk::Taken) {
            own.step.wait(step);
            continue;
        }
        own.user = own.turn.roster->verified(own.turn.pair);
        if (own.step.compare_exchange_strong(step, Desk::Done))
            ring();
    }
}

PasswordChecks::PasswordChecks() : PasswordChecks(usableCores()) {}

PasswordChecks::PasswordChecks(int threads) : m_state(std::make_shared<State>(threads)) {}

PasswordChecks::~PasswordChecks()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->isOver = true;
    for (State::Desk &each : m_state->desk) {
        each.step = State::Desk::Closed;
        each.step.notify_one();
    }
    m_state->ring();
}

std::optional<PasswordChecks::Ticket> PasswordChecks::ask(PasswordCheck check, Answer answer)
{
    std::optional<Ticket> ticket;
    {
        const std::lock_guard lock(m_state->mutex);
        if (!m_state->isManaged) {
            try {
                std::thread([state = m_state] { state->manage(); }).detach();
                m_state->isManaged = true;
            } catch (const std::system_error &) {
                return std::nullopt;
            }
        }
        ticket = m_state->queue.add(std::move(check), std::move(answer));
    }
    if (ticket)
        m_state->ring();
    return ticket;
}

void PasswordChecks::cancel(const Ticket &ticket)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->queue.cancel(ticket);
}

} // namespace sami::users
