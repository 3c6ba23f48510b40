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

/// The commands user …, and the user part of link. They change PROXY_USERS_FILE beside a running
/// proxy, which checks it every 10 s. They block: for the disk, for a hash (a fifth of a second),
/// for another writer of the file (5 s). Main thread.
namespace sami::daemon {

struct UserOutput
{
    QString text;      ///< for standard output; after add and passwd it has the password, this once
    QStringList hints; ///< sentences for standard error; they hold no secret
};

/// Runs one of Command::UserAdd to UserList. The error names the flag, the word NAME or the
/// setting.
[[nodiscard]] Result<UserOutput, config::ConfigError>
runUserCommand(const config::Settings &settings, const config::CommandLine &line);

/// The user for `link --user NAME`; empty without --user. The password of a user of the file is
/// created with --new-password; otherwise it is read from standard input and checked.
[[nodiscard]] Result<std::optional<policy::Credentials>, config::ConfigError>
linkUser(const config::Settings &settings, const config::CommandLine &line);

/// Whether the users file of these settings can be read, checked before a start. Does nothing
/// without one.
[[nodiscard]] Result<void, config::ConfigError> checkUsers(const config::Settings &settings);

} // namespace sami::daemon
