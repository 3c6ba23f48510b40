// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami::server {

/// What this machine's descriptors and memory allow one proxy.
struct MachineBounds
{
    qint64 connections = 0;   ///< clients at once
    int pipes = 0;            ///< that carry bulk between two sockets
    qint64 idleUpstreams = 0; ///< pooled connections of one worker
    qint64 keptInputBytes = 0; ///< sent by peers, and kept until it is whole or its turn comes
    qint64 tlsLegBytes = 0;    ///< of TLS with upstreams
    qint64 pendingBytes = 0; ///< read of one leg, not yet taken by the other

    /// Pure: of that many descriptors and octets, for that many workers.
    [[nodiscard]] static MachineBounds of(qint64 descriptors, qint64 memory, int workers);
    /// Of this process; raises its limit on descriptors first.
    [[nodiscard]] static MachineBounds ofThisProcess(int workers);
};

} // namespace sami::server
