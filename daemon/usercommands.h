// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/commandline.h"
#include "config/configerror.h"
#include "config/settings.h"

#include <QString>
#include <QStringList>

#include <optional>

/// The commands user …, and the user's half of link: they change PROXY_USERS_FILE beside a running
/// proxy, which looks at it each 10 s. They block: for the disk, for a hash (a fifth of a second),
/// for whoever else changes the file (5 s). Main thread.
namespace sami::daemon {

struct UserOutput
{
    QString text;      ///< for standard output; of add and passwd with the password, this once
    QStringList hints; ///< sentences for standard error; no secret in them
};

/// One of Command::UserAdd to UserList. The error names the flag, the word NAME or the setting.
[[nodiscard]] Result<UserOutput, config::ConfigError>
runUserCommand(const config::Settings &settings, const config::CommandLine &line);

/// Whose link `link --user NAME` prints: nothing without --user. The password of a user of the file
/// is made with --new-password, else read from standard input and checked.
[[nodiscard]] Result<std::optional<policy::Credentials>, config::ConfigError>
linkUser(const config::Settings &settings, const config::CommandLine &line);

/// Whether the users' file of these settings can be read, told before a start; without one it does
/// nothing.
[[nodiscard]] Result<void, config::ConfigError> checkUsers(const config::Settings &settings);

} // namespace sami::daemon
