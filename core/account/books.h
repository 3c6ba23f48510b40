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

/// All records of one proxy: the live connections, and what the ledger has written about ended
/// ones. Thread-safe, as each member is.
struct Books
{
    ConnectionRegistry registry;
    RefusalTable refusals;
    /// A table of its own, so that a busy report cannot push out refusals.
    RefusalTable reports { RefusalTable::Holds::Reports };
    /// Shared, so that what a stop cuts can still be read afterwards.
    std::shared_ptr<FinishedLog> finished = std::make_shared<FinishedLog>();
    AccessLog accessLog;
    /// What has happened since metrics were requested; null if nobody has requested them.
    std::unique_ptr<Meters> meters;
    Ledger ledger { &refusals, &reports, finished.get(), &accessLog };
    LineRate boundedLines; ///< for lines that anybody can cause

    /// Starts counting, unless it already has. Call it from one thread; a reader of `meters` on
    /// another thread has to make sure that this has returned.
    void keepMeters();
};

/// Records a connection that never got a session, unless there are too many of them. Thread-safe.
void accountForUnserved(Books &books, const SocketAddress &peer, int status, const Ending &ending);

} // namespace sami::account
