// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/sourceaddress.h"

#include <QNetworkProxy>
#include <QTcpSocket>

namespace sami::config {

using namespace Qt::StringLiterals;

Result<void, QString> tryToBind(const QHostAddress &source)
{
    QTcpSocket socket;
    // Otherwise Qt would bind through the system's proxy.
    socket.setProxy(QNetworkProxy::NoProxy);
    if (socket.bind(source, 0))
        return {};
    if (socket.error() == QAbstractSocket::SocketAddressNotAvailableError) {
        return Unexpected(
            u"not an address of this machine; write one that it has, or leave the setting out"_s);
    }
    return Unexpected(u"no connection can be made from it: %1"_s.arg(socket.errorString()));
}

Result<void, QString> tryToBind(const SourceAddresses &sources)
{
    for (const std::optional<QHostAddress> *source : { &sources.ipv4, &sources.ipv6 }) {
        if (!*source)
            continue;
        if (auto bound = tryToBind(**source); !bound) {
            return Unexpected(u"PROXY_SOURCE_ADDRESS: "_s + (*source)->toString() + u": "_s
                              + bound.error());
        }
    }
    return {};
}

} // namespace sami::config
