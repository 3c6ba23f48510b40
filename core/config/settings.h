// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/exitroute.h"
#include "base/logrecord.h"
#include "config/admindoors.h"
#include "config/parents.h"
#include "config/servername.h"
#include "http/messagehead.h"
#include "policy/accessrules.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QString>

#include <chrono>
#include <optional>

/// All settings of the proxy as one plain value. Parsed once (settingsloader.h), then immutable: a
/// change publishes a new value.
namespace sami::config {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct ListenSettings
{
    QHostAddress address = QHostAddress(QHostAddress::AnyIPv4); ///< "::" is QHostAddress::Any
    quint16 port = 8080;                                        ///< 0: any free port
    friend bool operator==(const ListenSettings &, const ListenSettings &) = default;
};

using sami::LogFormat;
using sami::LogLevel;

struct LogSettings
{
    LogLevel level = LogLevel::Info;
    LogFormat format = LogFormat::Text;
    friend bool operator==(const LogSettings &, const LogSettings &) = default;
};

struct TimeoutSettings
{
    milliseconds silence { 1'200'000 }; ///< a request or tunnel without data in both directions
    milliseconds connect { 15'000 };    ///< DNS + TCP (+ TLS), for all addresses together
    milliseconds header { 30'000 };     ///< until a request head is complete
    milliseconds keepAlive { 75'000 };  ///< an idle client connection waits for its next request
    milliseconds shutdownGrace { 9'000 };
    seconds tcpKeepalive { 30 }; ///< idle time before the first probe; 0: off
    friend bool operator==(const TimeoutSettings &, const TimeoutSettings &) = default;
};

struct LimitSettings
{
    int maxConnections = 50'000;
    int maxConnectionsPerClient = 0; ///< 0: no limit
    int threads = 0;                 ///< 0: one per core, at most 8
    http::HeadLimits head;
    friend bool operator==(const LimitSettings &, const LimitSettings &) = default;
};

/// Whether the doors speak TLS, provided that there is a certificate. Without one nothing can be
/// encrypted, and `Require` does not start.
enum class TlsMode {
    Off,
    Auto,    ///< TLS and clear text at one port
    Require, ///< the same, but nothing is proxied in clear text
};

[[nodiscard]] constexpr const char *toString(TlsMode mode)
{
    switch (mode) {
    case TlsMode::Off:
        return "off";
    case TlsMode::Auto:
        return "auto";
    case TlsMode::Require:
        return "require";
    }
    return "";
}

/// Where everything is stored that must survive a restart.
struct StateSettings
{
    QString folder; ///< PROXY_STATE_DIR, absolute; empty: nothing is stored
    /// The shell's own default. If it is unusable, features that need it are off; an unusable
    /// folder that the operator named is an error.
    QString usual;

    [[nodiscard]] bool isDefault() const { return folder == usual; }
    friend bool operator==(const StateSettings &, const StateSettings &) = default;
};

/// The certificate for clients that speak TLS.
struct TlsSettings
{
    TlsMode mode = TlsMode::Auto;
    QString certificateFile; ///< PEM, own certificate first; empty: the own identity
    QString keyFile;         ///< PEM; empty exactly if certificateFile is
    QList<ServerName> names; ///< for the own identity's certificate, besides the known ones
    friend bool operator==(const TlsSettings &, const TlsSettings &) = default;
};

struct UpstreamSettings
{
    QString caFile; ///< PEM, added to the trusted CAs; empty: only the system's
    ExitRoute exit;
    bool addsVia = true; ///< to requests and to responses
    ParentSettings parents;
    friend bool operator==(const UpstreamSettings &, const UpstreamSettings &) = default;
};

/// Users besides the one pair of AccessRules::credentials.
struct UserSettings
{
    QString file; ///< PROXY_USERS_FILE, which core/users reads; empty: no users
    friend bool operator==(const UserSettings &, const UserSettings &) = default;
};

/// Protocols at the door besides HTTP.
struct DoorSettings
{
    std::optional<bool> socks5; ///< nothing: see speaksSocks5()
    friend bool operator==(const DoorSettings &, const DoorSettings &) = default;
};

/// The implementation of a part of the engine: the platform's best, or Qt's own, which is the same
/// everywhere. Qt is for tests and emergencies.
enum class Backend { Native, Qt };

[[nodiscard]] constexpr const char *toString(Backend backend)
{
    return backend == Backend::Native ? "native" : "qt";
}

/// Who may see the proxy's own pages; loopback always may. Others get the same answer as for a path
/// that is not a page.
enum class PagesFor {
    All,
    Listed, ///< clients that the address list admits
    Local,  ///< only loopback
};

[[nodiscard]] constexpr const char *toString(PagesFor pages)
{
    switch (pages) {
    case PagesFor::All:
        return "all";
    case PagesFor::Listed:
        return "listed";
    case PagesFor::Local:
        return "local";
    }
    return "";
}

struct Settings
{
    ListenSettings listen;
    DoorSettings door;
    policy::AccessRules access;
    UserSettings users;
    TimeoutSettings timeouts;
    LimitSettings limits;
    LogSettings log;
    UpstreamSettings upstream;
    StateSettings state;
    TlsSettings tls;
    AdminSettings admin;
    PagesFor pages = PagesFor::All;
    Backend sockets = Backend::Native;         ///< for client and plain upstream connections
    Backend eventDispatcher = Backend::Native; ///< for the accept and worker threads
    friend bool operator==(const Settings &, const Settings &) = default;
};

} // namespace sami::config
