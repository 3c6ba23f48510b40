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

/// A parsed command line. settingsloader.h parses the values.
struct CommandLine
{
    struct Value
    {
        const Option *option = nullptr;
        QString text;
    };

    Command command = Command::Run;
    QStringList operands; ///< of a subcommand, as many as it takes
    /// The given flags of a subcommand with their values. The last of several wins.
    QHash<QString, QString> details;
    QString configFile;  ///< --config FILE; empty if not given
    QList<Value> values; ///< in order; the last one for an option wins
    QList<ConfigError> errors;
};

/// `arguments` excludes the program's name. "--flag value" and "--flag=value" mean the same; a
/// value that begins with "--" needs the latter. Help and version work despite any errors.
/// `commands` lists the available commands.
///
/// Not QCommandLineParser: it opens message boxes on Windows, and has no "did you mean".
[[nodiscard]] CommandLine parseCommandLine(const QStringList &arguments,
                                           const QList<CommandEntry> &commands = commandTable());

} // namespace sami::config
