// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "disturbance.h"
#include "origin.h"
#include "workloads.h"

#include <cstdio>

/// sami-bench-load WORKLOAD [options]: runs one workload against one proxy and prints one JSON
/// object. Exits 0 if every response was right, 1 if not, 2 on a wrong command line.
int main(int argc, char **argv)
{
    using namespace sami::bench;
    const Options options = parseOptions(argc, argv);
    raiseDescriptorLimit();
    const Origin origin(static_cast<uint16_t>(options.originPort),
                        static_cast<int>(options.origins));

    Report report(options.workload);
    const Disturbance disturbance(static_cast<pid_t>(options.pid),
                                  static_cast<pid_t>(options.beside));
    if (options.workload == "connect")
        runConnect(options, origin.port(), report);
    else if (options.workload == "stream")
        runStream(options, origin.port(), report);
    else if (options.workload == "wait")
        runWait(options, origin.port(), report);
    else if (options.workload == "forward")
        runForward(options, origin.port(), report);
    else if (options.workload == "sse")
        runSse(options, origin.port(), report);
    else
        report.fault("no such workload");
    if (options.pid != 0)
        report.number("disturbance", disturbance.share());
    return report.print();
}
