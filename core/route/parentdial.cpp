// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/parentdial.h"

#include "route/layereddialer.h"
#include "route/parenthealth.h"
#include "route/parentroute.h"
#include "route/warmconnections.h"

#include <algorithm>
#include <utility>

namespace sami::route {

using net::Blame;
using net::DialError;
using net::DialFault;

ParentFault parentFaultOf(const DialError &error)
{
    if (error.blame == Blame::Beyond)
        return ParentFault::Destination;
    if (error.blame == Blame::Ourselves)
        return ParentFault::Ourselves;
    if (error.isAmidTls && error.fault != DialFault::PinMismatch)
        return error.fault == DialFault::ConnectTimeout ? ParentFault::TlsLate : ParentFault::Tls;
    switch (error.fault) {
    case DialFault::PinMismatch:
        return ParentFault::WrongPin;
    case DialFault::TlsCertificate:
    case DialFault::TlsProtocol:
        return ParentFault::Tls;
    case DialFault::ParentProtocol:
        return ParentFault::Malformed;
    case DialFault::ParentUnavailable:
        return ParentFault::Overloaded;
    case DialFault::ParentCredentials:
        return ParentFault::Credentials;
    case DialFault::ConnectTimeout:
        return error.blame == Blame::Parent ? ParentFault::Silent : ParentFault::TimedOut;
    case DialFault::DnsTimeout:
        return ParentFault::TimedOut;
    case DialFault::SourceUnavailable:
    case DialFault::NoTlsLibrary:
    case DialFault::NoAuthorities:
    case DialFault::OutOfResources:
        return ParentFault::Ourselves;
    case DialFault::NameNotFound:
    case DialFault::DnsFailure:
    case DialFault::AddressRefused:
    case DialFault::FamilyExcluded:
    case DialFault::ConnectionRefused:
    case DialFault::Unreachable:
    case DialFault::ConnectionReset:
        return ParentFault::Unreachable;
    case DialFault::ParentForbids:
    case DialFault::ParentLoop:
    case DialFault::DestinationFailed:
    case DialFault::NoParent:
        break;
    }
    return ParentFault::Destination;
}

ParentDial::ParentDial(DialRequest request, DialCallback callback,
                       std::shared_ptr<LayeredDialer> ways, std::shared_ptr<ParentHealth> health)
    : m_request(std::move(request)), m_callback(std::move(callback)), m_ways(std::move(ways)),
      m_health(std::move(health)),
      m_attempt(m_health->begin(m_request.timeout, qHash(m_request.endpoint), Clock::now())),
      m_started(Clock::now())
{
    Q_ASSERT(m_request.trip);
}

ParentDial::~ParentDial() = default;

/// Every failure is reported from the event loop.
void ParentDial::start()
{
    if (!m_request.trip->mayTravel || m_request.trip->mayTravel(m_request.endpoint)) {
        QMetaObject::invokeMethod(this, &ParentDial::tryNext, Qt::QueuedConnection);
        return;
    }
    QMetaObject::invokeMethod(
        this,
        [this] {
            fail({ DialFault::AddressRefused, "the rules forbid that host", Blame::Ourselves });
        },
        Qt::QueuedConnection);
}

void ParentDial::cancel()
{
    m_callback = nullptr;
    m_wait.cancel();
    m_setup.reset();
    m_dial.reset();
}

void ParentDial::timerEvent(QTimerEvent *event)
{
    if (!m_wait.takeExpiry(*event))
        return;
    m_setup.reset();
    handleFailed({ DialFault::ConnectTimeout, "the line of those who connect to it was too long" });
}

void ParentDial::tryNext()
{
    if (!m_callback)
        return;
    const std::optional<Candidate> next = m_health->next(m_attempt, Clock::now());
    if (!next) {
        fail(nobodyLeft());
        return;
    }
    m_turn = Clock::now();
    m_share = next->share;
    m_place = next->parent;
    dialParent();
}

const config::Parent &ParentDial::parent() const
{
    return m_attempt.parents()[qsizetype(m_place)];
}

void ParentDial::dialParent()
{
    m_request.route = routeThrough(parent(), m_request.endpoint, m_request.trip->via);
    if (parent().usesTls() && m_request.trip->warm) {
        if (net::StreamPtr warm = m_request.trip->warm->take(parent())) {
            m_isOverWarm = true;
            DialRequest request = m_request;
            request.timeout = m_share;
            m_dialledAt = Clock::now();
            m_dial = m_ways->dialOver(
                std::move(warm), request,
                [this](Result<Dialled, DialError> result) { handleOver(std::move(result)); });
            return;
        }
    }
    dialFresh();
}

void ParentDial::dialFresh()
{
    m_isOverWarm = false;
    SetupTurns *turns = m_request.trip->setups;
    if (turns && !m_request.route.isDirect()) {
        m_setup = turns->take(parent(), [this] {
            QMetaObject::invokeMethod(this, &ParentDial::handleTurn, Qt::QueuedConnection);
        });
        if (!m_setup->isTaken()) {
            m_wait.arm(shareLeft());
            return;
        }
    }
    setUp();
}

/// May come late, for a wait that is over.
void ParentDial::handleTurn()
{
    if (!m_setup || !m_setup->isTaken() || m_dial)
        return;
    m_wait.cancel();
    m_attempt.turnCame(Clock::now());
    setUp();
}

void ParentDial::setUp()
{
    DialRequest request = m_request;
    request.timeout = shareLeft();
    request.reached = [this] { m_setup.reset(); };
    if (!request.route.isDirect()) {
        const quint16 port = request.route.firstFor(request.endpoint).port;
        request.addressFilter = [trip = m_request.trip, port](const QHostAddress &address) {
            return !trip->parentFilter || trip->parentFilter({ address, port });
        };
    }
    m_dialledAt = Clock::now();
    m_dial = m_ways->dial(
        request, [this](Result<Dialled, DialError> result) { handleOver(std::move(result)); });
}

std::chrono::milliseconds ParentDial::shareLeft() const
{
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - m_turn);
    return std::max(m_share - passed, std::chrono::milliseconds(1));
}

