// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "tunnel.h"

#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace sami::bench {

std::vector<char> &sharedBuffer()
{
    static std::vector<char> buffer(256 * size_t(1024));
    return buffer;
}

Tunnel::Tunnel(Loop &loop, const Route &route, unsigned index, Tally &tally)
    : m_loop(loop), m_route(route), m_index(index), m_tally(tally)
{}

Tunnel::~Tunnel()
{
    close();
}

void Tunnel::start(std::string order)
{
    m_order = std::move(order);
    ++m_tally.started;
    m_socket = startConnect(m_route, m_index);
    m_state = State::Connecting;
    if (m_socket < 0)
        return fail("connect");
    m_loop.add(m_socket, EPOLLOUT, this);
}

void Tunnel::ready(uint32_t events)
{
    if (m_state == State::Connecting)
        return connected();
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        std::vector<char> &buffer = sharedBuffer();
        const ssize_t size = recv(m_socket, buffer.data(), buffer.size(), 0);
        if (size == 0)
            return fail("closed too early");
        if (size < 0) {
            if (errno != EAGAIN)
                fail("reset");
            return;
        }
        const std::string_view octets(buffer.data(), static_cast<size_t>(size));
        if (m_state == State::Handshake)
            handshake(octets);
        else
            received(octets);
    }
    if (m_state == State::Standing && (events & EPOLLOUT) != 0)
        writable();
}

void Tunnel::connected()
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(m_socket, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
        return fail("connect");
    wantWriting(false);
    if (m_route.kind != Route::Kind::Connect)
        return stand();
    const std::string target = "127.0.0." + std::to_string(Route::targetHost(m_index)) + ':'
        + std::to_string(m_route.originPort);
    m_state = State::Handshake;
    if (!sendAll("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
                 + m_route.connectFields + "\r\n"))
        fail("CONNECT could not be sent");
}

void Tunnel::handshake(std::string_view octets)
{
    constexpr size_t mostOctets = 4096;
    m_head += octets;
    const size_t end = m_head.find("\r\n\r\n");
    if (end == std::string::npos) {
        if (m_head.size() > mostOctets)
            fail("the answer to CONNECT has no end");
        return;
    }
    if (!m_head.starts_with("HTTP/1.1 200 ") && !m_head.starts_with("HTTP/1.0 200 "))
        return fail("CONNECT: " + m_head.substr(0, m_head.find('\r')));
    // The origin only speaks when spoken to.
    if (end + 4 != m_head.size())
        return fail("octets behind the answer to CONNECT");
    m_head = {};
    stand();
}

void Tunnel::stand()
{
    m_state = State::Standing;
    if (!sendAll(std::exchange(m_order, {})))
        return fail("the order could not be sent");
    standing();
}

void Tunnel::wantWriting(bool wanted)
{
    m_loop.change(m_socket, EPOLLIN | (wanted ? uint32_t(EPOLLOUT) : 0U), this);
}

size_t Tunnel::sendSome(const char *data, size_t size)
{
    const ssize_t sent = send(m_socket, data, size, MSG_NOSIGNAL);
    if (sent >= 0)
        return static_cast<size_t>(sent);
    if (errno != EAGAIN)
        fail("reset while sending");
    return 0;
}

bool Tunnel::sendAll(std::string_view octets)
{
    // A few hundred bytes into an empty socket fit, or something is wrong.
    return send(m_socket, octets.data(), octets.size(), MSG_NOSIGNAL)
        == static_cast<ssize_t>(octets.size());
}

void Tunnel::finish()
{
    if (m_state == State::Over)
        return;
    close();
    ++m_tally.done;
}

void Tunnel::fail(std::string_view reason)
{
    if (m_state == State::Over)
        return;
    close();
    m_tally.fault(reason);
}

void Tunnel::close()
{
    m_state = State::Over;
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
}

} // namespace sami::bench
