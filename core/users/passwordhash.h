// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace sami::users {

/// The stored form of a user's password: a salted, deliberately slow hash. A value; any thread.
///
///     in the file                             supported             accepted cost
///     $pbkdf2-sha512$iterations$salt$hash     everywhere            1,000 to 600,000 iterations
///     $2y$, $2b$ (bcrypt, htpasswd -B)        with crypt(3), Linux  4 to 13
///     $y$ (yescrypt, Debian's passwd)         with crypt(3), Linux  up to 64 MiB of memory
///     $6$ (SHA-512, mkpasswd, openssl)        with crypt(3), Linux  1,000 to 500,000 rounds
///
/// The upper limits take about half a second on a current server core (measured: 0.36 s, 0.39 s,
/// 0.13 s, and 0.14 s, or 0.6 s with the longest password), so a second on a core half as fast.
/// yescrypt is limited by memory first: two checks at once must fit next to a small proxy. A
/// costlier hash would make everybody else wait, so its line is invalid.
///
/// Salt and hash of the first kind are base64 with "." for "+" and no padding, as in passlib.
class PasswordHash
{
public:
    /// Used for new hashes: OWASP's figure of 2023 for PBKDF2 with SHA-512.
    static constexpr int usualIterations = 210'000;
    /// A longer password is wrong: RFC 1929 allows no more, and SHA-512 crypt's time grows with it.
    static constexpr qsizetype longestPassword = 255;
    /// A longer password is wrong for bcrypt, which ignores the rest.
    static constexpr qsizetype longestForBcrypt = 72;

    /// Parses the text in the file. The error completes a sentence and never repeats the text,
    /// which may be a password that somebody forgot to hash.
    [[nodiscard]] static Result<PasswordHash, QString> parse(QByteArrayView text);
    /// Draws a salt. As slow as verify(). An error means that the library failed.
    [[nodiscard]] static Result<PasswordHash, QString> make(const QByteArray &password,
                                                            int iterations = usualIterations);

    /// Slow (see above) and blocking: not for a worker. The time does not depend on whether the
    /// password is right or even possible: one with a NUL or too many octets is wrong, but a dummy
    /// is hashed instead.
    [[nodiscard]] bool verify(const QByteArray &password) const;

    /// Only for the file: it can be attacked offline.
    [[nodiscard]] const QByteArray &text() const { return m_text; }
    friend bool operator==(const PasswordHash &, const PasswordHash &) = default;

private:
    enum class Scheme { Pbkdf2Sha512, Bcrypt, Yescrypt, Sha512Crypt };

    PasswordHash(Scheme scheme, const QByteArray &text) : m_scheme(scheme), m_text(text) {}
    [[nodiscard]] static Result<PasswordHash, QString> parsePbkdf2(QByteArrayView text);
    [[nodiscard]] static Result<PasswordHash, QString> parseCrypt(QByteArrayView text);

    Scheme m_scheme;
    QByteArray m_text;
};

/// A random password for a person: 24 hexadecimal digits, which are 96 bits and need no encoding in
/// a URL.
[[nodiscard]] QByteArray generatePassword();

} // namespace sami::users
