// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "cpumeter.h"
#include "frames.h"
#include "httpclient.h"
#include "workloads.h"

#include <algorithm>
#include <memory>

namespace sami::bench {

namespace {

/// Reads one event stream and records its delays while they are wanted.
class Listener final : public HttpClient
{
public:
    Listener(Loop &loop, const Route &route, unsigned index, Tally &tally, size_t frameSize,
             DelayLog &log)
        : HttpClient(loop, route, index, tally), m_frames(frameSize, index), m_log(log)
    {}

private:
    bool body(std::string_view octets) override { return m_frames.feed(octets, m_log); }
    bool responded() override { return false; } // it never ends

    FrameReader m_frames;
    DelayLog &m_log;
};

struct Pass
{
    double cpuSeconds = 0;
    DelayLog log;
};

Pass runPass(const Options &options, const Route &route, unsigned seconds, Report &report)
{
    const size_t size = options.size != 0 ? options.size : 200;
    Pass pass;
    Loop loop;
    Tally tally;
    std::vector<std::unique_ptr<Listener>> listeners;
    for (unsigned i = 0; i < options.tunnels; ++i) {
        listeners.push_back(std::make_unique<Listener>(loop, route, i, tally, size, pass.log));
        listeners.back()->ask("/sse?" + std::to_string(options.intervalUs) + '&'
                              + std::to_string(size) + '&' + std::to_string(i) + '&'
                              + std::to_string(i * options.intervalUs / options.tunnels));
    }
    const auto pollFor = [&](std::chrono::milliseconds time) {
        (void)pollUntil(loop, Clock::now() + time, [&] { return tally.faults > 0; });
    };
    pollFor(std::chrono::seconds(1)); // until all of them tick
    pass.log.milliseconds.reserve(size_t(1'000'000));
    const CpuMeter cpu(route.kind == Route::Kind::Direct ? 0 : options.pid);
    pass.log.isOn = true;
    pollFor(std::chrono::seconds(seconds));
    pass.log.isOn = false;
    pass.cpuSeconds = cpu.seconds();

    report.fault(tally.firstFault, tally.faults);
    const double due = 1e6 * seconds * options.tunnels / options.intervalUs;
    if (static_cast<double>(pass.log.milliseconds.size()) < due / 2)
        report.fault("most events did not come in time");
    return pass;
}

} // namespace

void runSse(const Options &options, uint16_t origin, Report &report)
{
    report.number("streams", options.tunnels);
    const Route direct { Route::Kind::Direct, 0, origin };
    Pass without = runPass(options, direct, std::min(options.seconds, 5U), report);
    report.delays("direct", without.log.milliseconds);
    if (options.route == Route::Kind::Direct)
        return;
    Pass with = runPass(options, options.routeTo(origin), options.seconds, report);
    report.number("events", static_cast<double>(with.log.milliseconds.size()));
    if (options.pid != 0 && !with.log.milliseconds.empty())
        report.number("cpu_us_per_event",
                      with.cpuSeconds * 1e6 / static_cast<double>(with.log.milliseconds.size()));
    report.delays("proxied", with.log.milliseconds);
    report.addedDelays("proxied", "direct");
}

} // namespace sami::bench
