// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "loop.h"

#include "sockets.h"

#include <array>
#include <ctime>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace sami::bench {

Loop::Loop() : m_epoll(epoll_create1(EPOLL_CLOEXEC))
{
    if (m_epoll < 0)
        die("epoll_create1");
}

Loop::~Loop()
{
    close(m_epoll);
}

void Loop::add(int descriptor, uint32_t events, Handler *handler)
{
    epoll_event event {};
    event.events = events;
    event.data.ptr = handler;
    if (epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        die("epoll_ctl");
}

void Loop::change(int descriptor, uint32_t events, Handler *handler)
{
    epoll_event event {};
    event.events = events;
    event.data.ptr = handler;
    if (epoll_ctl(m_epoll, EPOLL_CTL_MOD, descriptor, &event) != 0)
        die("epoll_ctl");
}

void Loop::poll(TimePoint until)
{
    using namespace std::chrono;
    const auto left = duration_cast<nanoseconds>(until - Clock::now()).count();
    timespec timeout {};
    if (left > 0) {
        timeout.tv_sec = static_cast<time_t>(left / 1'000'000'000);
        timeout.tv_nsec = static_cast<long>(left % 1'000'000'000);
    }
    // A raw system call: epoll_wait() rounds to milliseconds, and not every libc wraps this one.
    std::array<epoll_event, 256> events {};
    const long count = syscall(SYS_epoll_pwait2, m_epoll, events.data(),
                               static_cast<int>(events.size()), &timeout, nullptr, size_t(0));
    for (long i = 0; i < count; ++i) {
        const epoll_event &event = events[static_cast<size_t>(i)];
        static_cast<Handler *>(event.data.ptr)->ready(event.events);
    }
}

} // namespace sami::bench
