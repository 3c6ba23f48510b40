// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/headwriter.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace sami::http {

namespace {

constexpr qsizetype lineOverhead = 4; // ": " and CRLF

qsizetype sizeOf(const HeaderList &fields)
{
    qsizetype size = 0;
    for (const Field &field : fields)
        size += field.name.size() + field.value.size() + lineOverhead;
    return size + 2;
}

/// Room for a whole head in one allocation; growth stays geometric when `out` is filled bit by bit.
void makeRoom(QByteArray &out, qsizetype more)
{
    if (out.capacity() - out.size() < more)
        out.reserve(qMax(out.size() + more, out.size() * 2));
}

void writeFields(QByteArray &out, const HeaderList &fields)
{
    for (const Field &field : fields)
        out.append(field.name).append(": ", 2).append(field.value).append("\r\n", 2);
    out.append("\r\n", 2);
}

void writeTwoDigits(char *to, qint64 value)
{
    to[0] = static_cast<char>('0' + value / 10);
    to[1] = static_cast<char>('0' + value % 10);
}

} // namespace

void writeRequestHead(QByteArray &out, const RequestHead &head)
{
    makeRoom(out, head.method.size() + head.target.size() + 12 + sizeOf(head.fields));
    out.append(head.method).append(' ').append(head.target).append(' ');
    out.append(toString(head.version), 8).append("\r\n", 2);
    writeFields(out, head.fields);
}

void writeResponseHead(QByteArray &out, const ResponseHead &head)
{
    Q_ASSERT(head.status >= 100 && head.status <= 999);
    makeRoom(out, head.reason.size() + 15 + sizeOf(head.fields));
    const std::array<char, 5> status { ' ', static_cast<char>('0' + head.status / 100),
                                       static_cast<char>('0' + head.status / 10 % 10),
                                       static_cast<char>('0' + head.status % 10), ' ' };
    out.append(toString(head.version), 8).append(status.data(), status.size());
    out.append(head.reason).append("\r\n", 2);
    writeFields(out, head.fields);
}

void writeChunk(QByteArray &out, QByteArrayView data)
{
    if (data.isEmpty())
        return;
    std::array<char, 16> digits {};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), data.size(), 16).ptr;
    makeRoom(out, (end - digits.data()) + data.size() + 4);
    out.append(digits.data(), end - digits.data()).append("\r\n", 2);
    out.append(data).append("\r\n", 2);
}

void writeLastChunk(QByteArray &out, const HeaderList &trailers)
{
    out.append("0\r\n", 3);
    writeFields(out, trailers);
}

QByteArray imfDate(qint64 secondsSinceEpoch)
{
    // Civil date from a day count, after Howard Hinnant's public-domain "days_from_civil": no
    // locale, no time zone, no QDateTime in the path of every response.
    constexpr qint64 secondsPerDay = 86400;
    constexpr qint64 daysPerEra = 146097;                // 400 years
    constexpr char dayNames[] = "ThuFriSatSunMonTueWed"; // the epoch was a Thursday
    constexpr char monthNames[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    qint64 days = secondsSinceEpoch / secondsPerDay;
    qint64 seconds = secondsSinceEpoch % secondsPerDay;
    if (seconds < 0) {
        seconds += secondsPerDay;
        --days;
    }
    const qint64 shifted = days + 719468; // days since 0000-03-01
    const qint64 era = (shifted >= 0 ? shifted : shifted - daysPerEra + 1) / daysPerEra;
    const qint64 dayOfEra = shifted - era * daysPerEra;
    const qint64 yearOfEra =
        (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    const qint64 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const qint64 marchMonth = (5 * dayOfYear + 2) / 153;
    const qint64 day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
    const qint64 month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
    const qint64 year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);

    QByteArray date("Thu, 01 Jan 1970 00:00:00 GMT");
    char *const to = date.data();
    const qint64 weekday = ((days % 7) + 7) % 7;
    std::copy_n(dayNames + 3 * weekday, 3, to);
    writeTwoDigits(to + 5, day);
    std::copy_n(monthNames + 3 * (month - 1), 3, to + 8);
    writeTwoDigits(to + 12, year / 100 % 100);
    writeTwoDigits(to + 14, year % 100);
    writeTwoDigits(to + 17, seconds / 3600);
    writeTwoDigits(to + 20, seconds / 60 % 60);
    writeTwoDigits(to + 23, seconds % 60);
    return date;
}

} // namespace sami::http
