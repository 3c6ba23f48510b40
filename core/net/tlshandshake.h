// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "net/bytestream.h"
#include "net/dialfault.h"
#include "net/later.h"

#include <QByteArray>
#include <QList>
#include <QObject>

#include <memory>
#include <optional>

QT_BEGIN_NAMESPACE
class QSslCertificate;
QT_END_NAMESPACE

namespace sami::net {

class TlsContext;

/// What TLS takes of the memory for one upstream leg, in octets: OpenSSL's state, and the server's
/// chain. A test measures it with a chain of one certificate, whose figure is in
/// docs/reliability.md; the rest is for longer chains. QSslSocket (Windows, macOS) takes more.
#ifdef Q_OS_LINUX
inline constexpr qsizetype tlsLegCost = qsizetype(40) * 1024;
/// Whether a handshake can be made over any stream, another one of TLS among them.
inline constexpr bool tlsOverAnyStream = true;
#else
inline constexpr qsizetype tlsLegCost = qsizetype(112) * 1024;
inline constexpr bool tlsOverAnyStream = false;
#endif

/// The client's half of a TLS handshake, as a layer: a connected stream goes in, an encrypted one
/// comes out. Any doubt about the certificate is a failure. Has no deadline of its own. Held by
/// TlsHandshakePtr, which may be let go at any moment: that ends it and the connection.
///
///     what happens                                  the error
///     doubts about the certificate or its name      TlsCertificate: each doubt, in words
///     a key that is none of the pinned ones         PinMismatch: and which pin it has
///     the peer breaches TLS, or sends an alert      TlsProtocol: "the TLS handshake failed: …"
///     FIN or RST of the peer's, at any step         ConnectionReset
class TlsHandshake : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TlsHandshake)

public:
    TlsHandshake() = default;

    virtual void start(const TlsContext &context) = 0;
    /// Closes what is under way. Idempotent.
    virtual void abort() = 0;
    /// After succeeded() and before takeStream(): until when the peer's certificate is good.
    [[nodiscard]] virtual std::optional<WallTime> certificateUntil() const = 0;
    /// After succeeded(), once. Reading is not enabled.
    [[nodiscard]] virtual StreamPtr takeStream() = 0;

Q_SIGNALS:
    // Exactly one of these, from the event loop.
    void succeeded();
    void failed(const sami::net::DialError &error);
};

/// May be let go in a slot of its own signal.
using TlsHandshakePtr = LaterPtr<TlsHandshake, &TlsHandshake::abort>;

/// `host`, a name or a literal address, is what the certificate has to be for; a name also goes out
/// as SNI. Where there are `pins`, raw SHA-256 of a SubjectPublicKeyInfo each, one of them stands
/// for the certificate's names, chain and dates. Nothing of ours but the handshake is sent before
/// that was checked. Any stream will do on Linux; elsewhere it is one that makeConnector() has made
/// for TLS, and with another one the handshake fails.
[[nodiscard]] TlsHandshakePtr makeTlsHandshake(StreamPtr stream, const QByteArray &host,
                                               const QList<QByteArray> &pins = {});

/// What start() wants, made of the list of trusted authorities; null where it could not be made.
/// Thread-safe.
[[nodiscard]] std::shared_ptr<const TlsContext>
makeTlsContext(const QList<QSslCertificate> &authorities);

} // namespace sami::net
