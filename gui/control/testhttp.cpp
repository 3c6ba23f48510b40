// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/testhttp.h"

#include "base/endpoint.h"
#include "base/version.h"
#include "http/headwriter.h"

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr int httpsPort = 443;
constexpr int httpPort = 80;

QByteArray authority(const QUrl &target)
{
    return Endpoint { target.host(QUrl::FullyEncoded).toLatin1(),
                      quint16(target.port(isTunnelled(target) ? httpsPort : httpPort)) }
        .toByteArray();
}

void addCredentials(http::HeaderList &fields, const std::optional<policy::Credentials> &credentials)
{
    if (!credentials)
        return;
    const QByteArray pair = credentials->username + ':' + credentials->password;
    fields.append("Proxy-Authorization", "Basic " + pair.toBase64());
}

QByteArray octetsOf(const http::RequestHead &head)
{
    QByteArray octets;
    http::writeRequestHead(octets, head);
    return octets;
}

/// The type in "Proxy-Status: sami; error=<type>" (RFC 9209 §2.1.1). Ignores the fields of other
/// proxies.
QByteArray ownProxyError(QByteArrayView fieldValue)
{
    const QList<QByteArray> parts = fieldValue.toByteArray().split(';');
    if (parts.first().trimmed() != "sami")
        return {};
    for (const QByteArray &part : parts.sliced(1)) {
        if (const QByteArray parameter = part.trimmed(); parameter.startsWith("error="))
            return parameter.sliced(6);
    }
    return {};
}

} // namespace

bool isTunnelled(const QUrl &target)
{
    return target.scheme() == "https"_L1;
}

QByteArray tunnelRequest(const QUrl &target, const std::optional<policy::Credentials> &credentials)
{
    http::RequestHead head;
    head.method = "CONNECT";
    head.target = authority(target);
    head.fields.append("Host", head.target);
    addCredentials(head.fields, credentials);
    return octetsOf(head);
}

QByteArray targetRequest(const QUrl &target, const std::optional<policy::Credentials> &credentials)
{
    QByteArray path = target.path(QUrl::FullyEncoded).toLatin1();
    if (path.isEmpty())
        path = "/";
    if (target.hasQuery())
        path += '?' + target.query(QUrl::FullyEncoded).toLatin1();
    http::RequestHead head;
    head.method = "GET";
    head.target = isTunnelled(target) ? path : "http://" + authority(target) + path;
    head.fields.append("Host", authority(target));
    if (!isTunnelled(target))
        addCredentials(head.fields, credentials);
    head.fields.append("User-Agent", "sami-llm-proxy-tray/" SAMI_VERSION);
    head.fields.append("Accept", "*/*");
    head.fields.append("Connection", "close");
    return octetsOf(head);
}

std::optional<TestAnswer> AnswerReader::take(const QByteArray &octets)
{
    m_rest += octets;
    while (!m_rest.isEmpty()) {
        const http::HeadProgress progress = m_parser.feed(m_rest);
        if (progress.status == http::HeadProgress::Status::Failed) {
            reset();
            return TestAnswer {};
        }
        m_rest.remove(0, progress.consumed);
        if (progress.status == http::HeadProgress::Status::NeedMore)
            return std::nullopt;
        const http::ResponseHead head = m_parser.take();
        if (head.isInterim())
            continue;
        TestAnswer answer { head.status, {} };
        for (const QByteArrayView value : head.fields.values("Proxy-Status"))
            answer.proxyError = ownProxyError(value);
        return answer;
    }
    return std::nullopt;
}

void AnswerReader::reset()
{
    m_parser.reset();
    m_rest.clear();
}

} // namespace sami::gui
