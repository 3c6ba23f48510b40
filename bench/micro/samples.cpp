// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "samples.h"

namespace sami::bench::samples {

QByteArray requestHead()
{
    return "POST http://llm.example.com/v1/chat/completions HTTP/1.1\r\n"
           "Host: llm.example.com\r\n"
           "Accept-Encoding: gzip, deflate\r\n"
           "Connection: keep-alive\r\n"
           "Accept: application/json\r\n"
           "Content-Type: application/json\r\n"
           "User-Agent: ExampleAI/Python 1.54.0\r\n"
           "X-Sdk-Lang: python\r\n"
           "X-Sdk-Package-Version: 1.54.0\r\n"
           "X-Sdk-OS: Linux\r\n"
           "X-Sdk-Arch: x64\r\n"
           "X-Sdk-Runtime: CPython\r\n"
           "X-Sdk-Runtime-Version: 3.11.2\r\n"
           "X-Sdk-Async: false\r\n"
           "X-Sdk-Retry-Count: 0\r\n"
           "Authorization: Bearer sk-proj-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR"
           "STUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\r\n"
           "Content-Length: 48213\r\n"
           "\r\n";
}

QByteArray responseHead()
{
    return "HTTP/1.1 200 OK\r\n"
           "Date: Thu, 05 Mar 2026 10:11:12 GMT\r\n"
           "Content-Type: text/event-stream; charset=utf-8\r\n"
           "Transfer-Encoding: chunked\r\n"
           "Connection: keep-alive\r\n"
           "access-control-expose-headers: X-Request-ID\r\n"
           "provider-organization: user-0123456789abcdef01234567\r\n"
           "provider-processing-ms: 412\r\n"
           "provider-version: 2024-10-01\r\n"
           "x-ratelimit-limit-requests: 10000\r\n"
           "x-ratelimit-limit-tokens: 2000000\r\n"
           "x-ratelimit-remaining-requests: 9999\r\n"
           "x-ratelimit-remaining-tokens: 1998412\r\n"
           "x-ratelimit-reset-requests: 6ms\r\n"
           "x-ratelimit-reset-tokens: 47ms\r\n"
           "x-request-id: req_0123456789abcdef0123456789abcdef\r\n"
           "strict-transport-security: max-age=31536000; includeSubDomains; preload\r\n"
           "cache-status: bypass\r\n"
           "Set-Cookie: session=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-1"
           "741169472-1.0.1.1-0123456789; path=/; expires=Thu, 05-Mar-26 10:41:12 GMT; "
           "domain=.example.com; HttpOnly; Secure; SameSite=None\r\n"
           "X-Content-Type-Options: nosniff\r\n"
           "Server: example\r\n"
           "trace-id: 0123456789abcdef-FRA\r\n"
           "alt-svc: h3=\":443\"; ma=86400\r\n"
           "\r\n";
}

QByteArray chunkedBody(int chunks, int size)
{
    QByteArray body;
    const QByteArray data(size, 'x');
    for (int i = 0; i < chunks; ++i)
        body += QByteArray::number(size, 16) + "\r\n" + data + "\r\n";
    return body + "0\r\n\r\n";
}

} // namespace sami::bench::samples
