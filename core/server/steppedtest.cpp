// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/steppedtest.h"

#include "http/headwriter.h"
#include "net/resolver.h"
#include "net/scratchbuffer.h"
#include "net/tlsclientconfig.h"
#include "net/tlshandshake.h"
#include "route/layereddialer.h"
#include "route/parentroute.h"

#include <QHostAddress>

#include <algorithm>
#include <utility>

namespace sami::server {

using net::ByteStream;
using net::DialError;
using net::DialFault;

namespace {

/// The Via of a CONNECT that no client has asked for.
constexpr char via[] = "1.1 sami-llm-proxy";

bool isOfTheName(DialFault fault)
{
    return fault == DialFault::NameNotFound || fault == DialFault::DnsFailure
        || fault == DialFault::DnsTimeout || fault == DialFault::FamilyExcluded;
}

bool isOfTheKey(DialFault fault)
{
    return fault == DialFault::PinMismatch || fault == DialFault::TlsCertificate;
}

bool isOfTls(const DialError &error)
{
    return error.isAmidTls || error.fault == DialFault::TlsProtocol
        || error.fault == DialFault::NoTlsLibrary || error.fault == DialFault::NoAuthorities;
}

} // namespace

std::unique_ptr<ParentTest> makeParentTest()
{
    return std::make_unique<SteppedTest>();
}

SteppedTest::SteppedTest(std::shared_ptr<net::Resolver> resolver,
                         std::shared_ptr<net::TlsClientConfig> tls)
    : m_resolver(std::move(resolver)), m_tls(std::move(tls)), m_loadsTrust(!m_tls)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(timeLimit);
    connect(&m_timer, &QTimer::timeout, this, &SteppedTest::handleLate);
}

SteppedTest::~SteppedTest()
{
    drop();
}

void SteppedTest::start(const Request &request)
{
    drop();
    m_request = request;
    m_outcome = {};
    m_states.fill(ParentStepState::Open);
    if (!m_resolver)
        m_resolver = std::make_shared<net::Resolver>();
    if (!m_tls)
        m_tls = std::make_shared<net::TlsClientConfig>();
    if (m_loadsTrust)
        m_tls->load(request.caFile); // the file may have changed
    m_dialer = std::make_unique<route::LayeredDialer>(m_resolver, m_tls, false, request.exit);
    m_isRunning = true;
    m_timer.start();
    const bool isLiteral =
        !QHostAddress(QString::fromLatin1(request.parent.endpoint.host)).isNull();
    if (isLiteral) {
        m_states[size_t(ParentStep::Name)] = ParentStepState::LeftOut;
        enter(ParentStep::Tcp);
    } else {
        enter(ParentStep::Name);
    }
    reach();
}

void SteppedTest::cancel()
{
    drop();
    for (ParentStepState &state : m_states) {
        if (state == ParentStepState::Running)
            state = ParentStepState::Open;
    }
}

route::DialRequest SteppedTest::dialRequest()
{
    route::DialRequest request;
    request.endpoint = { m_request.provider, m_request.providerPort };
    request.timeout = std::max(m_timer.remainingTimeAsDuration(), std::chrono::milliseconds(1));
    request.budgets = &m_budgets;
    return request;
}

void SteppedTest::reach()
{
    route::DialRequest request = dialRequest();
    request.endpoint = m_request.parent.endpoint;
    request.route = route::routeTo(m_request.parent);
    request.addressFilter = [this](const QHostAddress &) {
        // The name has an address.
        if (m_states[size_t(ParentStep::Name)] == ParentStepState::Running)
            enter(ParentStep::Tcp);
        return true;
    };
    m_dial = m_dialer->dial(request, [this](Result<route::Dialled, DialError> result) {
        m_dial.reset();
        if (!result) {
            failReach(result.error());
            return;
        }
        m_outcome.latency = result->timings.connected - result->timings.resolved;
        m_outcome.certificateUntil = result->certificateUntil;
        const bool hasTls = m_request.parent.usesTls();
        for (const ParentStep step : { ParentStep::Tls, ParentStep::Key })
            m_states[size_t(step)] = hasTls ? ParentStepState::Passed : ParentStepState::LeftOut;
        signIn(std::move(result->stream));
    });
}

void SteppedTest::failReach(const DialError &error)
{
    if (isOfTheKey(error.fault))
        failDial(ParentStep::Key, error);
    else if (isOfTls(error))
        failDial(ParentStep::Tls, error);
    else if (isOfTheName(error.fault))
        failDial(ParentStep::Name, error);
    else
        failDial(ParentStep::Tcp, error);
}

void SteppedTest::signIn(net::StreamPtr stream)
{
    enter(ParentStep::SignIn);
    route::DialRequest request = dialRequest();
    request.route = route::routeThrough(m_request.parent, request.endpoint, via);
    m_dial = m_dialer->dialOver(
        std::move(stream), request, [this](Result<route::Dialled, DialError> result) {
            m_dial.reset();
            if (!result) {
                const bool isSignedIn = result.error().blame == net::Blame::Beyond;
                failDial(isSignedIn ? ParentStep::Provider : ParentStep::SignIn, result.error());
            } else if (!result->early.isEmpty()) {
                // A TLS server sends nothing before the ClientHello.
                fail(ParentStep::Provider, DialFault::ParentProtocol);
            } else {
                askProvider(std::move(result->stream));
            }
        });
}

