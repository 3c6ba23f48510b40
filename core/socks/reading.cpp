// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "socks/reading.h"

#include <QHostAddress>

#include <algorithm>
#include <utility>

namespace sami::socks {

namespace {

constexpr quint8 version = 5;
constexpr quint8 authVersion = 1; // RFC 1929 §2
constexpr qsizetype ipv4Bytes = 4;
constexpr qsizetype ipv6Bytes = 16;
constexpr qsizetype portBytes = 2;

/// Takes octets from the front of a message; `isShort` once one is missing.
class Octets
{
public:
    explicit Octets(QByteArrayView octets) : m_octets(octets) {}

    [[nodiscard]] quint8 number()
    {
        const QByteArrayView octet = take(1);
        return octet.isEmpty() ? quint8(0) : quint8(octet.front());
    }
    [[nodiscard]] QByteArrayView take(qsizetype size)
    {
        if (m_octets.size() - m_at < size)
            m_isShort = true;
        if (m_isShort)
            return {};
        m_at += size;
        return m_octets.sliced(m_at - size, size);
    }
    /// As many octets as the length octet in front announces.
    [[nodiscard]] QByteArrayView counted() { return take(number()); }

    [[nodiscard]] bool isShort() const { return m_isShort; }
    [[nodiscard]] qsizetype taken() const { return m_at; }

private:
    QByteArrayView m_octets;
    qsizetype m_at = 0;
    bool m_isShort = false;
};

/// Whether the message begins with that octet; true for an empty one, which may still do so.
bool beginsWith(quint8 wanted, QByteArrayView octets)
{
    return octets.isEmpty() || quint8(octets.front()) == wanted;
}

template <typename Message> Progress<Message> progress(const Octets &octets, Message message)
{
    if (octets.isShort())
        return std::optional<Read<Message>>();
    return std::optional(Read<Message> { std::move(message), octets.taken() });
}

QByteArray hostOf(AddressType type, QByteArrayView octets)
{
    if (octets.isEmpty() || type == AddressType::Name)
        return octets.toByteArray();
    if (type == AddressType::Ipv4) {
        quint32 bits = 0;
        for (const char octet : octets)
            bits = bits << 8 | quint8(octet);
        return addressText(QHostAddress(bits));
    }
    Q_IPV6ADDR address {};
    std::copy(octets.begin(), octets.end(), address.c);
    return addressText(QHostAddress(address));
}

/// The second half of a request and of a reply: RSV ATYP ADDR PORT.
Result<Address, Fault> takeAddress(Octets &octets)
{
    static_cast<void>(octets.take(1));
    Address address;
    address.type = static_cast<AddressType>(octets.number());
    if (octets.isShort())
        return address;
    QByteArrayView host;
    switch (address.type) {
    case AddressType::Ipv4:
        host = octets.take(ipv4Bytes);
        break;
    case AddressType::Name:
        host = octets.counted();
        break;
    case AddressType::Ipv6:
        host = octets.take(ipv6Bytes);
        break;
    default:
        return Unexpected(Fault::UnknownAddressType);
    }
    const QByteArrayView port = octets.take(portBytes);
    if (octets.isShort())
        return address;
    address.endpoint.host = hostOf(address.type, host);
    address.endpoint.port = quint16(quint8(port[0]) << 8 | quint8(port[1]));
    return address;
}

} // namespace

Progress<Greeting> readGreeting(QByteArrayView octets)
{
    if (!beginsWith(version, octets))
        return Unexpected(Fault::BadVersion);
    Octets rest(octets);
    static_cast<void>(rest.number());
    const quint8 count = rest.number();
    if (!rest.isShort() && count == 0)
        return Unexpected(Fault::NoMethods);
    Greeting greeting;
    for (const char method : rest.take(count))
        greeting.methods.set(quint8(method));
    return progress(rest, greeting);
}

Progress<UserPassword> readUserPassword(QByteArrayView octets)
{
    if (!beginsWith(authVersion, octets))
        return Unexpected(Fault::BadVersion);
    Octets rest(octets);
    static_cast<void>(rest.number());
    const QByteArrayView user = rest.counted();
    const QByteArrayView password = rest.counted();
    if (rest.isShort())
        return std::optional<Read<UserPassword>>();
    return progress(rest, UserPassword { user.toByteArray(), password.toByteArray() });
}

Progress<Request> readRequest(QByteArrayView octets)
{
    if (!beginsWith(version, octets))
        return Unexpected(Fault::BadVersion);
    Octets rest(octets);
    static_cast<void>(rest.number());
    const auto command = static_cast<Command>(rest.number());
    auto destination = takeAddress(rest);
    if (!destination)
        return Unexpected(destination.error());
    return progress(rest, Request { command, std::move(*destination) });
}

Progress<Method> readMethodChoice(QByteArrayView octets)
{
    if (!beginsWith(version, octets))
        return Unexpected(Fault::BadVersion);
    Octets rest(octets);
    static_cast<void>(rest.number());
    const auto method = static_cast<Method>(rest.number());
    return progress(rest, method);
}

Progress<bool> readAuthStatus(QByteArrayView octets)
{
    if (!beginsWith(authVersion, octets))
        return Unexpected(Fault::BadVersion);
    Octets rest(octets);
    static_cast<void>(rest.number());
    const bool isSuccess = rest.number() == 0;
    return progress(rest, isSuccess);
}

Progress<ConnectReply> readReply(QByteArrayView octets)
{
    if (!beginsWith(version, octets))
        return Unexpected(Fault::BadVersion);
    Octets rest(octets);
    static_cast<void>(rest.number());
    const auto code = static_cast<ReplyCode>(rest.number());
    auto bound = takeAddress(rest);
    if (!bound)
        return Unexpected(bound.error());
    return progress(rest, ConnectReply { code, std::move(*bound) });
}

} // namespace sami::socks
