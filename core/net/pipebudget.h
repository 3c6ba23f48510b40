// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <array>
#include <atomic>
#include <memory>

namespace sami::net {

class SplicePipe;

/// The limit on kernel pipes that the streams of one proxy use to splice bulk data, and the empty
/// pipes that wait for reuse. Each pipe costs two descriptors. Linux only: elsewhere there are
/// none. Must outlive the pipes. Thread-safe and lock-free, because every bulky read asks it.
class PipeBudget
{
    Q_DISABLE_COPY_MOVE(PipeBudget)

public:
    PipeBudget();
    ~PipeBudget();

    /// No pipes until the first call. Pipes in use keep counting; idle ones above the limit are
    /// closed.
    void setLimit(int pipes);
    /// An empty pipe; null if the limit or the descriptors are exhausted.
    [[nodiscard]] std::unique_ptr<SplicePipe> take();
    /// Closes the pipe, unless it is empty and few are idle.
    void giveBack(std::unique_ptr<SplicePipe> pipe);

private:
    /// A step takes a pipe and gives it back, so one per thread suffices unless peers are slow.
    static constexpr size_t maxIdle = 16;

    [[nodiscard]] std::unique_ptr<SplicePipe> takeIdle();
    [[nodiscard]] std::unique_ptr<SplicePipe> make();
    void close(std::unique_ptr<SplicePipe> pipe);

    std::atomic<int> m_limit { 0 };
    std::atomic<int> m_left { 0 };
    std::array<std::atomic<SplicePipe *>, maxIdle> m_idle {};
};

} // namespace sami::net
