// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/commandline.h"
#include "config/configerror.h"
#include "config/inifile.h"
#include "config/settingsloader.h"
#include "gui/control/preferences.h"
#include "gui/control/serversecrets.h"
#include "gui/control/settingssalvage.h"
#include "gui/text/damagetext.h"

#include <QList>
#include <QProcessEnvironment>
#include <QString>

#include <optional>

namespace sami::gui {

/// The tray app's settings file, and the environment and command line that override it. Writes
/// atomically, readable by the owner only. Main thread; no QObject.
///
/// More than twelve public methods: most read one fact about the file or the settings in force.
class SettingsStore
{
public:
    struct Input
    {
        QString path; ///< the settings file; need not exist yet
        QProcessEnvironment environment;
        config::CommandLine commandLine; ///< its --config is ignored: `path` takes its place
        QString stateFolder {};          ///< the default (StateSettings::usual); empty: none
    };

    explicit SettingsStore(Input input);

    /// The tray app's defaults: the daemon's, but it listens on loopback only. The state folder is
    /// left out, because it depends on the machine.
    [[nodiscard]] static config::Settings defaults();

    /// Reads everything. Of a damaged file only the good lines count (settingssalvage.h); damage()
    /// lists the others. The file stays unchanged until the user wants something written. The
    /// errors are those of the environment and the command line.
    [[nodiscard]] Result<void, QList<config::ConfigError>> open();

    /// What was wrong with the file; empty after keepGoodLines().
    [[nodiscard]] const std::optional<SettingsDamage> &damage() const { return m_damage; }
    /// Keeps the damaged file under another name and writes the good lines in its place. Call it
    /// once the user has seen the damage. The error is a sentence; the damage stays then.
    [[nodiscard]] Result<void, QString> keepGoodLines();

    /// Why the proxy must not start with settings(). There are two reasons: passwords of servers
    /// are missing, or a damaged file may have lost the servers on the way out, and without any
    /// server the proxy would connect directly. A sentence, in English (coretext.h translates it);
    /// empty if the proxy may start. plan() refuses settings with such a problem, except that
    /// passwords which are missing already may stay missing.
    [[nodiscard]] QString startProblem() const;

    /// The passwords that the keychain holds. The file leaves them out, and settings() has
    /// stand-ins for those that are not known.
    [[nodiscard]] const ServerSecrets &secrets() const { return m_secrets; }
    /// Notes that the keychain holds these passwords, and puts them in the place of stand-ins. Does
    /// not write the file.
    void takePasswords(const ServerSecrets::Passwords &passwords);
    /// Writes the file again if it has passwords that the keychain holds. A damaged file stays
    /// unchanged until the user wants something written.
    [[nodiscard]] Result<void, QString> leaveOutPasswords();
    /// The servers in the file, on and off, even if the environment or the command line overrides
    /// the list. Nothing if the file is damaged or cannot be read.
    [[nodiscard]] std::optional<QList<config::Parent>> ownServers() const;

    /// Reads everything without making it current. Unlike open(), takes nothing from a damaged
    /// file: its errors are returned too.
    [[nodiscard]] Result<config::LoadedSettings, QList<config::ConfigError>> read() const;

    [[nodiscard]] const QString &path() const { return m_input.path; }
    [[nodiscard]] const config::LoadedSettings &loaded() const { return m_loaded; }
    [[nodiscard]] const config::Settings &settings() const { return m_loaded.settings; }
    /// Where the option's value comes from. A source above File means that it cannot be changed
    /// here.
    [[nodiscard]] config::Source sourceOf(const char *environmentName) const;
    [[nodiscard]] bool isLocked(const char *environmentName) const;
    /// The defaults, except what the environment and the command line fix.
    [[nodiscard]] config::Settings resetSettings() const;

    /// The first option that `wanted` changes although the environment or the command line fixes
    /// it; null if there is none.
    [[nodiscard]] const config::EffectiveOption *lockOn(const config::Settings &wanted) const;

    /// A change not made yet: the new file, and the settings that would result.
    struct Plan
    {
        config::IniFile file;
        config::LoadedSettings loaded;
    };
    /// Plans to put what differs in `wanted` into the current file, and computes the settings that
    /// the next start would get from it, the environment and the command line. Changes nothing. The
    /// error is a sentence.
    [[nodiscard]] Result<Plan, QString> plan(const config::Settings &wanted) const;
    /// Writes the file and makes the plan's settings current. A damaged file is kept under another
    /// name first. The preferences are the current ones, not those of the plan. On an error the
    /// file is unchanged.
    [[nodiscard]] Result<void, QString> commit(Plan plan);

    [[nodiscard]] const Preferences &preferences() const { return m_preferences; }
    /// Writes at once. While a damaged file waits for the user, the preferences stay in memory: the
    /// program does not overwrite that file by itself.
    [[nodiscard]] Result<void, QString> savePreferences(const Preferences &wanted);

private:
    [[nodiscard]] config::Settings defaultsHere() const;
    [[nodiscard]] Result<void, QList<config::ConfigError>>
    useSalvage(Result<Salvage, QList<config::ConfigError>> salvaged, const QString &keptAs);
    [[nodiscard]] Result<config::IniFile, QList<config::ConfigError>> file() const;
    [[nodiscard]] Result<void, QString> setAside();
    [[nodiscard]] Result<void, QString> write(const config::IniFile &file);
    [[nodiscard]] config::LoadInput loadInput() const;
    [[nodiscard]] config::LoadInput loadInput(const config::IniFile &planned) const;
    [[nodiscard]] bool hasPasswordFile(const config::IniFile &file) const;
    [[nodiscard]] bool lacksPasswords(const config::Settings &settings) const;
    [[nodiscard]] QString damageProblem() const;

    Input m_input;
    ServerSecrets m_secrets;
    config::LoadedSettings m_loaded;
    Preferences m_preferences;
    std::optional<SettingsDamage> m_damage;
    std::optional<config::IniFile> m_goodLines; ///< of a damaged file, until they are written
};

} // namespace sami::gui
