// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/parents.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

/// A link: all that somebody needs to use a proxy of ours, in one line. The daemon prints it, and
/// whoever gets it makes a parent of it. Pure functions, for every thread.
///
///     sami-proxy://USER:PASSWORD@HOST:PORT?pin=BASE64URL[&pin=…][&name=TEXT][&tls=0]
///
/// Everything but unreserved octets is percent-encoded. It is for TLS unless it says tls=0. Without
/// a pin the certificate has to be good by itself. Without user information nobody is asked for
/// any.
///
/// The law of these three: parseLink(linkText(x)) is x, for each x that parseLink() gave.
namespace sami::config {

inline constexpr QByteArrayView linkScheme = "sami-proxy";

/// Strict, and the error repeats no secret (parenturl.h, proxyurl.h). Blanks around are not taken
/// off: whoever has a text that was pasted does that.
[[nodiscard]] Result<Parent, QString> parseLink(QByteArrayView text);
/// A secret: never in a log, never in a command line.
[[nodiscard]] QByteArray linkText(const Parent &parent);
/// The same without user name and password, for people to see.
[[nodiscard]] QByteArray maskedLink(const Parent &parent);

} // namespace sami::config
