// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/tokendesk.h"

#include "admin/tokenfile.h"
#include "base/blanks.h"
#include "http/syntax.h"

#include <QtEndian>

#include <utility>

namespace sami::admin {

namespace {

constexpr QByteArrayView bearer = "Bearer";

/// The text after "Bearer "; empty for another scheme.
std::optional<QByteArrayView> tokenOf(QByteArrayView field)
{
    const QByteArrayView text = trimBlanks(field);
    if (text.size() <= bearer.size() || !isBlank(text[bearer.size()])
        || !http::equalsIgnoringCase(text.first(bearer.size()), bearer))
        return std::nullopt;
    return trimBlanks(text.sliced(bearer.size()));
}

/// Tells one token from another.
quint64 fingerprintOf(const QByteArray &digest)
{
    return qFromLittleEndian<quint64>(digest.constData());
}

} // namespace

TokenDesk::TokenDesk(QString path) : m_path(std::move(path)), m_guard({ maxGuesses, guessWindow })
{}

void TokenDesk::setPath(const QString &path)
{
    if (path == m_path)
        return;
    m_path = path;
    m_said.clear();
}

std::optional<QString> TokenDesk::refresh()
{
    auto read = TokenFile::read(m_path);
    if (read) {
        m_list = std::move(read).value();
        m_said.clear();
        return std::nullopt;
    }
    if (std::exchange(m_said, read.error()) == read.error())
        return std::nullopt;
    return m_path + QStringLiteral(": ") + read.error();
}

TokenDesk::Verdict TokenDesk::check(const http::HeaderList &fields, const QHostAddress &client,
                                    const QDate &today, TimePoint now)
{
    const QList<QByteArrayView> values = fields.values("Authorization");
    if (values.isEmpty())
        return {};
    const auto text = values.size() == 1 ? tokenOf(values.first()) : QByteArrayView();
    if (!text)
        return {};
    // Before the guard: nobody guesses 256 bits, and others at the same address (all of this
    // machine's programs have one) must not lock out the owner of a token.
    if (const Token *found = find(*text, today, now))
        return { Outcome::Accepted, *found, {}, false };
    if (const policy::Decision blocked = m_guard.check(client, now); !blocked.isAllowed())
        return { Outcome::Blocked, {}, blocked.retryAfter, false };
    const bool begins = m_guard.recordFailure(client, fingerprintOf(digestOf(*text)), now);
    return { Outcome::Wrong, {}, {}, begins };
}

const Token *TokenDesk::find(QByteArrayView text, const QDate &today, TimePoint now)
{
    const Token *found = m_list.find(text, today);
    if (found || (m_lookedAt && now - *m_lookedAt < lookInterval))
        return found;
    m_lookedAt = now;
    auto read = TokenFile::read(m_path);
    if (!read)
        return nullptr; // refresh() reports it
    m_list = std::move(read).value();
    return m_list.find(text, today);
}

bool TokenDesk::stillHolds(const Token &token, const QDate &today) const
{
    return m_list.holds(token, today);
}

} // namespace sami::admin
