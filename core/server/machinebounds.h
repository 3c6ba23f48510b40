// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

namespace sami::server {

/// What this machine's descriptors and memory allow one proxy.
///
/// Every descriptor that the process may hold is in this table. The owner of each row keeps to its
/// bound, so that accept() and a page always find a free one. D is the limit on descriptors, W the
/// number of workers.
///
/// | what                                                        | descriptors                  |
/// |-------------------------------------------------------------|------------------------------|
/// | a connection: the client's, and the upstream's that is      | 2 × connections              |
/// | dialled, in use, or pinned to its client                    |                              |
/// | all attempts of a race except one; a pinned upstream beside | extras: D/16                 |
/// | another; spare connections to parents                       |                              |
/// | connections over the limit that are heard, for pages too;   | heard: D/16, at most 16;     |
/// | they have no upstream                                       | 4 more for this machine      |
/// | one that is turned away: closed before the next is accepted | 1                            |
/// | idle upstream connections                                   | W × idleUpstreams: D/8       |
/// | pipes that carry bulk, two ends each                        | 2 × pipes: D/32, at most 128 |
/// | look-ups: a socket for each name server asked, or a file    | 3 × lookups: 3/32 D, at most |
/// |                                                             | 192                          |
/// | event loops of workers and accept thread: epoll, eventfd    | 2 × (W + 1)                  |
/// | the main thread's event loop                                | 2                            |
/// | listeners: two while a port moves                           | 2                            |
/// | standard input, output (the log) and error                  | 3                            |
/// | the socket pair that carries signals                        | 2                            |
/// | for a moment: the list of interfaces, or the state folder   | 6                            |
/// | and a file in it (2); the trust list (2); a settings or     |                              |
/// | password file (1); a word to the service manager (1)        |                              |
/// | no longer used, closed at an event loop's next turn         | 8                            |
/// | the doors of PROXY_ADMIN and PROXY_METRICS, while there are | 108, instead of 54           |
/// | any: connections, listeners, their thread's event loop      | connections                  |
/// | those of libraries and of the tray app's window system      | D/64                         |
struct MachineBounds
{
    qint64 connections = 0;    ///< clients at once
    int extras = 0;            ///< see net::ExtraDescriptors
    int heard = 0;             ///< clients over the limit
    int lookups = 0;           ///< names looked up at once
    int pipes = 0;             ///< that carry bulk between two sockets
    qint64 idleUpstreams = 0;  ///< pooled connections per worker
    qint64 keptInputBytes = 0; ///< sent by peers, and kept until it is complete or its turn comes
    qint64 tlsLegBytes = 0;    ///< of TLS with upstreams
    qint64 tlsClientBytes = 0; ///< of TLS with clients
    qint64 pendingBytes = 0;   ///< read from one leg, not yet taken by the other

    /// What core/admin may hold; core/admin checks its own numbers against it.
    static constexpr int adminDescriptors = 108;

    /// Pure: the bounds for that many descriptors, octets of memory and workers.
    [[nodiscard]] static MachineBounds of(qint64 descriptors, qint64 memory, int workers);
    /// The bounds of this process. Raises its limit on descriptors first, and makes its threads
    /// share heaps where address space is scarce.
    [[nodiscard]] static MachineBounds ofThisProcess(int workers);
    /// The clients at once while other doors hold `others` descriptors.
    [[nodiscard]] qint64 connectionsBeside(int others) const;
    /// How many descriptors all of this takes.
    [[nodiscard]] qint64 descriptors(int workers) const;
};

} // namespace sami::server
