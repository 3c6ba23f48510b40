// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>

struct ssl_ctx_st; // OpenSSL's SSL_CTX
struct ssl_st;     // OpenSSL's SSL
struct x509_st;    // OpenSSL's X509

namespace sami::net {

/// Whether a server's certificate is good for a host, and in a person's words what is wrong with
/// it: everything, not only what OpenSSL meets first. The verdict is OpenSSL's; any doubt is a no,
/// told to the server by an alert before anything of ours is sent. Owned by one connection, in its
/// thread.
///
/// RFC 9525 §6: only the certificate's alternative names count, addresses for a literal and DNS
/// names for a name (RFC 9110 §4.3.5), never its common name, whose text no authority has to have
/// checked. A wildcard is the whole leftmost label and stands for exactly one.
///
/// A pin is the SHA-256 of a SubjectPublicKeyInfo, 32 octets. Where there are any, the certificate
/// has to have one of those keys, and nothing else counts: neither its names nor its chain, neither
/// its dates nor the list of authorities.
class TlsVerification
{
    Q_DISABLE_COPY_MOVE(TlsVerification)

public:
    TlsVerification() = default;

    /// Lets connections of `context` be verified; each needs attach() then.
    static void enable(ssl_ctx_st *context);

    /// Before the handshake: `host`, a name or a literal address, is what the certificate has to be
    /// for; a name goes out as SNI too. False when it cannot be the name of a host.
    [[nodiscard]] bool attach(ssl_st *connection, const QByteArray &host,
                              const QList<QByteArray> &pins = {});

    /// Once the handshake is over: a certificate was looked at and found good. A handshake that
    /// resumed a session shows none.
    [[nodiscard]] bool hasPassed() const { return m_hasPassed; }
    /// The fault is that of a key which is not pinned.
    [[nodiscard]] bool isWrongPin() const { return m_isWrongPin; }

    /// What is wrong; empty when nothing was found, or nothing was looked at yet.
    [[nodiscard]] const QList<QByteArray> &faults() const { return m_faults; }

    /// One of OpenSSL's X509_V_ERR codes in words.
    [[nodiscard]] static QByteArray textOf(int code);

private:
    friend struct TlsVerificationCalls; // OpenSSL's

    void add(int code);
    [[nodiscard]] bool checkPin(x509_st *certificate);

    QList<QByteArray> m_pins;
    QList<QByteArray> m_faults;
    bool m_hasPassed = false;
    bool m_isWrongPin = false;
    bool m_isOfAnotherHost = false; ///< told last, after what is wrong with the chain
    int m_firstCode = 0;            ///< what the alert is about
};

} // namespace sami::net
