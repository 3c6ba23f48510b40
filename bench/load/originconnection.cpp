// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "originconnection.h"

#include "frames.h"
#include "pattern.h"
#include "tunnel.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace sami::bench {

namespace {

constexpr size_t mostHeadOctets = 16384;

} // namespace

OriginConnection::OriginConnection(Loop &loop, Ticker &ticker, int socket)
    : m_loop(loop), m_ticker(ticker), m_socket(socket)
{
    m_loop.add(m_socket, EPOLLIN, this);
}

OriginConnection::~OriginConnection()
{
    m_ticker.remove(this);
    close(m_socket);
}

void OriginConnection::ready(uint32_t events)
{
    bool goesOn = true;
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        std::vector<char> &buffer = sharedBuffer();
        const ssize_t size = recv(m_socket, buffer.data(), buffer.size(), 0);
        if (size > 0)
            goesOn = received({ buffer.data(), static_cast<size_t>(size) });
        else
            goesOn = size < 0 && errno == EAGAIN;
    }
    if (goesOn && (events & EPOLLOUT) != 0)
        goesOn = sendPattern();
    if (!goesOn)
        delete this;
}

bool OriginConnection::received(std::string_view octets)
{
    switch (m_mode) {
    case Mode::Order:
        return order(octets);
    case Mode::Echo:
        return sendAll(octets);
    case Mode::Up:
        return verify(octets);
    case Mode::Http:
        return requests(octets);
    case Mode::Down:
    case Mode::Ticks:
    case Mode::Events:
        break; // nothing may come
    }
    return false;
}

bool OriginConnection::order(std::string_view octets)
{
    m_input += octets;
    const size_t end = m_input.find('\n');
    if (end == std::string::npos)
        return m_input.size() < mostHeadOctets;
    if (m_input.starts_with("GET ")) {
        m_mode = Mode::Http;
        return requests(std::exchange(m_input, {}));
    }
    const std::string input = std::exchange(m_input, {});
    return obey(input.substr(0, end), std::string_view(input).substr(end + 1));
}

bool OriginConnection::obey(const std::string &line, std::string_view rest)
{
    unsigned long long octets = 0;
    unsigned long long start = 0;
    unsigned interval = 0;
    unsigned size = 0;
    unsigned phase = 0;
    if (line == "echo") {
        m_mode = Mode::Echo;
        return rest.empty() || sendAll(rest);
    }
    if (std::sscanf(line.c_str(), "down %llu %llu", &octets, &start) == 2) {
        m_mode = Mode::Down;
        m_left = octets;
        m_at = start;
        m_loop.change(m_socket, EPOLLIN | EPOLLOUT, this);
        return rest.empty();
    }
    if (std::sscanf(line.c_str(), "up %llu %llu", &octets, &start) == 2) {
        m_mode = Mode::Up;
        m_left = octets;
        m_at = start;
        return verify(rest);
    }
    if (std::sscanf(line.c_str(), "tick %u %u %u %u", &interval, &size, &m_tag, &phase) == 4
        && size >= frames::minimumSize) {
        m_mode = Mode::Ticks;
        m_frameSize = size;
        beginTicks(interval, phase);
        return rest.empty();
    }
    return false;
}

bool OriginConnection::verify(std::string_view octets)
{
    if (octets.size() > m_left || !pattern::matches(octets.data(), octets.size(), m_at))
        return false;
    m_at += octets.size();
    m_left -= octets.size();
    return m_left > 0 || sendAll("ok\n");
}

bool OriginConnection::sendPattern()
{
    const size_t size = std::min<uint64_t>(m_left, pattern::period);
    const ssize_t sent = send(m_socket, pattern::at(m_at), size, MSG_NOSIGNAL);
    if (sent < 0)
        return errno == EAGAIN;
    m_at += static_cast<uint64_t>(sent);
    m_left -= static_cast<uint64_t>(sent);
    if (m_left == 0)
        m_loop.change(m_socket, EPOLLIN, this); // the client closes
    return true;
}

bool OriginConnection::requests(std::string_view octets)
{
    m_input += octets;
    for (size_t end = 0; (end = m_input.find("\r\n\r\n")) != std::string::npos;) {
        const std::string head = m_input.substr(0, end + 2);
        m_input.erase(0, end + 4);
        if (!respond(head))
            return false;
    }
    return m_input.size() < mostHeadOctets;
}

bool OriginConnection::respond(const std::string &head)
{
    unsigned minor = 0;
    unsigned interval = 0;
    unsigned size = 0;
    unsigned phase = 0;
    const bool http11 = head.substr(0, head.find('\r')).ends_with("HTTP/1.1");
    if (m_mode != Mode::Http || m_closing)
        return false;
    if (std::sscanf(head.c_str(), "GET /sse?%u&%u&%u&%u HTTP/1.%u", &interval, &size, &m_tag,
                    &phase, &minor)
            == 5
        && size >= frames::minimumSize) {
        m_mode = Mode::Events;
        m_frameSize = size;
        m_chunked = http11;
        beginTicks(interval, phase);
        return sendAll(
            std::string("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                        "Cache-Control: no-store\r\n")
            + (m_chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Connection: close\r\n\r\n"));
    }
    if (std::sscanf(head.c_str(), "GET /%u HTTP/1.%u", &size, &minor) != 2
        || size > pattern::period)
        return false;
    // Peers spell "Connection: close" like this; any other spelling keeps the connection open.
    m_closing = !http11 || head.find("onnection: close\r\n") != std::string::npos;
    std::string response = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                           "Cache-Control: no-store\r\nContent-Length: "
        + std::to_string(size) + (m_closing ? "\r\nConnection: close" : "") + "\r\n\r\n";
    response.append(pattern::at(0), size);
    if (!sendAll(response))
        return false;
    if (m_closing)
        shutdown(m_socket, SHUT_WR); // the peer's FIN ends it
    return true;
}

void OriginConnection::beginTicks(unsigned microseconds, unsigned phase)
{
    m_ticker.add(this, Ticker::Interval(microseconds), Ticker::Interval(phase));
}

void OriginConnection::tick()
{
    std::string frame = frames::make(m_frameSize, m_tag, m_number++);
    if (m_chunked) {
        char length[16];
        std::snprintf(length, sizeof length, "%zx\r\n", frame.size());
        frame = length + frame + "\r\n";
    }
    // Not the origin's fault: what does not fit was not taken by the peer in time.
    if (!sendAll(frame))
        delete this;
}

bool OriginConnection::sendAll(std::string_view octets)
{
    return send(m_socket, octets.data(), octets.size(), MSG_NOSIGNAL)
        == static_cast<ssize_t>(octets.size());
}

} // namespace sami::bench
