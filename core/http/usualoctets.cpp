// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/usualoctets.h"

#include "http/syntax.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

namespace sami::http {

namespace {

/// What API clients and providers write; the lower-case forms are added below. Related names share
/// a line; the order has no meaning.
// clang-format off
constexpr auto usual = std::to_array<QByteArrayView>({
    "Host", "Date", "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE",
    "Trailer", "Upgrade", "Via", "Expect", "Content-Length", "Content-Type", "Content-Encoding",
    "Content-Range", "Content-Disposition", "Content-Language",
    "Accept", "Accept-Encoding", "Accept-Language", "Accept-Ranges", "Accept-Charset",
    "Authorization", "Proxy-Authorization", "Proxy-Authenticate", "WWW-Authenticate",
    "User-Agent", "Server", "Cookie", "Set-Cookie", "Origin", "Referer", "Location", "Range",
    "Cache-Control", "Pragma", "Expires", "Age", "ETag", "Last-Modified", "Vary", "If-None-Match",
    "If-Modified-Since", "Retry-After", "Alt-Svc", "Server-Timing", "Report-To", "NEL", "Priority",
    "Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options",
    "X-Frame-Options", "X-XSS-Protection", "Referrer-Policy", "Permissions-Policy",
    "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers", "Access-Control-Allow-Methods",
    "Access-Control-Expose-Headers", "Access-Control-Max-Age", "Cross-Origin-Resource-Policy",
    "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-Dest", "Sec-WebSocket-Key",
    "Sec-WebSocket-Version", "Sec-WebSocket-Accept", "Sec-WebSocket-Extensions",
    "Sec-WebSocket-Protocol",
    "X-Request-ID", "X-Request-Id", "Request-Id", "X-Correlation-Id", "Traceparent", "Tracestate",
    "Idempotency-Key", "X-Api-Key", "Api-Key", "X-Requested-With", "X-Powered-By",
    "CF-RAY", "CF-Ray", "CF-Cache-Status", "X-Cache", "X-Served-By", "X-Cloud-Trace-Context",
    "X-Envoy-Upstream-Service-Time",
    "Anthropic-Version", "Anthropic-Beta", "Anthropic-Organization-Id",
    "Anthropic-Dangerous-Direct-Browser-Access", "Anthropic-Ratelimit-Requests-Limit",
    "Anthropic-Ratelimit-Requests-Remaining", "Anthropic-Ratelimit-Requests-Reset",
    "Anthropic-Ratelimit-Tokens-Limit", "Anthropic-Ratelimit-Tokens-Remaining",
    "Anthropic-Ratelimit-Tokens-Reset", "Anthropic-Ratelimit-Input-Tokens-Limit",
    "Anthropic-Ratelimit-Input-Tokens-Remaining", "Anthropic-Ratelimit-Input-Tokens-Reset",
    "Anthropic-Ratelimit-Output-Tokens-Limit", "Anthropic-Ratelimit-Output-Tokens-Remaining",
    "Anthropic-Ratelimit-Output-Tokens-Reset",
    "OpenAI-Organization", "OpenAI-Project", "OpenAI-Beta", "OpenAI-Version", "OpenAI-Model",
    "OpenAI-Processing-Ms", "X-RateLimit-Limit-Requests", "X-RateLimit-Limit-Tokens",
    "X-RateLimit-Remaining-Requests", "X-RateLimit-Remaining-Tokens",
    "X-RateLimit-Reset-Requests", "X-RateLimit-Reset-Tokens",
    "X-Goog-Api-Key", "X-Goog-Api-Client", "X-Goog-User-Project",
    "X-Stainless-Lang", "X-Stainless-Package-Version", "X-Stainless-OS", "X-Stainless-Arch",
    "X-Stainless-Runtime", "X-Stainless-Runtime-Version", "X-Stainless-Async",
    "X-Stainless-Retry-Count", "X-Stainless-Timeout", "X-Stainless-Read-Timeout",
    "X-Stainless-Helper-Method", "X-Stainless-Raw-Response",
    // values
    "keep-alive", "close", "chunked", "trailers", "websocket", "100-continue", "identity", "gzip",
    "br", "gzip, deflate", "gzip, deflate, br", "gzip, deflate, br, zstd", "gzip, deflate, zstd",
    "gzip, br", "br, gzip, deflate", "gzip,deflate", "*/*", "*", "application/json",
    "application/json; charset=utf-8", "application/json, text/plain, */*",
    "application/json, text/event-stream", "application/octet-stream", "text/event-stream",
    "text/event-stream; charset=utf-8", "text/plain", "text/plain; charset=utf-8", "text/html",
    "text/html; charset=utf-8", "no-cache", "no-store", "no-cache, no-store",
    "no-cache, must-revalidate", "nosniff", "cloudflare", "nginx", "DYNAMIC", "timeout=60",
    "bytes", "0", "1", "true", "false", "2023-06-01", "Origin, Accept-Encoding",
    "max-age=31536000; includeSubDomains; preload", "cors", "node", "unknown",
    // methods and reasons
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "OK", "Created",
    "Accepted", "No Content", "Not Modified", "Bad Request", "Unauthorized", "Forbidden",
    "Not Found", "Too Many Requests", "Internal Server Error", "Bad Gateway",
    "Service Unavailable",
});
// clang-format on

/// A hash table of arrays that allocates nothing for them: copying one counts no references.
class Table
{
public:
    Table()
    {
        // Reserved at once: growing would move the octets that the arrays point to.
        const auto sum = [](qsizetype size, QByteArrayView text) { return size + text.size() + 1; };
        m_lower.reserve(std::accumulate(usual.begin(), usual.end(), qsizetype(0), sum));
        for (const QByteArrayView text : usual) {
            add(text);
            const qsizetype from = m_lower.size();
            for (const char c : text)
                m_lower.append(toAsciiLower(c));
            m_lower.append('\0'); // a QByteArray ends with one
            add(QByteArrayView(m_lower).sliced(from, text.size()));
        }
    }

