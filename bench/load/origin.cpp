// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "origin.h"

#include "loop.h"
#include "originconnection.h"
#include "sockets.h"

#include <csignal>
#include <memory>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sami::bench {

namespace {

/// Accepts connections. Several origin processes share one listening socket.
class Acceptor final : public Handler
{
public:
    Acceptor(Loop &loop, Ticker &ticker, int listener)
        : m_loop(loop), m_ticker(ticker), m_listener(listener)
    {
        loop.add(listener, EPOLLIN | EPOLLEXCLUSIVE, this);
    }

    void ready(uint32_t /*events*/) override
    {
        const int client = accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client < 0)
            return;
        setNoDelay(client);
        new OriginConnection(m_loop, m_ticker, client); // deletes itself when it closes
    }

private:
    Loop &m_loop;
    Ticker &m_ticker;
    int m_listener;
};

[[noreturn]] void serve(int listener)
{
    Loop loop;
    Ticker ticker;
    const Acceptor acceptor(loop, ticker, listener);
    for (;;) {
        loop.poll(ticker.nextDue());
        ticker.fire();
    }
}

} // namespace

Origin::Origin(uint16_t port, int processes)
{
    const int listener = listenOnLoopback(port);
    m_port = localPort(listener);
    for (int i = 0; i < processes; ++i) {
        const pid_t process = fork();
        if (process < 0)
            die("fork");
        if (process == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            serve(listener);
        }
        m_processes.push_back(process);
    }
    close(listener);
}

Origin::~Origin()
{
    for (const pid_t process : m_processes) {
        kill(process, SIGKILL);
        waitpid(process, nullptr, 0);
    }
}

} // namespace sami::bench
