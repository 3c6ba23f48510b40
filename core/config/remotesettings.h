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
/// settings.ini in the state folder, which ranks between the settings file and the environment.
/// None of them is a path, a door or a private target. So a client that may set them cannot make
/// the proxy read, listen at or reach more than its operator allows.
///
/// Reading and changing block for as long as the disk does.
struct RemoteSettings
{
    static constexpr qint64 mostOctets = 65536;

    /// The result of changing one of them.
    struct Plan
    {
        IniFile state;       ///< what is then set from afar
        LoadedSettings next; ///< the settings then; only its new warnings
    };

    /// Why there is no plan.
    struct Refusal
    {
        bool isOfValue = true;     ///< false: something else is wrong that a start would refuse too
        QList<ConfigError> errors; ///< at least one
    };

    [[nodiscard]] static bool isSettable(const Option &option);
    /// Empty without a state folder.
    [[nodiscard]] static QString fileIn(const QString &stateFolder);

    /// A missing file counts as empty. The errors name the file, and the line of a key that is not
    /// settable.
    [[nodiscard]] static Result<IniFile, QList<ConfigError>> read(const QString &path);
    /// Writes `text` into the option's line of the file; an empty text removes the line. Creates a
    /// missing file with mode 0600; its folder must exist. The error completes a sentence that
    /// names the file.
    [[nodiscard]] static Result<void, QString> write(const QString &path, const Option &option,
                                                     const QString &text);

    /// What becomes of `now` if a settable option is set to `text`; if that is empty, the weaker
    /// sources count again. `input` is what `now` was loaded from. Other changes to the settings
    /// file since then still do not count.
    [[nodiscard]] static Result<Plan, Refusal> plan(LoadInput input, const LoadedSettings &now,
                                                    const Option &option, const QString &text);
};

} // namespace sami::config
