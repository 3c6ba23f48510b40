// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The settings have already refused such a door.
#include "admin/adminlistener.h"

namespace sami::admin {

Result<net::Descriptor, QString> UnixSocket::listenAt(const QString &)
{
    return Unexpected(QStringLiteral("Unix sockets are for Linux only"));
}

std::optional<UnixSocket::File> UnixSocket::fileAt(const QString &)
{
    return std::nullopt;
}

void UnixSocket::remove(const QString &, const File &) {}

qint64 UnixSocket::peerUser(qintptr)
{
    return -1;
}

bool UnixSocket::isTrusted(qint64)
{
    return false;
}

} // namespace sami::admin
