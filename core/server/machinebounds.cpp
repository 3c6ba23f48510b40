// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/machinebounds.h"

#include "base/systemlimits.h"
#include "net/resolver.h"
#include "net/tlshandshake.h"
#include "route/upstreampool.h"
#include "server/places.h"

#include <algorithm>

namespace sami::server {

namespace {

/// The rows of the table that do not grow with the limit, from the main thread's event loop down.
constexpr qint64 ownDescriptors = 2 + 2 + 3 + 2 + 6 + 8;
constexpr qint64 turnedAway = 1;
constexpr qint64 descriptorsPerThread = 2;
/// A proxied connection holds two descriptors: the client's and the upstream's.
constexpr qint64 descriptorsPerConnection = 2;
constexpr qint64 descriptorsPerPipe = 2;

/// The largest share of the descriptors for each thing that the proxy can do with fewer of: an
/// eighth, a sixteenth, …
constexpr qint64 idlePart = 8;
constexpr qint64 extrasPart = 16;
constexpr qint64 heardPart = 16;
constexpr qint64 pipesPart = 64;   ///< counts pipes; one serves many tunnels, so few are needed
constexpr qint64 lookupsPart = 32; ///< counts look-ups
constexpr qint64 librariesPart = 64;
constexpr qint64 maxPipes = 64;
constexpr qint64 idleMemoryPart = 16;
/// Even a full proxy answers one health check from this machine and one from another.
constexpr qint64 minHeard = 2;

/// Enough for a thousand of the largest heads, half sent, or of clients that send far ahead.
constexpr qint64 maxKeptInputBytes = qint64(64) * 1024 * 1024;
constexpr qint64 keptInputPart = 16;

/// Each takes net::tlsLegCost; a stranger cannot cause one.
constexpr qint64 tlsLegPart = 8;

/// Each takes net::tlsClientCost, and net::tlsHandshakeCost before; strangers cause them.
constexpr qint64 tlsClientPart = 8;

/// Enough for a thousand readers that stop in the middle of a large answer. Beyond it each read is
/// small (net::PendingBudget::forwardingReadSize()).
constexpr qint64 maxPendingBytes = qint64(64) * 1024 * 1024;
constexpr qint64 pendingBytesPart = 16;

} // namespace

MachineBounds MachineBounds::of(qint64 descriptors, qint64 memory, int workers)
{
    MachineBounds bounds;
    bounds.extras = static_cast<int>(descriptors / extrasPart);
    bounds.heard =
        static_cast<int>(std::clamp<qint64>(descriptors / heardPart, minHeard, Places::maxHeard));
    bounds.lookups = static_cast<int>(
        std::clamp<qint64>(descriptors / lookupsPart, 1, net::Resolver::maxThreads));
    bounds.pipes = static_cast<int>(std::min(descriptors / pipesPart, maxPipes));
    // Each may have TLS, which takes memory while nobody uses the connection.
    const qint64 idle = std::min(descriptors / idlePart, memory / idleMemoryPart / net::tlsLegCost);
    bounds.idleUpstreams = std::clamp<qint64>(idle / workers, 1, route::UpstreamPool::maxTotal);
    const qint64 others = bounds.descriptors(workers) + descriptors / librariesPart;
    // At least one: a proxy that serves no connection is of no use.
    bounds.connections = std::max<qint64>(1, (descriptors - others) / descriptorsPerConnection);
    bounds.keptInputBytes = std::min(maxKeptInputBytes, memory / keptInputPart);
    bounds.tlsLegBytes = memory / tlsLegPart;
    bounds.tlsClientBytes = memory / tlsClientPart;
    bounds.pendingBytes = std::min(maxPendingBytes, memory / pendingBytesPart);
    return bounds;
}

qint64 MachineBounds::descriptors(int workers) const
{
    return connections * descriptorsPerConnection + extras + heard + Places::maxHeardHere
        + turnedAway + idleUpstreams * workers + pipes * descriptorsPerPipe
        + qint64(lookups) * net::Resolver::descriptorsPerLookup
        + descriptorsPerThread * (workers + 1) + ownDescriptors;
}

qint64 MachineBounds::connectionsBeside(int others) const
{
    const qint64 given = (others + descriptorsPerConnection - 1) / descriptorsPerConnection;
    return std::max<qint64>(1, connections - given);
}

MachineBounds MachineBounds::ofThisProcess(int workers)
{
    // One for the main thread, one per worker, and one for the other threads, which allocate little
    // or briefly.
    limitHeapsInTightSpace(workers + 2);
    return of(raiseDescriptorLimit(), memoryLimit(), workers);
}

} // namespace sami::server
