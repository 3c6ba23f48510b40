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

/// The tokens for the admin doors, as lines of their file. Values; pure; any thread.
namespace sami::admin {

/// What a token allows; each right includes those before it.
enum class Right : quint8 {
    None,   ///< what needs no token
    Read,   ///< reading
    Manage, ///< changes
};

/// "none", "read", "manage".
[[nodiscard]] const char *toString(Right right);

/// One line of the file. It holds only the token's digest: a leaked file opens nothing.
struct Token
{
    QByteArray name; ///< 1 to 64 of A-Z a-z 0-9 . _ -
    Right right = Right::Read;
    QByteArray digest;          ///< SHA-256 of the token's text, 32 octets
    std::optional<QDate> until; ///< the last day on which it is valid, UTC

    [[nodiscard]] bool isExpired(const QDate &today) const { return until && *until < today; }
    /// "name:right:sha256[:until]", without a line end.
    [[nodiscard]] QByteArray line() const;
    friend bool operator==(const Token &, const Token &) = default;
};

/// A new random token: 256 bits, to be shown once.
[[nodiscard]] QByteArray generateToken();
[[nodiscard]] QByteArray digestOf(QByteArrayView token);
[[nodiscard]] bool isTokenName(QByteArrayView name);
/// 2027-01-31; it has to be a real date.
[[nodiscard]] std::optional<QDate> parseDay(QByteArrayView text);
/// "read" or "manage".
[[nodiscard]] std::optional<Right> parseRight(QByteArrayView text);

/// All tokens of a file.
///
///     a line                                    is
///     "", blanks, "# …"                         nothing
///     name:right:sha256                         a token
///     name:right:sha256:2027-01-31              one that is valid until that day
///     another right, no 64 hex digits, a        an error: the whole file is rejected
///     wrong date, a repeated name
class TokenList
{
public:
    /// The most tokens in a file; each request is compared with all of them.
    static constexpr qsizetype maxTokens = 256;

    /// The error names the line and quotes nothing of it.
    [[nodiscard]] static Result<TokenList, QString> parse(const QByteArray &content);

    /// The token with this text, if it is valid that day; otherwise null. Compares with all of
    /// them, and takes as long for a near miss as for a hit.
    [[nodiscard]] const Token *find(QByteArrayView text, const QDate &today) const;
    /// Whether that very line is still valid.
    [[nodiscard]] bool holds(const Token &token, const QDate &today) const;
    [[nodiscard]] const QList<Token> &all() const { return m_tokens; }

private:
    QList<Token> m_tokens;
};

/// The file's content with one more token at its end, or without the token of that name; all other
/// lines, comments included, stay. The error says why nothing changes.
[[nodiscard]] Result<QByteArray, QString> withToken(const QByteArray &content, const Token &token);
[[nodiscard]] Result<QByteArray, QString> withoutToken(const QByteArray &content,
                                                       const QByteArray &name);

} // namespace sami::admin
