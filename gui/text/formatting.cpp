// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/formatting.h"

#include <QDateTime>
#include <QLocale>

#include <array>
#include <cmath>

namespace sami::gui {

namespace {

using namespace std::chrono_literals;

QString twoDigits(qint64 number)
{
    return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0'));
}

} // namespace

QString Formatting::octets(quint64 octets)
{
    const std::array<QString, 6> units {
        tr("B"), tr("kB"), tr("MB"), tr("GB"), tr("TB"), tr("PB")
    };
    double value = double(octets);
    std::size_t unit = 0;
    // 999.5 would be rounded to four digits.
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    const int decimals = unit > 0 && value < 9.95 ? 1 : 0;
    return tr("%1 %2", "a number and its unit: 1.2 MB")
        .arg(QLocale().toString(value, 'f', decimals), units[unit]);
}

QString Formatting::rate(double octetsPerSecond)
{
    if (octetsPerSecond < 1)
        return {};
    return tr("%1/s", "an amount a second: 1.2 MB/s")
        .arg(octets(static_cast<quint64>(std::llround(octetsPerSecond))));
}

QString Formatting::duration(Clock::duration duration)
{
    const auto whole = std::chrono::floor<std::chrono::milliseconds>(duration).count();
    if (whole < 1000)
        return tr("%1 ms").arg(QLocale().toString(qMax<qint64>(whole, 0)));
    if (whole < 10'000)
        return tr("%1 s").arg(QLocale().toString(double(whole / 100) / 10, 'f', 1));
    return seconds(duration);
}

QString Formatting::seconds(Clock::duration duration)
{
    const qint64 whole =
        qMax<qint64>(std::chrono::floor<std::chrono::seconds>(duration).count(), 0);
    constexpr qint64 minute = 60;
    constexpr qint64 hour = 60 * minute;
    constexpr qint64 day = 24 * hour;
    if (whole < minute)
        return tr("%1 s").arg(whole);
    if (whole < hour)
        return tr("%1m %2s").arg(whole / minute).arg(twoDigits(whole % minute));
    if (whole < day)
        return tr("%1h %2m").arg(whole / hour).arg(twoDigits(whole % hour / minute));
    return tr("%1d %2h").arg(whole / day).arg(twoDigits(whole % day / hour));
}

QString Formatting::duration(const std::optional<Clock::duration> &value)
{
    return value ? duration(*value) : QString();
}

QString Formatting::time(WallTime time)
{
    const auto since = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(since.count());
    const QString clock = local.toString(QStringLiteral("HH:mm:ss"));
    if (local.date() == QDate::currentDate())
        return clock;
    return QLocale().toString(local.date(), QLocale::ShortFormat) + QLatin1Char(' ') + clock;
}

} // namespace sami::gui