    [[nodiscard]] QByteArray find(QByteArrayView octets) const
    {
        for (std::size_t at = slotOf(octets);; at = (at + 1) % slotCount) {
            const QByteArray &found = m_slots[at];
            if (found.isNull())
                return {};
            if (found.size() == octets.size()
                && std::memcmp(found.constData(), octets.data(),
                               static_cast<std::size_t>(octets.size()))
                    == 0)
                return found;
        }
    }

private:
    static constexpr std::size_t slotCount = 1024;
    static_assert(2 * usual.size() <= slotCount / 2, "an unusual name is to find an empty slot");

    /// Of a non-empty text. Names differ in length, at their ends and in the middle.
    [[nodiscard]] static std::size_t slotOf(QByteArrayView octets)
    {
        const auto size = static_cast<std::size_t>(octets.size());
        const auto octet = [&octets](std::size_t at) {
            return static_cast<std::size_t>(
                static_cast<unsigned char>(octets[static_cast<qsizetype>(at)]));
        };
        return (size * 131 + octet(0) * 31 + octet(size / 2) * 7 + octet(size - 1) * 17
                + octet(size - size / 4 - 1) * 3)
            % slotCount;
    }

    void add(QByteArrayView text)
    {
        if (!find(text).isNull())
            return; // already in lower case
        std::size_t at = slotOf(text);
        while (!m_slots[at].isNull())
            at = (at + 1) % slotCount;
        m_slots[at] = QByteArray::fromRawData(text.data(), text.size());
    }

    std::array<QByteArray, slotCount> m_slots;
    QByteArray m_lower; ///< all lower-case forms, one after the other
};

constexpr qsizetype longest =
    std::max_element(usual.begin(), usual.end(), [](QByteArrayView left, QByteArrayView right) {
        return left.size() < right.size();
    })->size();

} // namespace

QByteArray octetsOf(QByteArrayView octets)
{
    // Never destroyed: arrays that point into it may outlive main().
    static const Table &table = *new Table;
    if (!octets.isEmpty() && octets.size() <= longest) {
        if (QByteArray shared = table.find(octets); !shared.isNull())
            return shared;
    }
    return octets.toByteArray();
}

} // namespace sami::http