void ParentDial::handleOver(Result<Dialled, DialError> result)
{
    m_dial.reset();
    m_setup.reset();
    if (result)
        succeed(std::move(result).value());
    else
        handleFailed(std::move(result).error());
}

void ParentDial::handleFailed(DialError error)
{
    if (m_isOverWarm && error.fault == DialFault::ConnectionReset && error.blame != Blame::Beyond) {
        dialFresh();
        return;
    }
    const bool isDirect = m_request.route.isDirect();
    error.route = m_request.route.name();
    const ParentFault fault =
        isDirect && error.blame == Blame::Reached ? ParentFault::Destination : parentFaultOf(error);
    m_health->failed(m_attempt, fault, Clock::now());
    if (isDirect || fault == ParentFault::Destination || fault == ParentFault::Ourselves) {
        fail(std::move(error));
        return;
    }
    m_wasWrongPin = m_wasWrongPin || error.fault == DialFault::PinMismatch;
    if (!m_failures.isEmpty())
        m_failures += "; ";
    m_failures += error.route + ": "
        + (error.detail.isEmpty() ? QByteArray(net::toString(error.fault)) : error.detail);
    m_last = std::move(error);
    tryNext();
}

DialError ParentDial::nobodyLeft() const
{
    DialError error = m_last;
    error.blame = Blame::Ourselves;
    error.detail = m_failures;
    if (m_wasWrongPin)
        error.fault = DialFault::PinMismatch;
    else if (m_attempt.nobodyLeft() == NobodyLeft::CredentialsRefused)
        error.fault = DialFault::ParentCredentials;
    else
        error.fault = DialFault::NoParent;
    return error;
}

void ParentDial::succeed(Dialled dialled)
{
    const bool isReachedAnew = !m_isOverWarm && !dialled.route.isDirect();
    std::optional<Clock::duration> latency;
    if (isReachedAnew)
        latency = dialled.timings.connected - dialled.timings.resolved;
    m_health->done(m_attempt, latency, Clock::now());
    if (dialled.certificateUntil)
        m_health->sawCertificate(parent(), *dialled.certificateUntil);
    // Measured from the start of the whole journey: the client has waited for the parents that
    // failed, for its turn, and for a warm connection that was dead.
    const Clock::duration before = m_dialledAt - m_started;
    for (Clock::duration *time : { &dialled.timings.resolved, &dialled.timings.connected,
                                   &dialled.timings.encrypted, &dialled.timings.led }) {
        if (time->count() > 0)
            *time += before;
    }
    // This may be destroyed in there.
    const DialCallback callback = std::exchange(m_callback, nullptr);
    callback(std::move(dialled));
}

void ParentDial::fail(DialError error)
{
    if (const DialCallback callback = std::exchange(m_callback, nullptr))
        callback(Unexpected(std::move(error)));
}

} // namespace sami::route
