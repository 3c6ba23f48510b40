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

/// Memory that TLS takes for one client's leg, in octets: during its handshake (OpenSSL's state,
/// two records, a message), and after it. A test measures both.
inline constexpr qsizetype tlsHandshakeCost = qsizetype(64) * 1024;
inline constexpr qsizetype tlsClientCost = qsizetype(16) * 1024;
/// What it takes in addition while a client's record has arrived only in part: the library then
/// holds a read buffer and a write buffer for a whole one.
inline constexpr qsizetype tlsPartCost = qsizetype(24) * 1024;

/// Why a client's TLS handshake with us failed.
enum class TlsAcceptFault {
    Untrusted, ///< its alert rejects our certificate
    Version,   ///< it speaks nothing newer than TLS 1.1
    Cipher,    ///< no cipher, group or signature in common
    Protocol,  ///< it offers other protocols than HTTP/1.1 (RFC 7301 §3.2)
    NotTls,    ///< it did not send TLS
    Alert,     ///< another alert
    Cut,       ///< it closed the connection
    Other,     ///< another breach of TLS, or something that we do not support
};

/// Stable codes for the log: "tls_untrusted", …; "tls_handshake" if no other fits.
[[nodiscard]] const char *toString(TlsAcceptFault fault);

/// The server side of a TLS handshake as a layer: from an accepted stream to an encrypted one. It
/// reads nothing and waits for nothing. The owner reads, schedules the steps (one of them costs a
/// signature), and has the deadline. Output, alerts included, is written to the stream below at
/// once. Runs in that stream's thread.
///
///     a step says   then
///     NeedsInput    the next step once the peer has sent more
///     Done          takeStream(), once. It begins with the octets fed after the handshake
///     Failed        fault() and detail(); unsent output is in the stream below
class TlsAcceptance
{
    Q_DISABLE_COPY_MOVE(TlsAcceptance)

public:
    enum class Outcome { NeedsInput, Done, Failed };

    /// Called when this changes: whether the stream holds part of a record and waits for the rest
    /// (tlsPartCost). Called from inside the stream, so it may only post. Never called after the
    /// stream was closed.
    using PartWatch = std::function<void(bool isThere)>;

    virtual ~TlsAcceptance();

    /// `octets` are those received since the last step, or before the first.
    [[nodiscard]] virtual Outcome step(QByteArrayView octets) = 0;
    /// The connection's stream, on top of the one below. It has no listener, and reading is not
    /// enabled.
    [[nodiscard]] virtual StreamPtr takeStream(StreamPtr below, PartWatch watch = {}) = 0;
    /// Known once the handshake is over.
    [[nodiscard]] virtual bool isTls13() const = 0;

    [[nodiscard]] virtual TlsAcceptFault fault() const = 0;
    /// OpenSSL's wording, such as "tlsv1 alert unknown ca".
    [[nodiscard]] virtual QByteArray detail() const = 0;

protected:
    TlsAcceptance() = default;
};

/// Null if OpenSSL has no memory, or if this build cannot accept TLS (see canAcceptTls()). `below`
/// must outlive it.
[[nodiscard]] std::unique_ptr<TlsAcceptance> makeTlsAcceptance(const TlsContext &context,
                                                               ByteStream &below);

/// Whether this build can be a TLS server: only on Linux.
[[nodiscard]] bool canAcceptTls();

} // namespace sami::net
