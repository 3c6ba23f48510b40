// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QList>
#include <QStringList>

namespace sami::gui {

/// How wide a column of a table should be, given its content; widgets/columnfit.h turns it into
/// pixels. A value for the current language. Main thread.
struct ColumnWidth
{
    /// The longest texts that the column can have; for words, texts that are never cut. The column
    /// is never narrower than these.
    QStringList longest;
    int least = 0;          ///< for words, which are elided; in average characters
    int wanted = 0;         ///< the same, if there is room for everything
    bool stretches = false; ///< takes the remaining room
    [[nodiscard]] bool isWords() const { return wanted > 0; }

    /// The times with the longest texts: in minutes, hours and days.
    [[nodiscard]] static QList<Clock::duration> longestTimes();
    /// Values of a known form, which are never cut.
    [[nodiscard]] static ColumnWidth values(const QStringList &longest);
    [[nodiscard]] static ColumnWidth octets();
    [[nodiscard]] static ColumnWidth rate();
    [[nodiscard]] static ColumnWidth duration();
    [[nodiscard]] static ColumnWidth time();
    [[nodiscard]] static ColumnWidth count();
    /// Names and sentences, elided if they are longer. Both in average characters.
    [[nodiscard]] static ColumnWidth words(int least, int wanted);
    /// The servers that requests go out through. "directly" is never cut.
    [[nodiscard]] static ColumnWidth ways();
    /// Addresses, with a port if `hasPort`. IPv4 ones are never cut.
    [[nodiscard]] static ColumnWidth addresses(bool hasPort);
    /// Words in the main column of a table: it grows with the window.
    [[nodiscard]] static ColumnWidth stretching(int least, int wanted);
};

} // namespace sami::gui
