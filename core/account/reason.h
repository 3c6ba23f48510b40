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

/// Why work ended, where no rule, dial or parser of another room says it.
enum class Cause {
    Full,              ///< as many connections as can be served
    ClientFull,        ///< MAX_CONNECTIONS_PER_IP
    UnfinishedHeads,   ///< too much is under way that nobody finishes
    Draining,          ///< the proxy is shutting down
    NotFound,          ///< no page of the proxy's own
    MethodNotAllowed,  ///< a page of the proxy's own takes no such method
    HeadTimeout,       ///< the request's head was not complete in time
    BadHostField,      ///< of the request
    BadMaxForwards,    ///< of the request
    Silence,           ///< the host did not answer in time
    MalformedResponse, ///< the host's answer cannot be passed on
    UnaskedUpgrade,    ///< the host changed the protocol, though nobody had asked
    NoResponse,        ///< the host closed without a word
    ResponseCut,       ///< the host closed amid its answer
    RequestCut,        ///< the client closed amid its request
    KeptInput,         ///< what all peers make the proxy keep has no room left
    TlsTimeout,        ///< the client's TLS handshake was not over in time
    TlsFull,           ///< clients' TLS takes all the memory that it may
    TlsTruncated,      ///< the client's TLS ended without saying so, amid something
    NoProxyHeader,     ///< a balancer's connection began without a PROXY protocol header
    BadProxyHeader,    ///< it began with one that does not count
    ParentLost,        ///< the connection to a parent proxy broke off amid a tunnel
    UserFull,          ///< the user has as many connections as the users file allows
    SignInFull,        ///< too many passwords wait to be checked
    UserRemoved,       ///< the user is no longer in the users file
};

/// Stable codes: "full", "client_full", "no_response", …
[[nodiscard]] const char *toString(Cause cause);

/// Why work ended: a value of the enum of whoever found out, or none. It goes as it is from there
/// to the log, the tables and the window; nobody compares texts.
class Reason
{
public:
    using Value =
        std::variant<std::monostate, Cause, policy::Refusal, net::DialFault, http::HeadFault,
                     http::TargetFault, http::FramingFault, http::BodyFault, http::ForeignProtocol,
                     socks::Fault, net::TlsAcceptFault>;

    Reason() = default;
    // Not explicit: whoever found out names its own enum's value.
    template <typename Enum>
    requires(std::is_enum_v<Enum> &&std::is_constructible_v<Value, Enum>)
        Reason(Enum value) // NOLINT(google-explicit-constructor)
        : m_value(value)
    {}

    [[nodiscard]] const Value &value() const { return m_value; }
    [[nodiscard]] bool isNone() const { return m_value.index() == 0; }
    /// What the access log writes, and other programs may rely on: "private_target", "dns_error";
    /// of what is malformed in HTTP a few words. Empty for none. Lives as long as the program.
    [[nodiscard]] const char *code() const;
    /// The reason that has this code, as it stands in a log; none for another text. Of several the
    /// first: the code is all that tells them apart there.
    [[nodiscard]] static Reason ofCode(QByteArrayView code);
    /// The rule that refused; None where another reason ended it.
    [[nodiscard]] policy::Refusal refusal() const;

    friend bool operator==(const Reason &, const Reason &) = default;

private:
    Value m_value;
};

} // namespace sami::account
