// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "cpumeter.h"
#include "echotunnel.h"
#include "frames.h"
#include "tunnel.h"
#include "workloads.h"

#include <algorithm>
#include <memory>
#include <thread>

namespace sami::bench {

namespace {

/// Receives frames at intervals and records their delays while they are wanted.
class TickTunnel final : public Tunnel
{
public:
    TickTunnel(Loop &loop, const Route &route, unsigned index, Tally &tally, const Options &options,
               size_t frameSize, DelayLog &log)
        : Tunnel(loop, route, index, tally), m_frames(frameSize, index), m_log(log)
    {
        // Spread evenly: different users' streams do not run in lockstep.
        const unsigned phase = index % options.ticking * options.intervalUs / options.ticking;
        start("tick " + std::to_string(options.intervalUs) + ' ' + std::to_string(frameSize) + ' '
              + std::to_string(index) + ' ' + std::to_string(phase) + '\n');
        stay();
    }

private:
    void received(std::string_view octets) override
    {
        if (!m_frames.feed(octets, m_log))
            fail("a wrong tick came");
    }

    FrameReader m_frames;
    DelayLog &m_log;
};

/// One pass: silent tunnels, then ticking ones in addition, then a measured window.
struct Pass
{
    double bytesPerSilent = 0;
    double cpuSeconds = 0;
    DelayLog log;
};

Pass runPass(const Options &options, const Route &route, unsigned firstIndex, Report &report)
{
    const TimePoint deadline = Clock::now() + std::chrono::seconds(options.patience);
    const auto root = static_cast<pid_t>(options.pid);
    const bool accounted = options.pid != 0 && route.kind != Route::Kind::Direct;
    Pass pass;
    Loop loop;
    Tally tally;

    EchoRun run;
    run.inFlight = options.inFlight;
    run.size = 512;
    // A warm-up: what is loaded or allocated once does not belong to a tunnel.
    run.total = 200;
    run.firstIndex = firstIndex;
    (void)runEchoTunnels(loop, route, run, deadline, tally);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));

    const double before = accounted ? processtree::memoryBytes(root) : 0;
    run.total = options.silent;
    run.firstIndex = firstIndex + 200;
    run.afterwards = EchoTunnel::Afterwards::StaySilent;
    const EchoTunnels silent = runEchoTunnels(loop, route, run, deadline, tally);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    if (accounted && options.silent > 0)
        pass.bytesPerSilent = (processtree::memoryBytes(root) - before) / options.silent;

    std::vector<std::unique_ptr<TickTunnel>> ticking;
    for (unsigned i = 0; i < options.ticking && tally.faults == 0; ++i) {
        ticking.push_back(std::make_unique<TickTunnel>(loop, route, firstIndex + i, tally, options,
                                                       options.size != 0 ? options.size : 200,
                                                       pass.log));
    }
    const auto pollFor = [&](std::chrono::milliseconds time) {
        (void)pollUntil(loop, Clock::now() + time, [&] { return tally.faults > 0; });
    };
    pollFor(std::chrono::seconds(1)); // until all of them tick
    pass.log.milliseconds.reserve(size_t(2'000'000));
    const CpuMeter cpu(accounted ? options.pid : 0);
    pass.log.isOn = true;
    pollFor(std::chrono::seconds(options.seconds));
    pass.log.isOn = false;
    pass.cpuSeconds = cpu.seconds();

    report.fault(tally.firstFault, tally.faults);
    const double due = 1e6 * options.seconds * options.ticking / options.intervalUs;
    if (static_cast<double>(pass.log.milliseconds.size()) < due / 2)
        report.fault("most ticks did not come in time");
    return pass;
}

} // namespace

void runWait(const Options &options, uint16_t origin, Report &report)
{
    report.number("silent", options.silent);
    report.number("ticking", options.ticking);
    const Route direct { Route::Kind::Direct, 0, origin };
    Options shorter = options;
    shorter.seconds = std::min(options.seconds, 5U);
    Pass without = runPass(shorter, direct, 0, report);
    report.delays("direct", without.log.milliseconds);
    if (options.route == Route::Kind::Direct)
        return;

    Pass with = runPass(options, options.routeTo(origin), 100'000, report);
    report.number("ticks", static_cast<double>(with.log.milliseconds.size()));
    if (options.pid != 0 && !with.log.milliseconds.empty()) {
        report.number("cpu_us_per_tick",
                      with.cpuSeconds * 1e6 / static_cast<double>(with.log.milliseconds.size()));
        report.number("pss_bytes_per_silent", with.bytesPerSilent);
    }
    report.delays("proxied", with.log.milliseconds);
    report.addedDelays("proxied", "direct");
}

} // namespace sami::bench
