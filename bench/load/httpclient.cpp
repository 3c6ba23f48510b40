// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "httpclient.h"

#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sami::bench {

void HttpClient::ask(const std::string &path)
{
    const bool secure = m_route.secureOriginPort != 0;
    const std::string origin = "127.0.0." + std::to_string(Route::targetHost(m_index)) + ':'
        + std::to_string(secure ? m_route.secureOriginPort : m_route.originPort);
    // Through a raw relay the origin gets the request unchanged, so it must be in origin-form.
    const bool absolute = m_route.kind == Route::Kind::Connect;
    m_request = "GET " + (absolute ? (secure ? "https://" : "http://") + origin : "") + path
        + " HTTP/1.1\r\nHost: " + origin
        + "\r\nUser-Agent: sami-bench-load\r\nAccept: */*\r\n"
          "Authorization: Bearer sk-0123456789abcdef0123456789abcdef\r\n\r\n";
    ++m_tally.started;
    m_busy = true;
    if (m_socket < 0)
        connect();
    else
        send();
}

void HttpClient::connect()
{
    // A new index for each connection, because a closed one holds its port for a minute.
    m_socket = startConnect(m_route, m_index + 16 * m_connections++);
    if (m_socket < 0)
        return fail("connect");
    m_reused = false;
    m_connecting = true;
    m_loop.add(m_socket, EPOLLOUT, this);
}

void HttpClient::send()
{
    m_reader.reset();
    const ssize_t sent = ::send(m_socket, m_request.data(), m_request.size(), MSG_NOSIGNAL);
    // A few bytes into an empty socket must fit. If the peer has just closed, ended() asks again.
    if (sent != static_cast<ssize_t>(m_request.size()) && !m_reused)
        fail("the request could not be sent");
}

void HttpClient::ready(uint32_t /*events*/)
{
    if (m_connecting) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(m_socket, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0)
            return fail("connect");
        m_connecting = false;
        m_loop.change(m_socket, EPOLLIN, this);
        return send();
    }
    std::vector<char> &buffer = sharedBuffer();
    const ssize_t size = recv(m_socket, buffer.data(), buffer.size(), 0);
    if (size > 0)
        received({ buffer.data(), static_cast<size_t>(size) });
    else if (size == 0 || errno != EAGAIN)
        ended();
}

void HttpClient::received(std::string_view octets)
{
    if (!m_busy)
        return fail("octets that nobody asked for");
    for (;;) {
        const HttpReader::Step step = m_reader.next(octets);
        octets.remove_prefix(step.consumed);
        switch (step.status) {
        case HttpReader::Status::NeedMore:
            return;
        case HttpReader::Status::Failed:
            return fail("a malformed response, or not a 200");
        case HttpReader::Status::Body:
            if (!body(step.body))
                return fail("a wrong octet in a response");
            break;
        case HttpReader::Status::Done:
            return octets.empty() ? finishResponse() : fail("octets behind a response");
        }
    }
}

void HttpClient::ended()
{
    close();
    if (!m_busy)
        return; // an idle connection may close at any time
    if (m_reader.endsWithClose())
        return finishResponse();
    // RFC 9112 §9.3.1: a kept connection closed before any response; ask again on a new one.
    if (m_reused && !m_reader.hasBegun())
        return connect();
    fail("closed amid a response");
}

void HttpClient::finishResponse()
{
    if (m_reader.closes())
        close();
    m_reused = true;
    m_busy = false;
    ++m_tally.done;
    if (!responded())
        fail("a response of the wrong size");
}

void HttpClient::fail(std::string_view reason)
{
    close();
    m_busy = false;
    m_tally.fault(reason);
}

void HttpClient::close()
{
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
}

} // namespace sami::bench
