// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/optionparsers.h"
#include "config/parents.h"

#include <QByteArray>
#include <QList>
#include <QString>

/// Parsers and printers for the values of PROXY_PARENTS and PROXY_PARENTS_BYPASS. Pure, like the
/// other value parsers (optionparsers.h), except that they read the file that a value names. Any
/// thread.
namespace sami::config {

inline constexpr qsizetype maxParents = 32;

/// The list as written.
struct ParentList
{
    QList<Parent> parents;          ///< empty for only `direct`
    QList<QByteArray> lackPassword; ///< names of parents whose password must come from elsewhere
};

/// Entries separated by commas, or "@FILE": a file with one entry per line (secretfile.h), read at
/// each call.
///
///     https://a:1, direct        both, in this order
///     direct                     empty: everything goes direct
///     direct, https://a:1        error: nothing may follow direct
///     the same entry twice       error
///     two with one name          error: one of them needs ?name=
///     more than 32               error
///
/// Each invalid entry gets a problem. ValueProblem::value shows at most the scheme of an invalid
/// entry, because the password may be anywhere in it.
[[nodiscard]] Parsed<ParentList> parseParents(const QString &text);
/// Includes the passwords.
[[nodiscard]] QString formatParents(const QList<Parent> &parents);
/// The displayable form of a value: a file's name verbatim, unless it may be entries with an "@"
/// too many before them; entries in masked form; "***" for anything else.
[[nodiscard]] QString maskedParents(const QString &text);

/// Host patterns and presets as in ALLOWED_HOSTS, and ranges for destinations given as addresses.
[[nodiscard]] Parsed<ParentBypass> parseParentBypass(const QString &text);
[[nodiscard]] QString formatParentBypass(const ParentBypass &bypass);

} // namespace sami::config
