// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/configerror.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace sami::config {

struct Option;

/// What the program is asked to do.
enum class Command {
    Run,
    CheckConfig,        ///< --check-config: print the effective settings, exit 0 or 2
    HealthCheck,        ///< --healthcheck: ask the running proxy, exit 0 or 1
    Help,               ///< --help, -h
    Version,            ///< --version
    PrintHostPresets,   ///< --print-host-presets: the list in docs/host-presets.md; not in the help
    PrintSettingsTable, ///< --print-settings-table: the README's table; not in the help
};

/// A command line taken apart. Values are not looked at yet: settingsloader.h does that.
struct CommandLine
{
    struct Value
    {
        const Option *option = nullptr;
        QString text;
    };

    Command command = Command::Run;
    QString configFile;  ///< --config FILE; empty when not given
    QList<Value> values; ///< in their order; of the same option the last one counts
    QList<ConfigError> errors;
};

/// `arguments` are those behind the program's name. "--flag value" and "--flag=value" are the
/// same; a value that begins with "--" needs the second. The help and the version are given
/// whatever else is wrong.
///
/// Not QCommandLineParser: on Windows it opens message boxes, and it has no "did you mean".
[[nodiscard]] CommandLine parseCommandLine(const QStringList &arguments);

} // namespace sami::config
