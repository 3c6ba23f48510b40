// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "cpumeter.h"
#include "pattern.h"
#include "tunnel.h"
#include "workloads.h"

#include <algorithm>
#include <memory>

namespace sami::bench {

namespace {

/// Receives this many bytes from the origin.
class DownTunnel final : public Tunnel
{
public:
    DownTunnel(Loop &loop, const Route &route, unsigned index, Tally &tally, uint64_t octets)
        : Tunnel(loop, route, index, tally), m_at(pattern::startOf(index)), m_left(octets)
    {
        start("down " + std::to_string(octets) + ' ' + std::to_string(m_at) + '\n');
    }

private:
    void received(std::string_view octets) override
    {
        if (octets.size() > m_left || !pattern::matches(octets.data(), octets.size(), m_at))
            return fail("a wrong octet came down");
        m_at += octets.size();
        m_left -= octets.size();
        if (m_left == 0)
            finish();
    }

    uint64_t m_at;
    uint64_t m_left;
};

/// Sends this many bytes; the origin confirms the last one.
class UpTunnel final : public Tunnel
{
public:
    UpTunnel(Loop &loop, const Route &route, unsigned index, Tally &tally, uint64_t octets)
        : Tunnel(loop, route, index, tally), m_at(pattern::startOf(index)), m_left(octets)
    {
        start("up " + std::to_string(octets) + ' ' + std::to_string(m_at) + '\n');
    }

private:
    void standing() override { wantWriting(true); }

    void writable() override
    {
        const size_t sent =
            sendSome(pattern::at(m_at), std::min<uint64_t>(m_left, pattern::period));
        m_at += sent;
        m_left -= sent;
        if (m_left == 0)
            wantWriting(false);
    }

    void received(std::string_view octets) override
    {
        m_answer += octets;
        if (m_answer.size() < 3)
            return;
        if (m_left != 0 || m_answer != "ok\n")
            return fail("the origin did not say ok");
        finish();
    }

    uint64_t m_at;
    uint64_t m_left;
    std::string m_answer;
};

} // namespace

void runStream(const Options &options, uint16_t origin, Report &report)
{
    const Route route = options.routeTo(origin);
    const uint64_t octets = uint64_t(options.megabytes) * 1'000'000;
    Loop loop;
    Tally tally;
    std::vector<std::unique_ptr<Tunnel>> tunnels;
    (void)pattern::at(0); // generated on first use

    const CpuMeter cpu(options.pid);
    const TimePoint begin = Clock::now();
    for (unsigned i = 0; i < options.tunnels; ++i) {
        if (options.direction == "down")
            tunnels.push_back(std::make_unique<DownTunnel>(loop, route, i, tally, octets));
        else
            tunnels.push_back(std::make_unique<UpTunnel>(loop, route, i, tally, octets));
    }
    const bool ended = pollUntil(loop, begin + std::chrono::seconds(options.patience),
                                 [&] { return tally.inFlight() <= 0; });
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    report.fault(tally.firstFault, tally.faults);
    if (!ended)
        report.fault("stream: not done in time");

    const double gigabytes = static_cast<double>(octets) * options.tunnels * 1e-9;
    report.text("direction", options.direction);
    report.number("tunnels", options.tunnels);
    report.number("gigabytes", gigabytes);
    report.number("gigabytes_per_second", gigabytes / seconds);
    if (options.pid != 0)
        report.number("cpu_s_per_gigabyte", cpu.settledSeconds() / gigabytes);
}

} // namespace sami::bench
