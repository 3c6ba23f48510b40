// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <memory>

namespace sami::net {

/// A kernel pipe between two sockets, for splice(2): octets pass through it without being copied
/// into this process. While octets are in it, one direction of a tunnel owns it; an empty pipe
/// waits in its PipeBudget.
class SplicePipe
{
    Q_DISABLE_COPY_MOVE(SplicePipe)

public:
    /// The most that one step moves and a pipe holds.
    static constexpr int capacity = 256 * 1024;

    /// A new pipe; null if the system has no descriptors left.
    [[nodiscard]] static std::unique_ptr<SplicePipe> open();
    ~SplicePipe();

    /// Moves data waiting in `socket` into the pipe; -1 with splice(2)'s errno.
    [[nodiscard]] qsizetype fillFrom(int socket);
    /// Moves the pipe's content to `socket`. False with errno if it takes no more: for now (EAGAIN)
    /// or for good.
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
