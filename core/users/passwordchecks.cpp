// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/passwordchecks.h"

#include "base/systemlimits.h"
#include "users/lowpriority.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace sami::users {

struct PasswordChecks::State : std::enable_shared_from_this<State>
{
    explicit State(int most) : limit(most) {}

    void startThread();
    void run();

    std::mutex mutex;
    std::condition_variable work;
    CheckQueue queue;
    const int limit;
    int threads = 0;
    int idle = 0;
    bool isOver = false;
};

/// With the lock held. Where no thread can be had, the next question tries again; without any the
/// queue fills up, and says so.
void PasswordChecks::State::startThread()
{
    if (idle > 0 || threads >= limit)
        return;
    try {
        std::thread([self = shared_from_this()] { self->run(); }).detach();
        ++threads;
    } catch (const std::system_error &) {}
}

void PasswordChecks::State::run()
{
    lowerOwnPriority();
    std::unique_lock lock(mutex);
    while (!isOver) {
        auto turn = queue.next();
        if (!turn) {
            ++idle;
            work.wait(lock);
            --idle;
            continue;
        }
        lock.unlock();
        const UserPtr user = turn->roster->verified(turn->pair);
        const quint64 check = turn->check;
        turn.reset();
        lock.lock();
        if (isOver)
            break;
        const std::vector<Answer> answers = queue.finish(check);
        lock.unlock();
        for (const Answer &answer : answers)
            answer(user);
        lock.lock();
        // Its client had to wait for it, and another thread may be idle.
        work.notify_one();
    }
}

PasswordChecks::PasswordChecks() : PasswordChecks(std::clamp(usableCores(), 1, maxThreads)) {}

PasswordChecks::PasswordChecks(int threads) : m_state(std::make_shared<State>(threads)) {}

PasswordChecks::~PasswordChecks()
{
    const std::lock_guard lock(m_state->mutex);
    m_state->isOver = true;
    m_state->work.notify_all();
}

std::optional<PasswordChecks::Ticket> PasswordChecks::ask(PasswordCheck check, Answer answer)
{
    const std::lock_guard lock(m_state->mutex);
    const auto ticket = m_state->queue.add(std::move(check), std::move(answer));
    if (ticket) {
        m_state->startThread();
        m_state->work.notify_one();
    }
    return ticket;
}

void PasswordChecks::cancel(const Ticket &ticket)
{
    const std::lock_guard lock(m_state->mutex);
    m_state->queue.cancel(ticket);
}

} // namespace sami::users
