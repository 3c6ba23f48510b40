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

/// Everything the proxy can be told, as one plain value. Parsed once (settingsloader.h), then
/// immutable: a change publishes a new one.
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
    milliseconds silence { 1'200'000 }; ///< a request or tunnel silent in both directions
    milliseconds connect { 15'000 };    ///< DNS + TCP (+ TLS), all addresses together
    milliseconds header { 30'000 };     ///< a request head must be complete by then
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

/// Whether the doors speak TLS. Where they have an identity, that is: without one nothing can be
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

/// Where everything is kept that must outlive a restart.
struct StateSettings
{
    QString folder; ///< PROXY_STATE_DIR, absolute; empty: nothing is kept
    /// The shell's own choice, which nobody may have asked for: where it cannot be used, what needs
    /// it is off. A folder that somebody named and that cannot be used is an error.
    QString usual;

    [[nodiscard]] bool isUsual() const { return folder == usual; }
    friend bool operator==(const StateSettings &, const StateSettings &) = default;
};

/// What the doors show to clients that speak TLS.
struct TlsSettings
{
    TlsMode mode = TlsMode::Auto;
    QString certificateFile; ///< PEM, the own certificate first; empty: the own identity
    QString keyFile;         ///< PEM; empty exactly when the other is
    QList<ServerName> names; ///< that the own identity's certificate carries beside what is known
    friend bool operator==(const TlsSettings &, const TlsSettings &) = default;
};

struct UpstreamSettings
{
    QString caFile; ///< PEM added to the trust list; empty: the system's list alone
    ExitRoute exit;
    bool addsVia = true; ///< to requests and to responses
    ParentSettings parents;
    friend bool operator==(const UpstreamSettings &, const UpstreamSettings &) = default;
};

/// Who may use the proxy beside the one pair of AccessRules::credentials.
struct UserSettings
{
    QString file; ///< PROXY_USERS_FILE; empty: there are none. What is in it, core/users reads.
    friend bool operator==(const UserSettings &, const UserSettings &) = default;
};

/// What is spoken at the door beside HTTP.
struct DoorSettings
{
    std::optional<bool> socks5; ///< nothing: see speaksSocks5()
    friend bool operator==(const DoorSettings &, const DoorSettings &) = default;
};

/// What a part of the engine is made of: the best that the platform has, or Qt's own, which is the
/// same everywhere. For tests and emergencies.
enum class Backend { Native, Qt };

[[nodiscard]] constexpr const char *toString(Backend backend)
{
    return backend == Backend::Native ? "native" : "qt";
}

/// Who may see the proxy's own pages; loopback always may. The others get what a path that is no
/// page gets.
enum class PagesFor {
    All,
    Listed, ///< whom the client address list lets in
    Local,  ///< nobody else
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
    Backend sockets = Backend::Native;         ///< of client and plain upstream connections
    Backend eventDispatcher = Backend::Native; ///< of the accept and worker threads
    friend bool operator==(const Settings &, const Settings &) = default;
};

} // namespace sami::config
