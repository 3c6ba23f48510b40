// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "cpumeter.h"
#include "echotunnel.h"
#include "workloads.h"

#include <algorithm>
#include <sys/wait.h>
#include <unistd.h>

namespace sami::bench {

namespace {

/// What a client process reports over a pipe.
struct ClientResult
{
    uint64_t done = 0;
    uint64_t faults = 0;
    char firstFault[100] = {};
};

ClientResult runClient(const Route &route, const EchoRun &run, TimePoint deadline)
{
    Loop loop;
    Tally tally;
    const EchoTunnels tunnels = runEchoTunnels(loop, route, run, deadline, tally);
    ClientResult result;
    result.done = tally.done;
    result.faults = tally.faults;
    tally.firstFault.copy(result.firstFault, sizeof result.firstFault - 1);
    return result;
}

/// Runs this many processes at once; each makes its share of the tunnels.
std::vector<ClientResult> runClients(unsigned clients, const Route &route, const EchoRun &all,
                                     TimePoint deadline)
{
    int ends[2];
    if (pipe(ends) != 0)
        die("pipe");
    std::vector<pid_t> processes;
    for (unsigned i = 0; i < clients; ++i) {
        EchoRun share = all;
        share.firstIndex = all.firstIndex + all.total * i / clients;
        share.total = all.firstIndex + all.total * (i + 1) / clients - share.firstIndex;
        share.inFlight = all.inFlight * (i + 1) / clients - all.inFlight * i / clients;
        const pid_t process = fork();
        if (process < 0)
            die("fork");
        if (process == 0) {
            const ClientResult result = runClient(route, share, deadline);
            // Smaller than PIPE_BUF, so the write is atomic.
            _exit(write(ends[1], &result, sizeof result) == sizeof result ? 0 : 1);
        }
        processes.push_back(process);
    }
    close(ends[1]);
    std::vector<ClientResult> results;
    for (ClientResult result; read(ends[0], &result, sizeof result) == sizeof result;)
        results.push_back(result);
    close(ends[0]);
    for (const pid_t process : processes)
        waitpid(process, nullptr, 0);
    return results;
}

void judge(const std::vector<ClientResult> &results, unsigned clients, unsigned total,
           Report &report)
{
    uint64_t done = 0;
    for (const ClientResult &result : results) {
        done += result.done;
        report.fault(result.firstFault, result.faults);
    }
    if (results.size() != clients || (report.isValid() && done != total))
        report.fault("not every client came to its end");
}

} // namespace

void runConnect(const Options &options, uint16_t origin, Report &report)
{
    const Route route = options.routeTo(origin);
    EchoRun run;
    run.inFlight = std::max(options.inFlight, options.clients);
    run.size = options.size != 0 ? options.size : 32;
    const TimePoint deadline = Clock::now() + std::chrono::seconds(options.patience);

    // A warm-up: programs that start processes and threads on demand have done so before we count.
    run.total = std::min(options.total, 1000U);
    judge(runClients(options.clients, route, run, deadline), options.clients, run.total, report);
    run.firstIndex = run.total;
    run.total = options.total;

    const CpuMeter cpu(options.pid);
    const TimePoint begin = Clock::now();
    const auto results = runClients(options.clients, route, run, deadline);
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    judge(results, options.clients, options.total, report);

    report.number("total", options.total);
    report.number("in_flight", run.inFlight);
    report.number("clients", options.clients);
    report.number("rate", options.total / seconds);
    if (options.pid != 0)
        report.number("cpu_us_per_connect", cpu.settledSeconds() * 1e6 / options.total);
}

} // namespace sami::bench
