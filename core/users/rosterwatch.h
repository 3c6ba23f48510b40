// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "users/roster.h"

#include <QByteArray>
#include <QString>

#include <chrono>

namespace sami::users {

/// Keeps the roster for the current settings, and watches its file. The owner calls look() every
/// ten seconds, and again after `settling` while isUnsettled(). Owned by the activation, in the
/// main thread, because look() blocks on the disk. Holds no descriptor and no timer.
///
///     the file                                  at the first reading   later, same path
///     no path                                   no roster              no roster
///     good                                      a roster               a new one if it differs
///     good, without users                       admits nobody          admits nobody
///     bad, or missing                           error                  keeps the old one, logs it
///
/// A user with the name of the settings' own pair also makes the file bad: with two passwords it
/// would be unclear which counts. New settings that take a user's name are an error. The log line
/// is an `error`, and is repeated when the problem changes.
///
/// A file may be seen half written, and half a file can be a valid list that lacks users. So new
/// content counts only once two looks have found it; on new settings it counts at once. A file that
/// has become empty is bad, because an editor on a full disk leaves one.
class RosterWatch
{
public:
    static constexpr std::chrono::seconds settling { 1 };

    struct Source
    {
        QString path;            ///< empty: no users
        QByteArray reservedName; ///< of the settings' own pair; empty: none
        friend bool operator==(const Source &, const Source &) = default;
    };

    /// The watch for new settings; this object stays unchanged. The error is worded for people and
    /// names the file.
    [[nodiscard]] Result<RosterWatch, QString> renewed(const Source &source) const;
    enum class Trust {
        WhenSettled, ///< a new content counts once two looks have found it
        AtOnce,      ///< the writer has finished
    };
    /// Returns whether roster() has changed.
    [[nodiscard]] bool look(Trust trust = Trust::WhenSettled);
    /// A new content was found once, so the file should be looked at again soon.
    [[nodiscard]] bool isUnsettled() const { return !m_unsettled.isEmpty(); }

    [[nodiscard]] const RosterPtr &roster() const { return m_roster; } ///< null: no users

private:
    [[nodiscard]] Result<UsersList, QString> read() const;
    /// Returns whether roster() has changed.
    [[nodiscard]] bool take(UsersList list);
    void keepOld(const QString &problem);

    Source m_source;
    RosterPtr m_roster;
    QByteArray m_unsettled; ///< fingerprint of content seen once, or its problem
    QString m_said;         ///< the problem as logged last
};

} // namespace sami::users
