// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/interfaceaddresses.h"
#include "config/servername.h"
#include "config/settings.h"

#include <QByteArray>
#include <QList>

namespace sami::door {

/// With more alternative names a certificate becomes slow to send; the first ones count.
inline constexpr qsizetype maxIdentityNames = 100;

/// The names that our own certificate covers, each once and always in the same order:
/// PROXY_TLS_NAMES, then the host name and `localhost`, then loopback and the addresses of this
/// machine that are listened on. Pure.
///
///     listening on            addresses of the machine in the certificate
///     a single address        that one
///     every address           those of all interfaces, of the family that is listened on
///     loopback                none but loopback
///
/// Link-local addresses are left out: they have a meaning only with a zone, which no certificate
/// has. So is a host name that no certificate can hold (with an underscore).
[[nodiscard]] QList<config::ServerName> identityNames(const config::Settings &settings,
                                                      const QByteArray &hostName,
                                                      const QList<InterfaceAddress> &interfaces);

} // namespace sami::door
