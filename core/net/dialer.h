// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/endpoint.h"
#include "base/result.h"
#include "net/bytestream.h"
#include "net/later.h"

#include <QByteArray>
#include <QHostAddress>

#include <chrono>
#include <functional>
#include <memory>

namespace sami::net {

/// What TLS takes of the memory for one upstream leg, in octets: OpenSSL's state, and the server's
/// chain. A test measures it with a chain of one certificate, whose figure is in
/// docs/reliability.md; the rest is for longer chains. QSslSocket (Windows, macOS) takes more.
#ifdef Q_OS_LINUX
inline constexpr qsizetype tlsLegCost = qsizetype(40) * 1024;
#else
inline constexpr qsizetype tlsLegCost = qsizetype(112) * 1024;
#endif

/// Why no upstream connection came about. Each kind has its RFC 9209 name.
enum class DialFault {
    NameNotFound,      ///< dns_error: the name server says that there is no such name
    DnsFailure,        ///< dns_error: any other failure of the look-up
    DnsTimeout,        ///< dns_timeout
    AddressRefused,    ///< destination_ip_prohibited: no address passed the filter
    FamilyExcluded,    ///< destination_ip_unroutable: no address is of the exit's family
    SourceUnavailable, ///< proxy_configuration_error: the exit's address is not ours any more
    ConnectionRefused, ///< connection_refused
    Unreachable,       ///< destination_ip_unroutable
    ConnectTimeout,    ///< connection_timeout
    ConnectionReset,   ///< connection_terminated, while connecting or in the TLS handshake
    TlsCertificate,    ///< tls_certificate_error
    TlsProtocol,       ///< tls_protocol_error
    NoTlsLibrary,      ///< proxy_configuration_error: this machine has none
    NoAuthorities,     ///< proxy_configuration_error: it has no list of trusted ones
    OutOfResources,    ///< proxy_internal_error: no descriptors, ports, memory, lookups
};

/// The Proxy-Status error type of RFC 9209 §2.3.
[[nodiscard]] const char *toString(DialFault fault);

struct DialError
{
    DialFault fault {};
    QByteArray detail; ///< for a person; holds no address of the inside
};

/// How long the steps of a successful dial took, from its start.
struct DialTimings
{
    Clock::duration resolved {};
    Clock::duration connected {};
    Clock::duration encrypted {}; ///< zero without TLS
};

struct Dialled
{
    StreamPtr stream; ///< TCP_NODELAY and keepalive are set; reading is not enabled yet
    DialTimings timings;
};

/// One wish for an upstream connection.
struct DialRequest
{
    Endpoint endpoint;   ///< a name, or a literal, which never goes to the resolver
    bool tls = false;    ///< verified against endpoint.host, SNI where it is a name
    QHostAddress client; ///< whom the resolver charges
    /// What the dial and its stream are charged to; never null, and outlives both.
    Budgets *budgets = nullptr;
    std::chrono::milliseconds timeout { 15'000 }; ///< all steps together
    int tcpKeepaliveSeconds = 30;
    /// Asked for each address after resolution; only an address it passes is ever dialled.
    std::function<bool(const QHostAddress &)> addressFilter;
};

using DialCallback = std::function<void(Result<Dialled, DialError>)>;

/// A dial under way. Letting it go cancels it: nothing is called back any more.
class DialOperation : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DialOperation)

public:
    DialOperation() = default;

    /// Called by DialPtr before the deferred deletion: closes what is under way and forgets
    /// the callback.
    virtual void cancel() {}
};

using DialPtr = LaterPtr<DialOperation, &DialOperation::cancel>;

/// Makes upstream connections, direct or (one day) by way of a parent proxy.
class Dialer
{
public:
    virtual ~Dialer() = default;

    /// Starts; calls back exactly once from the event loop, never from inside, unless the
    /// operation is let go first. The callback may let the operation go.
    [[nodiscard]] virtual DialPtr dial(const DialRequest &request, DialCallback callback) = 0;
};

} // namespace sami::net
