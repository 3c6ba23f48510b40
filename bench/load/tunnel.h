// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "loop.h"
#include "sockets.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sami::bench {

/// The shared counters of a workload's connections.
struct Tally
{
    uint64_t started = 0;
    uint64_t done = 0;    ///< closed as intended
    uint64_t staying = 0; ///< ready and meant to stay open
    uint64_t faults = 0;
    std::string firstFault;

    void fault(std::string_view reason)
    {
        if (faults++ == 0)
            firstFault = reason;
    }
    [[nodiscard]] int64_t inFlight() const
    {
        return static_cast<int64_t>(started) - static_cast<int64_t>(done + staying + faults);
    }
};

/// A client connection that reaches the origin through a tunnel (or directly): connects, does the
/// handshake with the proxy, sends the origin its order, and passes incoming data to a subclass.
class Tunnel : public Handler
{
public:
    Tunnel(Loop &loop, const Route &route, unsigned index, Tally &tally);
    ~Tunnel() override;
    Tunnel(const Tunnel &) = delete;
    Tunnel &operator=(const Tunnel &) = delete;

    /// Connects; sends the order to the origin once the tunnel is open.
    void start(std::string order);
    void ready(uint32_t events) final;

protected:
    /// The tunnel is open and the order is sent.
    virtual void standing() {}
    /// Data from the origin.
    virtual void received(std::string_view octets) = 0;
    /// The socket accepts data; called only while writing is wanted.
    virtual void writable() {}

    void wantWriting(bool wanted);
    /// Sends as much as the socket accepts; returns the number of bytes, 0 after a failure.
    [[nodiscard]] size_t sendSome(const char *data, size_t size);
    void finish();
    /// From now on counts as staying.
    void stay() { ++m_tally.staying; }
    void fail(std::string_view reason);
    [[nodiscard]] unsigned index() const { return m_index; }
    [[nodiscard]] bool isOver() const { return m_state == State::Over; }

private:
    enum class State {
        Idle,
        Connecting,
        Handshake, ///< CONNECT is sent, the response's head is pending
        Standing,
        Over, ///< closed, after success or failure
    };

    void connected();
    void handshake(std::string_view octets);
    void stand();
    void close();
    [[nodiscard]] bool sendAll(std::string_view octets);

    Loop &m_loop;
    const Route &m_route;
    unsigned m_index;
    Tally &m_tally;
    State m_state = State::Idle;
    int m_socket = -1;
    std::string m_order;
    std::string m_head;
};

/// A read buffer shared by all connections of a process.
[[nodiscard]] std::vector<char> &sharedBuffer();

} // namespace sami::bench
