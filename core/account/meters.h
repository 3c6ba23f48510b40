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

/// How many durations were how long. A value.
struct DurationCounts
{
    struct Step
    {
        std::chrono::milliseconds upTo {}; ///< included
        quint64 count = 0;                 ///< longer than the step before allows
    };

    std::vector<Step> steps; ///< the shortest first
    quint64 longer = 0;      ///< than the last step allows
    std::chrono::microseconds sum {};
};

/// Counts durations by their length. Lock-free: written by all workers, read by anyone. Its memory
/// is fixed.
class DurationMeter
{
    Q_DISABLE_COPY_MOVE(DurationMeter)

public:
    /// The longest duration of each step, ascending.
    using Steps = std::array<std::chrono::milliseconds, 13>;

    /// `steps` live as long as the program.
    explicit DurationMeter(const Steps &steps) : m_steps(steps) {}
    ~DurationMeter() = default;

    /// A negative one counts as none.
    void count(Clock::duration duration);
    [[nodiscard]] DurationCounts read() const;

private:
    const Steps &m_steps;
    std::array<std::atomic<quint64>, std::tuple_size_v<Steps> + 1> m_counts {};
    std::atomic<qint64> m_microseconds { 0 };
};

/// What Meters has counted since it began. A value.
struct MeterReading
{
    PerValue<EndedBy, PerValue<EndedHow>> ended; ///< requests, tunnels, and idle connections
    PerValue<policy::Refusal> refused;
    PerValue<policy::Refusal> reported; ///< of rules that are only reported
    PerValue<net::DialFault> dialFaults;
    PerValue<TlsVersion> handshakes; ///< completed; none for TlsVersion::None
    PerValue<net::TlsAcceptFault> handshakeFaults;
    quint64 handshakeTimeouts = 0;
    quint64 handshakesWithoutRoom = 0; ///< refused for the memory that they take
    DurationCounts dial;
    // Of what reached an upstream:
    DurationCounts firstByte;
    DurationCounts silence; ///< the longest of each
    DurationCounts duration;
};

/// A sink that counts, for whoever watches the proxy from outside. Nothing that a client says
/// becomes a counter: there is one for each value of our own enums, made with this object, and a
/// counter never goes backwards. Lock-free: each count is a few relaxed additions. Belongs to the
/// books, which make it when somebody asks for metrics.
///
/// | told                     | counts                                                          |
/// |--------------------------|-----------------------------------------------------------------|
/// | closed(), the shell's own| nothing                                                         |
/// | closed()                 | who ended it and how; the dial's fault if that was the reason;  |
/// |                          | how long the dial took, if it stood                             |
/// | ... that reached an      | first byte, if there was one; longest silence; duration         |
/// | upstream                 |                                                                 |
/// | unserved()               | who ended it and how                                            |
/// | refused()                | the rule, as a refusal or as a report                           |
/// | shookHands()             | the version, or why it failed                                   |
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
    void shookHands(const Handshake &handshake) override;

    /// From any thread. Each counter by itself is exact; two of them may be an end apart.
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
