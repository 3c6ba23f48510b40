// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <array>
#include <atomic>
#include <memory>

namespace sami::net {

class SplicePipe;

/// How many kernel pipes the streams of one proxy may use to pass bulk on without copying it, each
/// of which costs two descriptors while it lives; and those that are empty and wait for their next
/// use. There are none but on Linux. Must outlive the pipes. Thread-safe, without a lock: it is
/// asked with each bulky read.
class PipeBudget
{
    Q_DISABLE_COPY_MOVE(PipeBudget)

public:
    PipeBudget();
    ~PipeBudget();

    /// None before the first call. Pipes in use keep counting, idle ones over it are closed.
    void setLimit(int pipes);
    /// An empty pipe, or null when the budget or the descriptors are used up.
    [[nodiscard]] std::unique_ptr<SplicePipe> take();
    /// Closes it unless it is empty and few wait already.
    void giveBack(std::unique_ptr<SplicePipe> pipe);

private:
    /// A step takes a pipe and gives it back, so one for each thread would do but for sinks that
    /// are slow.
    static constexpr size_t maxIdle = 16;

    [[nodiscard]] std::unique_ptr<SplicePipe> takeIdle();
    [[nodiscard]] std::unique_ptr<SplicePipe> make();
    void close(std::unique_ptr<SplicePipe> pipe);

    std::atomic<int> m_limit { 0 };
    std::atomic<int> m_left { 0 };
    std::array<std::atomic<SplicePipe *>, maxIdle> m_idle {};
};

} // namespace sami::net
