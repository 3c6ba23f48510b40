// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/splicepipe.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <unistd.h>
#include <vector>

namespace sami::net {

namespace {

/// Idle pipes that a thread keeps. A step takes one and gives it back, so one alone would do but
/// for sinks that are slow.
constexpr size_t maxIdle = 4;

std::atomic<int> budget { 0 };

using Idle = std::vector<std::unique_ptr<SplicePipe>>;

Idle &idlePipes()
{
    thread_local Idle idle;
    return idle;
}

} // namespace

void SplicePipe::setBudget(int pipes)
{
    // splice(2) has no MSG_NOSIGNAL: a peer that is gone has to come back as EPIPE.
    static std::once_flag ignored;
    std::call_once(ignored, [] { std::signal(SIGPIPE, SIG_IGN); });
    // Pipes in use keep counting against it.
    static std::atomic<int> previous { 0 };
    budget.fetch_add(pipes - previous.exchange(pipes));
}

SplicePipe::Ptr SplicePipe::take()
{
    Idle &idle = idlePipes();
    if (idle.empty())
        return Ptr(make());
    Ptr pipe(idle.back().release());
    idle.pop_back();
    return pipe;
}

SplicePipe *SplicePipe::make()
{
    if (budget.fetch_sub(1) > 0) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
            // Larger than the default where the user's share of pipe memory allows it.
            ::fcntl(ends[1], F_SETPIPE_SZ, capacity);
            return new SplicePipe(ends[0], ends[1]);
        }
    }
    budget.fetch_add(1);
    return nullptr;
}

SplicePipe::~SplicePipe()
{
    ::close(m_readEnd);
    ::close(m_writeEnd);
    budget.fetch_add(1);
}

void SplicePipe::Deleter::operator()(SplicePipe *pipe) const
{
    std::unique_ptr<SplicePipe> owned(pipe);
    Idle &idle = idlePipes();
    if (pipe->level() == 0 && idle.size() < maxIdle)
        idle.push_back(std::move(owned));
}

qsizetype SplicePipe::fillFrom(int socket)
{
    ssize_t size = 0;
    do {
        size = ::splice(socket, nullptr, m_writeEnd, nullptr, capacity, SPLICE_F_NONBLOCK);
    } while (size < 0 && errno == EINTR);
    if (size > 0)
        m_level += size;
    return size;
}

bool SplicePipe::emptyInto(int socket)
{
    while (m_level > 0) {
        const ssize_t size = ::splice(m_readEnd, nullptr, socket, nullptr,
                                      static_cast<size_t>(m_level), SPLICE_F_NONBLOCK);
        if (size > 0) {
            m_level -= size;
            continue;
        }
        if (errno != EINTR)
            return false;
    }
    return true;
}

} // namespace sami::net
