// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/directdialoperation.h"

#include "net/budgets.h"
#include "net/nativestream.h"
#include "net/tlsclient.h"

#include <algorithm>
#include <utility>

namespace sami::net {

namespace {

/// How much an attempt's failure says about the host: a host that refused is there.
int weight(DialFault fault)
{
    switch (fault) {
    case DialFault::ConnectionRefused:
        return 4;
    case DialFault::ConnectionReset:
        return 3;
    case DialFault::OutOfResources:
    case DialFault::SourceUnavailable:
        return 2;
    case DialFault::ConnectTimeout:
        return 1;
    default:
        return 0;
    }
}

DialError addressRefused()
{
    return { DialFault::AddressRefused, "no address of the host is allowed" };
}

/// What a person is told of a host that the exit does not lead to.
QByteArray exclusionText(ExitFamily family, bool isLiteral)
{
    const bool isIPv4 = family == ExitFamily::IPv4;
    if (isLiteral) {
        return isIPv4 ? "the host is an IPv6 address, and PROXY_EXIT_FAMILY asks for IPv4"
                      : "the host is an IPv4 address, and PROXY_EXIT_FAMILY asks for IPv6";
    }
    return isIPv4 ? "the host has no IPv4 address, and PROXY_EXIT_FAMILY asks for one"
                  : "the host has no IPv6 address, and PROXY_EXIT_FAMILY asks for one";
}

} // namespace

DirectDialOperation::DirectDialOperation(DialRequest request, DialCallback callback, bool portable,
                                         std::shared_ptr<const ExitRoute> exit)
    : m_request(std::move(request)), m_callback(std::move(callback)), m_portable(portable),
      m_exit(std::move(exit)), m_started(Clock::now())
{}

DirectDialOperation::~DirectDialOperation() = default;

void DirectDialOperation::start(std::shared_ptr<Resolver> resolver,
                                std::shared_ptr<TlsClientConfig> tls)
{
    m_resolver = std::move(resolver);
    m_tls = std::move(tls);
    m_deadline.arm(m_request.timeout);
    if (m_request.tls && m_tls) {
        m_tls->request(this, [this](const TlsClientConfig::Answer &answer) {
            if (m_state == State::Over)
                return;
            if (!answer) {
                fail(answer.error());
                return;
            }
            m_tlsContext = answer->context;
            startHandshakeWhenReady();
        });
    }
    if (const std::optional<QHostAddress> literal = m_request.endpoint.literalAddress()) {
        QMetaObject::invokeMethod(
            this,
            [this, address = *literal] {
                handleAnswer({ { address }, false, {} });
            },
            Qt::QueuedConnection);
        return;
    }
    m_resolver->lookup(
        m_request.endpoint.host, m_request.client, this,
        [this](const ResolveAnswer &answer) { handleAnswer(answer); }, family());
}

void DirectDialOperation::timerEvent(QTimerEvent *event)
{
    if (m_deadline.takeExpiry(*event))
        handleExpired();
    else if (m_nextAttempt.takeExpiry(*event))
        startDueAttempts();
    else if (m_askAgain.takeExpiry(*event))
        handleAskAgainExpired();
}

void DirectDialOperation::cancel()
{
    stop();
    m_callback = nullptr;
}

void DirectDialOperation::handleAnswer(const ResolveAnswer &answer)
{
    if (m_state != State::Resolving)
        return;
    m_timings.resolved = elapsed();
    if (std::optional<DialError> error = failureOf(answer)) {
        fail(std::move(*error));
        return;
    }
    const auto allowed = allowedOf(answer);
    if (!allowed) {
        fail(allowed.error());
        return;
    }
    if (answer.isCached) {
        m_names = Names::Cached;
        m_askAgain.arm(std::min(askAgainAfter, m_request.timeout / 4));
    }
    connectTo(*allowed);
}

std::optional<DialError> DirectDialOperation::failureOf(const ResolveAnswer &answer) const
{
    if (answer.isShortage)
        return DialError { DialFault::OutOfResources, answer.error };
    if (answer.lacksFamily)
        return DialError { DialFault::FamilyExcluded, exclusionText(family(), false) };
    if (!answer.failed && !answer.addresses.isEmpty())
        return std::nullopt;
    const bool isUnknown = answer.isUnknownName || answer.error.isEmpty();
    return DialError { isUnknown ? DialFault::NameNotFound : DialFault::DnsFailure,
                       answer.error.isEmpty() ? "no such host" : answer.error };
}

Result<QList<QHostAddress>, DialError>
DirectDialOperation::allowedOf(const ResolveAnswer &answer) const
{
    QList<QHostAddress> allowed;
    qsizetype excluded = 0;
    for (const QHostAddress &address : answer.addresses) {
        // What is checked is what is dialled: a mapped address in its IPv4 form.
        const QHostAddress dialled = unmapped(address);
        if (m_exit && !m_exit->leadsTo(dialled))
            ++excluded;
        else if (!m_request.addressFilter || m_request.addressFilter(dialled))
            allowed.append(dialled);
    }
    if (allowed.isEmpty() && !answer.addresses.isEmpty()) {
        if (excluded < answer.addresses.size())
            return Unexpected(addressRefused());
        const bool isLiteral = m_request.endpoint.literalAddress().has_value();
        return Unexpected(
            DialError { DialFault::FamilyExcluded, exclusionText(family(), isLiteral) });
    }
    return allowed;
}

void DirectDialOperation::askAgain()
{
    m_names = Names::Asked;
    m_resolver->lookupAgain(
        m_request.endpoint.host, m_request.client, this,
        [this](const ResolveAnswer &answer) { handleSecondAnswer(answer); }, family());
}

void DirectDialOperation::handleAskAgainExpired()
{
    if (m_names == Names::Cached && m_state == State::Connecting)
        askAgain();
    else if (m_names == Names::Asked && m_state == State::Connecting && m_race.isExhausted())
        fail(*m_worst);
}

void DirectDialOperation::handleSecondAnswer(const ResolveAnswer &answer)
{
    if (m_state == State::Over)
        return;
    m_names = Names::Current;
    m_askAgain.cancel();
    const auto allowed = allowedOf(answer);
    if (!answer.addresses.isEmpty())
        m_race.replaceUntried(allowed ? *allowed : QList<QHostAddress>());
    if (m_state != State::Connecting)
        return; // they wait for the handshake to fail
    if (!allowed) {
        fail(allowed.error());
        return;
    }
    std::optional<DialError> error = failureOf(answer);
    if (error && error->fault != DialFault::OutOfResources && m_race.isExhausted()) {
        fail(std::move(*error));
        return;
    }
    startDueAttempts();
    concludeIfExhausted();
}

ExitFamily DirectDialOperation::family() const
{
    return m_exit ? m_exit->family : ExitFamily::Any;
}

void DirectDialOperation::connectTo(const QList<QHostAddress> &addresses)
{
    m_state = State::Connecting;
    m_race = HappyEyeballs(addresses);
    startDueAttempts();
}

void DirectDialOperation::startDueAttempts()
{
    if (m_state != State::Connecting)
        return;
    const TimePoint now = Clock::now();
    while (const std::optional<QHostAddress> address = m_race.nextAttempt(now)) {
        makeRoomForAttempt();
        ConnectorPtr &attempt = m_attempts.emplace_back(
            makeConnector({ *address, m_request.endpoint.port }, m_request.tls, m_portable,
                          m_exit ? m_exit->sourceFor(*address) : std::nullopt));
        Connector *connector = attempt.get();
        connect(connector, &Connector::connected, this,
                [this, connector] { handleConnected(connector); });
        connect(connector, &Connector::failed, this, [this, connector](const DialError &error) {
            handleAttemptFailed(connector, error);
        });
        connector->start();
    }
    if (const std::optional<TimePoint> due = m_race.nextDue()) {
        m_nextAttempt.arm(std::chrono::ceil<std::chrono::milliseconds>(*due - now));
    } else {
        m_nextAttempt.cancel();
    }
}

/// One attempt alone is what every connection is counted with. Each further one needs a place;
/// where there is none, or they are enough, the oldest attempt makes room, so that the dial still
/// walks through all addresses.
void DirectDialOperation::makeRoomForAttempt()
{
    if (m_attempts.empty())
        return;
    if (std::ssize(m_attempts) < HappyEyeballs::maxRunning) {
        if (auto place = m_request.budgets->extras.take(); place.isTaken()) {
            m_extras.push_back(std::move(place));
            return;
        }
    }
    m_attempts.erase(m_attempts.begin());
    m_race.attemptAbandoned();
    if (!m_worst)
        m_worst = connectError(DialFault::ConnectTimeout);
}

void DirectDialOperation::handleAttemptFailed(Connector *connector, const DialError &error)
{
    std::erase_if(m_attempts,
                  [connector](const ConnectorPtr &other) { return other.get() == connector; });
    if (!m_extras.empty())
        m_extras.pop_back();
    if (!m_worst || weight(error.fault) > weight(m_worst->fault))
        m_worst = error;
    m_race.attemptFailed();
    startDueAttempts();
    concludeIfExhausted();
}

void DirectDialOperation::concludeIfExhausted()
{
    if (!m_race.isExhausted())
        return;
    // What we lack says nothing about the addresses.
    if (m_names == Names::Cached && m_worst->fault != DialFault::OutOfResources)
        askAgain();
    if (m_names == Names::Asked)
        m_askAgain.arm(askAgainPatience);
    else
        fail(*m_worst);
}

void DirectDialOperation::handleConnected(Connector *connector)
{
    m_timings.connected = elapsed();
    const auto winner =
        std::find_if(m_attempts.begin(), m_attempts.end(),
                     [connector](const ConnectorPtr &other) { return other.get() == connector; });
    Q_ASSERT(winner != m_attempts.end());
    m_winner = std::move(*winner);
    m_attempts.clear();
    m_extras.clear();
    m_race.attemptsOver();
    m_nextAttempt.cancel();
    if (!m_request.tls) {
        finish(m_winner->takeStream(*m_request.budgets));
        return;
    }
    m_state = State::Encrypting;
    startHandshakeWhenReady();
}

void DirectDialOperation::startHandshakeWhenReady()
{
    if (m_state != State::Encrypting || !m_tlsContext || m_handshake)
        return;
    StreamPtr stream = m_winner->takeStream(*m_request.budgets);
    m_winner.reset();
    if (!stream) {
        fail(connectError(DialFault::ConnectionReset));
        return;
    }
    m_handshake = makeTlsHandshake(std::move(stream), m_request.endpoint.host);
    connect(m_handshake.get(), &TlsHandshake::succeeded, this,
            &DirectDialOperation::handleEncrypted);
    connect(m_handshake.get(), &TlsHandshake::failed, this,
            &DirectDialOperation::handleHandshakeFailed);
    m_handshake->start(*m_tlsContext);
}

/// By now the address may be another host's, which has no certificate for the name.
void DirectDialOperation::handleHandshakeFailed(const DialError &error)
{
    m_worst = error;
    m_handshake.reset();
    m_state = State::Connecting;
    startDueAttempts();
    concludeIfExhausted();
}

void DirectDialOperation::handleEncrypted()
{
    m_timings.encrypted = elapsed();
    finish(m_handshake->takeStream());
}

void DirectDialOperation::handleExpired()
{
    switch (m_state) {
    case State::Resolving:
        if (m_resolver->isWaitingForThread(m_request.endpoint.host, family())) {
            fail({ DialFault::OutOfResources, "too many names are being looked up" });
            return;
        }
        fail({ DialFault::DnsTimeout, "the name was not resolved in time" });
        return;
    case State::Connecting:
        fail(m_race.isExhausted() ? *m_worst : connectError(DialFault::ConnectTimeout));
        return;
    case State::Encrypting:
        fail({ DialFault::ConnectTimeout, "the TLS handshake was not finished in time" });
        return;
    case State::Over:
        return;
    }
}

void DirectDialOperation::finish(StreamPtr stream)
{
    if (!stream) {
        fail(connectError(DialFault::ConnectionReset));
        return;
    }
    stream->setTcpKeepalive(m_request.tcpKeepaliveSeconds);
    stop();
    // We may be let go in there.
    const DialCallback callback = std::exchange(m_callback, nullptr);
    callback(Dialled { std::move(stream), m_timings });
}

void DirectDialOperation::fail(DialError error)
{
    stop();
    const DialCallback callback = std::exchange(m_callback, nullptr);
    callback(Unexpected(std::move(error)));
}

/// Ends everything that is under way. The handshake may be what is calling us.
void DirectDialOperation::stop()
{
    m_state = State::Over;
    m_deadline.cancel();
    m_nextAttempt.cancel();
    m_askAgain.cancel();
    m_attempts.clear();
    m_extras.clear();
    m_winner.reset();
    m_handshake.reset();
}

Clock::duration DirectDialOperation::elapsed() const
{
    return Clock::now() - m_started;
}

} // namespace sami::net
