// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/accessrules.h"
#include "policy/decision.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <optional>

namespace sami::policy {

/// What a request's Proxy-Authorization is worth.
struct Authentication
{
    Refusal refusal = Refusal::None; ///< None, CredentialsMissing or CredentialsWrong
    QByteArray username; ///< the verified user; empty when nobody is asked or when refused
    /// What tells wrong credentials from other wrong ones: eight octets of a digest, keyed once per
    /// process. Two that differ have the same in one of 2^64 cases. 0 unless they are wrong.
    quint64 guess = 0;

    [[nodiscard]] bool isAccepted() const { return refusal == Refusal::None; }
};

/// What a client gave, before anybody judges it.
struct GivenCredentials
{
    Refusal refusal = Refusal::None; ///< CredentialsMissing; CredentialsWrong: no pair can be read
    Credentials pair {};             ///< in UTF-8, where there is no refusal
    quint64 guess = 0;               ///< Authentication::guess of what cannot be read
};

/// `fields` are all Proxy-Authorization values of the request (RFC 7617); more than one is wrong.
/// One that is not Basic counts as missing (the client has to be told what is wanted); a Basic one
/// that cannot be decoded counts as wrong.
[[nodiscard]] GivenCredentials readCredentials(const QList<QByteArrayView> &fields);
/// A user name and a password that came apart from each other (RFC 1929), or not at all.
[[nodiscard]] GivenCredentials readCredentials(const std::optional<Credentials> &pair);

/// Checks credentials, in UTF-8 or, where they are not, in Latin-1: octet for octet, so that a
/// composed and a decomposed "ü" are two. Both user name and password are compared in constant
/// time, whatever the lengths. The same pair is worth the same whatever front it came to.
class Authenticator
{
public:
    explicit Authenticator(const std::optional<Credentials> &credentials = {});

    [[nodiscard]] bool isRequired() const { return m_expected.has_value(); }
    /// As readCredentials(); whatever is given is right when nobody is asked.
    [[nodiscard]] Authentication check(const QList<QByteArrayView> &fields) const;
    /// The same. A user name with a colon cannot be the configured one.
    [[nodiscard]] Authentication checkPair(const std::optional<Credentials> &pair) const;
    /// Judges what was read. No pair is right when nobody is asked: for whoever asks all the same.
    [[nodiscard]] Authentication judge(GivenCredentials given) const;
    /// A digest that stands for the configured credentials, to remember a success by; empty when
    /// nobody is asked. It changes when the credentials change.
    [[nodiscard]] const QByteArray &fingerprint() const { return m_fingerprint; }
    /// Authentication::guess of whoever takes the configured credentials to be right when they no
    /// longer are; nothing when nobody is asked.
    [[nodiscard]] std::optional<quint64> asGuess() const;

private:
    /// Of fixed size, whatever was configured; the plain text is not kept.
    struct Digests
    {
        QByteArray username;
        QByteArray password;
    };

    std::optional<Digests> m_expected;
    QByteArray m_fingerprint;
};

} // namespace sami::policy
