// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/commandline.h"
#include "config/configerror.h"
#include "config/inifile.h"
#include "config/settingsloader.h"
#include "gui/control/preferences.h"
#include "gui/control/settingssalvage.h"
#include "gui/text/damagetext.h"

#include <QList>
#include <QProcessEnvironment>
#include <QString>

#include <optional>

namespace sami::gui {

/// The settings file of the tray app and what environment and command line put above it. Written
/// atomically, for its owner alone. Main thread; no QObject.
///
/// More than twelve public methods: most read one fact about the file or the settings in force.
class SettingsStore
{
public:
    struct Input
    {
        QString path; ///< the settings file; need not be there yet
        QProcessEnvironment environment;
        config::CommandLine commandLine; ///< its --config is not looked at: `path` is it
        QString stateFolder {}; ///< where nothing else is set (StateSettings::usual); empty: none
    };

    explicit SettingsStore(Input input);

    /// The shell's own: like the daemon's, but only this computer may come in. This machine's part
    /// of them, the state folder, is left out.
    [[nodiscard]] static config::Settings defaults();

    /// Reads everything. Of a damaged file the good lines count (settingssalvage.h), and damage()
    /// says what does not; the file stays as it is until somebody wants something written. The
    /// errors are those of the environment and the command line.
    [[nodiscard]] Result<void, QList<config::ConfigError>> open();

    /// What was wrong with the file, until keepGoodLines().
    [[nodiscard]] const std::optional<SettingsDamage> &damage() const { return m_damage; }
    /// The user has seen it: keeps the damaged file under another name and writes the good lines
    /// in its place. On an error, a sentence, all is as it was.
    [[nodiscard]] Result<void, QString> keepGoodLines();

    /// Why the proxy is not to start with settings(): of a damaged file the servers on the way out
    /// may be lost, and without any it would lead out directly. A sentence, in English (coretext.h
    /// has others); empty when it may. Until then plan() takes nothing that has no server.
    [[nodiscard]] QString startProblem() const;

    /// The same without setting anything aside or making it count.
    [[nodiscard]] Result<config::LoadedSettings, QList<config::ConfigError>> read() const;

    [[nodiscard]] const QString &path() const { return m_input.path; }
    [[nodiscard]] const config::LoadedSettings &loaded() const { return m_loaded; }
    [[nodiscard]] const config::Settings &settings() const { return m_loaded.settings; }
    /// Where the option's value comes from: above File it cannot be changed here.
    [[nodiscard]] config::Source sourceOf(const char *environmentName) const;
    [[nodiscard]] bool isLocked(const char *environmentName) const;
    /// The defaults, but for what environment and command line hold.
    [[nodiscard]] config::Settings resetSettings() const;

    /// The first option that `wanted` has otherwise and that environment or command line hold, so
    /// that the file has no say; null when all of it can come about.
    [[nodiscard]] const config::EffectiveOption *lockOn(const config::Settings &wanted) const;

    /// A change that is not made yet: the file as it would be, and what would count with it.
    struct Plan
    {
        config::IniFile file;
        config::LoadedSettings loaded;
    };
    /// What differs in `wanted` goes into the file as it is now; over that come environment and
    /// command line, as at the next start. Changes nothing. The error is a sentence.
    [[nodiscard]] Result<Plan, QString> plan(const config::Settings &wanted) const;
    /// Writes the file; what was planned counts. A damaged one is kept under another name first.
    /// The preferences are those of now, not of the plan. On an error the file is as it was.
    [[nodiscard]] Result<void, QString> commit(Plan plan);

    [[nodiscard]] const Preferences &preferences() const { return m_preferences; }
    /// Written at once, or with the good lines of a damaged file: by itself the program writes
    /// nothing over that.
    [[nodiscard]] Result<void, QString> savePreferences(const Preferences &wanted);

private:
    [[nodiscard]] config::Settings defaultsHere() const;
    [[nodiscard]] Result<void, QList<config::ConfigError>>
    useSalvage(Result<Salvage, QList<config::ConfigError>> salvaged, const QString &keptAs);
    [[nodiscard]] Result<config::IniFile, QList<config::ConfigError>> file() const;
    [[nodiscard]] Result<void, QString> setAside();
    [[nodiscard]] Result<void, QString> write(const config::IniFile &file);
    [[nodiscard]] config::LoadInput loadInput(const QString &path) const;

    Input m_input;
    config::LoadedSettings m_loaded;
    Preferences m_preferences;
    std::optional<SettingsDamage> m_damage;
    std::optional<config::IniFile> m_goodLines; ///< of a damaged file, until it is written
};

} // namespace sami::gui
