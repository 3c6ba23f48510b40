// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/logtext.h"

#include "gui/text/coretext.h"
#include "gui/text/formatting.h"
#include "gui/text/wording.h"

#include <QDateTime>

#include <algorithm>
#include <array>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array messageTable {
    // gui/control/proxycontroller.cpp
    QT_TRANSLATE_NOOP("sami::gui::LogText", "started"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "stopped"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "settings applied"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the listener does not answer: restarting the proxy"),
    // gui/control/listenerprobe.cpp
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "the listener cannot be checked yet: this program can make no connection"),
    // gui/control/passwordskeeper.cpp
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the keychain does not answer"),
    // gui/control/logfile.cpp
    QT_TRANSLATE_NOOP("sami::gui::LogText", "log files are kept"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "log files are not kept any more"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "log files cannot be written"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "log files are written again"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the log file has disappeared: starting a new one"),
    // gui/app
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the settings file is damaged"),
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "cannot tell whether another copy runs: no lock file can be written"),
    // core/base/logging.cpp
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "log lines dropped: the reader of the log is too slow, or its disk is full"),
    // core/server
    QT_TRANSLATE_NOOP("sami::gui::LogText", "accepted"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "state"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "handshake failed"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "a password came in clear text: change it"),
    QT_TRANSLATE_NOOP(
        "sami::gui::LogText",
        "a client does not trust the proxy's certificate: give it the link or the certificate"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "client blocked for guessing credentials"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "blocks for guessing credentials are lifted"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "draining"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the grace time is over: cutting what is left"),
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "lines of own pages and refusals were left out: LOG_LEVEL=debug has them"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "log lines were left out: too many came at once"),
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "a balancer's connection began without a PROXY protocol header that counts"),
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "fewer connections than MAX_CONCURRENT_CONNECTIONS asks for: the limit on "
                      "open files allows no more"),
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "loading the list of trusted authorities takes long: accepting without it"),
    QT_TRANSLATE_NOOP(
        "sami::gui::LogText",
        "cannot accept: raise the limit on open files or lower MAX_CONCURRENT_CONNECTIONS"),
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "cannot read this machine's own addresses: those known so far stay refused"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "this machine's own addresses can be read again"),
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "hosts of this network may be reached through the proxy: it is too wide to "
                      "be this machine's own, or a point-to-point link"),
    QT_TRANSLATE_NOOP(
        "sami::gui::LogText",
        "names get fake-IP addresses here, as from Clash, sing-box and the like: "
        "ALLOW_PRIVATE_TARGETS=198.18.0.0/15 (IPv6: fc00::/18) lets clients reach them"),
    // core/door/doorcertificate_linux.cpp
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "the certificate at the door is not changed: the old one stays"),
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "the certificate at the door has changed: running streams keep theirs"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "about the certificate at the door"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "no TLS at the door: its folder cannot be used"),
    // core/users/rosterwatch.cpp
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the list of users is not changed: the old one stays"),
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "the list of users has changed: nobody else's streams are touched"),
    // core/route/parenthealth.cpp
    QT_TRANSLATE_NOOP("sami::gui::LogText", "no parent is healthy: trying each of them anyway"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "a parent has failed: new requests go another way"),
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "a parent is healthy again: new requests go through it"),
    // core/admin, which is the daemon's
    QT_TRANSLATE_NOOP("sami::gui::LogText", "done by the admin API"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "wrong token"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "wrong tokens: the address is blocked"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "a token may not do that"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the users file cannot be used"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "cannot accept"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "a peer of another user was turned away"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the tokens stay as they were"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "admin door open"),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "metrics door open"),
    // core/net/tlsclientconfig.cpp
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the list of trusted authorities could be read again"),
    QT_TRANSLATE_NOOP("sami::gui::LogText",
                      "no TLS library on this machine: https:// targets are refused, tunnels "
                      "(CONNECT) are not concerned"),
    QT_TRANSLATE_NOOP(
        "sami::gui::LogText",
        "the list of trusted authorities cannot be read for want of descriptors or threads: "
        "what was known of it stays in use"),
    QT_TRANSLATE_NOOP(
        "sami::gui::LogText",
        "this machine has no list of trusted authorities: install one (ca-certificates) or set "
        "PROXY_UPSTREAM_CA_FILE; tunnels (CONNECT) are not concerned"),
    QT_TRANSLATE_NOOP(
        "sami::gui::LogText",
        "PROXY_UPSTREAM_CA_FILE holds no certificate: nothing is added to the trust list"),
};

/// Fixed beginnings; a sentence of the core follows them.
constexpr std::array beginnings {
    QT_TRANSLATE_NOOP("sami::gui::LogText", "cannot start: "),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the keychain gives no passwords: "),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the keychain takes no passwords: "),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "the window's layout is not kept: "),
    QT_TRANSLATE_NOOP("sami::gui::LogText", "later copies cannot reach this one: "),
};

/// The fields that the sentence about finished work already covers; "" are those without a name.
constexpr std::array fieldsInSentence { "client", "duration", "by", "how", "reason", "" };

