// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "sockets.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sami::bench {

namespace {

sockaddr_in loopback(unsigned host, uint16_t port)
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(0x7f000000U + host);
    address.sin_port = htons(port);
    return address;
}

} // namespace

void die(const char *what)
{
    std::fprintf(stderr, "sami-bench-load: %s: %s\n", what, std::strerror(errno));
    std::exit(1);
}

void raiseDescriptorLimit()
{
    rlimit limit {};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        die("setrlimit");
}

int startConnect(const Route &route, unsigned index)
{
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return -1;
    setNoDelay(descriptor);
    // Chooses the port at connect(), when the address pair is known.
    const int on = 1;
    setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    const sockaddr_in source = loopback(1 + index / 16 % 16, 0);
    const bool direct = route.kind == Route::Kind::Direct;
    const sockaddr_in target = direct ? loopback(Route::targetHost(index), route.originPort)
                                      : loopback(1, route.proxyPort);
    if (bind(descriptor, reinterpret_cast<const sockaddr *>(&source), sizeof source) != 0
        || (connect(descriptor, reinterpret_cast<const sockaddr *>(&target), sizeof target) != 0
            && errno != EINPROGRESS)) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

int listenOnLoopback(uint16_t port)
{
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        die("socket");
    const int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // Any address, because 127.0.0.1 to .16 are needed; it lives for seconds.
    sockaddr_in address = loopback(0, port);
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    if (bind(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        die("bind");
    if (listen(descriptor, 4096) != 0)
        die("listen");
    return descriptor;
}

uint16_t localPort(int descriptor)
{
    sockaddr_in address {};
    socklen_t size = sizeof address;
    if (getsockname(descriptor, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        die("getsockname");
    return ntohs(address.sin_port);
}

void setNoDelay(int descriptor)
{
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace sami::bench
