// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/machinebounds.h"

#include "base/systemlimits.h"
#include "net/upstreampool.h"

#include <algorithm>

namespace sami::server {

namespace {

/// Descriptors that are not connections: listeners, pipes, files, resolvers' sockets.
constexpr qint64 reservedDescriptors = 64;
/// A proxied connection holds two descriptors: the client's and the upstream's.
constexpr qint64 descriptorsPerConnection = 2;
/// Pipes that carry bulk between two sockets: few are needed at a time, as one serves many tunnels,
/// and a tight limit on descriptors leaves them to connections.
constexpr qint64 maxPipes = 64;
constexpr qint64 descriptorsPerPipe = 2;
constexpr qint64 pipesPart = 32;
/// Idle upstream connections, which nobody waits for, get at most this part of the descriptors.
constexpr qint64 idlePart = 8;

/// A thousand of the largest heads, half sent, or of clients that send far ahead.
constexpr qint64 maxKeptInputBytes = qint64(64) * 1024 * 1024;
constexpr qint64 keptInputPart = 16;

/// Each takes 64 KiB and more, and is no stranger's to make.
constexpr qint64 tlsLegPart = 8;

/// A thousand readers that stopped in the middle of a large answer, and little for each one more.
constexpr qint64 maxPendingBytes = qint64(64) * 1024 * 1024;
constexpr qint64 pendingBytesPart = 16;

} // namespace

MachineBounds MachineBounds::of(qint64 descriptors, qint64 memory, int workers)
{
    const qint64 idle =
        std::min<qint64>(net::UpstreamPool::maxTotal * workers, descriptors / idlePart);
    const qint64 pipes = std::min(maxPipes, descriptors / pipesPart / descriptorsPerPipe);
    const qint64 forConnections =
        descriptors - reservedDescriptors - idle - pipes * descriptorsPerPipe;
    MachineBounds bounds;
    bounds.pipes = static_cast<int>(pipes);
    bounds.connections = std::max<qint64>(1, forConnections / descriptorsPerConnection);
    bounds.idleUpstreams = std::max<qint64>(1, idle / workers);
    bounds.keptInputBytes = std::min(maxKeptInputBytes, memory / keptInputPart);
    bounds.tlsLegBytes = memory / tlsLegPart;
    bounds.pendingBytes = std::min(maxPendingBytes, memory / pendingBytesPart);
    return bounds;
}

MachineBounds MachineBounds::ofThisProcess(int workers)
{
    return of(raiseDescriptorLimit(), memoryLimit(), workers);
}

} // namespace sami::server
