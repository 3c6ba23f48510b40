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

/// What is judged of the parents when the other settings are known. For the loader; every thread.
namespace sami::config {

struct Draft;

/// One line of PROXY_PARENTS_PASSWORD_FILE.
struct ParentPassword
{
    int line = 0; ///< from 1
    QByteArray name;
    QByteArray password;
};

/// "NAME PASSWORD" a line (secretfile.h): the name as in the list, percent-encoded where it has
/// blanks; the password is the rest after one blank or tab, as it stands. The errors name the lines
/// and quote nothing of them.
[[nodiscard]] Result<QList<ParentPassword>, QStringList> readParentPasswords(const QString &path);

/// Whether that parent is the listener of these settings, as far as it can be known without a
/// look-up:
///
///     parent's host                 listening at every address     at one address
///     loopback, localhost           yes                            if it is that one
///     another address               if an interface has it         if it is that one
///     the host's name, or one of
///     PROXY_TLS_NAMES               yes                            yes, unless that is loopback
///
/// The port has to be the same; with port 0 nothing is known.
[[nodiscard]] bool leadsHere(const Parent &parent, const Settings &settings,
                             const QByteArray &hostName, const QList<InterfaceAddress> &interfaces);

/// How the operator wrote what is judged.
struct ParentNames
{
    QString list;            ///< of PROXY_PARENTS
    bool isListGiven = true; ///< false: nobody has set it
    QString passwordFile;    ///< of PROXY_PARENTS_PASSWORD_FILE; empty: there is none
    QString shownPath;       ///< of that file, as it may be shown
};

struct ParentVerdict
{
    QList<ConfigError> errors;
    QStringList warnings; ///< no secret in them
};

/// Gives the parents of the draft their passwords, and judges what came of it:
///
///     a user name without a password, in the list and in the file         error
///     a line of the file for a parent that has a password, or no user     error
///     a line for no parent; a file without a list                         warning
///     a list of `direct` alone                                            the file is not read
///     a parent that is this proxy (leadsHere())                           error
///     a password that goes to another machine in clear text               warning
[[nodiscard]] ParentVerdict settleParents(Draft &draft, const ParentNames &names);

} // namespace sami::config
