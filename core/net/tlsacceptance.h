// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <memory>

namespace sami::net {

class TlsContext;

/// What TLS takes of the memory for one client's leg, in octets: while its handshake is under way
/// (OpenSSL's state, two records, a message), and after it. A test measures both.
inline constexpr qsizetype tlsHandshakeCost = qsizetype(64) * 1024;
inline constexpr qsizetype tlsClientCost = qsizetype(16) * 1024;
/// What it takes beside while a record of the client's has come in part: the library's buffers for
/// a whole one, to read and to write.
inline constexpr qsizetype tlsPartCost = qsizetype(24) * 1024;

/// Why a client's TLS handshake with us failed.
enum class TlsAcceptFault {
    Untrusted, ///< its alert says that it does not trust our certificate
    Version,   ///< it speaks nothing newer than TLS 1.1
    Cipher,    ///< it has no cipher, group or signature of ours
    Protocol,  ///< it offers other protocols than HTTP/1.1 (RFC 7301 §3.2)
    NotTls,    ///< what came is no TLS
    Alert,     ///< it gave up with another alert
    Cut,       ///< it closed the connection
    Other,     ///< a breach of the protocol, or of what we can do
};

/// Stable codes for the log: "tls_untrusted", …, "tls_handshake" for what has no name of its own.
[[nodiscard]] const char *toString(TlsAcceptFault fault);

/// The server's half of a TLS handshake, as a layer: an accepted stream below, an encrypted one
/// comes out. Reads nothing and waits for nothing: its owner reads, decides when there is time for
/// a step (that is what costs: a signature), and has the deadline. What it has to say it writes to
/// the stream below at once, an alert too. In that stream's thread.
///
///     a step says   then
///     NeedsInput    the next step once the peer has sent more
///     Done          takeStream(), once. Octets behind the handshake are its first
///     Failed        fault() and detail(); what is still to be sent is with the stream below
class TlsAcceptance
{
    Q_DISABLE_COPY_MOVE(TlsAcceptance)

public:
    enum class Outcome { NeedsInput, Done, Failed };

    /// Told from inside of the stream, so it only posts: whether a part of a record waits in it for
    /// the rest (tlsPartCost). Never after the stream was closed.
    using PartWatch = std::function<void(bool isThere)>;

    virtual ~TlsAcceptance();

    /// `octets` is what the peer has sent since the last step, and before the first.
    [[nodiscard]] virtual Outcome step(QByteArrayView octets) = 0;
    /// The stream of the connection, on top of the one below. Reading is not enabled, nobody
    /// listens.
    [[nodiscard]] virtual StreamPtr takeStream(StreamPtr below, PartWatch watch = {}) = 0;
    /// Of a handshake that is over.
    [[nodiscard]] virtual bool isTls13() const = 0;

    [[nodiscard]] virtual TlsAcceptFault fault() const = 0;
    /// The library's words, such as "tlsv1 alert unknown ca".
    [[nodiscard]] virtual QByteArray detail() const = 0;

protected:
    TlsAcceptance() = default;
};

/// Null where OpenSSL has no memory, and where this build has no TLS of its own
/// (canAcceptTls() says so). `below` must outlive it.
[[nodiscard]] std::unique_ptr<TlsAcceptance> makeTlsAcceptance(const TlsContext &context,
                                                               ByteStream &below);

/// Whether this build can be a server of TLS at all: on Linux.
[[nodiscard]] bool canAcceptTls();

} // namespace sami::net
