// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "frames.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace sami::bench {

namespace {

/// "data: TIME TAG NUMBER ", padding, two line endings.
constexpr size_t timeAt = 6;
constexpr size_t timeDigits = 16;

std::string build(size_t size, long long time, uint32_t tag, uint32_t number)
{
    char start[frames::minimumSize];
    const int length = std::snprintf(start, sizeof start, "data: %016llx %08x %08x ",
                                     static_cast<unsigned long long>(time), tag, number);
    std::string frame(start, static_cast<size_t>(length));
    frame.resize(size - 2, static_cast<char>('a' + number % 26));
    return frame + "\n\n";
}

long long now()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
        .count();
}

} // namespace

std::string frames::make(size_t size, uint32_t tag, uint32_t number)
{
    return build(size, now(), tag, number);
}

bool FrameReader::feed(std::string_view octets, DelayLog &log)
{
    if (m_pending.empty()) {
        for (; octets.size() >= m_size; octets.remove_prefix(m_size)) {
            if (!check(octets.substr(0, m_size), log))
                return false;
        }
    }
    while (!octets.empty()) {
        const size_t taken = std::min(octets.size(), m_size - m_pending.size());
        m_pending.append(octets.substr(0, taken));
        octets.remove_prefix(taken);
        if (m_pending.size() < m_size)
            break;
        const std::string frame = std::exchange(m_pending, {});
        if (!check(frame, log))
            return false;
    }
    return true;
}

bool FrameReader::check(std::string_view frame, DelayLog &log)
{
    const std::string digits(frame.substr(timeAt, timeDigits));
    char *end = nullptr;
    const auto sent = static_cast<long long>(std::strtoull(digits.c_str(), &end, 16));
    if (*end != '\0' || frame != build(m_size, sent, m_tag, m_next))
        return false;
    ++m_next;
    if (log.isOn)
        log.milliseconds.push_back(static_cast<float>(now() - sent) * 1e-6F);
    return true;
}

} // namespace sami::bench
