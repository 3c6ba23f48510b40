// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/snapshot.h"

#include <optional>

namespace sami::gui {

/// The outcome of a request, a tunnel or a connection, in one word.
enum class EndKind {
    Complete,  ///< answered in full, or a tunnel that was closed properly
    Cut,       ///< started, and over before it was complete
    Refused,   ///< not started by the proxy: a rule, a limit, invalid HTTP, a stop
    Unreached, ///< the server could not be connected to
    Unused,    ///< nothing was requested
};

/// Who cut the work.
enum class CutBy {
    Client,
    Server, ///< or something on the way to it
    Proxy,  ///< a timer, a limit, its own stop
    User,   ///< by hand, in this program
};

/// How both follow from the core's values, for every possible end:
///
///   how             by        reason                     when                            ending
///   complete        upstream                             answered in full                Complete
///   complete        proxy     none, not_found,           one of the proxy's own pages    Complete
///                             method_not_allowed
///   fin             either                               a tunnel: CONNECT 200, or 101   Complete
///   fin             client                               while dialling or answering     Cut
///   reset, keepalive, error   either                     the same, or a tunnel           Cut
///   any of the four client                               no request was read             Unused
///   any of the four client    request_incomplete         in the head or the body         Cut
///   any of the four upstream  no_response                nothing came, 502               Cut
///   any of the four upstream  response_incomplete        in the head, 502; or the body   Cut
///   reset, keepalive, error upstream parent_lost         a tunnel through a parent       Cut
///   timeout:silence proxy                                in a tunnel or an answer        Cut
///   timeout:silence proxy     silence                    before the answer, 504          Cut
///   timeout:head    proxy     head_timeout               408                             Cut
///   timeout:head    proxy     proxy_protocol_bad         a balancer's header, begun      Cut
///   timeout:idle    proxy                                no request was read             Unused
///   timeout:dial    proxy     connection_timeout,        504                             Unreached
///                             dns_timeout
///   dial_failed     proxy     any other of a dial        502, 503                        Unreached
///   refused         proxy     a policy::Refusal          403, 407, 429, 508              Refused
///   bad_request     proxy     a fault of the head, its   400, 414, 431, 501, 505         Refused
///                             target or framing; another
///                             protocol; bad_host_field,
///                             bad_max_forwards
///   bad_request     proxy     proxy_protocol_missing,    nothing is answered             Refused
///                             proxy_protocol_bad
///   bad_request     client    a fault of the body        400, or during the answer       Cut
///   bad_response    upstream  a fault of head, framing   502, or during the answer       Cut
///                             or body; unasked_upgrade
///   drained         proxy     draining                   503                             Refused
///   drained, closed proxy                                any work under way              Cut
///   closed          proxy     user_removed,              the same, of that user          Cut
///                             user_disabled, user_expired
///   drained, closed proxy                                no request was read             Unused
///   limit           proxy     full, client_full,         503                             Refused
///                             unfinished_heads,
///                             user_full, sign_in_full
///   limit           proxy     kept_input                 during the answer               Cut
///   error           client    tls_truncated              in a head, a body or a tunnel   Cut
///   error, fin,     client    tls_cut, tls_alert,        during the TLS handshake        Cut
///   reset                     tls_untrusted
///   timeout:head    proxy     tls_timeout                the same                        Cut
///   bad_request     proxy     tls_version, tls_cipher,   the same                        Refused
///                             tls_alpn, tls_malformed,
///                             tls_handshake
///   limit           proxy     tls_full                   the same                        Refused
///
/// "Either" is client or upstream. Pure.
[[nodiscard]] EndKind endingOf(const account::FinishedWork &work);
/// Empty for work that was not cut.
[[nodiscard]] std::optional<CutBy> cutBy(const account::FinishedWork &work);

/// Whether the client had a tunnel, by CONNECT or as a WebSocket.
[[nodiscard]] bool wasTunnel(const account::FinishedWork &work);
/// Whether no request was read, not even the start of one.
[[nodiscard]] bool wasUnused(const account::FinishedWork &work);

} // namespace sami::gui
