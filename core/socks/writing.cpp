// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "socks/writing.h"

#include <QHostAddress>

namespace sami::socks {

namespace {

constexpr char version = 5;
constexpr char authVersion = 1;

void appendCounted(QByteArray &out, const QByteArray &octets)
{
    Q_ASSERT(octets.size() <= 255);
    out.append(char(octets.size())).append(octets);
}

void appendPort(QByteArray &out, quint16 port)
{
    out.append(char(port >> 8)).append(char(port & 0xff));
}

void appendAddress(QByteArray &out, const QHostAddress &address)
{
    if (address.protocol() == QAbstractSocket::IPv6Protocol) {
        const Q_IPV6ADDR octets = address.toIPv6Address();
        out.append(char(AddressType::Ipv6));
        out.append(reinterpret_cast<const char *>(octets.c), sizeof octets.c);
        return;
    }
    const quint32 bits = address.toIPv4Address(); // 0 for a null address
    out.append(char(AddressType::Ipv4));
    for (int shift = 24; shift >= 0; shift -= 8)
        out.append(char(bits >> shift & 0xff));
}

} // namespace

QByteArray methodChoice(Method method)
{
    return QByteArray().append(version).append(char(method));
}

QByteArray authStatus(bool isSuccess)
{
    return QByteArray().append(authVersion).append(isSuccess ? '\0' : '\x01');
}

QByteArray reply(ReplyCode code, const SocketAddress &bound)
{
    QByteArray out;
    out.append(version).append(char(code)).append('\0');
    appendAddress(out, bound.address);
    appendPort(out, bound.port);
    return out;
}

QByteArray greeting(std::initializer_list<Method> methods)
{
    QByteArray out;
    out.append(version).append(char(methods.size()));
    for (const Method method : methods)
        out.append(char(method));
    return out;
}

QByteArray userPassword(const UserPassword &pair)
{
    QByteArray out(1, authVersion);
    appendCounted(out, pair.user);
    appendCounted(out, pair.password);
    return out;
}

QByteArray request(Command command, const Endpoint &destination)
{
    QByteArray out;
    out.append(version).append(char(command)).append('\0');
    if (const auto literal = destination.literalAddress()) {
        appendAddress(out, *literal);
    } else {
        out.append(char(AddressType::Name));
        appendCounted(out, destination.host);
    }
    appendPort(out, destination.port);
    return out;
}

} // namespace sami::socks
