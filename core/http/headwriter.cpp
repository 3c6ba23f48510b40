// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/headwriter.h"

#include "base/octetwriter.h"
#include "base/perthreadbuffer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

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

void writeFields(OctetWriter &out, const HeaderList &fields)
{
    for (const Field &field : fields) {
        out.append(field.name);
        out.append(": ");
        out.append(field.value);
        out.append("\r\n");
    }
    out.append("\r\n");
}

void writeTwoDigits(char *to, qint64 value)
{
    to[0] = static_cast<char>('0' + value / 10);
    to[1] = static_cast<char>('0' + value % 10);
}

} // namespace

void writeRequestHead(QByteArray &out, const RequestHead &head)
{
    OctetWriter to(out, head.method.size() + head.target.size() + 12 + sizeOf(head.fields));
    to.append(head.method);
    to.append(' ');
    to.append(head.target);
    to.append(' ');
    to.append(toString(head.version));
    to.append("\r\n");
    writeFields(to, head.fields);
}

void writeResponseHead(QByteArray &out, const ResponseHead &head)
{
    Q_ASSERT(head.status >= 100 && head.status <= 999);
    const std::array<char, 5> status { ' ', static_cast<char>('0' + head.status / 100),
                                       static_cast<char>('0' + head.status / 10 % 10),
                                       static_cast<char>('0' + head.status % 10), ' ' };
    OctetWriter to(out, head.reason.size() + 15 + sizeOf(head.fields));
    to.append(toString(head.version));
    to.append(status);
    to.append(head.reason);
    to.append("\r\n");
    writeFields(to, head.fields);
}

void writeChunk(QByteArray &out, QByteArrayView data)
{
    if (data.isEmpty())
        return;
    std::array<char, 16> digits {};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), data.size(), 16).ptr;
    const QByteArrayView size(digits.data(), end - digits.data());
    OctetWriter to(out, size.size() + data.size() + 4);
    to.append(size);
    to.append("\r\n");
    to.append(data);
    to.append("\r\n");
}

void writeLastChunk(QByteArray &out, const HeaderList &trailers)
{
    OctetWriter to(out, 3 + sizeOf(trailers));
    to.append("0\r\n");
    writeFields(to, trailers);
}

namespace {

QByteArray makeImfDate(qint64 secondsSinceEpoch)
{
    // Civil date from a day count, after Howard Hinnant's public-domain "civil_from_days": no
    // locale, time zone or QDateTime for every response.
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

struct LastDate;

} // namespace

QByteArray imfDate(qint64 secondsSinceEpoch)
{
    // A busy thread asks for the same second many times.
    thread_local qint64 lastAsked = 0;
    QByteArray &last = perThreadBuffer<LastDate>();
    if (std::exchange(lastAsked, secondsSinceEpoch) != secondsSinceEpoch || last.isEmpty())
        last = makeImfDate(secondsSinceEpoch);
    return last;
}

} // namespace sami::http
