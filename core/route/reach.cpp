// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/reach.h"

#include "net/budgets.h"
#include "net/nativestream.h"

#include <QTimerEvent>

#include <algorithm>
#include <utility>

namespace sami::route {

using net::Connector;
using net::DialError;
using net::DialFault;
using net::HappyEyeballs;
using net::ResolveAnswer;

namespace {

/// How much an attempt's failure says about the host. A refusal says most: the host exists.
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

/// The explanation for a host that the exit cannot reach.
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

Reach::Reach(QObject &dial, const DialRequest &request, const ReachTools &tools, TimePoint started,
             Over over)
    : m_dial(dial), m_request(request), m_tools(tools), m_over(std::move(over)), m_started(started)
{}

Reach::~Reach() = default;

const Endpoint &Reach::host() const
{
    return m_request.route.firstFor(m_request.endpoint);
}

/// On platforms other than Linux a handshake needs a different kind of stream.
bool Reach::leadsToTls() const
{
    const std::vector<Recipe> &layers = m_request.route.layers();
    return layers.empty() ? m_request.tls : std::holds_alternative<TlsRecipe>(layers.front());
}

void Reach::start()
{
    if (const std::optional<QHostAddress> literal = host().literalAddress()) {
        QMetaObject::invokeMethod(
            &m_dial,
            [this, address = *literal] {
                handleAnswer({ { address }, false, {} });
            },
            Qt::QueuedConnection);
        return;
    }
    m_tools.resolver->lookup(
        host().host, m_request.client, &m_dial,
        [this](const ResolveAnswer &answer) { handleAnswer(answer); }, family());
}

void Reach::handleTimer(const QTimerEvent &event)
{
    if (m_nextAttempt.takeExpiry(event))
        startDueAttempts();
    else if (m_askAgain.takeExpiry(event))
        handleAskAgainExpired();
}

void Reach::handleAnswer(const ResolveAnswer &answer)
{
    if (m_state != State::Resolving)
        return;
    m_timings.resolved = Clock::now() - m_started;
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
        m_freshness = Freshness::Cached;
        m_askAgain.arm(std::min(askAgainAfter, m_request.timeout / 4));
    }
    connectTo(*allowed);
}

std::optional<DialError> Reach::failureOf(const ResolveAnswer &answer) const
{
    if (answer.isShortage)
        return DialError { DialFault::OutOfResources, answer.error, net::Blame::Ourselves };
    if (answer.lacksFamily)
        return DialError { DialFault::FamilyExcluded, exclusionText(family(), false) };
    if (!answer.failed && !answer.addresses.isEmpty())
        return std::nullopt;
    const bool isUnknown = answer.isUnknownName || answer.error.isEmpty();
    return DialError { isUnknown ? DialFault::NameNotFound : DialFault::DnsFailure,
                       answer.error.isEmpty() ? "no such host" : answer.error };
}

Result<QList<QHostAddress>, DialError> Reach::allowedOf(const ResolveAnswer &answer) const
{
    QList<QHostAddress> allowed;
    qsizetype excluded = 0;
    for (const QHostAddress &address : answer.addresses) {
        // Check what will be dialled: a mapped address in its IPv4 form.
        const QHostAddress dialled = unmapped(address);
        if (m_tools.exit && !m_tools.exit->leadsTo(dialled))
            ++excluded;
        else if (!m_request.addressFilter || m_request.addressFilter(dialled))
            allowed.append(dialled);
    }
    if (allowed.isEmpty() && !answer.addresses.isEmpty()) {
        if (excluded < answer.addresses.size())
            return Unexpected(addressRefused());
        const bool isLiteral = host().literalAddress().has_value();
        return Unexpected(
            DialError { DialFault::FamilyExcluded, exclusionText(family(), isLiteral) });
    }
    return allowed;
}

void Reach::askAgain()
{
    m_freshness = Freshness::Asked;
    m_tools.resolver->lookupAgain(
        host().host, m_request.client, &m_dial,
        [this](const ResolveAnswer &answer) { handleSecondAnswer(answer); }, family());
}

void Reach::handleAskAgainExpired()
{
    if (m_freshness == Freshness::Cached && m_state == State::Connecting)
        askAgain();
    else if (m_freshness == Freshness::Asked && m_state == State::Connecting
             && m_race.isExhausted())
        fail(*m_worst);
}

void Reach::handleSecondAnswer(const ResolveAnswer &answer)
{
    if (m_state == State::Over)
        return;
    m_freshness = Freshness::Current;
    m_askAgain.cancel();
    const auto allowed = allowedOf(answer);
    if (!answer.addresses.isEmpty())
        m_race.replaceUntried(allowed ? *allowed : QList<QHostAddress>());
    if (m_state != State::Connecting)
        return; // the new addresses wait in case the handshake fails
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

ExitFamily Reach::family() const
{
    return m_tools.exit ? m_tools.exit->family : ExitFamily::Any;
}

void Reach::connectTo(const QList<QHostAddress> &addresses)
{
    m_state = State::Connecting;
    m_race = HappyEyeballs(addresses);
    startDueAttempts();
}

void Reach::startDueAttempts()
{
    if (m_state != State::Connecting)
        return;
    const TimePoint now = Clock::now();
    while (const std::optional<QHostAddress> address = m_race.nextAttempt(now)) {
        makeRoomForAttempt();
        net::ConnectorPtr &attempt = m_attempts.emplace_back(
            net::makeConnector({ *address, host().port }, leadsToTls(), m_tools.portable,
                               m_tools.exit ? m_tools.exit->sourceFor(*address) : std::nullopt));
        Connector *connector = attempt.get();
        connector->start([this, connector](const std::optional<DialError> &error) {
            if (error)
                handleAttemptFailed(connector, *error);
            else
                handleConnected(connector);
        });
    }
    if (const std::optional<TimePoint> due = m_race.nextDue()) {
        m_nextAttempt.arm(std::chrono::ceil<std::chrono::milliseconds>(*due - now));
    } else {
        m_nextAttempt.cancel();
    }
}

/// A connection's own budget covers one attempt. Each further one needs an extra slot. If there is
/// none, or enough attempts run already, the oldest makes room, so that the dial still tries every
/// address.
void Reach::makeRoomForAttempt()
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
        m_worst = net::connectError(DialFault::ConnectTimeout);
}

void Reach::handleAttemptFailed(Connector *connector, const DialError &error)
{
    std::erase_if(m_attempts,
                  [connector](const net::ConnectorPtr &other) { return other.get() == connector; });
    if (!m_extras.empty())
        m_extras.pop_back();
    if (!m_worst || weight(error.fault) > weight(m_worst->fault))
        m_worst = error;
    m_race.attemptFailed();
    startDueAttempts();
    concludeIfExhausted();
}

void Reach::concludeIfExhausted()
{
    if (!m_race.isExhausted())
        return;
    // Our own lack of resources says nothing about the addresses.
    if (m_freshness == Freshness::Cached && m_worst->fault != DialFault::OutOfResources)
        askAgain();
    if (m_freshness == Freshness::Asked)
        m_askAgain.arm(askAgainPatience);
    else
        fail(*m_worst);
}

void Reach::handleConnected(Connector *connector)
{
    m_timings.connected = Clock::now() - m_started;
    const auto found = std::find_if(
        m_attempts.begin(), m_attempts.end(),
        [connector](const net::ConnectorPtr &other) { return other.get() == connector; });
    Q_ASSERT(found != m_attempts.end());
    const net::ConnectorPtr winner = std::move(*found);
    m_attempts.clear();
    m_extras.clear();
    m_race.attemptsOver();
    m_nextAttempt.cancel();
    m_state = State::Reached;
    m_over(winner->takeStream(*m_request.budgets));
}

void Reach::goOn(DialError why)
{
    m_worst = std::move(why);
    m_state = State::Connecting;
    startDueAttempts();
    concludeIfExhausted();
}

DialError Reach::late() const
{
    if (m_state != State::Resolving)
        return m_race.isExhausted() ? *m_worst : net::connectError(DialFault::ConnectTimeout);
    if (m_tools.resolver->isWaitingForThread(host().host, family()))
        return { DialFault::OutOfResources, "too many names are being looked up",
                 net::Blame::Ourselves };
    return { DialFault::DnsTimeout, "the name was not resolved in time" };
}

void Reach::fail(DialError error)
{
    stop();
    m_over(Unexpected(std::move(error)));
}

void Reach::stop()
{
    m_state = State::Over;
    m_nextAttempt.cancel();
    m_askAgain.cancel();
    m_attempts.clear();
    m_extras.clear();
}

} // namespace sami::route
