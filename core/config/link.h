// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/parents.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

/// A link: everything somebody needs to use one of our proxies, in one line. The daemon prints it;
/// the recipient turns it into a parent. Pure functions; any thread.
///
///     sami-proxy://USER:PASSWORD@HOST:PORT?pin=BASE64URL[&pin=…][&name=TEXT][&tls=0]
///
/// Everything but unreserved octets is percent-encoded. tls=0 means clear text; the default is TLS.
/// Without a pin the certificate is verified as usual. Without user information no authentication
/// is needed.
///
/// Invariant: parseLink(linkText(x)) == x for each x from parseLink().
namespace sami::config {

inline constexpr QByteArrayView linkScheme = "sami-proxy";

/// Strict. The error repeats no secret (parenturl.h, proxyurl.h). The caller trims pasted text.
[[nodiscard]] Result<Parent, QString> parseLink(QByteArrayView text);
/// Contains secrets: not for logs or command lines.
[[nodiscard]] QByteArray linkText(const Parent &parent);
/// The same without user name and password, for display.
[[nodiscard]] QByteArray maskedLink(const Parent &parent);

} // namespace sami::config
