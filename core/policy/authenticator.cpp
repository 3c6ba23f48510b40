// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/authenticator.h"

#include "base/blanks.h"
#include "base/randomoctets.h"

#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QString>
#include <QtEndian>

#include <utility>

namespace sami::policy {

namespace {

QByteArray digest(const QByteArray &secret)
{
    return QMessageAuthenticationCode::hash(secret, processKey(), QCryptographicHash::Sha256);
}

/// Combines different parts of the two digests, so that an equal user name and password do not
/// cancel out. Computes no further hash, so right and wrong credentials take the same time.
quint64 guessOf(const QByteArray &username, const QByteArray &password)
{
    return qFromLittleEndian<quint64>(username.constData())
        ^ qFromLittleEndian<quint64>(password.constData() + sizeof(quint64));
}

/// For input that is not a pair.
quint64 guessOf(const QByteArray &unreadable)
{
    return qFromLittleEndian<quint64>(digest(unreadable).constData());
}

/// Zero if equal. Both are SHA-256 digests; the time does not depend on where they differ.
quint8 difference(const QByteArray &left, const QByteArray &right)
{
    quint8 bits = left.size() == right.size() ? 0 : 1;
    const qsizetype size = qMin(left.size(), right.size());
    for (qsizetype i = 0; i < size; ++i)
        bits = static_cast<quint8>(bits | (left[i] ^ right[i]));
    return bits;
}

/// The pair in UTF-8. requests and aiohttp send Latin-1 wherever it suffices, as in RFC 2617. curl,
/// httpx and browsers send UTF-8. None of them honours the charset that we ask for (RFC 7617 §2.1:
/// advisory). So octets that are not UTF-8 are Latin-1. Both halves share a charset. Depends only
/// on what the client sent, so its timing reveals nothing.
QByteArray inUtf8(const QByteArray &pair)
{
    return pair.isValidUtf8() ? pair : QString::fromLatin1(pair).toUtf8();
}

Credentials inUtf8(const Credentials &pair)
{
    if (pair.username.isValidUtf8() && pair.password.isValidUtf8())
        return pair;
    return { QString::fromLatin1(pair.username).toUtf8(),
             QString::fromLatin1(pair.password).toUtf8() };
}

} // namespace

Authenticator::Authenticator(const std::optional<Credentials> &credentials)
{
    if (credentials)
        m_expected = Digests { digest(credentials->username), digest(credentials->password) };
}

GivenCredentials readCredentials(const QList<QByteArrayView> &fields)
{
    if (fields.isEmpty())
        return { Refusal::CredentialsMissing };
    // RFC 9110 §11.7.2: one field with one set of credentials. Choosing one of two would be a
    // guess.
    if (fields.size() > 1) {
        QByteArray all;
        for (const QByteArrayView field : fields)
            all.append(field).append('\n');
        return { Refusal::CredentialsWrong, {}, guessOf(all) };
    }

    // RFC 9110 §11.4: auth-scheme 1*SP token68; §11.1: the scheme is case-insensitive.
    const QByteArrayView field = trimBlanks(fields.front());
    qsizetype schemeEnd = 0;
    while (schemeEnd < field.size() && !isBlank(field[schemeEnd]))
        ++schemeEnd;
    if (field.first(schemeEnd).compare("Basic", Qt::CaseInsensitive) != 0)
        return { Refusal::CredentialsMissing };

    const QByteArray encoded = trimBlanks(field.sliced(schemeEnd)).toByteArray();
    const auto result =
        QByteArray::fromBase64Encoding(encoded, QByteArray::AbortOnBase64DecodingErrors);
    if (!result)
        return { Refusal::CredentialsWrong, {}, guessOf(encoded) };
    const QByteArray decoded = inUtf8(*result);
    // RFC 7617 §2: the first colon separates; the password may contain more.
    const qsizetype colon = decoded.indexOf(':');
    if (colon < 0)
        return { Refusal::CredentialsWrong, {}, guessOf(encoded) };
    return { Refusal::None, { decoded.first(colon), decoded.sliced(colon + 1) } };
}

GivenCredentials readCredentials(const std::optional<Credentials> &pair)
{
    if (!pair)
        return { Refusal::CredentialsMissing };
    return { Refusal::None, inUtf8(*pair) };
}

Authentication Authenticator::check(GivenCredentials given) const
{
    return m_expected ? judge(std::move(given)) : Authentication {};
}

Authentication Authenticator::judge(GivenCredentials given) const
{
    if (given.refusal != Refusal::None)
        return { given.refusal, {}, given.guess };
    // One accumulator for both parts: timing does not reveal that the user name alone was right.
    const Digests digests { digest(given.pair.username), digest(given.pair.password) };
    quint8 differences = m_expected ? 0 : 1;
    if (m_expected) {
        differences = difference(digests.username, m_expected->username);
        differences =
            static_cast<quint8>(differences | difference(digests.password, m_expected->password));
    }
    if (differences != 0)
        return { Refusal::CredentialsWrong, {}, guessOf(digests.username, digests.password) };
    return { Refusal::None, std::move(given.pair.username) };
}

std::optional<quint64> Authenticator::guessOfConfigured() const
{
    if (!m_expected)
        return std::nullopt;
    return guessOf(m_expected->username, m_expected->password);
}

} // namespace sami::policy
