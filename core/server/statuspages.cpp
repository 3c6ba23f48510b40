// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/statuspages.h"

#include "base/clock.h"
#include "base/version.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

namespace sami::server {

namespace {

constexpr char allowedMethods[] = "GET, HEAD, OPTIONS";

} // namespace

bool isStatusPage(QByteArrayView method, QByteArrayView path)
{
    return path == "/" || path == "/health" || path == "/status"
        || (method == "OPTIONS" && path == "*");
}

Reply noSuchPage()
{
    return errorReply(OwnReply::NoSuchPage);
}

Reply statusPage(QByteArrayView method, QByteArrayView path, std::chrono::seconds uptime,
                 bool draining)
{
    const bool asksWhatIsAllowed = method == "OPTIONS";
    if (method != "GET" && method != "HEAD" && !asksWhatIsAllowed) {
        Reply reply = errorReply(OwnReply::PageMethod);
        reply.fields.append("Allow", allowedMethods);
        return reply;
    }
    Reply reply = draining ? errorReply(OwnReply::Draining) : okReply();
    // A balancer's probe (HAProxy's plain "option httpchk") uses OPTIONS and looks at the status.
    if (asksWhatIsAllowed) {
        reply.fields.append("Allow", allowedMethods);
        return reply;
    }
    reply.fields.append("Cache-Control", "no-store");
    if (path == "/") {
        reply.body = draining ? "Sami LLM Proxy is shutting down.\n"
                              : "Sami LLM Proxy is running. Use this address as the HTTP proxy of "
                                "your application.\n";
        return reply;
    }
    const QJsonObject object {
        { QStringLiteral("status"), draining ? QStringLiteral("draining") : QStringLiteral("ok") },
        { QStringLiteral("timestamp"),
          QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs) },
        { QStringLiteral("uptime"), qint64(uptime.count()) },
        { QStringLiteral("version"), QString::fromLatin1(SAMI_VERSION) },
    };
    reply.contentType = "application/json";
    reply.body = QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
    return reply;
}

} // namespace sami::server
