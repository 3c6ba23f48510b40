// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyframing.h"
#include "http/bodyreader.h"
#include "http/foreignprotocol.h"
#include "http/headfault.h"
#include "http/requesttarget.h"
#include "net/dialfault.h"
#include "net/tlsacceptance.h"
#include "policy/decision.h"
#include "socks/fault.h"

#include <QByteArrayView>

#include <type_traits>
#include <variant>

namespace sami::account {

/// Why work ended, for reasons that are not a rule's, a dial's or a parser's.
enum class Cause {
    Full,              ///< as many connections as can be served
    ClientFull,        ///< MAX_CONNECTIONS_PER_IP
    UnfinishedHeads,   ///< the budgets for unfinished work are spent
    Draining,          ///< the proxy is shutting down
    NotFound,          ///< the proxy has no such page
    MethodNotAllowed,  ///< the proxy's own page does not allow the method
    HeadTimeout,       ///< the request's head was not complete in time
    BadHostField,      ///< of the request
    BadMaxForwards,    ///< of the request
    Silence,           ///< the host did not answer in time
    MalformedResponse, ///< the host's answer cannot be passed on
    UnaskedUpgrade,    ///< the host changed the protocol without being asked
    NoResponse,        ///< the host closed without sending anything
    ResponseCut,       ///< the host closed in the middle of its answer
    RequestCut,        ///< the client closed in the middle of its request
    KeptInput,         ///< the budget for what the proxy holds for peers is spent
    TlsTimeout,        ///< the client's TLS handshake did not finish in time
    TlsFull,           ///< clients' TLS uses all the memory that it may
    TlsTruncated,      ///< the client's TLS ended without close_notify, while work was under way
    NoProxyHeader,     ///< a balancer's connection began without a PROXY protocol header
    BadProxyHeader,    ///< it began with one that does not count
    ParentLost,        ///< the connection to a parent proxy broke off during a tunnel
    UserFull,          ///< the user has as many connections as the users file allows
    SignInFull,        ///< too many passwords wait to be checked
    UserRemoved,       ///< the user is no longer in the users file
};

/// Stable codes: "full", "client_full", "no_response", …
[[nodiscard]] const char *toString(Cause cause);

/// Why work ended: a value of the enum of the unit that found out, or none. It stays that value all
/// the way to the log, the tables and the window; texts are never compared.
class Reason
{
public:
    using Value =
        std::variant<std::monostate, Cause, policy::Refusal, net::DialFault, http::HeadFault,
                     http::TargetFault, http::FramingFault, http::BodyFault, http::ForeignProtocol,
                     socks::Fault, net::TlsAcceptFault>;

    Reason() = default;
    // Implicit: the unit that found out passes a value of its own enum.
    template <typename Enum>
    requires(std::is_enum_v<Enum> &&std::is_constructible_v<Value, Enum>)
        Reason(Enum value) // NOLINT(google-explicit-constructor)
        : m_value(value)
    {}

    [[nodiscard]] const Value &value() const { return m_value; }
    [[nodiscard]] bool isNone() const { return m_value.index() == 0; }
    /// What the access log writes, and other programs may rely on: "private_target", "dns_error";
    /// for malformed HTTP a short phrase. Empty for none. A static string.
    [[nodiscard]] const char *code() const;
    /// The reason with this code, as found in a log; none for another text. If several share a
    /// code, the first one: in a log nothing else tells them apart.
    [[nodiscard]] static Reason ofCode(QByteArrayView code);
    /// The rule that refused; None if something else ended the work.
    [[nodiscard]] policy::Refusal refusal() const;

    friend bool operator==(const Reason &, const Reason &) = default;

private:
    Value m_value;
};

} // namespace sami::account
