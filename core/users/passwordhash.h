// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace sami::users {

/// What is kept of a user's password: a salted hash that is slow on purpose. A plain value; any
/// thread.
///
///     in the file                             read where            cost that is taken
///     $pbkdf2-sha512$iterations$salt$hash     everywhere            1,000 to 600,000 iterations
///     $2y$, $2b$ (bcrypt, htpasswd -B)        with crypt(3), Linux  4 to 13
///     $y$ (yescrypt, Debian's passwd)         with crypt(3), Linux  up to 64 MiB of memory
///     $6$ (SHA-512, mkpasswd, openssl)        with crypt(3), Linux  1,000 to 500,000 rounds
///
/// The upper ends are what takes half a second on a server's core of today (measured: 0.36 s,
/// 0.39 s, 0.13 s, and 0.14 s, or 0.6 s with the longest password), so that on one half as fast it
/// is a second. yescrypt is bounded by its memory first: two checks at once must fit beside a small
/// proxy. A hash above that would keep everybody else waiting, so that its line is a bad one.
///
/// Salt and hash of the first are base64 with "." for "+" and no padding, as passlib writes it.
class PasswordHash
{
public:
    /// What this program makes: OWASP's figure of 2023 for PBKDF2 with SHA-512.
    static constexpr int usualIterations = 210'000;
    /// Longer ones are wrong: RFC 1929 has no more, and of SHA-512 crypt the time grows with them.
    static constexpr qsizetype longestPassword = 255;
    /// Longer ones are wrong for bcrypt, which does not look at what comes after.
    static constexpr qsizetype longestForBcrypt = 72;

    /// The text in the file. The error ends a sentence and never repeats the text: it may be a
    /// password that somebody forgot to hash.
    [[nodiscard]] static Result<PasswordHash, QString> parse(QByteArrayView text);
    /// Draws a salt. As slow as verify(). The error says that the library failed.
    [[nodiscard]] static Result<PasswordHash, QString> make(const QByteArray &password,
                                                            int iterations = usualIterations);

    /// Slow (above) and blocking: not for a worker. Takes the same time whether or not the password
    /// is right and whether or not it can be one: what has a NUL or is too long is hashed as
    /// another password would be, and is wrong.
    [[nodiscard]] bool verify(const QByteArray &password) const;

    /// For the file, and for nothing else: it is worth guessing at.
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

/// A password for a person, drawn by the system's generator: 24 hexadecimal digits, which are 96
/// bits and need no encoding in an address.
[[nodiscard]] QByteArray drawPassword();

} // namespace sami::users
