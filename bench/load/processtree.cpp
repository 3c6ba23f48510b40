// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "processtree.h"

#include <cctype>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace sami::bench::processtree {

namespace {

struct Stat
{
    pid_t pid = 0;
    pid_t parent = 0;
    long childTicks = 0; ///< cutime + cstime, fields 16 and 17 of proc(5)
};

std::optional<Stat> readStat(const std::string &pid)
{
    std::ifstream file("/proc/" + pid + "/stat");
    std::string text;
    if (!std::getline(file, text))
        return std::nullopt;
    // The name in parentheses may contain anything: the fields start after the last one.
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    Stat stat;
    stat.pid = static_cast<pid_t>(std::stol(pid));
    std::string skipped;
    fields >> skipped >> stat.parent;
    for (int field = 5; field <= 15; ++field)
        fields >> skipped;
    long userTicks = 0;
    long systemTicks = 0;
    if (!(fields >> userTicks >> systemTicks))
        return std::nullopt;
    stat.childTicks = userTicks + systemTicks;
    return stat;
}

std::vector<Stat> tree(pid_t root)
{
    std::vector<Stat> all;
    std::error_code ended; // processes come and go during the iteration
    for (std::filesystem::directory_iterator at("/proc", ended), end; !ended && at != end;
         at.increment(ended)) {
        const std::string name = at->path().filename().string();
        if (std::isdigit(static_cast<unsigned char>(name.front())) == 0)
            continue;
        if (const auto stat = readStat(name))
            all.push_back(*stat);
    }
    std::vector<Stat> found;
    for (const Stat &stat : all) {
        if (stat.pid == root)
            found.push_back(stat);
    }
    for (size_t i = 0; i < found.size(); ++i) {
        const pid_t parent = found[i].pid;
        for (const Stat &stat : all) {
            if (stat.parent == parent)
                found.push_back(stat);
        }
    }
    return found;
}

} // namespace

double cpuSeconds(pid_t root)
{
    double seconds = 0;
    const auto ticksPerSecond = static_cast<double>(sysconf(_SC_CLK_TCK));
    for (const Stat &stat : tree(root)) {
        clockid_t clock {};
        timespec used {};
        if (clock_getcpuclockid(stat.pid, &clock) == 0 && clock_gettime(clock, &used) == 0)
            seconds += static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
        seconds += static_cast<double>(stat.childTicks) / ticksPerSecond;
    }
    return seconds;
}

double memoryBytes(pid_t root)
{
    double bytes = 0;
    for (const Stat &stat : tree(root)) {
        std::ifstream file("/proc/" + std::to_string(stat.pid) + "/smaps_rollup");
        for (std::string line; std::getline(file, line);) {
            if (line.starts_with("Pss:"))
                bytes += std::stod(line.substr(4)) * 1024;
        }
    }
    return bytes;
}

} // namespace sami::bench::processtree
