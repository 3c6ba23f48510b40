// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/optionparsers.h"
#include "config/parents.h"

#include <QByteArray>
#include <QList>
#include <QString>

/// The values of PROXY_PARENTS and PROXY_PARENTS_BYPASS, from their texts and back. Like the other
/// parsers of values (optionparsers.h) they are pure but for the file that a value names, and for
/// every thread.
namespace sami::config {

inline constexpr qsizetype maxParents = 32;

/// The list as it was written.
struct ParentList
{
    QList<Parent> parents;          ///< empty for `direct` alone
    QList<QByteArray> lackPassword; ///< names of those whose password has to come from elsewhere
};

/// Entries with commas between them, or "@FILE": a file with one a line (secretfile.h), read at
/// each call.
///
///     https://a:1, direct        both, in this order
///     direct                     nothing: everything goes direct
///     direct, https://a:1        error: nothing comes after direct
///     the same entry twice       error
///     two of one name            error: one of them needs ?name=
///     over 32                    error
///
/// Every entry that is bad has its problem. ValueProblem::value never has more of a bad entry than
/// its scheme, for who knows where in it the password is.
[[nodiscard]] Parsed<ParentList> parseParents(const QString &text);
/// Has the passwords in it.
[[nodiscard]] QString formatParents(const QList<Parent> &parents);
/// What may be shown of a value: a file's name as it stands, of entries their masked text, "***" of
/// anything else.
[[nodiscard]] QString maskedParents(const QString &text);

/// Host patterns and presets as in ALLOWED_HOSTS, and ranges for destinations that are addresses.
[[nodiscard]] Parsed<ParentBypass> parseParentBypass(const QString &text);
[[nodiscard]] QString formatParentBypass(const ParentBypass &bypass);

} // namespace sami::config
