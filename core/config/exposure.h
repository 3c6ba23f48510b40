// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QHostAddress>

namespace sami::config {

/// Where a listener at that address can be connected to from this machine.
[[nodiscard]] QHostAddress addressFromHere(const QHostAddress &listening);

/// Whether only this machine can reach the listener.
[[nodiscard]] bool listensOnLoopbackOnly(const Settings &settings);

/// Whether clients must say who they are: there is a pair of credentials, or a file of users, be it
/// empty.
[[nodiscard]] bool asksForPassword(const Settings &settings);

/// Whether anyone who reaches the port may use the proxy: a listener beyond loopback with neither
/// users nor an address list. A list whose ranges together hold every public address of a
/// family is none; "private" holds no public one. A firewall may
/// still be in front; the proxy cannot know.
[[nodiscard]] bool isOpenToEveryone(const Settings &settings);

/// Whether the listener speaks SOCKS5 beside HTTP. Where PROXY_SOCKS5 does not say it: where only
/// this machine or whoever knows the password can use the proxy. An open one does not become a
/// SOCKS relay by itself.
[[nodiscard]] bool speaksSocks5(const Settings &settings);

/// Whether clients can speak TLS with the listener: they may, and there is something to show them.
/// A state folder counts as that, whether or not it can be used.
[[nodiscard]] bool speaksTls(const Settings &settings);

/// Whether a connection from that address has to begin with a PROXY protocol header.
[[nodiscard]] bool comesFromBalancer(const Settings &settings, const QHostAddress &peer);

/// Whether "private" alone keeps strangers out of a listener beyond loopback.
[[nodiscard]] bool reliesOnPrivate(const Settings &settings);

} // namespace sami::config
