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

/// The result of checking a request's Proxy-Authorization.
struct Authentication
{
    Refusal refusal = Refusal::None; ///< None, CredentialsMissing or CredentialsWrong
    QByteArray username; ///< the verified user; empty without authentication or if refused
    /// Identifies one guess among wrong credentials: eight octets of a digest with a key of this
    /// process. Two guesses collide with probability 2^-64. 0 unless they are wrong.
    quint64 guess = 0;

    [[nodiscard]] bool isAccepted() const { return refusal == Refusal::None; }
};

/// The credentials that a client sent, unchecked.
struct GivenCredentials
{
    Refusal refusal = Refusal::None; ///< CredentialsMissing; CredentialsWrong: undecodable
    Credentials pair {};             ///< in UTF-8; valid without a refusal
    quint64 guess = 0;               ///< Authentication::guess of undecodable credentials
};

/// `fields` are all Proxy-Authorization values of the request (RFC 7617); more than one counts as
/// wrong. A scheme other than Basic counts as missing, so that the client learns what is required.
/// Basic that cannot be decoded counts as wrong.
[[nodiscard]] GivenCredentials readCredentials(const QList<QByteArrayView> &fields);
/// A user name and password that arrive separately (RFC 1929), or nothing.
[[nodiscard]] GivenCredentials readCredentials(const std::optional<Credentials> &pair);

/// Checks credentials in UTF-8, or in Latin-1 if they are not UTF-8. Compares octets, so a composed
/// and a decomposed "ü" differ. Compares user name and password in constant time, whatever their
/// lengths. A pair gives the same result on every front.
class Authenticator
{
public:
    explicit Authenticator(const std::optional<Credentials> &credentials = {});

    [[nodiscard]] bool isRequired() const { return m_expected.has_value(); }
    /// Accepts anything if no authentication is required. Of a pair that arrived as such, a user
    /// name with a colon never matches the configured one.
    [[nodiscard]] Authentication check(GivenCredentials given) const;
    /// The same for a caller that requires authentication anyway: without configured credentials
    /// every pair is wrong.
    [[nodiscard]] Authentication judge(GivenCredentials given) const;
    /// The Authentication::guess that the configured credentials would have if they were wrong. It
    /// identifies a remembered success, and a client that still uses the former credentials after a
    /// change. Nothing without authentication.
    [[nodiscard]] std::optional<quint64> guessOfConfigured() const;

private:
    /// Fixed size for any credentials; the plain text is not kept.
    struct Digests
    {
        QByteArray username;
        QByteArray password;
    };

    std::optional<Digests> m_expected;
};

} // namespace sami::policy