void SteppedTest::askProvider(net::StreamPtr stream)
{
    enter(ParentStep::Provider);
    if (!net::tlsOverAnyStream) {
        succeed(0);
        return;
    }
    route::DialRequest request = dialRequest();
    request.tls = true;
    m_dial = m_dialer->dialOver(std::move(stream), request,
                                [this](Result<route::Dialled, DialError> result) {
                                    m_dial.reset();
                                    if (result)
                                        ask(std::move(result->stream));
                                    else
                                        failDial(ParentStep::Provider, result.error());
                                });
}

void SteppedTest::ask(net::StreamPtr stream)
{
    if (!m_timer.isActive()) { // it ran out during the dial: nothing would end the wait
        fail(ParentStep::Provider, account::Cause::Silence, true);
        return;
    }
    http::RequestHead head;
    head.method = "GET";
    head.target = "/";
    head.fields.append("Host", m_request.provider);
    head.fields.append("Accept", "*/*");
    head.fields.append("Connection", "close");
    QByteArray octets;
    http::writeRequestHead(octets, head);
    m_parser.reset();
    m_stream = std::move(stream);
    m_stream->setListener(this);
    m_stream->setReadEnabled(true);
    if (!m_stream->write(octets))
        fail(ParentStep::Provider, account::Cause::NoResponse);
}

void SteppedTest::handleReadable(ByteStream &)
{
    using Status = http::HeadProgress::Status;
    char *buffer = net::scratchBuffer();
    const ByteStream::ReadResult result = m_stream->read(buffer, net::scratchSize);
    if (result.status == ByteStream::ReadResult::Status::WouldBlock)
        return;
    if (result.status == ByteStream::ReadResult::Status::Ended) {
        fail(ParentStep::Provider, account::Cause::NoResponse);
        return;
    }
    QByteArrayView octets(buffer, result.size);
    for (;;) {
        const http::HeadProgress progress = m_parser.feed(octets);
        if (progress.status == Status::NeedMore)
            return;
        if (progress.status == Status::Failed) {
            fail(ParentStep::Provider, account::Cause::MalformedResponse);
            return;
        }
        octets = octets.sliced(progress.consumed);
        const http::ResponseHead answer = m_parser.take();
        if (!answer.isInterim()) {
            handleAnswer(answer.status);
            return;
        }
    }
}

void SteppedTest::handleFailed(ByteStream &)
{
    fail(ParentStep::Provider, account::Cause::NoResponse);
}

/// Without an API key a provider answers 401 or shows a page, which proves that it is reached. With
/// a key, a refusal of this region or a failure at the provider would be the same.
void SteppedTest::handleAnswer(int status)
{
    constexpr int forbidden = 403;
    constexpr int legalReasons = 451;
    constexpr int serverError = 500;
    m_outcome.status = status;
    if (status == forbidden || status == legalReasons || status >= serverError)
        fail(ParentStep::Provider, {});
    else
        succeed(status);
}

void SteppedTest::handleLate()
{
    // A dial reports by itself which step is late.
    if (m_isRunning && !m_dial)
        fail(ParentStep::Provider, account::Cause::Silence, true);
}

void SteppedTest::enter(ParentStep step)
{
    for (size_t before = 0; before < size_t(step); ++before) {
        ParentStepState &state = m_states[before];
        if (state != ParentStepState::LeftOut)
            state = ParentStepState::Passed;
    }
    m_states[size_t(step)] = ParentStepState::Running;
    QMetaObject::invokeMethod(this, &SteppedTest::progressed, Qt::QueuedConnection);
}

void SteppedTest::failDial(ParentStep step, const DialError &error)
{
    const bool isLate =
        error.fault == DialFault::ConnectTimeout || error.fault == DialFault::DnsTimeout;
    fail(step, error.fault, isLate);
}

void SteppedTest::fail(ParentStep step, account::Reason reason, bool isLate)
{
    enter(step);
    m_states[size_t(step)] = ParentStepState::Failed;
    m_outcome.isGood = false;
    m_outcome.last = step;
    m_outcome.reason = reason;
    m_outcome.isLate = isLate;
    finish();
}

void SteppedTest::succeed(int status)
{
    m_states[size_t(ParentStep::Provider)] = ParentStepState::Passed;
    m_outcome.isGood = true;
    m_outcome.last = ParentStep::Provider;
    m_outcome.status = status;
    finish();
}

void SteppedTest::finish()
{
    drop();
    QMetaObject::invokeMethod(
        this,
        [this, outcome = m_outcome] {
            if (m_isRunning)
                return; // the next one has begun
            Q_EMIT progressed();
            Q_EMIT finished(outcome);
        },
        Qt::QueuedConnection);
}

void SteppedTest::drop()
{
    m_isRunning = false;
    m_timer.stop();
    m_dial.reset();
    m_stream.reset();
}

} // namespace sami::server
