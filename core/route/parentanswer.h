// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/messagehead.h"
#include "net/dialfault.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace sami::route {

/// What a parent proxy says about the CONNECT that it was asked: whether the way stands, and
/// otherwise whose fault that is. Pure.
///
/// The first row that fits counts. `error` is what the member of Proxy-Status (RFC 9209) says that
/// is nearest to us.
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
/// What may be either's counts as the destination's (500 is what tinyproxy says of a host that is
/// down): a parent that is wrongly blamed is lost to everybody, a destination to nobody else. What
/// is the parent's fault speaks of Blame::Parent, what is the destination's of Blame::Beyond.
[[nodiscard]] std::optional<net::DialError> faultOf(const http::ResponseHead &answer);

/// What a parent gives as its reason, fit for a status line of ours and for a log: printable ASCII,
/// at most 80 octets.
[[nodiscard]] QByteArray passedOnPhrase(QByteArrayView reason);

} // namespace sami::route
