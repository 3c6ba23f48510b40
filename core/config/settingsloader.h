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

/// INI keys with this prefix belong to the tray app; the loader ignores them.
inline constexpr const char *foreignKeyPrefix = "gui_";

/// What to do about an environment variable that was meant to restrict access but is not ours
/// (lookalikes.h), if the setting that it means has no value.
enum class LookalikeRule {
    RefuseOpenings, ///< an error: a daemon's environment is meant for it
    Note,           ///< a hint: a desktop's environment is for all programs
};

struct LoadInput
{
    QProcessEnvironment environment;
    CommandLine commandLine; ///< its --config overrides `iniFile`
    QString iniFile;         ///< the shell's own settings file; may be empty
    IniPresence iniPresence = IniPresence::Optional; ///< of `iniFile`; --config's must exist
    /// The future content of `iniFile`: loads as if it were written, without reading the file.
    std::optional<IniFile> plannedIni;
    /// Whether what was set from afar counts: settings.ini in the state folder, of a daemon.
    bool readsState = false;
    /// What counts as set from afar in place of that file, which is not read then.
    std::optional<IniFile> plannedState;
    /// Whether to try PROXY_SOURCE_ADDRESS with bind(): an address that this machine does not have
    /// is then an error. False for commands that only query a running proxy.
    bool triesSourceAddress = false;
    LookalikeRule lookalikes = LookalikeRule::RefuseOpenings;
    Settings defaults; ///< shells differ: the daemon listens on 0.0.0.0, the tray app on loopback
};

/// The effective value of one option.
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
    QStringList warnings;           ///< hints for the log, without secrets

    /// The option with that name, in any of its spellings. It must exist.
    [[nodiscard]] const EffectiveOption &option(const QString &spelling) const;
};

/// Default < INI file < environment < command line. Reports all invalid values that would take
/// effect, at once; does not check a value that a stronger source overrides. An empty value counts
/// as unset in every source. Values are trimmed, except the password.
///
/// The two ways to give the password are one setting: the stronger source wins. Both in one source
/// are an error.
///
/// Environment variables that look like settings get a hint (lookalikes.h).
///
/// Reads files (INI, password, CA) and may try a source address; has no other effect. Call it again
/// to reload.
[[nodiscard]] Result<LoadedSettings, QList<ConfigError>> loadSettings(const LoadInput &input);

} // namespace sami::config
