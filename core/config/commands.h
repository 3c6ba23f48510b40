// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

/// The one list of what the program can be asked to do besides running: flags (`--check-config`)
/// and subcommands (`user add NAME`). The command line is taken apart by it, the help is printed
/// from it, and the man page is made from the help. Plain data, read from every thread.
namespace sami::config {

/// What the program is asked to do.
enum class Command {
    Run,
    CheckConfig,       ///< prints the effective settings
    HealthCheck,       ///< asks the running proxy
    Pin,               ///< prints the pin of the certificate at the door
    ExportCertificate, ///< prints that certificate
    ExportBundle,      ///< prints it with the system's authorities
    NewIdentity,       ///< makes another key for the own identity
    Link,              ///< prints the link to this proxy
    UserAdd,           ///< these change the users' file, and print what came of it
    UserPasswd,
    UserEnable,
    UserDisable,
    UserRemove,
    UserList,    ///< prints the users
    TokenNew,    ///< makes a token for the admin doors
    TokenList,   ///< prints whose tokens there are
    TokenRevoke, ///< takes one away
    Status,      ///< asks the running proxy how it is
    Help,
    Version,
    PrintHostPresets,   ///< the list in docs/host-presets.md; not in the help
    PrintSettingsTable, ///< the README's table; not in the help
};

/// A flag that a subcommand alone has.
struct CommandFlag
{
    QString name; ///< with its dashes
    bool takesValue = false;
};

/// One of them. A flag begins with "-" and may stand anywhere; a subcommand is the first word or
/// words of the command line, and takes its operands and its own flags behind them.
struct CommandEntry
{
    const char *name; ///< "--pin", "user add"; of two spellings the one more
    Command command;
    /// What a subcommand takes, "NAME [--hosts HOSTS] [--qr]": a word is an operand, brackets
    /// stand around each flag of its own, with its value if it has one. None: empty.
    const char *operands;
    const char *help; ///< sentences for --help; empty: not shown

    [[nodiscard]] bool isFlag() const { return *name == '-'; }
    [[nodiscard]] QStringList words() const;
    [[nodiscard]] int operandCount() const;
    [[nodiscard]] QList<CommandFlag> flags() const;
};

/// In the order in which people are shown them.
[[nodiscard]] const QList<CommandEntry> &commandTable();

/// Of several the stronger counts: the help and the version are given whatever else is asked; every
/// flag is stronger than a subcommand.
[[nodiscard]] bool isStronger(Command command, Command than);

} // namespace sami::config
