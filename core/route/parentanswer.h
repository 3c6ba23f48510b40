// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/messagehead.h"
#include "net/dialfault.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace sami::route {

/// What a parent proxy's answer to a CONNECT means: success, or whose fault the failure is. Pure.
///
/// The first row that fits counts. `error` is that of the Proxy-Status member (RFC 9209) nearest to
/// us.
///
///     the answer                                      the fault           whose
///     2xx                                             -                   -
///     1xx (101), 3xx                                  ParentProtocol      the parent's
///     407                                             ParentCredentials   the parent's
///     `error` names something about the destination   that                the destination's
///     508; `error` is proxy_loop_detected             ParentLoop          the destination's
///     403, 451                                        ParentForbids       the destination's
///     404, 405, 501: it knows no CONNECT              ParentProtocol      the parent's
///     503 of squid for a name or a host that fails    that                the destination's
///     503, 429                                        ParentUnavailable   the parent's
///     504                                             ConnectTimeout      the destination's
///     502, any other                                  DestinationFailed   the destination's
///
/// A fault that may be either's counts as the destination's (tinyproxy answers 500 for a host that
/// is down): a parent that is wrongly blamed is lost to everybody, a destination only to its own
/// users. The parent's faults have Blame::Parent, the destination's Blame::Beyond.
[[nodiscard]] std::optional<net::DialError> faultOf(const http::ResponseHead &answer);

/// A parent's reason phrase, made fit for our status line and log: printable ASCII, at most 80
/// octets.
[[nodiscard]] QByteArray passedOnPhrase(QByteArrayView reason);

} // namespace sami::route
