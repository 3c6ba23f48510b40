// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "cpumeter.h"
#include "httpclient.h"
#include "pattern.h"
#include "workloads.h"

#include <algorithm>
#include <memory>

namespace sami::bench {

namespace {

/// Sends requests until there are none left.
class Asker final : public HttpClient
{
public:
    Asker(Loop &loop, const Route &route, unsigned index, Tally &tally, size_t size, unsigned &left)
        : HttpClient(loop, route, index, tally), m_size(size), m_left(left)
    {}

    void askNext()
    {
        if (m_left == 0)
            return;
        --m_left;
        m_received = 0;
        ask('/' + std::to_string(m_size));
    }

private:
    bool body(std::string_view octets) override
    {
        const bool good = pattern::matches(octets.data(), octets.size(), m_received);
        m_received += octets.size();
        return good;
    }

    bool responded() override
    {
        const bool good = m_received == m_size;
        askNext();
        return good;
    }

    size_t m_size;
    size_t m_received = 0;
    unsigned &m_left;
};

} // namespace

void runForward(const Options &options, uint16_t origin, Report &report)
{
    const Route route = options.routeTo(origin);
    const TimePoint deadline = Clock::now() + std::chrono::seconds(options.patience);
    Loop loop;
    Tally tally;
    unsigned left = 0;
    std::vector<std::unique_ptr<Asker>> askers;
    for (unsigned i = 0; i < options.inFlight; ++i)
        askers.push_back(std::make_unique<Asker>(loop, route, i, tally,
                                                 options.size != 0 ? options.size : 1024, left));
    const auto run = [&](unsigned total) {
        left = total;
        for (const auto &asker : askers)
            asker->askNext();
        const bool ended = pollUntil(loop, deadline, [&] {
            return tally.faults > 0 || (left == 0 && tally.inFlight() <= 0);
        });
        if (!ended)
            report.fault("forward: not done in time");
    };
    const auto connections = [&] {
        unsigned sum = 0;
        for (const auto &asker : askers)
            sum += asker->connections();
        return sum;
    };

    run(std::min(options.total, 1000U)); // warms up connections and pools
    const unsigned before = connections();
    const CpuMeter cpu(options.pid);
    const TimePoint begin = Clock::now();
    run(options.total);
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    report.fault(tally.firstFault, tally.faults);

    report.number("total", options.total);
    report.number("in_flight", options.inFlight);
    report.number("new_connections", connections() - before);
    report.number("rate", options.total / seconds);
    if (options.pid != 0)
        report.number("cpu_us_per_request", cpu.settledSeconds() * 1e6 / options.total);
}

} // namespace sami::bench
