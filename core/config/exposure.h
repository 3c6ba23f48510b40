// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QHostAddress>

namespace sami::config {

/// The address at which this machine can connect to that listener.
[[nodiscard]] QHostAddress addressFromHere(const QHostAddress &listening);

/// Whether the listener is reachable from this machine only.
[[nodiscard]] bool listensOnLoopbackOnly(const Settings &settings);

/// Whether clients must authenticate: there are credentials, or a users file, even an empty one.
[[nodiscard]] bool asksForPassword(const Settings &settings);

/// Whether anyone who reaches the port may use the proxy: the listener is not only on loopback, and
/// has neither authentication nor an address list. A list whose ranges cover all public addresses
/// of a family does not count; "private" covers no public address. A firewall may still protect it;
/// the proxy cannot know.
[[nodiscard]] bool isOpenToEveryone(const Settings &settings);

/// Whether the listener speaks SOCKS5 besides HTTP. The default without PROXY_SOCKS5: yes if only
/// this machine, or only clients with a password, can use the proxy, so that an open proxy does not
/// become a SOCKS relay by itself.
[[nodiscard]] bool speaksSocks5(const Settings &settings);

/// Whether clients can speak TLS with the listener: it is not off, and there is a certificate. A
/// state folder counts as one, even if it turns out to be unusable.
[[nodiscard]] bool speaksTls(const Settings &settings);

/// Whether a connection from that address must begin with a PROXY protocol header.
[[nodiscard]] bool comesFromBalancer(const Settings &settings, const QHostAddress &peer);

/// Whether only "private" keeps strangers from a listener that is not only on loopback.
[[nodiscard]] bool reliesOnPrivate(const Settings &settings);

} // namespace sami::config
