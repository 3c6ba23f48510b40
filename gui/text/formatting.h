// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QCoreApplication>
#include <QString>

#include <optional>

namespace sami::gui {

/// Formats values for people, in the language and the number format of the default QLocale. Pure.
class Formatting
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::Formatting)

public:
    /// "0 B", "999 B", "1.2 kB", "34 MB": powers of 1000, at most three digits.
    [[nodiscard]] static QString octets(quint64 octets);
    /// "1.2 kB/s"; empty below one octet per second, so that active rows stand out.
    [[nodiscard]] static QString rate(double octetsPerSecond);
    /// "31 ms", "4.2 s", "59 s", "4m 02s", "1h 05m", "3d 04h".
    [[nodiscard]] static QString duration(Clock::duration duration);
    /// The same in whole seconds, for times that count up on screen: "0 s", "42 s", "3m 12s".
    [[nodiscard]] static QString seconds(Clock::duration duration);
    /// As above; empty for no value.
    [[nodiscard]] static QString duration(const std::optional<Clock::duration> &duration);
    /// Local time: "01:55:07", with the date if it was not today.
    [[nodiscard]] static QString time(WallTime time);
};

} // namespace sami::gui
