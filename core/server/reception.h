// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/arrival.h"
#include "server/context.h"

namespace sami::server {

class WorkerPool;

/// Gives an accepted connection its place and hands it to a worker, or turns it away here and now:
/// whoever connects in a loop costs no worker anything, and at no moment more than one descriptor.
/// Runs in the accept thread; never waits.
void receiveConnection(Arrival arrival, SharedState &shared, WorkerPool &workers);

} // namespace sami::server
