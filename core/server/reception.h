// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/arrival.h"
#include "server/context.h"

namespace sami::server {

class WorkerPool;

/// Gives an accepted connection its place and passes it to a worker, or turns it away at once: a
/// client that connects in a loop costs the workers nothing, and never more than one descriptor at
/// a time. Runs in the accept thread; never waits.
void receiveConnection(Arrival arrival, SharedState &shared, WorkerPool &workers);

} // namespace sami::server
