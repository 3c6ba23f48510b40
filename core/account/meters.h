// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/enumranges.h"
#include "account/ledger.h"

#include <array>
#include <atomic>
#include <chrono>
#include <vector>

namespace sami::account {

/// A histogram of durations. A value.
struct DurationCounts
{
    struct Step
    {
        std::chrono::milliseconds upTo {}; ///< inclusive
        quint64 count = 0;                 ///< of durations longer than the previous step
    };

    std::vector<Step> steps; ///< in ascending order
    quint64 longer = 0;      ///< of durations longer than the last step
    std::chrono::microseconds sum {};
};

/// Counts durations by length. Lock-free: written by all workers, read by anyone. Its memory is
/// fixed.
class DurationMeter
{
    Q_DISABLE_COPY_MOVE(DurationMeter)

public:
    /// The longest duration of each step, ascending.
    using Steps = std::array<std::chrono::milliseconds, 13>;

    /// `steps` must live as long as the program.
    explicit DurationMeter(const Steps &steps) : m_steps(steps) {}
    ~DurationMeter() = default;

    /// A negative duration counts as zero.
    void count(Clock::duration duration);
    [[nodiscard]] DurationCounts read() const;

private:
    const Steps &m_steps;
    std::array<std::atomic<quint64>, std::tuple_size_v<Steps> + 1> m_counts {};
    std::atomic<qint64> m_microseconds { 0 };
};

/// What Meters has counted since it was created. A value.
struct MeterReading
{
    PerValue<EndedBy, PerValue<EndedHow>> ended; ///< requests, tunnels, and idle connections
    PerValue<policy::Refusal> refused;
    PerValue<policy::Refusal> reported; ///< of report-only rules
    PerValue<net::DialFault> dialFaults;
    PerValue<TlsVersion> handshakes; ///< completed; always 0 for TlsVersion::None
    PerValue<net::TlsAcceptFault> handshakeFaults;
    quint64 handshakeTimeouts = 0;
    quint64 handshakesWithoutRoom = 0; ///< refused for lack of memory
    DurationCounts dial;
    // Of work that reached an upstream:
    DurationCounts firstByte;
    DurationCounts silence; ///< the longest one of each
    DurationCounts duration;
};

/// A sink that counts, for monitoring from outside. No client input ever becomes a counter: there
/// is one for each value of our own enums, created with this object, and none ever decreases.
/// Lock-free: each count is a few relaxed additions. Owned by the books, which create it when
/// metrics are requested.
///
/// | call                     | counts                                                          |
/// |--------------------------|-----------------------------------------------------------------|
/// | closed(), the shell's own| nothing                                                         |
/// | closed()                 | who ended it and how; the dial's fault if that was the reason;  |
/// |                          | how long the dial took, if it succeeded                         |
/// | ... that reached an      | first byte, if there was one; longest silence; duration         |
/// | upstream                 |                                                                 |
/// | unserved()               | who ended it and how                                            |
/// | refused()                | the rule, as a refusal or as a report                           |
/// | handshakeEnded()         | the version, or why it failed                                   |
///
/// Work reached an upstream when something went up or came down after a dial or over a kept
/// connection: a page of our own, a refusal and a failed dial have no part in the durations.
class Meters final : public Sink
{
public:
    Meters();

    void closed(const FinishedWork &work) override;
    void refused(const Refused &refused) override;
    void unserved(const Ending &ending) override;
    void handshakeEnded(const Handshake &handshake) override;

    /// Thread-safe. Each counter is exact by itself; two of them may differ by an ending in
    /// progress.
    [[nodiscard]] MeterReading read() const;

private:
    template <typename Enum> using Counters = PerValue<Enum, std::atomic<quint64>>;

    PerValue<EndedBy, Counters<EndedHow>> m_ended;
    Counters<policy::Refusal> m_refused;
    Counters<policy::Refusal> m_reported;
    Counters<net::DialFault> m_dialFaults;
    Counters<TlsVersion> m_handshakes;
    Counters<net::TlsAcceptFault> m_handshakeFaults;
    std::atomic<quint64> m_handshakeTimeouts { 0 };
    std::atomic<quint64> m_handshakesWithoutRoom { 0 };
    DurationMeter m_dial;
    DurationMeter m_firstByte;
    DurationMeter m_silence;
    DurationMeter m_duration;
};

} // namespace sami::account
