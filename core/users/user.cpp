// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/user.h"

#include <algorithm>
#include <utility>

namespace sami::users {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestName = 255; // RFC 1929 §2
constexpr qsizetype longestNote = 1000;
constexpr int mostConnections = 1'000'000; // like MAX_CONNECTIONS_PER_IP

/// The problem that a name and a note have in common; empty if there is none.
QString textProblem(QByteArrayView text)
{
    const QString decoded = QString::fromUtf8(text);
    // The platform inserts U+FFFD if an argument is not UTF-8.
    if (!text.isValidUtf8() || decoded.contains(QChar::ReplacementCharacter))
        return u"it is not UTF-8"_s;
    const auto isControl = [](QChar c) { return c.category() == QChar::Other_Control; };
    if (decoded.contains(u'\n') || decoded.contains(u'\r'))
        return u"it has a line break, and a user is one line"_s;
    if (std::any_of(decoded.cbegin(), decoded.cend(), isControl))
        return u"it has a control character"_s;
    if (text != text.trimmed())
        return u"it begins or ends with a blank"_s;
    return {};
}

} // namespace

UserHosts::UserHosts(QList<policy::HostEntry> entries) : m_entries(std::move(entries))
{
    for (const policy::HostEntry &entry : std::as_const(m_entries))
        m_patterns += entry.patterns();
}

bool UserHosts::contains(const Endpoint &destination) const
{
    const QByteArray host = policy::HostPattern::canonical(destination.host);
    return std::any_of(m_patterns.cbegin(), m_patterns.cend(), [&](const auto &pattern) {
        return pattern.matchesCanonical(host, destination.port);
    });
}

bool User::mayReach(const Endpoint &destination) const
{
    return hosts.isEmpty() || hosts.contains(destination);
}

QString nameProblem(QByteArrayView name)
{
    if (name.isEmpty())
        return u"the name is empty"_s;
    if (name.size() > longestName)
        return u"it has more than %1 octets"_s.arg(longestName);
    if (name.contains(':'))
        return u"a user name cannot have a colon (RFC 7617)"_s;
    if (name.startsWith('#'))
        return u"\"#\" in front makes it a comment"_s;
    // Two names that look alike would be two users: a byte order mark in the middle, a soft hyphen.
    const QList<uint> characters = QString::fromUtf8(name).toUcs4();
    const auto hidden = std::find_if(characters.cbegin(), characters.cend(), [](uint c) {
        return QChar::category(c) == QChar::Other_Format;
    });
    if (hidden != characters.cend()) {
        return u"it has an invisible character (U+%1)"_s.arg(QString::number(*hidden, 16).toUpper(),
                                                             4, u'0');
    }
    return textProblem(name);
}

QString noteProblem(QByteArrayView note)
{
    if (note.size() > longestNote)
        return u"it has more than %1 octets"_s.arg(longestNote);
    return textProblem(note);
}

Result<int, QString> parseConnections(QByteArrayView text)
{
    const bool isNumber = !text.isEmpty() && text.size() <= 7
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    const int number = isNumber ? text.toInt() : mostConnections + 1;
    if (number > mostConnections)
        return Unexpected(u"write a number from 1 to %1, or 0 for no limit"_s.arg(mostConnections));
    return number;
}

Result<QDate, QString> parseUntil(QByteArrayView text)
{
    // Qt also accepts other separators, and signs.
    bool isWritten = text.size() == 10;
    for (qsizetype i = 0; isWritten && i < text.size(); ++i)
        isWritten = i == 4 || i == 7 ? text[i] == '-' : text[i] >= '0' && text[i] <= '9';
    const QDate day =
        isWritten ? QDate::fromString(QString::fromLatin1(text), Qt::ISODate) : QDate();
    if (!day.isValid())
        return Unexpected(u"write the last day like 2027-01-31"_s);
    return day;
}

Result<UserHosts, QString> parseHosts(QByteArrayView text)
{
    QList<policy::HostEntry> hosts;
    for (const QByteArray &part : text.toByteArray().split(',')) {
        const QByteArray each = part.trimmed();
        if (each.isEmpty())
            continue;
        auto entry = policy::HostEntry::parse(each);
        if (!entry)
            return Unexpected(u"\"%1\": %2"_s.arg(QString::fromUtf8(each), entry.error()));
        hosts.append(std::move(entry).value());
    }
    if (hosts.isEmpty())
        return Unexpected(u"names no host; leave it out to allow what ALLOWED_HOSTS allows"_s);
    return UserHosts(std::move(hosts));
}

} // namespace sami::users
