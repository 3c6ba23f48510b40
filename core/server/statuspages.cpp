// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/statuspages.h"

#include "base/clock.h"
#include "base/version.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

namespace sami::server {

bool isStatusPage(QByteArrayView path)
{
    return path == "/" || path == "/health" || path == "/status";
}

Reply statusPage(QByteArrayView method, QByteArrayView path, std::chrono::seconds uptime,
                 bool draining)
{
    if (!isStatusPage(path)) {
        return errorReply(404, {}, "not_found",
                          "There is no such page here: this is a proxy. Use its address as the "
                          "HTTP proxy of your application.\n");
    }
    if (method != "GET" && method != "HEAD") {
        Reply reply =
            errorReply(405, {}, "method_not_allowed", "This page answers GET and HEAD only.\n");
        reply.fields.append("Allow", "GET, HEAD");
        return reply;
    }
    Reply reply;
    reply.status = draining ? 503 : 200;
    if (draining) {
        reply.reason = "draining";
        reply.fields.append("Retry-After", "5");
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
