// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "daemon/statuscommand.h"

namespace sami::daemon {

Result<QByteArray, QString> askUnixSocket(const QString &, const QByteArray &)
{
    return Unexpected(QStringLiteral("Unix sockets are for Linux only"));
}

} // namespace sami::daemon
