// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <memory>

namespace sami::net {

/// A kernel pipe between two sockets, for splice(2): octets go through it without being copied
/// into this process. Belongs to one direction only while something is in it; empty ones wait in
/// their PipeBudget.
class SplicePipe
{
    Q_DISABLE_COPY_MOVE(SplicePipe)

public:
    /// What one step moves at most, and what a pipe holds.
    static constexpr int capacity = 256 * 1024;

    /// A new one; null when the system has no descriptors left.
    [[nodiscard]] static std::unique_ptr<SplicePipe> open();
    ~SplicePipe();

    /// Moves what waits in `socket` into the pipe; -1 with errno as splice(2) sets it.
    [[nodiscard]] qsizetype fillFrom(int socket);
    /// Moves what is in the pipe to `socket`. False, with errno, when it takes no more: for now
    /// (EAGAIN) or for ever.
    [[nodiscard]] bool emptyInto(int socket);
    /// Octets in the pipe.
    [[nodiscard]] qsizetype level() const { return m_level; }

private:
    SplicePipe(int readEnd, int writeEnd) : m_readEnd(readEnd), m_writeEnd(writeEnd) {}

    int m_readEnd;
    int m_writeEnd;
    qsizetype m_level = 0;
};

} // namespace sami::net
