// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/requestreader.h"

#include "http/bodyframing.h"
#include "http/headfault.h"
#include "http/persistence.h"

namespace sami::admin {

namespace {

Problem problemOf(int status)
{
    switch (status) {
    case 414:
    case 431:
        return Problem::TooLarge;
    case 505:
        return Problem::UnsupportedVersion;
    default:
        return Problem::BadRequest;
    }
}

} // namespace

RequestReader::Step RequestReader::feed(QByteArrayView input)
{
    return m_hasHead ? readBody(input) : readHead(input);
}

RequestReader::Step RequestReader::readHead(QByteArrayView input)
{
    const http::HeadProgress progress = m_parser.feed(input);
    if (progress.status == http::HeadProgress::Status::NeedMore)
        return { Status::NeedMore, progress.consumed };
    if (progress.status == http::HeadProgress::Status::Failed) {
        const int status = http::faultStatus(progress.error.code);
        return fail(problemOf(status), http::toString(progress.error.code), status,
                    progress.consumed);
    }
    m_head = m_parser.take();
    m_hasHead = true;
    const auto framing = http::requestFraming(m_head);
    if (!framing) {
        return fail(Problem::BadRequest, http::toString(framing.error()),
                    http::faultStatus(framing.error()), progress.consumed);
    }
    if (framing->kind == http::BodyKind::Length && framing->length > quint64(maxBodyBytes))
        return fail(Problem::TooLarge, "The body is over 8 KB.", 0, progress.consumed);
    m_reader = http::BodyReader(*framing);
    return { Status::Head, progress.consumed };
}

RequestReader::Step RequestReader::readBody(QByteArrayView input)
{
    qsizetype consumed = 0;
    while (!m_reader.isDone()) {
        const http::BodyReader::Step step = m_reader.next(input.sliced(consumed));
        consumed += step.consumed;
        switch (step.status) {
        case http::BodyReader::Status::NeedMore:
            return { Status::NeedMore, consumed };
        case http::BodyReader::Status::Failed:
            return fail(Problem::BadRequest, http::toString(step.fault), 0, consumed);
        case http::BodyReader::Status::Data:
            if (m_body.size() + step.data.size() > maxBodyBytes)
                return fail(Problem::TooLarge, "The body is over 8 KB.", 0, consumed);
            m_body.append(step.data);
            break;
        case http::BodyReader::Status::Done:
            break;
        }
    }
    return { Status::Complete, consumed };
}

RequestReader::Step RequestReader::fail(Problem problem, const char *detail, int status,
                                        qsizetype consumed)
{
    m_fault = problemReply(problem, detail, status);
    return { Status::Failed, consumed };
}

bool RequestReader::keepsConnection() const
{
    return http::clientPersists(m_head);
}

void RequestReader::reset()
{
    m_parser.reset();
    m_head = {};
    m_hasHead = false;
    m_body = {};
}

} // namespace sami::admin
