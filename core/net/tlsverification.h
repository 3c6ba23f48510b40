// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/peercertificates.h"

#include <QByteArray>
#include <QList>

struct ssl_ctx_st;        // OpenSSL's SSL_CTX
struct ssl_st;            // OpenSSL's SSL
struct x509_st;           // OpenSSL's X509
struct x509_store_ctx_st; // OpenSSL's X509_STORE_CTX

namespace sami::net {

/// Checks that a server's certificate is valid for a host. Describes for people everything that is
/// wrong with it, not only what OpenSSL finds first. The verdict is OpenSSL's. Any doubt is a
/// refusal, and an alert tells the server so before we send any data. Owned by one connection, in
/// its thread.
///
/// RFC 9525 §6: only the certificate's subjectAltName entries count, addresses for a literal and
/// DNS names for a name (RFC 9110 §4.3.5), never its common name, which no CA need have checked. A
/// wildcard is the whole leftmost label and matches exactly one.
///
/// A pin is the SHA-256 of a SubjectPublicKeyInfo, 32 octets. If there are any, the certificate
/// must have one of those keys, and nothing else counts: not names, chain, dates or the list of
/// CAs.
class TlsVerification
{
    Q_DISABLE_COPY_MOVE(TlsVerification)

public:
    TlsVerification() = default;

    /// Enables verification for connections of `context`. Each then needs attach().
    static void enable(ssl_ctx_st *context);

    /// Call before the handshake. The certificate must be for `host`, a name or a literal address;
    /// a name is also sent as SNI. False if it is not a valid host name.
    [[nodiscard]] bool attach(ssl_st *connection, const QByteArray &host,
                              const QList<QByteArray> &pins = {});

    /// After the handshake: whether a certificate was checked and found valid. A resumed session
    /// shows no certificate.
    [[nodiscard]] bool hasPassed() const { return m_hasPassed; }
    /// Whether the fault is a key that is not pinned.
    [[nodiscard]] bool isWrongPin() const { return m_isWrongPin; }

    /// The server's certificate, if it has passed: keep it while the connection lasts, so that
    /// others share it.
    [[nodiscard]] const PeerCertificates::Held &certificate() const { return m_certificate; }

    /// What is wrong; empty if nothing is, or nothing was checked yet.
    [[nodiscard]] const QList<QByteArray> &faults() const { return m_faults; }

    /// The text for one of OpenSSL's X509_V_ERR codes.
    [[nodiscard]] static QByteArray textOf(int code);

private:
    friend struct TlsVerificationCalls; // OpenSSL's

    void add(int code);
    [[nodiscard]] bool checkPin(x509_st *certificate);
    void economize(x509_store_ctx_st *store);

    QList<QByteArray> m_pins;
    QList<QByteArray> m_faults;
    PeerCertificates::Held m_certificate;
    PeerCertificates::Held m_shown; ///< the object that this connection parsed itself
    bool m_hasPassed = false;
    bool m_isWrongPin = false;
    bool m_isOfAnotherHost = false; ///< reported last, after the chain's faults
    int m_firstCode = 0;            ///< for the alert
};

} // namespace sami::net
