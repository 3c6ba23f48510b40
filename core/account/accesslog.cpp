// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/accesslog.h"

#include "base/logging.h"

#include <cstring>

namespace sami::account {

namespace {

constexpr char unit[] = "server.accesslog";

/// Refers to `text`, which lives as long as the program.
QByteArray literal(const char *text)
{
    return QByteArray::fromRawData(text, qsizetype(std::strlen(text)));
}

/// The octets that hostile text takes when written: an escape turns one octet into up to six.
qsizetype writtenSize(const QByteArray &text)
{
    constexpr qsizetype escapeSize = 6;
    qsizetype size = 0;
    for (const char c : text)
        size += c == '"' || c == '\\' ? 2 : c >= ' ' && c <= '~' ? 1 : escapeSize;
    return size;
}

} // namespace

qsizetype accessLineCost(const FinishedWork &work)
{
    constexpr qsizetype withoutTexts = 291; // in JSON; as text it is less
    constexpr qsizetype reportSize = 36;    // its name, its quotes and the longest code
    constexpr qsizetype viaSize = 9;        // its name and quotes
    constexpr qsizetype routeSize = 40;     // the names and quotes of route and route_dial
    return withoutTexts + addressText(work.client).size()
        + qsizetype(std::strlen(work.ending.reason.code())) + writtenSize(work.user)
        + writtenSize(work.method) + writtenSize(work.target)
        + (work.wouldRefuse == policy::Refusal::None ? 0 : reportSize)
        + (work.via ? viaSize + addressText(*work.via).size() : 0)
        + (work.route.isEmpty() ? 0 : routeSize + writtenSize(work.route));
}

void AccessLog::leftOut(const FinishedWork &last, quint32 lines)
{
    logInfo(unit, "lines of own pages and refusals were left out: LOG_LEVEL=debug has them",
            { { "id", qint64(last.id) },
              { "client", addressText(last.client) },
              { "lines", qint64(lines) } });
}

void AccessLog::closed(const FinishedWork &work)
{
    // A bare probe (a load balancer or a scanner that connects and closes) needs no line at info.
    const bool isProbe = work.method.isEmpty() && work.status == 0 && work.ending.reason.isNone();
    const LogLevel level = isProbe || !work.hasLogBudget ? LogLevel::Debug : LogLevel::Info;
    if (!logging::isEnabled(level))
        return;

    std::vector<LogField> fields;
    fields.reserve(21);
    fields.push_back({ "id", qint64(work.id) });
    fields.push_back({ "client", addressText(work.client) });
    if (!work.user.isEmpty())
        fields.push_back({ "user", work.user });
    if (!work.method.isEmpty()) {
        fields.push_back({ "method", work.method, true });
        if (!work.target.isEmpty())
            fields.push_back({ "target", work.target, true });
    }
    if (work.status != 0)
        fields.push_back({ "status", qint64(work.status) });
    fields.push_back({ "up", qint64(work.up) });
    fields.push_back({ "down", qint64(work.down) });
    if (work.dial)
        fields.push_back({ "dial", *work.dial });
    if (!work.route.isEmpty())
        fields.push_back({ "route", work.route });
    if (work.routeDial)
        fields.push_back({ "route_dial", *work.routeDial });
    if (work.firstByte)
        fields.push_back({ "first_byte", *work.firstByte });
    fields.push_back({ "silence", work.silence });
    fields.push_back({ "duration", work.duration });
    fields.push_back({ "by", literal(toString(work.ending.by)) });
    fields.push_back({ "how", literal(toString(work.ending.how)) });
    if (!work.ending.reason.isNone())
        fields.push_back({ "reason", literal(work.ending.reason.code()) });
    if (work.wouldRefuse != policy::Refusal::None)
        fields.push_back({ "would_refuse", literal(policy::toString(work.wouldRefuse)) });
    fields.push_back({ "front", literal(toString(work.entrance.front)) });
    fields.push_back({ "tls", literal(toString(work.entrance.tls)) });
    if (work.via)
        fields.push_back({ "via", addressText(*work.via) });
    logging::log(level, unit, literal("closed"), std::move(fields));
}

} // namespace sami::account
