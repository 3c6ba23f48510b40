// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/configerror.h"
#include "config/inifile.h"
#include "config/settingsloader.h"

#include <QList>
#include <QString>

namespace sami::config {

struct Option;

/// The few settings that may be set from afar while a proxy runs, and the file that keeps them:
/// settings.ini in the state folder, which ranks between the settings file and the environment. No
/// path, no door and no private target is among them, so a token that may set them cannot make the
/// proxy read, listen or reach more than its operator said.
///
/// Reading and changing block for as long as the disk does.
struct RemoteSettings
{
    static constexpr qint64 mostOctets = 65536;

    /// What the settings come to with a change of one of them.
    struct Plan
    {
        IniFile state;       ///< what is set from afar then
        LoadedSettings next; ///< what counts then; its warnings are those that are new
    };

    /// Why there is no plan.
    struct Refusal
    {
        bool isOfValue = true;     ///< else something else is wrong that a start would refuse too
        QList<ConfigError> errors; ///< at least one
    };

    [[nodiscard]] static bool isSettable(const Option &option);
    /// Empty without a state folder.
    [[nodiscard]] static QString fileIn(const QString &stateFolder);

    /// No file says nothing. The errors name the file, and the line of a key that is not settable.
    [[nodiscard]] static Result<IniFile, QList<ConfigError>> read(const QString &path);
    /// Puts `text` in the file's line of that option; nothing takes the line out. The file is made
    /// where it is not there, 0600; its folder is. The error ends a sentence that names the file.
    [[nodiscard]] static Result<void, QString> write(const QString &path, const Option &option,
                                                     const QString &text);

    /// What `now` comes to with that option, a settable one, set to `text`; nothing means that the
    /// weaker sources count again. `input` is what `now` was loaded from. What else has changed in
    /// the settings file since counts no more than before.
    [[nodiscard]] static Result<Plan, Refusal> plan(LoadInput input, const LoadedSettings &now,
                                                    const Option &option, const QString &text);
};

} // namespace sami::config
