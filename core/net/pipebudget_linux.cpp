// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/pipebudget.h"
#include "net/splicepipe.h"

#include <csignal>
#include <utility>

namespace sami::net {

PipeBudget::PipeBudget() = default;

PipeBudget::~PipeBudget()
{
    for (std::atomic<SplicePipe *> &idle : m_idle)
        delete idle.load();
}

void PipeBudget::setLimit(int pipes)
{
    // splice(2) has no MSG_NOSIGNAL, and a peer that is gone must give EPIPE instead of a signal.
    // This changes the whole process, but every proxy in it needs the same.
    std::signal(SIGPIPE, SIG_IGN);
    m_left.fetch_add(pipes - m_limit.exchange(pipes));
    while (m_left.load() < 0) {
        std::unique_ptr<SplicePipe> idle = takeIdle();
        if (!idle)
            return;
        close(std::move(idle));
    }
}

std::unique_ptr<SplicePipe> PipeBudget::take()
{
    std::unique_ptr<SplicePipe> pipe = takeIdle();
    return pipe ? std::move(pipe) : make();
}

std::unique_ptr<SplicePipe> PipeBudget::takeIdle()
{
    for (std::atomic<SplicePipe *> &idle : m_idle) {
        if (idle.load(std::memory_order_relaxed)) {
            if (SplicePipe *pipe = idle.exchange(nullptr, std::memory_order_acquire))
                return std::unique_ptr<SplicePipe>(pipe);
        }
    }
    return nullptr;
}

std::unique_ptr<SplicePipe> PipeBudget::make()
{
    if (m_left.fetch_sub(1) > 0) {
        if (std::unique_ptr<SplicePipe> pipe = SplicePipe::open())
            return pipe;
    }
    m_left.fetch_add(1);
    return nullptr;
}

void PipeBudget::giveBack(std::unique_ptr<SplicePipe> pipe)
{
    if (pipe->level() == 0 && m_left.load(std::memory_order_relaxed) >= 0) {
        for (std::atomic<SplicePipe *> &idle : m_idle) {
            SplicePipe *nobody = nullptr;
            if (idle.load(std::memory_order_relaxed) == nullptr
                && idle.compare_exchange_strong(nobody, pipe.get(), std::memory_order_release)) {
                static_cast<void>(pipe.release());
                return;
            }
        }
    }
    close(std::move(pipe));
}

void PipeBudget::close(std::unique_ptr<SplicePipe> pipe)
{
    pipe.reset();
    m_left.fetch_add(1);
}

} // namespace sami::net
