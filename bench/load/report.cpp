// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace sami::bench {

namespace {

std::string quoted(const std::string &text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return result + '"';
}

/// The value that this share of the sorted values does not exceed.
double percentile(const std::vector<float> &sorted, double share)
{
    const auto last = static_cast<double>(sorted.size() - 1);
    return static_cast<double>(sorted[static_cast<size_t>(std::lround(last * share))]);
}

} // namespace

Report::Report(const std::string &workload)
{
    text("workload", workload);
}

void Report::text(const std::string &name, const std::string &value)
{
    m_members.push_back(quoted(name) + ": " + quoted(value));
}

void Report::number(const std::string &name, double value)
{
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.10g", value);
    m_members.push_back(quoted(name) + ": " + buffer);
    m_numbers[name] = value;
}

void Report::delays(const std::string &prefix, std::vector<float> &milliseconds)
{
    if (milliseconds.empty()) {
        fault(prefix + ": nothing came");
        return;
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    number(prefix + "_p50_ms", percentile(milliseconds, 0.5));
    number(prefix + "_p99_ms", percentile(milliseconds, 0.99));
    number(prefix + "_max_ms", static_cast<double>(milliseconds.back()));
}

void Report::addedDelays(const std::string &slow, const std::string &fast)
{
    if (!isValid())
        return;
    for (const char *which : { "_p50_ms", "_p99_ms" })
        number("added" + std::string(which),
               m_numbers.at(slow + which) - m_numbers.at(fast + which));
}

void Report::fault(const std::string &reason, uint64_t times)
{
    if (times == 0)
        return;
    m_faults += times;
    if (m_reasons.size() < 5 || m_reasons.contains(reason))
        m_reasons[reason] += times;
}

int Report::print()
{
    number("faults", static_cast<double>(m_faults));
    std::string reasons;
    for (const auto &[reason, times] : m_reasons)
        reasons += (reasons.empty() ? "" : "; ") + reason + " (" + std::to_string(times) + ")";
    if (!reasons.empty())
        text("reasons", reasons);
    std::string members;
    for (const std::string &member : m_members)
        members += member + ", ";
    std::printf("{%s\"valid\": %s}\n", members.c_str(), isValid() ? "true" : "false");
    return isValid() ? 0 : 1;
}

} // namespace sami::bench
