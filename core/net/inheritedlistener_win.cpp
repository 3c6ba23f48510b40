// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/inheritedlistener.h"

namespace sami::net {

Result<void, QString> takeOverListener(qintptr, const SocketAddress &where)
{
    return Unexpected(QStringLiteral("cannot take a socket over for %1: not on Windows; hand over "
                                     "none, and one is opened")
                          .arg(QString::fromLatin1(where.toByteArray())));
}

} // namespace sami::net
