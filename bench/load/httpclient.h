// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "httpreader.h"
#include "loop.h"
#include "sockets.h"
#include "tunnel.h"

#include <string>
#include <string_view>

namespace sami::bench {

/// A client that sends requests through forwarding (or directly), one at a time. It keeps its
/// connection as long as the peer does, and reconnects otherwise.
class HttpClient : public Handler
{
public:
    HttpClient(Loop &loop, const Route &route, unsigned index, Tally &tally)
        : m_loop(loop), m_route(route), m_index(index), m_tally(tally)
    {}
    ~HttpClient() override { close(); }
    HttpClient(const HttpClient &) = delete;
    HttpClient &operator=(const HttpClient &) = delete;

    /// Requests this path from the origin; only legal when no request is running.
    void ask(const std::string &path);
    void ready(uint32_t events) final;
    /// Connections opened so far.
    [[nodiscard]] unsigned connections() const { return m_connections; }

protected:
    [[nodiscard]] virtual bool body(std::string_view octets) = 0;
    /// The response is complete; false if it is not the expected one.
    [[nodiscard]] virtual bool responded() = 0;
    [[nodiscard]] unsigned index() const { return m_index; }

private:
    void connect();
    void send();
    void received(std::string_view octets);
    void ended();
    void finishResponse();
    void fail(std::string_view reason);
    void close();

    Loop &m_loop;
    const Route &m_route;
    unsigned m_index;
    Tally &m_tally;
    int m_socket = -1;
    bool m_connecting = false;
    bool m_reused = false; ///< the connection has already carried a response
    bool m_busy = false;   ///< a response is pending
    unsigned m_connections = 0;
    std::string m_request;
    HttpReader m_reader;
};

} // namespace sami::bench
