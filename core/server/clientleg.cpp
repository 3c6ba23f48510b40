// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/clientleg.h"

#include "base/heapcost.h"
#include "base/logging.h"
#include "net/scratchbuffer.h"
#include "net/tlsacceptance.h"
#include "net/tlshandshake.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace sami::server {

namespace {

constexpr char unit[] = "server.clientleg";

/// Shorter than usual: others are waiting for the place.
constexpr std::chrono::milliseconds crowdedHeadTimeout { 5'000 };

} // namespace

ClientLeg::ClientLeg(net::StreamPtr client, account::Registration row, Places::Place taken,
                     const WorkerContext &worker, QObject *session)
    : owner(session), context(worker), active(worker.active), stream(std::move(client)),
      record(std::move(row)), place(std::move(taken)), deadline(session),
      postMortem(worker.shared->books.ledger, *record), kept(worker.shared->keptInput)
{}

ClientLeg::~ClientLeg() = default;

void ClientLeg::tellLater(FrontEvent event)
{
    QCoreApplication::postEvent(owner, new FrontNote(event));
}

void ClientLeg::adoptSettings()
{
    if (active == context.active)
        return;
    active = context.active;
    stream->setTcpKeepalive(static_cast<int>(active->settings.timeouts.tcpKeepalive.count()));
}

void ClientLeg::setPhase(account::ConnectionPhase phase)
{
    record->phase.store(phase, std::memory_order_relaxed);
}

void ClientLeg::setFront(account::FrontKind front)
{
    account::Entrance entrance = record->entrance.load(std::memory_order_relaxed);
    entrance.front = front;
    record->entrance.store(entrance, std::memory_order_relaxed);
}

void ClientLeg::setTls(account::TlsVersion version)
{
    account::Entrance entrance = record->entrance.load(std::memory_order_relaxed);
    entrance.tls = version;
    record->entrance.store(entrance, std::memory_order_relaxed);
}

std::chrono::milliseconds ClientLeg::headTimeout() const
{
    const std::chrono::milliseconds usual = active->settings.timeouts.header;
    return place.crowding() == Crowding::None ? usual : std::min(usual, crowdedHeadTimeout);
}

std::chrono::milliseconds ClientLeg::headTimeLeft() const
{
    using std::chrono::milliseconds;
    if (!isEncrypted() || record->requests.load(std::memory_order_relaxed) > 0)
        return headTimeout();
    const auto passed = std::chrono::duration_cast<milliseconds>(Clock::now() - record->acceptedAt);
    return std::max(headTimeout() - passed, milliseconds(0));
}

bool ClientLeg::isEncrypted() const
{
    return record->entrance.load(std::memory_order_relaxed).tls != account::TlsVersion::None;
}

bool ClientLeg::lacksTls() const
{
    return active->settings.tls.mode == config::TlsMode::Require && !isEncrypted();
}

void ClientLeg::warnOfClearPassword() const
{
    if (context.shared->books.boundedLines.takeLine(Clock::now()))
        logInfo(
            unit, "a password came in clear text: change it",
            { { "id", qint64(record->id) }, { "client", addressText(record->client().address) } });
}

net::ByteStream::ReadResult::Status ClientLeg::readInput()
{
    char *buffer = net::scratchBuffer();
    const net::ByteStream::ReadResult read = stream->read(buffer, kept.readAheadLimit());
    if (read.status == net::ByteStream::ReadResult::Status::Data)
        input.append(buffer, read.size);
    return read.status;
}

bool ClientLeg::chargeInput(qsizetype octets)
{
    return kept.hold(octets + heapCost(input));
}

void ClientLeg::chargePartialRecord(bool isThere)
{
    if (!clientTls->hold(net::tlsClientCost + (isThere ? net::tlsPartCost : 0)) && isThere)
        tellLater(FrontEvent::RecordBudgetSpent);
}

void ClientLeg::trimInput()
{
    if (input.capacity() - input.size() > maxIdleCapacity)
        input.squeeze();
    // Over the budget, reads become small; input that is already here is kept.
    static_cast<void>(chargeInput(0));
}

bool ClientLeg::chargeTls(int legs)
{
    if (legs == 0) {
        upstreamTls.reset();
        return true;
    }
    if (!upstreamTls)
        upstreamTls = std::make_unique<OctetBudget::Share>(context.shared->tlsLegs);
    return upstreamTls->hold(legs * net::tlsLegCost);
}

int ClientLeg::tlsLegsOf(const Journey &journey) const
{
    const bool isByTls = active->parents && active->parents->mayUseTls(journey.endpoint);
    return int(journey.tls) + int(isByTls);
}

} // namespace sami::server
