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

/// What is asked of the machine that a certificate is for. Tests have their own.
struct DoorMachine
{
    std::function<WallTime()> now = &WallClock::now;
    std::function<QByteArray()> hostName; ///< empty: this machine's
    std::function<Result<QList<InterfaceAddress>, QString>()> addresses = &readInterfaceAddresses;

    /// The names for an identity of the own; without addresses while the system cannot say them.
    [[nodiscard]] QList<config::ServerName> names(const config::Settings &settings) const;
};

/// The certificate that the doors show, by the settings in force, and the watch over what it is
/// made of: it is looked at each minute, by whoever owns this, and changed under running streams,
/// which keep what they have. Belongs to the activation; main thread: reading and signing take less
/// than a millisecond, or as long as a disk hangs. It holds no descriptor and no timer.
///
///     settings                                 shown
///     PROXY_TLS_CERT_FILE and _KEY_FILE        that pair
///     else PROXY_STATE_DIR                     the identity kept there (identity.h)
///     neither                                  nothing: no TLS
///
///     what is there is bad                     at the first load   later, the settings the same
///     files, or a folder that was named        error               the old one stays, one line
///     a folder that is the shell's own choice  nothing, one line   the old one stays, one line
///
/// Such a line is an `error`. Bad is also what is gone: only a start, or another folder, makes a
/// folder or a key, for a pin that changed by itself would shut every client out.
///
/// What is bad later is said when it is bad in two looks `settling` apart: a certificate may be
/// there before its key. Said again when it is bad in another way.
class DoorCertificate
{
public:
    using Context = std::shared_ptr<const net::TlsContext>;

    /// Shorter than the minute that the papers promise, for whoever owns this has a tick of its
    /// own.
    static constexpr std::chrono::seconds lookInterval { 55 };
    static constexpr std::chrono::seconds settling { 10 };

    /// Nothing is shown.
    explicit DoorCertificate(DoorMachine machine = {});

    /// What is shown by new settings, or what is wrong with them; this object stays as it is. Says
    /// warnings in the log.
    [[nodiscard]] Result<DoorCertificate, config::ConfigError>
    renewed(const config::Settings &settings) const;
    /// Looks whether anything has changed, when it is time to. Returns whether context() is
    /// another.
    [[nodiscard]] bool look(TimePoint now);

    [[nodiscard]] const Context &context() const { return m_context; } ///< null: nothing is shown
    [[nodiscard]] const QByteArray &pin() const { return m_pin; }      ///< "sha256//…" of that
    /// Until when that is good; nothing where nothing is shown.
    [[nodiscard]] std::optional<WallTime> notAfter() const;

private:
    enum class Source { None, Files, Identity };

    [[nodiscard]] static Source sourceOf(const config::Settings &settings);
    /// What there is now, and, where files were read, what tells their content from another.
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
    QByteArray m_chain;     ///< PEM, of the context
    QByteArray m_digest;    ///< of chain and key
    QStringList m_warnings; ///< that the log has
    QByteArray m_suspicion; ///< what was bad in the last look
    QByteArray m_said;      ///< what of it the log has
    TimePoint m_nextLook {};
};

} // namespace sami::door