bool isNameOctet(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

/// The end of a field's name that begins at `begin`; -1 if no field begins there.
qsizetype endOfName(QByteArrayView text, qsizetype begin)
{
    qsizetype end = begin;
    while (end < text.size() && isNameOctet(text[end]))
        ++end;
    return end > begin && end < text.size() && text[end] == '=' ? end : -1;
}

/// A word, or quoted text; moves `at` past it.
QByteArray takeValue(QByteArrayView text, qsizetype &at)
{
    QByteArray value;
    if (at < text.size() && text[at] == '"') {
        for (++at; at < text.size() && text[at] != '"'; ++at) {
            if (text[at] == '\\' && at + 1 < text.size())
                ++at;
            value += text[at];
        }
        ++at;
        return value;
    }
    for (; at < text.size() && text[at] != ' '; ++at)
        value += text[at];
    return value;
}

/// In milliseconds. This program never measures a longer time, and one could overflow a duration.
constexpr double longestDuration = 100.0 * 365 * 24 * 3'600'000;

/// "31ms", "4.2s", "4m02s", "1h05m", as the core's formatDuration() writes them.
Clock::duration durationOf(const QByteArray &text)
{
    double milliseconds = 0;
    double number = 0;
    double scale = 0; // of the next decimal; 0 before the point
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text.at(i);
        if (c >= '0' && c <= '9') {
            const int digit = c - '0';
            number = scale > 0 ? number + digit * scale : number * 10 + digit;
            scale /= 10;
        } else if (c == '.') {
            scale = 0.1;
        } else {
            const bool isMilli = c == 'm' && i + 1 < text.size() && text.at(i + 1) == 's';
            milliseconds += number
                * (isMilli        ? 1
                       : c == 'h' ? 3'600'000
                       : c == 'm' ? 60'000
                                  : 1'000);
            i += isMilli ? 1 : 0;
            number = scale = 0;
        }
    }
    return std::chrono::milliseconds(qint64(std::min(milliseconds, longestDuration)));
}

/// Parses "2026-11-22T23:30:00.123Z". By hand, because a search parses the whole log.
std::optional<WallTime> timeOf(QByteArrayView stamp)
{
    constexpr QByteArrayView shape = "0000-00-00T00:00:00.000Z";
    std::array<int, 7> parts {}; // year, month, day, hour, minute, second, millisecond
    std::size_t part = 0;
    for (qsizetype i = 0; i < shape.size(); ++i) {
        const bool isDigit = stamp[i] >= '0' && stamp[i] <= '9';
        if (shape[i] == '0' ? !isDigit : stamp[i] != shape[i])
            return std::nullopt;
        if (isDigit)
            parts[part] = parts[part] * 10 + (stamp[i] - '0');
        else
            ++part;
    }
    using namespace std::chrono;
    const year_month_day date { year(parts[0]), month(unsigned(parts[1])),
                                day(unsigned(parts[2])) };
    if (!date.ok())
        return std::nullopt;
    return WallTime(sys_days(date) + hours(parts[3]) + minutes(parts[4]) + seconds(parts[5])
                    + milliseconds(parts[6]));
}

/// The finished work of an access line; empty for other lines.
std::optional<account::FinishedWork> workOf(const LogLine &line)
{
    if (line.message != "closed")
        return std::nullopt;
    account::FinishedWork work;
    const QByteArray by = line.value("by");
    const QByteArray how = line.value("how");
    bool isKnown = false;
    for (int i = 0; i <= int(account::EndedHow::Closed); ++i) {
        if (how == toString(account::EndedHow(i))) {
            work.ending.how = account::EndedHow(i);
            isKnown = true;
        }
    }
    if (!isKnown)
        return std::nullopt;
    for (const auto one :
         { account::EndedBy::Client, account::EndedBy::Upstream, account::EndedBy::Proxy }) {
        if (by == toString(one))
            work.ending.by = one;
    }
    QList<QByteArray> bare;
    for (const LogLine::Field &field : line.fields) {
        if (field.name.isEmpty())
            bare.append(field.value);
    }
    work.method = bare.value(0);
    work.target = bare.value(1);
    work.status = line.value("status").toInt();
    work.up = line.value("up").toULongLong();
    work.down = line.value("down").toULongLong();
    work.ending.reason = account::Reason::ofCode(line.value("reason"));
    work.wouldRefuse = account::Reason::ofCode(line.value("would_refuse")).refusal();
    work.silence = durationOf(line.value("silence"));
    work.duration = durationOf(line.value("duration"));
    if (const QByteArray dial = line.value("dial"); !dial.isEmpty())
        work.dial = durationOf(dial);
    if (const QByteArray first = line.value("first_byte"); !first.isEmpty())
        work.firstByte = durationOf(first);
    return work;
}

QString together(const QStringList &parts, const QString &separator)
{
    QStringList filled;
    for (const QString &part : parts) {
        if (!part.isEmpty())
            filled.append(part);
    }
    return filled.join(separator);
}

} // namespace

QByteArray LogLine::value(const char *name) const
{
    const auto found = std::find_if(fields.rbegin(), fields.rend(),
                                    [name](const Field &field) { return field.name == name; });
    return found == fields.rend() ? QByteArray() : found->value;
}

