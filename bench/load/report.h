// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sami::bench {

/// A workload's results, printed as one JSON object. A run with a single fault is invalid: its
/// figures may be those of errors.
class Report
{
public:
    explicit Report(const std::string &workload);

    void text(const std::string &name, const std::string &value);
    void number(const std::string &name, double value);
    /// Median, 99th percentile and maximum, in milliseconds; no delays count as a fault.
    void delays(const std::string &prefix, std::vector<float> &milliseconds);
    /// By how much `slow`'s delays exceed `fast`'s; both were reported before.
    void addedDelays(const std::string &slow, const std::string &fast);
    /// Counts a fault; the first few reasons are printed.
    void fault(const std::string &reason, uint64_t times = 1);

    [[nodiscard]] bool isValid() const { return m_faults == 0; }
    /// Prints the report and returns the process's exit code.
    [[nodiscard]] int print();

private:
    std::vector<std::string> m_members;
    std::map<std::string, double> m_numbers;
    std::map<std::string, uint64_t> m_reasons;
    uint64_t m_faults = 0;
};

} // namespace sami::bench
