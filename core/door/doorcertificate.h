// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/interfaceaddresses.h"
#include "base/result.h"
#include "config/configerror.h"
#include "config/servername.h"
#include "config/settings.h"
#include "net/tlscontext.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace sami::door {

struct Material;

/// The facts about its machine that a certificate depends on. Tests pass their own.
struct DoorMachine
{
    std::function<WallTime()> now = &WallClock::now;
    std::function<QByteArray()> hostName; ///< empty: this machine's
    std::function<Result<QList<InterfaceAddress>, QString>()> addresses = &readInterfaceAddresses;

    /// The names for our own identity; without addresses while the system cannot list them.
    [[nodiscard]] QList<config::ServerName> names(const config::Settings &settings) const;
};

/// The certificate that the doors show under the current settings, and the watch over its source.
/// The owner checks it every minute. It changes under running streams, which keep their old one.
/// Owned by the activation; main thread: reading and signing take less than a millisecond, or as
/// long as a disk hangs. Holds no descriptor and no timer.
///
///     settings                                 shown
///     PROXY_TLS_CERT_FILE and _KEY_FILE        that pair
///     else PROXY_STATE_DIR                     the identity kept there (identity.h)
///     neither                                  nothing: no TLS
///
///     if the source is bad                     at the first load   later, under the same settings
///     files, or a folder that was named        error               the old one stays, one line
///     a folder that is the shell's own choice  nothing, one line   the old one stays, one line
///
/// Such a line is an `error`. A missing source is bad too. Once a certificate is shown, only a
/// start or another folder in the settings creates a folder or a key, because a pin that changed by
/// itself would lock every client out. While nothing is shown, each look may create them.
///
/// A fault that appears later is reported once two looks, `settling` apart, have found it: a
/// certificate may arrive before its key. It is reported again if it changes.
class DoorCertificate
{
public:
    using Context = std::shared_ptr<const net::TlsContext>;

    /// Less than the minute that the documentation promises: the owner has a tick of its own.
    static constexpr std::chrono::seconds lookInterval { 55 };
    static constexpr std::chrono::seconds settling { 10 };

    /// Shows nothing.
    explicit DoorCertificate(DoorMachine machine = {});

    /// The certificate under new settings, or what is wrong with them; this object stays as it is.
    /// Logs warnings.
    [[nodiscard]] Result<DoorCertificate, config::ConfigError>
    renewed(const config::Settings &settings) const;
    /// Checks the source for changes, if a check is due. Returns whether context() has changed.
    [[nodiscard]] bool look(TimePoint now);

    [[nodiscard]] const Context &context() const { return m_context; } ///< null: nothing is shown
    [[nodiscard]] const QByteArray &pin() const { return m_pin; }      ///< "sha256//…" of it
    /// When it expires; empty if nothing is shown.
    [[nodiscard]] std::optional<WallTime> notAfter() const;

private:
    enum class Source { None, Files, Identity };

    [[nodiscard]] static Source sourceOf(const config::Settings &settings);
    /// The current source and, for files, a digest of their content.
    struct Found;
    [[nodiscard]] Found load() const;
    [[nodiscard]] Result<void, config::ConfigError> take(Material material);
    void say(const QStringList &warnings);
    [[nodiscard]] bool isOfSame(const config::Settings &settings) const;
    void suspect(const QByteArray &problem, const QByteArray &state, TimePoint now);

    DoorMachine m_machine;
    config::Settings m_settings;
    Source m_source = Source::None;
    Context m_context;
    QByteArray m_pin;
    QByteArray m_chain;     ///< PEM, as in the context
    QByteArray m_digest;    ///< of chain and key
    QStringList m_warnings; ///< already in the log
    QByteArray m_suspicion; ///< the fault that the last look found
    QByteArray m_said;      ///< the fault that the log has already
    TimePoint m_nextLook {};
};

} // namespace sami::door
