// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/columnwidth.h"

#include "gui/text/formatting.h"
#include "gui/text/serverwording.h"

#include <QLocale>

namespace sami::gui {

namespace {

using namespace std::chrono_literals;

/// The longest amounts in every unit: which unit is widest depends on the language.
QList<quint64> longestAmounts()
{
    QList<quint64> amounts { 888 };
    for (quint64 unit = 1'000; unit <= 1'000'000'000'000'000; unit *= 1'000)
        amounts << unit * 888 << unit / 10 * 88;
    return amounts;
}

} // namespace

QList<Clock::duration> ColumnWidth::longestTimes()
{
    return { 58min + 58s, 20h + 58min, 888 * 24h + 20h };
}

ColumnWidth ColumnWidth::values(const QStringList &longest)
{
    ColumnWidth width;
    width.longest = longest;
    return width;
}

ColumnWidth ColumnWidth::octets()
{
    QStringList texts;
    const QList<quint64> amounts = longestAmounts();
    for (const quint64 amount : amounts)
        texts.append(Formatting::octets(amount));
    return values(texts);
}

ColumnWidth ColumnWidth::rate()
{
    QStringList texts;
    const QList<quint64> amounts = longestAmounts();
    for (const quint64 amount : amounts)
        texts.append(Formatting::rate(double(amount)));
    return values(texts);
}

ColumnWidth ColumnWidth::duration()
{
    QStringList texts { Formatting::duration(Clock::duration(888ms)),
                        Formatting::duration(Clock::duration(8800ms)) };
    const QList<Clock::duration> times = longestTimes();
    for (const Clock::duration time : times)
        texts.append(Formatting::seconds(time));
    return values(texts);
}

ColumnWidth ColumnWidth::time()
{
    // Includes a date, in case it was another day.
    return values({ Formatting::time(WallTime(1'009'571'288s)) });
}

ColumnWidth ColumnWidth::count()
{
    return values({ QLocale().toString(8'888'888) });
}

ColumnWidth ColumnWidth::words(int least, int wanted)
{
    ColumnWidth width;
    width.least = least;
    width.wanted = wanted;
    return width;
}

ColumnWidth ColumnWidth::ways()
{
    ColumnWidth width = words(8, 12);
    width.longest = { ServerWording::way(config::Parent::direct().name) };
    return width;
}

ColumnWidth ColumnWidth::addresses(bool hasPort)
{
    ColumnWidth width = words(1, 1);
    width.longest.append(hasPort ? QStringLiteral("255.255.255.255:65535")
                                 : QStringLiteral("255.255.255.255"));
    return width;
}

ColumnWidth ColumnWidth::stretching(int least, int wanted)
{
    ColumnWidth width = words(least, wanted);
    width.stretches = true;
    return width;
}

} // namespace sami::gui
