// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/interfaceaddresses.h"
#include "config/servername.h"
#include "config/settings.h"

#include <QByteArray>
#include <QList>

namespace sami::door {

/// More alternative names than that make a certificate that is slow to send; the first ones count.
inline constexpr qsizetype maxIdentityNames = 100;

/// What a certificate of our own is for, each name once and always in the same order:
/// PROXY_TLS_NAMES, then the host's name and `localhost`, then loopback and the addresses at which
/// this machine is listened at. Pure.
///
///     listening at            addresses of the machine in the certificate
///     a single address        that one
///     every address           all of its interfaces, of the family that is listened on
///     loopback                none but loopback
///
/// Link-local addresses are left out: they mean something with a zone only, which no certificate
/// has. A host name that is none for a certificate (an underscore) is left out too.
[[nodiscard]] QList<config::ServerName> identityNames(const config::Settings &settings,
                                                      const QByteArray &hostName,
                                                      const QList<InterfaceAddress> &interfaces);

} // namespace sami::door
