// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/interfaceaddresses.h"
#include "base/result.h"
#include "config/configerror.h"
#include "config/settings.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

/// Checks of the parents once the other settings are known. For the loader; any thread.
namespace sami::config {

struct Draft;

/// One line of PROXY_PARENTS_PASSWORD_FILE.
struct ParentPassword
{
    int line = 0; ///< from 1
    QByteArray name;
    QByteArray password;
};

/// One "NAME PASSWORD" per line (secretfile.h). The name is as in the list, percent-encoded if it
/// has blanks; the password is the rest after one blank or tab, verbatim. The errors name the lines
/// without quoting them.
[[nodiscard]] Result<QList<ParentPassword>, QStringList> readParentPasswords(const QString &path);

/// Whether that parent is the listener of these settings, as far as that is known without a
/// lookup:
///
///     parent's host                 listening at every address     at one address
///     loopback, localhost           yes                            if it is that address
///     another address               if an interface has it         if it is that address
///     the host's name, or one of
///     PROXY_TLS_NAMES               yes                            yes, unless that is loopback
///
/// The port must match too. Unknown with port 0.
[[nodiscard]] bool leadsHere(const Parent &parent, const Settings &settings,
                             const QByteArray &hostName, const QList<InterfaceAddress> &interfaces);

/// How the operator spelled each setting, for the errors.
struct ParentNames
{
    QString list;            ///< of PROXY_PARENTS
    bool isListGiven = true; ///< false if it is not set
    QString passwordFile;    ///< of PROXY_PARENTS_PASSWORD_FILE; empty if there is none
    QString shownPath;       ///< of that file, fit for display
};

struct ParentVerdict
{
    QList<ConfigError> errors;
    QStringList warnings; ///< without secrets
};

/// Gives the draft's parents their passwords, and checks the result:
///
///     a user name without a password in either the list or the file       error
///     a line of the file for a parent that has a password, or no user     error
///     a line for an unknown parent; a file without a list                 warning
///     a list of only `direct`                                             the file is not read
///     a parent that is this proxy (leadsHere())                           error
///     a password sent to another machine in clear text                    warning
[[nodiscard]] ParentVerdict settleParents(Draft &draft, const ParentNames &names);

} // namespace sami::config
