// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/tokens.h"

#include "base/blanks.h"
#include "base/randomoctets.h"

#include <QCryptographicHash>

#include <algorithm>

namespace sami::admin {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxName = 64;
constexpr qsizetype digestSize = 32;
constexpr qsizetype tokenOctets = 32; // 256 bits

/// Zero if equal; both have the same size. The time does not depend on where they differ.
quint8 difference(QByteArrayView left, QByteArrayView right)
{
    quint8 bits = 0;
    for (qsizetype i = 0; i < digestSize; ++i)
        bits = static_cast<quint8>(bits | (left[i] ^ right[i]));
    return bits;
}

bool isNothing(QByteArrayView line)
{
    const QByteArrayView text = trimBlanks(line);
    return text.isEmpty() || text.startsWith('#');
}

QByteArrayView withoutReturn(QByteArrayView line)
{
    return line.endsWith('\r') ? line.chopped(1) : line;
}

QList<QByteArray> linesOf(const QByteArray &content)
{
    return content.split('\n');
}

bool isHex(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

/// Parses a line that is neither empty nor a comment; the error completes a sentence.
Result<Token, QString> parseLine(QByteArrayView line)
{
    const QList<QByteArray> parts = trimBlanks(line).toByteArray().split(':');
    if (parts.size() < 3 || parts.size() > 4)
        return Unexpected(u"is not name:right:sha256 or name:right:sha256:day"_s);
    Token token;
    if (!isTokenName(parts[0]))
        return Unexpected(u"the name has other signs than letters, digits, '.', '_' and '-'"_s);
    token.name = parts[0];
    const auto right = parseRight(parts[1]);
    if (!right)
        return Unexpected(u"the right is neither read nor manage"_s);
    token.right = *right;
    if (parts[2].size() != 2 * digestSize || !isHex(parts[2]))
        return Unexpected(u"the digest is not 64 hex digits"_s);
    token.digest = QByteArray::fromHex(parts[2]);
    if (parts.size() == 4) {
        token.until = parseDay(parts[3]);
        if (!token.until)
            return Unexpected(u"the day is not one such as 2027-01-31"_s);
    }
    return token;
}

} // namespace

const char *toString(Right right)
{
    switch (right) {
    case Right::None:
        return "none";
    case Right::Read:
        return "read";
    case Right::Manage:
        return "manage";
    }
    return "";
}

QByteArray Token::line() const
{
    QByteArray text = name + ':' + toString(right) + ':' + digest.toHex();
    if (until)
        text += ':' + until->toString(Qt::ISODate).toLatin1();
    return text;
}

QByteArray generateToken()
{
    return "sami_"
        + randomOctets<tokenOctets>().toBase64(QByteArray::Base64UrlEncoding
                                               | QByteArray::OmitTrailingEquals);
}

QByteArray digestOf(QByteArrayView token)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(token.toByteArray());
    return hash.result();
}

bool isTokenName(QByteArrayView name)
{
    return !name.isEmpty() && name.size() <= maxName
        && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                   || c == '.' || c == '_' || c == '-';
           });
}

std::optional<QDate> parseDay(QByteArrayView text)
{
    if (text.size() != 10)
        return std::nullopt;
    const QDate day = QDate::fromString(QString::fromLatin1(text), u"yyyy-MM-dd"_s);
    return day.isValid() ? std::optional(day) : std::nullopt;
}

std::optional<Right> parseRight(QByteArrayView text)
{
    if (text == "read")
        return Right::Read;
    if (text == "manage")
        return Right::Manage;
    return std::nullopt;
}

Result<TokenList, QString> TokenList::parse(const QByteArray &content)
{
    TokenList list;
    int number = 0;
    for (const QByteArray &raw : linesOf(content)) {
        ++number;
        const QByteArrayView line = withoutReturn(raw);
        if (isNothing(line))
            continue;
        const auto fail = [number](const QString &problem) {
            return Unexpected(u"line %1: %2"_s.arg(number).arg(problem));
        };
        auto token = parseLine(line);
        if (!token)
            return fail(token.error());
        const auto isSame = [&token](const Token &other) { return other.name == token->name; };
        if (std::any_of(list.m_tokens.cbegin(), list.m_tokens.cend(), isSame))
            return fail(u"that name is there already"_s);
        if (list.m_tokens.size() == maxTokens)
            return fail(u"there are over 256 tokens"_s);
        list.m_tokens.append(std::move(token).value());
    }
    return list;
}

const Token *TokenList::find(QByteArrayView text, const QDate &today) const
{
    const QByteArray digest = digestOf(text);
    const Token *found = nullptr;
    for (const Token &token : m_tokens) {
        if (difference(token.digest, digest) == 0)
            found = &token;
    }
    return found && !found->isExpired(today) ? found : nullptr;
}

bool TokenList::holds(const Token &token, const QDate &today) const
{
    return m_tokens.contains(token) && !token.isExpired(today);
}

Result<QByteArray, QString> withToken(const QByteArray &content, const Token &token)
{
    const auto list = TokenList::parse(content);
    if (!list)
        return Unexpected(list.error());
    QByteArray text = content;
    if (!text.isEmpty() && !text.endsWith('\n'))
        text += '\n';
    text += token.line() + '\n';
    if (const auto changed = TokenList::parse(text); !changed) {
        return Unexpected(list->all().size() == TokenList::maxTokens
                              ? u"has 256 tokens already"_s
                              : u"has a token of that name already; revoke it first"_s);
    }
    return text;
}

Result<QByteArray, QString> withoutToken(const QByteArray &content, const QByteArray &name)
{
    const auto list = TokenList::parse(content);
    if (!list)
        return Unexpected(list.error());
    QList<QByteArray> lines = linesOf(content);
    const auto isIts = [&name](const QByteArray &line) {
        return !isNothing(line) && trimBlanks(line).startsWith(name + ':');
    };
    const auto found = std::find_if(lines.begin(), lines.end(), isIts);
    if (found == lines.end())
        return Unexpected(u"has no token of that name"_s);
    lines.erase(found);
    return lines.join('\n');
}

} // namespace sami::admin
