// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/commandline.h"
#include "config/configerror.h"
#include "config/inifile.h"
#include "config/settings.h"

#include <QList>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

#include <optional>

namespace sami::config {

struct Option;

/// Where a value came from, the weakest first.
enum class Source {
    Default,
    File,
    State, ///< set from afar, by the admin API, and kept (remotesettings.h)
    Environment,
    CommandLine,
};

/// For people: "default", "file", "state folder", "environment", "command line".
[[nodiscard]] const char *toString(Source source);

/// Keys of the INI file with this prefix belong to the tray app; the loader passes over them.
inline constexpr const char *foreignKeyPrefix = "gui_";

/// What becomes of an environment variable that was meant to keep somebody out and is none of ours
/// (lookalikes.h), when the setting that it means is set nowhere.
enum class LookalikeRule {
    RefuseOpenings, ///< an error: a daemon's variables are there for it
    Note,           ///< a hint: a desktop's variables are there for all programs
};

struct LoadInput
{
    QProcessEnvironment environment;
    CommandLine commandLine; ///< its --config wins over `iniFile`
    QString iniFile;         ///< the shell's own settings file; empty for none
    IniPresence iniPresence = IniPresence::Optional; ///< of `iniFile`; --config's must be there
    /// What `iniFile` will hold once it is written: what would count then. The file is not read.
    std::optional<IniFile> plannedIni;
    /// Whether what was set from afar counts: settings.ini in the state folder, of a daemon.
    bool readsState = false;
    /// What counts as set from afar in place of that file, which is not read then.
    std::optional<IniFile> plannedState;
    /// Whether PROXY_SOURCE_ADDRESS is tried, by bind(): an address that is not this machine's is
    /// an error then. Not for whoever only asks a proxy that runs already.
    bool triesSourceAddress = false;
    LookalikeRule lookalikes = LookalikeRule::RefuseOpenings;
    Settings defaults; ///< shells differ: the daemon listens on 0.0.0.0, the tray app on loopback
};

/// One option as it counts now.
struct EffectiveOption
{
    const Option *option = nullptr;
    Source source = Source::Default;
    QString text; ///< may be a secret: see Option::isSecret()
};

struct LoadedSettings
{
    Settings settings;
    QList<EffectiveOption> options; ///< in the table's order
    QStringList warnings;           ///< hints for the log; no secret in them

    /// The named option, by any of its spellings; there must be one.
    [[nodiscard]] const EffectiveOption &option(const QString &spelling) const;
};

/// Default < INI file < state folder < environment < command line. Every value that would count and
/// is bad is reported, at once; a value that a stronger source overrides is not looked at. A value
/// of nothing counts as not set, in every source. Values are trimmed, but for the password.
///
/// The two ways to give the password are one setting: the stronger source wins, in the same
/// source both are an error.
///
/// Environment variables that look like settings and are none get a hint (lookalikes.h).
///
/// Reads files (INI, state folder, password, CA) and may try a source address, nothing else: call
/// it again to reload.
[[nodiscard]] Result<LoadedSettings, QList<ConfigError>> loadSettings(const LoadInput &input);

} // namespace sami::config
