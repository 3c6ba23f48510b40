// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QList>
#include <QStringList>

namespace sami::gui {

/// How wide a column of a table is to be, by what it holds; widgets/columnfit.h makes pixels of it.
/// A value, made for the language that is loaded. Main thread.
struct ColumnWidth
{
    /// Texts as long as any in that column can be, or as most of its words: it is never narrower
    /// than they need.
    QStringList longest;
    int least = 0;          ///< of words, which are elided, in average characters
    int wanted = 0;         ///< what they get where there is room for all
    bool stretches = false; ///< takes the room that is left
    [[nodiscard]] bool isWords() const { return wanted > 0; }

    /// Times whose texts are the longest of their kind.
    [[nodiscard]] static QList<Clock::duration> longestTimes();
    /// Values of a known form: none is ever cut.
    [[nodiscard]] static ColumnWidth values(const QStringList &longest);
    [[nodiscard]] static ColumnWidth octets();
    [[nodiscard]] static ColumnWidth rate();
    [[nodiscard]] static ColumnWidth duration();
    [[nodiscard]] static ColumnWidth time();
    [[nodiscard]] static ColumnWidth count();
    /// Names and sentences, elided where they are longer. Both in average characters.
    [[nodiscard]] static ColumnWidth words(int least, int wanted);
    /// The servers by which requests go out: "directly" is seen whole.
    [[nodiscard]] static ColumnWidth ways();
    /// Addresses: all of IPv4 are seen whole, with a port where they have one.
    [[nodiscard]] static ColumnWidth addresses(bool hasPort);
    /// The same, of what the table is looked at for: it grows with the window.
    [[nodiscard]] static ColumnWidth stretching(int least, int wanted);
};

} // namespace sami::gui
