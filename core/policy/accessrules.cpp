// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/accessrules.h"

#include "base/endpoint.h"
#include "base/hostname.h"
#include "policy/hostpresets.h"

#include <algorithm>

namespace sami::policy {

using namespace Qt::StringLiterals;

namespace {

// RFC 1035 §2.3.4: 255 octets on the wire are 253 characters.
constexpr qsizetype maxNameLength = 253;

std::optional<quint16> parsePort(QByteArrayView digits)
{
    if (digits.isEmpty() || digits.size() > 5)
        return std::nullopt;
    quint32 value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + static_cast<quint32>(c - '0');
    }
    if (value == 0 || value > 65535)
        return std::nullopt;
    return static_cast<quint16>(value);
}

constexpr char privateWord[] = "private";

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isNameChar(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/// The problem with a lower-case name; empty if it is valid.
QString nameProblem(const QByteArray &name)
{
    if (name.isEmpty())
        return u"the host name is missing"_s;
    if (name.contains('*'))
        return u"\"*\" may only stand in front, as in *.example.com"_s;
    if (std::any_of(name.cbegin(), name.cend(), [](char c) { return (c & 0x80) != 0; }))
        return u"write an international name as punycode (xn--…)"_s;
    if (name.contains('/'))
        return u"write the host alone, without a scheme, a path or a prefix length"_s;
    if (!std::all_of(name.cbegin(), name.cend(), isNameChar))
        return u"a host name has only letters, digits, \"-\", \"_\" and \".\""_s;
    if (name.size() > maxNameLength || name.startsWith('.') || name.endsWith('.')
        || name.contains(".."))
        return u"not a host name"_s;
    if (endsInNumber(name))
        return u"not an IPv4 address: write four decimal numbers, as in 192.0.2.7"_s;
    return {};
}

} // namespace

Result<HostPattern, QString> HostPattern::parse(QByteArrayView text)
{
    const auto fail = [](const QString &why) { return Unexpected<QString>(why); };
    QByteArrayView host = text;
    QByteArrayView port;
    bool hasPort = false;

    if (text.startsWith('[')) {
        const qsizetype end = text.indexOf(']');
        if (end < 0)
            return fail(u"the closing \"]\" of the IPv6 address is missing"_s);
        host = text.sliced(1, end - 1);
        const QByteArrayView rest = text.sliced(end + 1);
        if (!rest.isEmpty() && !rest.startsWith(':'))
            return fail(u"only a port may follow the \"]\""_s);
        hasPort = !rest.isEmpty();
        port = hasPort ? rest.sliced(1) : rest;
        if (!host.contains(':'))
            return fail(u"brackets are for IPv6 addresses only"_s);
    } else if (text.contains("://")) {
        return fail(u"write the host alone, without a scheme"_s);
    } else if (text.count(':') == 1) {
        const qsizetype colon = text.indexOf(':');
        host = text.first(colon);
        port = text.sliced(colon + 1);
        hasPort = true;
    } // more colons: an IPv6 address without brackets, so no port

    HostPattern pattern;
    if (hasPort) {
        pattern.port = parsePort(port);
        if (!pattern.port)
            return fail(u"the port must be 1 to 65535"_s);
    }
    if (host == QByteArrayView("*")) {
        return fail(u"\"*\" alone would allow every host; leave the list empty for that, or "
                    "write *.example.com"_s);
    }
    if (host.startsWith("*.")) {
        pattern.matchesSubdomains = true;
        host = host.sliced(2);
    }
    const QByteArray name = canonical(host);
    const bool isAddress = Endpoint { name, 0 }.literalAddress().has_value();
    if (isAddress && pattern.matchesSubdomains)
        return fail(u"\"*.\" goes before a name, not before an address"_s);
    if (!isAddress) {
        if (host.contains(':'))
            return fail(u"not an IPv6 address"_s);
        if (const QString problem = nameProblem(name); !problem.isEmpty())
            return fail(problem);
    }
    pattern.host = name;
    return pattern;
}

QByteArray HostPattern::canonical(QByteArrayView host)
{
    QByteArray name = host.toByteArray().toLower();
    if (name.endsWith('.'))
        name.chop(1);
    if (const auto address = Endpoint { name, 0 }.literalAddress())
        return address->toString().toLatin1();
    return name;
}

bool HostPattern::matches(QByteArrayView candidate, quint16 candidatePort) const
{
    return matchesCanonical(canonical(candidate), candidatePort);
}

bool HostPattern::matchesCanonical(const QByteArray &name, quint16 candidatePort) const
{
    if (port && *port != candidatePort)
        return false;
    if (!matchesSubdomains)
        return name == host;
    return name.size() > host.size() + 1 && name.endsWith(host)
        && name.at(name.size() - host.size() - 1) == '.';
}

QByteArray HostPattern::toByteArray() const
{
    QByteArray text = matchesSubdomains ? "*." + host : host;
    if (!port)
        return text;
    if (host.contains(':'))
        text = '[' + text + ']';
    return text + ':' + QByteArray::number(*port);
}

Result<HostEntry, QString> HostEntry::parse(QByteArrayView text)
{
    if (!text.startsWith('@')) {
        auto pattern = HostPattern::parse(text);
        if (!pattern)
            return Unexpected<QString>(pattern.error());
        return HostEntry(*pattern);
    }
    HostEntry entry;
    entry.preset = text.toByteArray().toLower();
    const QList<QByteArray> words = hostPresetWords();
    if (words.contains(entry.preset))
        return entry;
    if (entry.preset.contains(':'))
        return Unexpected<QString>(u"a preset takes no port; ALLOWED_PORTS says which ports"_s);
    return Unexpected<QString>(
        u"no such preset; there are %1"_s.arg(QString::fromLatin1(words.join(", "))));
}

QList<HostPattern> HostEntry::patterns() const
{
    return preset.isEmpty() ? QList<HostPattern> { pattern } : hostsOfPreset(preset);
}

bool HostEntry::matches(QByteArrayView host, quint16 port) const
{
    if (preset.isEmpty())
        return pattern.matches(host, port);
    const QByteArray name = HostPattern::canonical(host);
    const QList<HostPattern> all = patterns();
    return std::any_of(all.cbegin(), all.cend(),
                       [&](const HostPattern &one) { return one.matchesCanonical(name, port); });
}

QByteArray HostEntry::toByteArray() const
{
    return preset.isEmpty() ? pattern.toByteArray() : preset;
}

ClientEntry ClientEntry::privateClients()
{
    ClientEntry entry;
    entry.m_isPrivate = true;
    return entry;
}

Result<ClientEntry, QString> ClientEntry::parse(QByteArrayView text)
{
    if (text.compare(privateWord, Qt::CaseInsensitive) == 0)
        return privateClients();
    auto range = Cidr::parse(text);
    if (range)
        return ClientEntry(*range);
    const bool isWord = !text.isEmpty() && std::all_of(text.begin(), text.end(), isLetter);
    return isWord ? Unexpected<QString>(u"the only word that may stand here is private; everything "
                                        "else is an address or a range"_s)
                  : Unexpected<QString>(range.error());
}

bool ClientEntry::holds(const QHostAddress &client, const PrivateClients &privateClients) const
{
    return m_isPrivate ? privateClients.contains(client) : m_range.contains(client);
}

bool anyHolds(const QList<ClientEntry> &entries, const QHostAddress &client,
              const PrivateClients &privateClients)
{
    return std::any_of(entries.cbegin(), entries.cend(), [&](const ClientEntry &entry) {
        return entry.holds(client, privateClients);
    });
}

QByteArray ClientEntry::toByteArray() const
{
    return m_isPrivate ? QByteArray(privateWord) : m_range.toByteArray();
}

Result<PortRange, QString> PortRange::parse(QByteArrayView text)
{
    const qsizetype dash = text.indexOf('-');
    const auto first = parsePort(dash < 0 ? text : text.first(dash));
    const auto last = dash < 0 ? first : parsePort(text.sliced(dash + 1));
    if (!first || !last)
        return Unexpected<QString>(u"write a port from 1 to 65535, or a range like 1024-65535"_s);
    if (*first > *last)
        return Unexpected<QString>(u"the range is reversed; write %1-%2"_s.arg(*last).arg(*first));
    return PortRange { *first, *last };
}

QByteArray PortRange::toByteArray() const
{
    QByteArray text = QByteArray::number(first);
    if (last != first)
        text += '-' + QByteArray::number(last);
    return text;
}

} // namespace sami::policy
