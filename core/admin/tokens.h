// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QDate>
#include <QList>
#include <QString>

#include <optional>

/// The tokens that open the admin doors, as the lines of their file. Values; pure; any thread.
namespace sami::admin {

/// What a token is good for; each may do what those before it may.
enum class Right : quint8 {
    None,   ///< what needs no token
    Read,   ///< to look
    Manage, ///< to change something
};

/// "none", "read", "manage".
[[nodiscard]] const char *toString(Right right);

/// One line of the file. Of the token itself only the digest is kept: a file that leaks opens
/// nothing.
struct Token
{
    QByteArray name; ///< 1 to 64 of A-Z a-z 0-9 . _ -
    Right right = Right::Read;
    QByteArray digest;          ///< SHA-256 of the token's text, 32 octets
    std::optional<QDate> until; ///< the last day on which it counts, UTC

    [[nodiscard]] bool isExpired(const QDate &today) const { return until && *until < today; }
    /// "name:right:sha256[:until]", without a line end.
    [[nodiscard]] QByteArray line() const;
    friend bool operator==(const Token &, const Token &) = default;
};

/// A token drawn now: 256 bits, to be shown once.
[[nodiscard]] QByteArray drawToken();
[[nodiscard]] QByteArray digestOf(QByteArrayView token);
[[nodiscard]] bool isTokenName(QByteArrayView name);
/// 2027-01-31, a day that there is.
[[nodiscard]] std::optional<QDate> parseDay(QByteArrayView text);
/// "read" or "manage".
[[nodiscard]] std::optional<Right> parseRight(QByteArrayView text);

/// All tokens of a file.
///
///     a line                                    is
///     "", blanks, "# …"                         nothing
///     name:right:sha256                         a token
///     name:right:sha256:2027-01-31              one that counts until that day
///     another right, no 64 hex digits, a day    an error: the whole file does not count
///     that is none, a name that is there twice
class TokenList
{
public:
    /// A file has that many at most; each request looks at all of them.
    static constexpr qsizetype maxTokens = 256;

    /// The error names the line and quotes nothing of it.
    [[nodiscard]] static Result<TokenList, QString> parse(const QByteArray &content);

    /// The token that this text is, if it counts that day; null for anything else. Compares with
    /// all of them, and takes as long for a near miss as for a hit.
    [[nodiscard]] const Token *find(QByteArrayView text, const QDate &today) const;
    /// Whether that very line still counts.
    [[nodiscard]] bool holds(const Token &token, const QDate &today) const;
    [[nodiscard]] const QList<Token> &all() const { return m_tokens; }

private:
    QList<Token> m_tokens;
};

/// The content of the file with one token more, at its end, or without the one of that name; all
/// other lines, comments too, stay as they are. The error says why it stays as it is.
[[nodiscard]] Result<QByteArray, QString> withToken(const QByteArray &content, const Token &token);
[[nodiscard]] Result<QByteArray, QString> withoutToken(const QByteArray &content,
                                                       const QByteArray &name);

} // namespace sami::admin
