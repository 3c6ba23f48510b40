// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "door/proxyprotocol.h"
#include "server/front.h"

#include <memory>

namespace sami::server {

/// The front of a connection whose client has sent nothing yet. Reads its first octets, leaves them
/// in ClientLeg::input and makes way for the front that understands them. Owned by the session, in
/// the worker's thread.
///
///   state    first octets                              goes on as
///   Header   a whole header                            Outer, the client as the header says
///            a fault                                   the session drops it, unanswered, with
///                                                      bad_request
///   Outer    0x16, where the door has a certificate    TlsEntrance; then Inner
///   Outer,   5, where SOCKS5 is spoken                 Socks5Front
///   Inner    any other                                 HttpFront, which names what it does not
///                                                      speak
///
/// Header comes first if the peer is a balancer (PROXY_PROXY_PROTOCOL_FROM), and nowhere else: a
/// second header, or one from anybody else, counts as first octets of Outer. A header that has
/// begun keeps its settings and its time, the header timeout; the first octets after it have what
/// is left of that. The client that the header names takes the place or is turned away with 503;
/// see Places.
///
/// Before the first octet, a connection is treated like an HTTP client that has sent no request:
///
///   the client ends, or fails            the session drops it: ended by the client
///   no octet within the header timeout   the session drops it: timeout:idle; over TLS the time
///                                        begins with the connection
///   the proxy drains                     it may still ask, and gets its 503
///   new settings                         count from here on, and the header timeout begins again
///
/// An octet that is already in the socket when the time is up has arrived in time.
class FirstOctets final : public Front
{
public:
    /// The FrontFactory of every door. Needed even where only HTTP is spoken: new settings may
    /// change that while the client waits.
    [[nodiscard]] static std::unique_ptr<Front> make(ClientLeg &leg);

    explicit FirstOctets(ClientLeg &leg);

    [[nodiscard]] Step start() override;
    [[nodiscard]] Step handle(FrontEvent event) override;
    /// Never called: this front asks for no journey.
    [[nodiscard]] Step dialled(Result<route::Dialled, net::DialError> result,
                               const policy::Decision &refusal) override;
    [[nodiscard]] Standing standing() const override { return {}; }

private:
    enum class State {
        Header, ///< a balancer has to say whose connection this is
        Outer,  ///< the connection as accepted, or after the header
        Inner,  ///< the same inside TLS
    };

    void beginWaiting();
    [[nodiscard]] bool awaitsHeader() const;
    [[nodiscard]] Step read();
    [[nodiscard]] Step readHeader();
    [[nodiscard]] Step applyHeader(const door::ProxyHeader &header);
    [[nodiscard]] Step refuse(door::ProxyHeaderFault fault);
    [[nodiscard]] Step turnAway();
    [[nodiscard]] Step endUnwatched();
    [[nodiscard]] bool hasBegunHeader() const;
    [[nodiscard]] Step leave();
    [[nodiscard]] Step recognize();
    [[nodiscard]] Step expire();

    ClientLeg &m_leg;
    State m_state;
};

} // namespace sami::server
