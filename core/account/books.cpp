// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/books.h"

#include "account/postmortem.h"

namespace sami::account {

void Books::keepMeters()
{
    if (meters)
        return;
    meters = std::make_unique<Meters>();
    ledger.join(*meters);
}

void accountForUnserved(Books &books, const SocketAddress &peer, int status, const Ending &ending)
{
    const TimePoint now = Clock::now();
    if (!books.boundedLines.takeLine(now)) {
        books.ledger.unserved(ending);
        return;
    }
    const Registration record = books.registry.add(peer, now);
    PostMortem postMortem(books.ledger, *record);
    postMortem.begin(now);
    postMortem.close(status, ending, now);
}

} // namespace sami::account
