// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/commands.h"
#include "config/configerror.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace sami::config {

struct Option;

/// A command line taken apart. Values are not looked at yet: settingsloader.h does that.
struct CommandLine
{
    struct Value
    {
        const Option *option = nullptr;
        QString text;
    };

    Command command = Command::Run;
    QStringList operands; ///< of a subcommand, as many as it takes
    /// The flags of a subcommand that were given, with their values; of the same one the last
    /// counts.
    QHash<QString, QString> details;
    QString configFile;  ///< --config FILE; empty when not given
    QList<Value> values; ///< in their order; of the same option the last one counts
    QList<ConfigError> errors;
};

/// `arguments` are those behind the program's name. "--flag value" and "--flag=value" are the
/// same; a value that begins with "--" needs the second. The help and the version are given
/// whatever else is wrong. `commands`: what there is to be asked for.
///
/// Not QCommandLineParser: on Windows it opens message boxes, and it has no "did you mean".
[[nodiscard]] CommandLine parseCommandLine(const QStringList &arguments,
                                           const QList<CommandEntry> &commands = commandTable());

} // namespace sami::config
