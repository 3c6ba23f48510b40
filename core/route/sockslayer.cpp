// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/sockslayer.h"

#include "socks/reading.h"
#include "socks/writing.h"

#include <utility>

namespace sami::route {

using net::Blame;
using net::DialError;
using net::DialFault;
using socks::Method;
using socks::ReplyCode;

namespace {

/// RFC 1928 §5, RFC 1929 §2: lengths are one octet.
constexpr qsizetype maxCounted = 255;

/// Enough for a reply, and what the destination may have sent after it.
constexpr qsizetype readSize = qsizetype(16) * 1024;

} // namespace

DialError faultOf(ReplyCode code)
{
    switch (code) {
    case ReplyCode::Succeeded:
        break;
    case ReplyCode::NotAllowed:
        return { DialFault::ParentForbids, "the parent proxy does not allow the destination",
                 Blame::Beyond };
    case ReplyCode::NetworkUnreachable:
        return { DialFault::Unreachable, "the parent proxy has no route to the network",
                 Blame::Beyond };
    case ReplyCode::HostUnreachable:
        return { DialFault::Unreachable, "the parent proxy cannot reach the host", Blame::Beyond };
    case ReplyCode::ConnectionRefused:
        return { DialFault::ConnectionRefused, "the host refused the parent proxy's connection",
                 Blame::Beyond };
    case ReplyCode::TtlExpired:
        return { DialFault::ConnectTimeout, "the host did not answer the parent proxy in time",
                 Blame::Beyond };
    case ReplyCode::CommandNotSupported:
        return { DialFault::ParentProtocol, "the parent proxy knows no CONNECT", Blame::Parent };
    case ReplyCode::GeneralFailure:
    case ReplyCode::AddressTypeNotSupported:
        break;
    }
    return { DialFault::DestinationFailed,
             "the parent proxy failed, code " + QByteArray::number(int(code)), Blame::Beyond };
}

SocksLayer::SocksLayer(SocksRecipe recipe) : AskingLayer(readSize), m_recipe(std::move(recipe)) {}

SocksLayer::~SocksLayer() = default;

void SocksLayer::ask()
{
    if (m_recipe.user.size() > maxCounted || m_recipe.password.size() > maxCounted) {
        failParent(DialFault::ParentCredentials, "SOCKS5 has no room for the credentials");
        return;
    }
    goOn(m_recipe.user.isEmpty()
             ? socks::greeting({ Method::NoAuthentication })
             : socks::greeting({ Method::UserPassword, Method::NoAuthentication }),
         State::Greeting);
}

void SocksLayer::take(QByteArrayView octets)
{
    m_input.append(octets);
    switch (m_state) {
    case State::Greeting:
        takeMethod();
        return;
    case State::Authentication:
        takeStatus();
        return;
    case State::Request:
        takeReply();
        return;
    }
}

/// Takes a message off the input; false if that failed or octets are missing. Only the last message
/// may be followed by more octets.
template <typename Progress> bool SocksLayer::has(Progress &progress, bool isLast)
{
    if (!progress) {
        failParent(DialFault::ParentProtocol, "the parent proxy does not keep to SOCKS5");
        return false;
    }
    if (!*progress)
        return false;
    m_input.remove(0, (*progress)->consumed);
    if (!isLast && !m_input.isEmpty()) {
        failParent(DialFault::ParentProtocol, "the parent proxy answers what it was not asked");
        return false;
    }
    return true;
}

void SocksLayer::takeMethod()
{
    auto progress = socks::readMethodChoice(m_input);
    if (!has(progress, false))
        return;
    switch ((*progress)->message) {
    case Method::NoAuthentication:
        goOn(socks::request(socks::Command::Connect, m_recipe.target), State::Request);
        return;
    case Method::UserPassword:
        if (!m_recipe.user.isEmpty()) {
            goOn(socks::userPassword({ m_recipe.user, m_recipe.password }), State::Authentication);
            return;
        }
        break;
    case Method::NoneAcceptable:
        failParent(DialFault::ParentCredentials, "the parent proxy asks for other credentials");
        return;
    case Method::GssApi:
        break;
    }
    failParent(DialFault::ParentProtocol, "the parent proxy chose a method that was not offered");
}

void SocksLayer::takeStatus()
{
    auto progress = socks::readAuthStatus(m_input);
    if (!has(progress, false))
        return;
    if ((*progress)->message)
        goOn(socks::request(socks::Command::Connect, m_recipe.target), State::Request);
    else
        failParent(DialFault::ParentCredentials, "the parent proxy refuses the credentials");
}

void SocksLayer::takeReply()
{
    auto progress = socks::readReply(m_input);
    if (!has(progress, true))
        return;
    const ReplyCode code = (*progress)->message.code;
    if (code == ReplyCode::Succeeded)
        lead(std::move(m_input));
    else
        giveUp(faultOf(code));
}

void SocksLayer::goOn(const QByteArray &octets, State next)
{
    m_state = next;
    say(octets);
}

void SocksLayer::end()
{
    if (m_state == State::Request && m_input.isEmpty())
        giveUp({ DialFault::DestinationFailed, "the parent proxy closed in place of a reply",
                 Blame::Beyond });
    else
        AskingLayer::end();
}

} // namespace sami::route
