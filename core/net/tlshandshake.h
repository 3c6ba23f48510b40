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

/// Memory that TLS takes for one upstream leg, in octets: OpenSSL's state, and the server's chain.
/// A test measures it with a chain of one certificate (docs/reliability.md has the figure); the
/// rest is for longer chains. QSslSocket (Windows, macOS) takes more.
#ifdef Q_OS_LINUX
inline constexpr qsizetype tlsLegCost = qsizetype(40) * 1024;
/// Whether a handshake can run over any stream, even over another TLS stream.
inline constexpr bool tlsOverAnyStream = true;
#else
inline constexpr qsizetype tlsLegCost = qsizetype(112) * 1024;
inline constexpr bool tlsOverAnyStream = false;
#endif

/// The client side of a TLS handshake as a layer: from a connected stream to an encrypted one. Any
/// doubt about the certificate is a failure. Has no deadline of its own. Held by TlsHandshakePtr;
/// releasing it ends the handshake and the connection, at any moment.
///
///     what happens                                  the error
///     doubts about the certificate or its name      TlsCertificate: each doubt, in words
///     a key that is not pinned                      PinMismatch: with the pin of that key
///     the peer breaches TLS, or sends an alert      TlsProtocol: "the TLS handshake failed: …"
///     FIN or RST from the peer, at any step         ConnectionReset
class TlsHandshake : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TlsHandshake)

public:
    TlsHandshake() = default;

    virtual void start(const TlsContext &context) = 0;
    /// Cancels the handshake. Idempotent.
    virtual void abort() = 0;
    /// After succeeded() and before takeStream(): when the peer's certificate expires.
    [[nodiscard]] virtual std::optional<WallTime> certificateUntil() const = 0;
    /// After succeeded(), once. Reading is not enabled.
    [[nodiscard]] virtual StreamPtr takeStream() = 0;

Q_SIGNALS:
    // Emits exactly one of these, from the event loop.
    void succeeded();
    void failed(const sami::net::DialError &error);
};

/// May be released in a slot of its own signal.
using TlsHandshakePtr = LaterPtr<TlsHandshake, disconnectAll, &TlsHandshake::abort>;

/// The certificate must be for `host`, a name or a literal address; a name is also sent as SNI. If
/// there are `pins` (raw SHA-256 of a SubjectPublicKeyInfo each), a match with one replaces the
/// check of names, chain and dates. Nothing but the handshake is sent before the check. On Linux
/// any stream will do; elsewhere the handshake fails unless makeConnector() made the stream for
/// TLS.
[[nodiscard]] TlsHandshakePtr makeTlsHandshake(StreamPtr stream, const QByteArray &host,
                                               const QList<QByteArray> &pins = {});

/// The argument of start(), made of the list of trusted CAs; null on failure. Thread-safe.
[[nodiscard]] std::shared_ptr<const TlsContext>
makeTlsContext(const QList<QSslCertificate> &authorities);

} // namespace sami::net
