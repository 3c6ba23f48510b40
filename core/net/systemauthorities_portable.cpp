// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/authorities.h"

#include <QSslConfiguration>

namespace sami::net {

QList<QSslCertificate> systemAuthorities()
{
    return QSslConfiguration::systemCaCertificates();
}

} // namespace sami::net
