// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "options.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace sami::bench {

namespace {

struct Number
{
    const char *name;
    unsigned Options::*member;
    const char *help;
};

constexpr Number numbers[] = {
    { "--proxy-port", &Options::proxyPort, "the proxy on 127.0.0.1" },
    { "--pid", &Options::pid, "its root process, for CPU and memory" },
    { "--beside", &Options::beside, "a helper of the load's own, which disturbs nothing" },
    { "--origin-port", &Options::originPort, "a fixed port for the origin (raw relays need one)" },
    { "--secure-origin-port", &Options::secureOriginPort,
      "forward: ask for https:// targets at this port" },
    { "--origins", &Options::origins, "origin processes" },
    { "--clients", &Options::clients, "connect: client processes" },
    { "--total", &Options::total, "connect, forward: how many in all" },
    { "--in-flight", &Options::inFlight, "connect, forward: how many at a time" },
    { "--tunnels", &Options::tunnels, "stream: tunnels; sse: streams" },
    { "--megabytes", &Options::megabytes, "stream: per tunnel" },
    { "--silent", &Options::silent, "wait: silent tunnels" },
    { "--ticking", &Options::ticking, "wait: ticking tunnels" },
    { "--interval-us", &Options::intervalUs, "wait, sse: between two frames" },
    { "--size", &Options::size, "octets of an echo, a frame, a response" },
    { "--seconds", &Options::seconds, "wait, sse: how long is measured" },
    { "--patience", &Options::patience, "seconds after which a workload gives up" },
};

[[noreturn]] void usage()
{
    std::fputs("sami-bench-load connect|stream|wait|forward|sse [options]\n"
               "  --route connect|raw|direct    default connect\n"
               "  --direction down|up           stream: default down\n"
               "  --credentials BASE64          connect, wait: user and password of each CONNECT\n",
               stderr);
    for (const Number &number : numbers)
        std::fprintf(stderr, "  %-29s %s\n", (std::string(number.name) + " N").c_str(),
                     number.help);
    std::exit(2);
}

bool takeWord(Options &options, const char *name, const std::string &value)
{
    if (std::strcmp(name, "--direction") == 0 && (value == "down" || value == "up")) {
        options.direction = value;
        return true;
    }
    if (std::strcmp(name, "--credentials") == 0) {
        options.credentials = value;
        return true;
    }
    if (std::strcmp(name, "--route") != 0)
        return false;
    if (value == "connect")
        options.route = Route::Kind::Connect;
    else if (value == "raw")
        options.route = Route::Kind::Raw;
    else if (value == "direct")
        options.route = Route::Kind::Direct;
    else
        return false;
    return true;
}

bool takeNumber(Options &options, const char *name, const std::string &value)
{
    for (const Number &number : numbers) {
        if (std::strcmp(name, number.name) != 0)
            continue;
        unsigned &member = options.*number.member;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), member);
        return error == std::errc() && end == value.data() + value.size();
    }
    return false;
}

} // namespace

Options parseOptions(int argc, char **argv)
{
    Options options;
    if (argc < 2 || argc % 2 != 0)
        usage();
    options.workload = argv[1];
    for (int i = 2; i < argc; i += 2) {
        if (!takeWord(options, argv[i], argv[i + 1]) && !takeNumber(options, argv[i], argv[i + 1]))
            usage();
    }
    const bool proxied = options.route != Route::Kind::Direct;
    if (proxied != (options.proxyPort != 0) || options.proxyPort > 65535
        || options.originPort > 65535 || options.secureOriginPort > 65535 || options.clients == 0
        || options.origins == 0)
        usage();
    return options;
}

} // namespace sami::bench
