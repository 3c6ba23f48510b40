// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "server/context.h"

namespace sami::server {

class WorkerPool;

/// Gives an accepted connection its place and hands it to a worker, or turns it away here and now:
/// whoever connects in a loop costs no worker anything, and at no moment more than one descriptor.
/// Runs in the accept thread; takes the descriptor over and never waits.
void receiveConnection(qintptr descriptor, const SocketAddress &peer, SharedState &shared,
                       WorkerPool &workers);

} // namespace sami::server
