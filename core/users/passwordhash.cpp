// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/passwordhash.h"

#include "base/randomoctets.h"
#include "users/hashing.h"

#include <QList>

#include <algorithm>
#include <array>
#include <optional>

namespace sami::users {

using namespace Qt::StringLiterals;

namespace {

// Accepted costs; the header says why.
constexpr int leastIterations = 1'000;
constexpr int mostIterations = 600'000;
constexpr int leastBcryptCost = 4; // bcrypt's own minimum
constexpr int mostBcryptCost = 13;
constexpr int leastRounds = 1'000; // outside its limits SHA-512 crypt silently uses another number
constexpr int mostRounds = 500'000;
constexpr qint64 mostYescryptOctets = qint64(64) << 20;

constexpr QByteArrayView pbkdf2Prefix = "$pbkdf2-sha512$";
constexpr QByteArrayView cryptAlphabet =
    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr qsizetype bcryptSettingSize = 29; // "$2b$12$" and 22 octets of salt
constexpr qsizetype bcryptSize = 60;
constexpr qsizetype sha512CryptSize = 86; // of the hash part
constexpr qsizetype yescryptSize = 43;
constexpr qsizetype saltSize = 16; // octets; RFC 8018 §4.1 asks for at least 8
constexpr qsizetype leastSaltSize = 8;
constexpr qsizetype digestSize = 64;

Unexpected<QString> fail(const QString &problem)
{
    return Unexpected(problem);
}

Unexpected<QString> damaged()
{
    return fail(u"is damaged: a piece of it is missing, or something was put in"_s);
}

Unexpected<QString> tooSlow()
{
    return fail(u"costs too much: checking it can take over a second. Make one of a lower cost, or "
                "let user passwd make it"_s);
}

bool isOfAlphabet(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return cryptAlphabet.contains(c); });
}

/// 1*DIGIT without a leading zero; nothing if it is not that, or has more than 9 digits.
std::optional<int> numberOf(QByteArrayView digits)
{
    if (digits.isEmpty() || digits.size() > 9 || digits.front() == '0')
        return std::nullopt;
    int number = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

/// Base64 as passlib writes it in such hashes.
QByteArray encoded(const QByteArray &octets)
{
    return octets.toBase64(QByteArray::OmitTrailingEquals).replace('+', '.');
}

/// Empty if encoded() would write it differently.
QByteArray decoded(QByteArrayView text)
{
    const QByteArray octets =
        QByteArray::fromBase64(text.toByteArray().replace('+', '!').replace('.', '+'));
    return encoded(octets) == text ? octets : QByteArray();
}

/// The parts between the "$", without the empty one in front.
QList<QByteArray> partsOf(QByteArrayView text)
{
    return text.sliced(1).toByteArray().split('$');
}

/// Constant time for equal sizes.
bool isEqual(const QByteArray &left, const QByteArray &right)
{
    if (left.size() != right.size())
        return false;
    unsigned bits = 0;
    for (qsizetype i = 0; i < left.size(); ++i)
        bits |= static_cast<unsigned char>(left[i] ^ right[i]);
    return bits == 0;
}

/// Not every crypt(3) knows every kind. Probes with a hash of a known password.
bool isKnownHere(const char *knownHash)
{
    return cryptHash("known answer", knownHash) == knownHash;
}

/// musl's crypt(3) knows only the older prefix of the same algorithm.
QByteArray bcryptSetting(const QByteArray &hash)
{
    return "$2y$" + hash.sliced(4);
}

bool knowsBcrypt()
{
    static const bool isKnown =
        isKnownHere("$2y$04$abcdefghijklmnopqrstuuHJqVJNq24xuV.JsaQBz7QWB5qRNfXrC");
    return isKnown;
}

bool knowsYescrypt()
{
    static const bool isKnown =
        isKnownHere("$y$j75$abcdefgh$LTpNWoGB/TvYz.qAuHswL0vf8Zee7Ic/VpptvLa7Cs/");
    return isKnown;
}

bool knowsSha512Crypt()
{
    static const bool isKnown = isKnownHere(
        "$6$rounds=1000$abcdefgh$PERYUpr0Fq6N0sE4TukPXFYxYNnlwtnnee2xP2qHpjm9mbxg4JCnJpBWNUY9peYuI"
        "ek4NPWm6f5qdCQ6fzv0d0");
    return isKnown;
}

Result<void, QString> checkBcrypt(QByteArrayView text)
{
    if (text.size() != bcryptSize || text[6] != '$' || !isOfAlphabet(text.sliced(7)))
        return damaged();
    const QByteArrayView digits = text.sliced(4, 2);
    const auto cost = numberOf(digits.startsWith('0') ? digits.sliced(1) : digits);
    if (!cost || *cost < leastBcryptCost)
        return damaged();
    return *cost > mostBcryptCost ? tooSlow() : Result<void, QString>();
}

/// "$y$", then "j", the binary logarithm of the number of blocks, and their size: the form that all
/// programs write. Further parameters of yescrypt are for other purposes.
Result<void, QString> checkYescrypt(QByteArrayView text)
{
    const QList<QByteArray> parts = partsOf(text);
    if (parts.size() != 4 || parts[1].size() != 3 || parts[1][0] != 'j' || parts[2].isEmpty()
        || parts[2].size() > 86 || parts[3].size() != yescryptSize || !isOfAlphabet(parts[1])
        || !isOfAlphabet(parts[2]) || !isOfAlphabet(parts[3]))
        return damaged();
    // decode64_uint32() of yescrypt-common.c for one digit: both values start at 1.
    const qsizetype logarithm = cryptAlphabet.indexOf(parts[1][1]) + 1;
    const qsizetype blockSize = cryptAlphabet.indexOf(parts[1][2]) + 1;
    if (logarithm > 32 || (blockSize * 128) << logarithm > mostYescryptOctets)
        return tooSlow();
    return {};
}

Result<void, QString> checkSha512Crypt(QByteArrayView text)
{
    QList<QByteArray> parts = partsOf(text);
    if (parts.size() == 4 && parts[1].startsWith("rounds=")) {
        const auto rounds = numberOf(QByteArrayView(parts[1]).sliced(7));
        if (!rounds || *rounds < leastRounds)
            return damaged();
        if (*rounds > mostRounds)
            return tooSlow();
        parts.removeAt(1);
    }
    const bool isWhole = parts.size() == 3 && !parts[1].isEmpty() && parts[1].size() <= 16
        && isOfAlphabet(parts[1]) && parts[2].size() == sha512CryptSize && isOfAlphabet(parts[2]);
    return isWhole ? Result<void, QString>() : damaged();
}

} // namespace

