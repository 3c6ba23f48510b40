// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/bodydiscard.h"

namespace sami::server {

BodyDiscard::Status BodyDiscard::feed(QByteArray &input)
{
    while (!m_reader.isDone()) {
        const http::BodyReader::Step step = m_reader.next(input);
        input.remove(0, step.consumed);
        m_bytes += step.consumed;
        if (step.status == http::BodyReader::Status::Failed || m_bytes > maxBytes)
            return Status::GiveUp;
        if (step.status == http::BodyReader::Status::NeedMore)
            return Status::NeedMore;
    }
    return Status::Done;
}

} // namespace sami::server
