// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/reply.h"
#include "http/bodyreader.h"
#include "http/headparser.h"
#include "http/messagehead.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace sami::admin {

/// Reads an admin client's requests one after another, from arbitrary pieces: the strict head
/// parser and the body's framing, with limits of their own. Sans I/O; owned by a connection.
///
///     input                                          feed() returns
///     a part of a head or a body                     NeedMore
///     the end of a head                              Head: head() is set, and the body is not read
///                                                    before the next call
///     the end of the body, after Head                Complete; reset() before the next request
///     anything that two readers could read in two    Failed: 400, 413, 414, 431, 501, 505; the
///     ways, or that is too large                     connection serves no other request
class RequestReader
{
public:
    static constexpr http::HeadLimits headLimits { 8192, 64, 2048 };
    static constexpr qsizetype maxBodyBytes = 8192;

    enum class Status { NeedMore, Head, Complete, Failed };
    struct Step
    {
        Status status = Status::NeedMore;
        qsizetype consumed = 0;
    };

    RequestReader() : m_parser(headLimits) {}

    [[nodiscard]] Step feed(QByteArrayView input);
    /// Whether a head has been reported and its request is not Complete yet.
    [[nodiscard]] bool isAwaitingBody() const { return m_hasHead; }
    /// True once an octet of a request has been seen.
    [[nodiscard]] bool hasStarted() const { return m_hasHead || m_parser.hasSeenOctets(); }
    [[nodiscard]] const http::RequestHead &head() const { return m_head; } ///< from Head on
    [[nodiscard]] const QByteArray &body() const { return m_body; }        ///< from Complete on
    /// Whether the client wants to keep its connection (RFC 9112 §9.3); HTTP/1.0 does not.
    [[nodiscard]] bool keepsConnection() const;
    /// The answer to a request that Failed.
    [[nodiscard]] const AdminReply &fault() const { return m_fault; }
    void reset();

private:
    [[nodiscard]] Step readHead(QByteArrayView input);
    [[nodiscard]] Step readBody(QByteArrayView input);
    [[nodiscard]] Step fail(Problem problem, const char *detail, int status, qsizetype consumed);

    http::RequestHeadParser m_parser;
    http::RequestHead m_head;
    bool m_hasHead = false;
    http::BodyReader m_reader;
    QByteArray m_body;
    AdminReply m_fault;
};

} // namespace sami::admin