Result<PasswordHash, QString> PasswordHash::parse(QByteArrayView text)
{
    if (text.isEmpty())
        return fail(u"is missing: a line has at least NAME:HASH"_s);
    if (text.startsWith(pbkdf2Prefix))
        return parsePbkdf2(text);
    if (!text.startsWith('$')) {
        return fail(u"is not one that this program knows. If it is the password itself, "
                    "remove it: user add and user passwd make passwords and their hashes"_s);
    }
    return parseCrypt(text);
}

Result<PasswordHash, QString> PasswordHash::parsePbkdf2(QByteArrayView text)
{
    const QList<QByteArray> parts = partsOf(text);
    if (parts.size() != 4)
        return damaged();
    const auto iterations = numberOf(parts[1]);
    const QByteArray salt = decoded(parts[2]);
    if (!iterations || salt.size() < leastSaltSize || salt.size() > digestSize
        || decoded(parts[3]).size() != digestSize)
        return damaged();
    if (*iterations < leastIterations) {
        return fail(u"has fewer than %1 iterations, which does not stop guessing; let user "
                    "passwd make another"_s.arg(leastIterations));
    }
    if (*iterations > mostIterations)
        return tooSlow();
    return PasswordHash(Scheme::Pbkdf2Sha512, text.toByteArray());
}

Result<PasswordHash, QString> PasswordHash::parseCrypt(QByteArrayView text)
{
    struct Kind
    {
        QByteArrayView prefix;
        Scheme scheme;
        Result<void, QString> (*check)(QByteArrayView text);
        bool (*isKnown)();
    };
    static const std::array kinds {
        Kind { "$2y$", Scheme::Bcrypt, &checkBcrypt, &knowsBcrypt },
        Kind { "$2b$", Scheme::Bcrypt, &checkBcrypt, &knowsBcrypt },
        Kind { "$y$", Scheme::Yescrypt, &checkYescrypt, &knowsYescrypt },
        Kind { "$6$", Scheme::Sha512Crypt, &checkSha512Crypt, &knowsSha512Crypt },
    };
    for (const Kind &kind : kinds) {
        if (!text.startsWith(kind.prefix))
            continue;
        if (const auto checked = kind.check(text); !checked)
            return fail(checked.error());
        if (!kind.isKnown()) {
            return fail(
                u"is of the kind %1, which this system's crypt(3) does not know; user "
                "passwd makes one that is known everywhere"_s.arg(QLatin1StringView(kind.prefix)));
        }
        return PasswordHash(kind.scheme, text.toByteArray());
    }
    return fail(u"is of a kind that is not accepted; there are $2y$ and $2b$ (htpasswd -B), "
                "$y$, $6$, and what user passwd makes"_s);
}

Result<PasswordHash, QString> PasswordHash::make(const QByteArray &password, int iterations)
{
    const QByteArray salt = randomOctets<saltSize>();
    const QByteArray digest = pbkdf2Sha512(password, salt, iterations);
    if (digest.size() != digestSize)
        return fail(u"cannot be made: the cryptographic library failed"_s);
    return PasswordHash(Scheme::Pbkdf2Sha512,
                        pbkdf2Prefix.toByteArray() + QByteArray::number(iterations) + '$'
                            + encoded(salt) + '$' + encoded(digest));
}

bool PasswordHash::verify(const QByteArray &password) const
{
    const qsizetype longest = m_scheme == Scheme::Bcrypt ? longestForBcrypt : longestPassword;
    const bool canBeRight = password.size() <= longest && !password.contains('\0');
    const QByteArray hashed = canBeRight ? password : QByteArray("wrong");
    bool isRight = false;
    switch (m_scheme) {
    case Scheme::Pbkdf2Sha512: {
        const QList<QByteArray> parts = partsOf(m_text);
        isRight =
            isEqual(pbkdf2Sha512(hashed, decoded(parts[2]), parts[1].toInt()), decoded(parts[3]));
        break;
    }
    case Scheme::Bcrypt: {
        const QByteArray known = bcryptSetting(m_text);
        isRight = isEqual(cryptHash(hashed, known.first(bcryptSettingSize)), known);
        break;
    }
    case Scheme::Yescrypt:
    case Scheme::Sha512Crypt:
        isRight = isEqual(cryptHash(hashed, m_text), m_text);
        break;
    }
    return isRight && canBeRight;
}

QByteArray generatePassword()
{
    constexpr qsizetype octets = 12;
    return randomOctets<octets>().toHex();
}

} // namespace sami::users