LineLevel LogText::levelOf(const QByteArray &line)
{
    constexpr qsizetype enough = 80; // the level is at the start
    const QByteArrayView head = QByteArrayView(line).first(std::min(line.size(), enough));
    const auto says = [&head](QByteArrayView text, QByteArrayView json) {
        const qsizetype blank = head.indexOf(' ');
        return head.startsWith('{') ? head.contains(json)
                                    : blank > 0 && head.sliced(blank + 1).startsWith(text);
    };
    if (says("ERROR", "\"level\":\"error\""))
        return LineLevel::Error;
    return says("DEBUG", "\"level\":\"debug\"") ? LineLevel::Debug : LineLevel::Info;
}

LogLine LogText::parse(const QByteArray &line)
{
    LogLine parsed;
    parsed.level = levelOf(line);
    parsed.message = line;
    // "2026-11-22T23:30:00.123Z INFO  closed id=17 …": the level takes five octets.
    constexpr qsizetype stampSize = 24;
    constexpr qsizetype headSize = stampSize + 7;
    if (line.size() < headSize || line.at(stampSize) != ' ')
        return parsed;
    parsed.time = timeOf(QByteArrayView(line).first(stampSize));
    if (!parsed.time)
        return parsed;
    const QByteArrayView rest = QByteArrayView(line).sliced(headSize);
    qsizetype at = 0;
    // The message contains blanks; it ends where the first field begins.
    while (at < rest.size() && !(rest[at] == ' ' && endOfName(rest, at + 1) >= 0))
        ++at;
    parsed.message = rest.first(at).toByteArray();
    while (at < rest.size()) {
        if (rest[at] == ' ') {
            ++at;
            continue;
        }
        LogLine::Field field;
        if (const qsizetype end = endOfName(rest, at); end >= 0) {
            field.name = rest.sliced(at, end - at).toByteArray();
            at = end + 1;
        }
        field.value = takeValue(rest, at);
        parsed.fields.append(field);
    }
    return parsed;
}

QString LogText::level(LineLevel level)
{
    switch (level) {
    case LineLevel::Error:
        return tr("Error");
    case LineLevel::Info:
        return tr("Info");
    case LineLevel::Debug:
        return tr("Debug");
    }
    return {};
}

QString LogText::sentence(const LogLine &line)
{
    if (const auto work = workOf(line)) {
        return together({ Wording::whyEnded(*work),
                          QString::fromUtf8(work->method + ' ' + work->target).trimmed(),
                          QString::fromUtf8(line.value("client")) },
                        u" · "_s);
    }
    const auto known = std::find_if(messageTable.begin(), messageTable.end(),
                                    [&](const char *text) { return line.message == text; });
    if (known != messageTable.end())
        return tr(*known);
    for (const char *beginning : beginnings) {
        if (line.message.startsWith(beginning)) {
            const QByteArray rest = line.message.sliced(qsizetype(qstrlen(beginning)));
            return tr(beginning) + CoreText::localized(QString::fromUtf8(rest));
        }
    }
    return CoreText::localized(QString::fromUtf8(line.message));
}

QString LogText::details(const LogLine &line)
{
    const bool isWork = workOf(line).has_value();
    QStringList parts;
    for (const LogLine::Field &field : line.fields) {
        if (isWork
            && std::any_of(fieldsInSentence.begin(), fieldsInSentence.end(),
                           [&](const char *name) { return field.name == name; }))
            continue;
        const QString value = QString::fromUtf8(field.value);
        parts.append(field.name.isEmpty() ? value : QString::fromLatin1(field.name) + u'=' + value);
    }
    return parts.join(u' ');
}

QString LogText::row(const QByteArray &line)
{
    const LogLine parsed = parse(line);
    // Padded to one width, so that the sentences are aligned.
    qsizetype widest = 0;
    for (const LineLevel one : { LineLevel::Error, LineLevel::Info, LineLevel::Debug })
        widest = qMax(widest, level(one).size());
    return together({ parsed.time ? Formatting::time(*parsed.time) : QString(),
                      level(parsed.level).leftJustified(widest), sentence(parsed),
                      details(parsed) },
                    u"  "_s);
}

QString LogText::whole(const QByteArray &line)
{
    const LogLine parsed = parse(line);
    QString stamp;
    if (parsed.time) {
        const auto since =
            std::chrono::floor<std::chrono::milliseconds>(parsed.time->time_since_epoch());
        const QDateTime local = QDateTime::fromMSecsSinceEpoch(since.count());
        stamp = local.toOffsetFromUtc(local.offsetFromUtc()).toString(Qt::ISODateWithMs);
    }
    return together({ stamp, level(parsed.level), sentence(parsed), details(parsed) }, u"  "_s);
}

QStringList LogText::messages()
{
    QStringList all;
    for (const char *text : messageTable)
        all.append(QString::fromUtf8(text));
    return all;
}

bool LogText::beginsKnown(const QString &text)
{
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](const char *known) { return text == QLatin1StringView(known); });
}

} // namespace sami::gui
