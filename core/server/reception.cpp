// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/reception.h"

#include "net/tcpoptions.h"
#include "server/reply.h"
#include "server/workerpool.h"

#include <utility>

namespace sami::server {

void receiveConnection(Arrival arrival, SharedState &shared, WorkerPool &workers)
{
    Places::Place place = shared.places.take(arrival.peer.address);
    if (place.kind() != Places::Kind::TurnedAway) {
        workers.dispatch(std::move(arrival), std::move(place));
        return;
    }
    const Reply reply = errorReply(place.crowding() == Crowding::ClientFull ? OwnReply::ClientFull
                                                                            : OwnReply::Full);
    net::closeWithWords(arrival.descriptor.release(), reply.write(false, false));
    account::accountForUnserved(
        shared.books, arrival.peer, reply.status,
        { account::EndedBy::Proxy, account::EndedHow::Limit, reply.reason });
}

} // namespace sami::server
