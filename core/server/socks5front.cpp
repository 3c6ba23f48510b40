// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/socks5front.h"

#include "base/heapcost.h"
#include "base/hostname.h"
#include "server/signin.h"
#include "server/statelog.h"
#include "server/travelrules.h"
#include "socks/writing.h"

#include <utility>

namespace sami::server {

using account::EndedBy;
using account::EndedHow;
using net::DialFault;
using socks::Method;
using socks::ReplyCode;
using ReadStatus = net::ByteStream::ReadResult::Status;

namespace {

constexpr char unit[] = "server.socks5front";

constexpr char passwordVersion = 1; // RFC 1929 §2

Method methodFor(const socks::Greeting &greeting, bool areCredentialsAsked)
{
    if (!areCredentialsAsked && greeting.offers(Method::NoAuthentication))
        return Method::NoAuthentication;
    return greeting.offers(Method::UserPassword) ? Method::UserPassword : Method::NoneAcceptable;
}

/// Some clients send an IPv6 literal as a name, in a URL's brackets.
QByteArrayView withoutBrackets(const QByteArray &host)
{
    const bool isBracketed = host.startsWith('[') && host.endsWith(']') && host.contains(':');
    return isBracketed ? QByteArrayView(host).sliced(1, host.size() - 2) : QByteArrayView(host);
}

ReplyCode codeOf(OwnReply)
{
    return ReplyCode::GeneralFailure;
}

ReplyCode codeOf(const policy::Decision &)
{
    return ReplyCode::NotAllowed;
}

ReplyCode codeOf(const net::DialError &error)
{
    switch (error.fault) {
    case DialFault::AddressRefused:
        return ReplyCode::NotAllowed;
    case DialFault::Unreachable:
    case DialFault::FamilyExcluded:
        return ReplyCode::NetworkUnreachable;
    case DialFault::NameNotFound:
    case DialFault::DnsFailure:
        return ReplyCode::HostUnreachable;
    case DialFault::ParentForbids:
        return ReplyCode::NotAllowed;
    case DialFault::DestinationFailed:
        return ReplyCode::HostUnreachable;
    case DialFault::ConnectionRefused:
    case DialFault::ConnectionReset:
        return ReplyCode::ConnectionRefused;
    case DialFault::ConnectTimeout:
    case DialFault::DnsTimeout:
        return ReplyCode::TtlExpired;
    case DialFault::SourceUnavailable:
    case DialFault::TlsCertificate: // TLS inside a tunnel is not ours
    case DialFault::TlsProtocol:
    case DialFault::NoTlsLibrary:
    case DialFault::NoAuthorities:
    case DialFault::PinMismatch:
    case DialFault::ParentCredentials:
    case DialFault::ParentProtocol:
    case DialFault::ParentUnavailable:
    case DialFault::ParentLoop:
    case DialFault::NoParent:
    case DialFault::OutOfResources:
        break;
    }
    return ReplyCode::GeneralFailure;
}

} // namespace

const char *toString(Socks5Front::State state)
{
    switch (state) {
    case Socks5Front::State::Greeting:
        return "greeting";
    case Socks5Front::State::Authentication:
        return "authentication";
    case Socks5Front::State::SignIn:
        return "sign_in";
    case Socks5Front::State::Request:
        return "request";
    case Socks5Front::State::SecondSignIn:
        return "second_sign_in";
    case Socks5Front::State::Dial:
        return "dial";
    }
    return "";
}

ReplyCode replyCodeFor(const Denial &denial)
{
    return std::visit([](const auto &why) { return codeOf(why); }, denial.why);
}

ReplyCode replyCodeFor(socks::Fault fault)
{
    switch (fault) {
    case socks::Fault::UnknownAddressType:
        return ReplyCode::AddressTypeNotSupported;
    case socks::Fault::UnsupportedCommand:
        return ReplyCode::CommandNotSupported;
    case socks::Fault::BadVersion:
    case socks::Fault::NoMethods:
    case socks::Fault::NoCommonMethod:
    case socks::Fault::BadHost:
    case socks::Fault::BadPort:
        break;
    }
    return ReplyCode::GeneralFailure;
}

Socks5Front::Socks5Front(ClientLeg &leg) : m_leg(leg) {}

Socks5Front::~Socks5Front() = default;

Step Socks5Front::start()
{
    m_leg.setFront(account::FrontKind::Socks5);
    m_leg.setPhase(account::ConnectionPhase::AwaitingRequest);
    m_leg.postMortem.begin(Clock::now());
    m_leg.adoptSettings();
    m_leg.deadline.arm(m_leg.headTimeLeft());
    m_leg.stream->setReadEnabled(!m_leg.hasEnded);
    return takeMessages();
}

Step Socks5Front::handle(FrontEvent event)
{
    if (m_state == State::Dial)
        return step::Stay {}; // the session handles the events of a dial
    if (m_signIn)
        return signingIn(event);
    switch (event) {
    case FrontEvent::ClientReadable:
        return read();
    case FrontEvent::ClientFailed:
        return drop();
    case FrontEvent::DeadlineExpired:
        return expire();
    case FrontEvent::RecordBudgetSpent:
        return refuse({ OwnReply::Overloaded, EndedHow::Limit });
    case FrontEvent::Continue:
    case FrontEvent::ClientDrained:
    case FrontEvent::ExchangeFinished:
    case FrontEvent::PasswordJudged:
    case FrontEvent::DrainBegan:      // the client hears of it once it has asked
    case FrontEvent::SettingsChanged: // a step keeps its time; each step uses the current rules
        break;
    }
    return step::Stay {};
}

/// The only place where the state changes.
void Socks5Front::enter(State state)
{
    logStateChange(unit, m_leg.record->id, m_state, state);
    m_state = state;
}

Step Socks5Front::read()
{
    switch (m_leg.readInput()) {
    case ReadStatus::WouldBlock:
        return step::Stay {};
    case ReadStatus::Ended:
        return drop();
    case ReadStatus::Data:
        break;
    }
    return takeMessages();
}

/// Octets that are already in the socket when the time is up have arrived in time.
Step Socks5Front::expire()
{
    if (m_leg.stream->isReadEnabled()) {
        Step found = read();
        if (!std::holds_alternative<step::Stay>(found))
            return found;
    }
    return refuse({ OwnReply::HeadTimeout, EndedHow::TimeoutHead });
}

/// Takes all messages that have arrived: a client may send them at once.
Step Socks5Front::takeMessages()
{
    std::optional<Step> step;
    while (!step) {
        switch (m_state) {
        case State::Greeting:
            step = greet();
            break;
        case State::Authentication:
            step = authenticate();
            break;
        case State::Request:
            return takeRequest();
        case State::SignIn:
        case State::SecondSignIn:
        case State::Dial:
            return step::Stay {};
        }
    }
    return std::move(*step);
}

/// Takes a message off the input. Returns a step if it is malformed or incomplete, or if it came in
/// clear text where TLS is required.
template <typename Message>
std::optional<Step> Socks5Front::take(socks::Progress<Message> progress, Message &message)
{
    if (!progress)
        return refuse(progress.error());
    std::optional<socks::Read<Message>> &read = *progress;
    if (!read)
        return m_leg.hasEnded ? drop() : step::Stay {};
    m_leg.postMortem.addLogCredit(read->consumed);
    m_leg.input.remove(0, read->consumed);
    m_leg.adoptSettings();
    // Comes before a password is requested or examined. The client may have sent one anyway.
    if (m_leg.lacksTls()) {
        if (m_state == State::Authentication || m_leg.input.startsWith(passwordVersion))
            m_leg.warnOfClearPassword();
        return refuse(denialOf({ policy::Refusal::TlsRequired }));
    }
    message = std::move(read->message);
    return std::nullopt;
}

std::optional<Step> Socks5Front::greet()
{
    socks::Greeting greeting;
    if (auto step = take(socks::readGreeting(m_leg.input), greeting))
        return step;
    const bool areAsked = areCredentialsAsked();
    const Method method = methodFor(greeting, areAsked);
    if (method == Method::NoneAcceptable) {
        return areAsked ? refuse(denialOf({ policy::Refusal::CredentialsMissing }))
                        : refuse(socks::Fault::NoCommonMethod);
    }
    if (auto step = say(socks::methodChoice(method)))
        return step;
    enter(method == Method::UserPassword ? State::Authentication : State::Request);
    return std::nullopt;
}

std::optional<Step> Socks5Front::authenticate()
{
    socks::UserPassword given;
    if (auto step = take(socks::readUserPassword(m_leg.input), given))
        return step;
    m_given = policy::Credentials { std::move(given.user), std::move(given.password) };
    if (areCredentialsAsked()) {
        if (auto step = passGate())
            return step;
    }
    if (auto step = say(socks::authStatus(true)))
        return step;
    enter(State::Request);
    return std::nullopt;
}

Step Socks5Front::takeRequest()
{
    socks::Request request;
    if (auto step = take(socks::readRequest(m_leg.input), request))
        return std::move(*step);
    if (request.command != socks::Command::Connect)
        return refuse(socks::Fault::UnsupportedCommand);
    const Endpoint &asked = request.destination.endpoint;
    std::optional<QByteArray> host = hostToDial(withoutBrackets(asked.host));
    if (!host || asked.port == 0) {
        m_leg.postMortem.describeRefused("CONNECT", asked.toByteArray(), true);
        return refuse(host ? socks::Fault::BadPort : socks::Fault::BadHost);
    }
    m_destination = { std::move(*host), asked.port };
    m_leg.postMortem.describe({}, "CONNECT", m_destination.toByteArray(), m_destination);
    return judge();
}

// --- Request ---

/// Judges in the order of admit(): places, client and credentials, draining, destination.
Step Socks5Front::judge()
{
    if (const auto denial = denialOfPlace(m_leg.place.crowding()))
        return refuse(*denial);
    if (m_passedBy != m_leg.active) {
        if (auto step = passGate())
            return std::move(*step);
    }
    const std::optional<Denial> denial = judgeDestination();
    m_given.reset();
    return denial ? refuse(*denial) : beginDial();
}

std::optional<Denial> Socks5Front::judgeDestination()
{
    m_leg.postMortem.setUser(m_user);
    if (auto denial = denialWhileDraining(*m_leg.context.shared))
        return denial;
    const policy::Decision byName = judgeName(m_destination, *m_leg.active, m_member);
    if (byName.wouldRefuse != policy::Refusal::None)
        m_leg.postMortem.report(byName.wouldRefuse);
    if (!byName.isAllowed())
        return denialOf(byName);
    if (m_member && !(m_leg.userPlace = m_leg.context.shared->userPlaces.take(m_member)))
        return denialOfFullUser();
    return std::nullopt;
}

Step Socks5Front::beginDial()
{
    m_leg.trimInput();
    Journey journey;
    journey.endpoint = m_destination;
    journey.heldBytes = qsizetype(sizeof *this) + heapCost(m_destination.host);
    // This fits into the free part, so it is never refused. The call also counts the read-ahead.
    static_cast<void>(m_leg.chargeInput(journey.heldBytes));
    if (m_leg.active->parents) {
        journey.via = viaOfJourney({}, m_leg.context.shared->pseudonym);
        if (!m_leg.chargeTls(m_leg.tlsLegsOf(journey)))
            return refuse(Denial { OwnReply::Overloaded, EndedHow::Limit });
    }
    enter(State::Dial);
    return step::Dial { std::move(journey) };
}

Step Socks5Front::dialled(Result<route::Dialled, net::DialError> result,
                          const policy::Decision &refusal)
{
    Q_ASSERT(m_state == State::Dial);
    if (!result)
        return refuse(denialOf(result.error(), refusal, *m_leg.context.shared));
    // RFC 1928 §6 asks for the proxy's outgoing address. We send 0.0.0.0:0: no client of a CONNECT
    // has a use for the address, and it may be an internal one.
    if (auto step = say(socks::reply(ReplyCode::Succeeded)))
        return std::move(*step);
    static_cast<void>(m_leg.chargeTls(int(result->route.leadingTls()))); // no more than before
    return step::Tunnel { std::move(result->stream), 200, std::move(result->early) };
}

// --- answers to the client ---

/// Returns a step if the client is gone.
std::optional<Step> Socks5Front::say(const QByteArray &octets)
{
    return m_leg.stream->write(octets) ? std::nullopt : std::optional(drop());
}

Step Socks5Front::drop()
{
    account::Ending ending = account::clientEnding(m_leg.stream->end());
    if (m_state != State::Dial && ending.reason.isNone())
        ending.reason = account::Cause::RequestCut;
    return step::Drop { ending };
}

Step Socks5Front::refuse(const Denial &denial)
{
    const ReplyText text = replyText(denial);
    return refuse(replyCodeFor(denial), text.status, { EndedBy::Proxy, denial.how, text.reason });
}

Step Socks5Front::refuse(socks::Fault fault)
{
    constexpr int badRequest = 400;
    return refuse(replyCodeFor(fault), badRequest, { EndedBy::Proxy, EndedHow::BadRequest, fault });
}

Step Socks5Front::refuse(ReplyCode code, int status, const account::Ending &ending)
{
    QByteArray words;
    switch (m_state) {
    case State::Greeting:
        words = socks::methodChoice(Method::NoneAcceptable);
        break;
    case State::Authentication:
    case State::SignIn:
        words = socks::authStatus(false);
        break;
    case State::Request:
    case State::SecondSignIn:
    case State::Dial:
        words = socks::reply(code);
        break;
    }
    const bool isWritten = m_leg.stream->write(words);
    m_leg.postMortem.close(status, ending, Clock::now());
    if (!isWritten)
        return step::Over {};
    return step::Linger {};
}

} // namespace sami::server
