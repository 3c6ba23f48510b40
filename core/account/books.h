// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/accesslog.h"
#include "account/connectionregistry.h"
#include "account/finishedlog.h"
#include "account/ledger.h"
#include "account/linerate.h"
#include "account/meters.h"
#include "account/refusaltable.h"

#include <memory>

namespace sami::account {

/// All that one proxy keeps of what happens: who is connected, and what its ledger writes of those
/// who were. Thread-safe, as each of its members is.
struct Books
{
    ConnectionRegistry registry;
    RefusalTable refusals;
    /// Apart, so that a busy report drives no refusal out.
    RefusalTable reports { RefusalTable::Holds::Reports };
    /// Shared, so that what a stop cuts can still be read behind it.
    std::shared_ptr<FinishedLog> finished = std::make_shared<FinishedLog>();
    AccessLog accessLog;
    /// Of what happens since somebody wants to know; null where nobody does.
    std::unique_ptr<Meters> meters;
    Ledger ledger { &refusals, &reports, finished.get(), &accessLog };
    LineRate unservedLines; ///< of connections that got no session

    /// Counts from now on, if it does not do so already. On one thread; whoever reads `meters` on
    /// another one sees to it that this has returned.
    void keepMeters();
};

/// The account of a connection that never got a session, unless there are too many of them.
/// Thread-safe.
void accountForUnserved(Books &books, const SocketAddress &peer, int status, const Ending &ending);

} // namespace sami::account
