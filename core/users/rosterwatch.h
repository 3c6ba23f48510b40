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

/// The roster by the settings in force, and the watch over its file. Whoever owns this looks every
/// ten seconds, and `settling` later while isUnsettled(). Belongs to the activation; main thread:
/// a look takes as long as the disk does. It holds no descriptor and no timer.
///
///     what is there                             at the first reading   later, the path the same
///     no path                                   no roster              no roster
///     good                                      a roster               another one if it is other
///     good, and nobody in it                    lets nobody in         lets nobody in
///     bad, or gone                              error                  the old one stays, one line
///
/// Bad is also a user with the name of the settings' own pair: of two passwords nobody could say
/// which one counts. Settings that take the name of a user are an error. Such a line is an `error`,
/// and is said again when it is bad in another way.
///
/// A file may be seen while it is written, and a half of it is a good list in which users lack. So
/// another content counts when two looks have found it; at an order (new settings, a change by this
/// program itself) it counts at once.
class RosterWatch
{
public:
    static constexpr std::chrono::seconds settling { 1 };

    struct Source
    {
        QString path;            ///< empty: no users
        QByteArray reservedName; ///< of the settings' own pair; empty: there is none
        friend bool operator==(const Source &, const Source &) = default;
    };

    /// What new settings name; this object stays as it is. The error is for a person and names the
    /// file.
    [[nodiscard]] Result<RosterWatch, QString> renewed(const Source &source) const;
    enum class Trust {
        WhenSettled, ///< another content counts when two looks have found it
        AtOnce,      ///< whoever wrote it is done
    };
    /// Returns whether roster() is another.
    [[nodiscard]] bool look(Trust trust = Trust::WhenSettled);
    /// Another content was found once: to be looked at again soon.
    [[nodiscard]] bool isUnsettled() const { return !m_unsettled.isEmpty(); }

    [[nodiscard]] const RosterPtr &roster() const { return m_roster; } ///< null: no users

private:
    [[nodiscard]] Result<UsersList, QString> read() const;
    /// Returns whether roster() is another.
    [[nodiscard]] bool take(UsersList list);
    void keepOld(const QString &problem);

    Source m_source;
    RosterPtr m_roster;
    QByteArray m_unsettled; ///< fingerprint of what was found once, or what was wrong with it
    QString m_said;         ///< what was wrong, as the log has it
};

} // namespace sami::users
