// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

/// The one list of what the program can do besides running: flags (`--check-config`) and
/// subcommands (`user add NAME`). The command-line parser and --help use it, and the man page is
/// made from the help. Plain data; any thread.
namespace sami::config {

/// What the program is to do.
enum class Command {
    Run,
    CheckConfig,       ///< prints the effective settings
    HealthCheck,       ///< queries the running proxy
    Pin,               ///< prints the pin of the door's certificate
    ExportCertificate, ///< prints the door's certificate
    ExportBundle,      ///< prints it with the system's CAs
    NewIdentity,       ///< creates a new key for the own identity
    Link,              ///< prints the link to this proxy
    UserAdd,           ///< these change the users' file and print the result
    UserPasswd,
    UserEnable,
    UserDisable,
    UserRemove,
    UserList,    ///< prints the users
    TokenNew,    ///< creates a token for the admin doors
    TokenList,   ///< prints the owners of the tokens
    TokenRevoke, ///< revokes one
    Status,      ///< queries the running proxy's state
    Help,
    Version,
    PrintHostPresets,   ///< the list in docs/host-presets.md; not in the help
    PrintSettingsTable, ///< the README's table; not in the help
};

/// A flag that belongs to one subcommand.
struct CommandFlag
{
    QString name; ///< with its dashes
    bool takesValue = false;
};

/// One command. A flag begins with "-" and may be anywhere. A subcommand is the first word or words
/// of the command line; its operands and own flags follow.
struct CommandEntry
{
    const char *name; ///< "--pin", "user add"; a second spelling has its own entry
    Command command;
    /// Operands of a subcommand, "NAME [--hosts HOSTS] [--qr]": each word is an operand, each pair
    /// of brackets holds one of its flags, with the value if there is one. Empty for none.
    const char *operands;
    const char *help; ///< sentences for --help; hidden if empty

    [[nodiscard]] bool isFlag() const { return *name == '-'; }
    [[nodiscard]] QStringList words() const;
    [[nodiscard]] int operandCount() const;
    [[nodiscard]] QList<CommandFlag> flags() const;
};

/// In display order.
[[nodiscard]] const QList<CommandEntry> &commandTable();

/// The stronger of several commands wins: help and version first, and every flag before any
/// subcommand.
[[nodiscard]] bool isStronger(Command command, Command than);

} // namespace sami::config
