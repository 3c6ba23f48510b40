// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyreader.h"

#include <QByteArray>

namespace sami::server {

/// Reads the body of a request that was answered with an error to its end and drops it, so that
/// the connection can go on.
class BodyDiscard
{
public:
    /// More would cost more than a new connection. In octets, as received.
    static constexpr qsizetype maxBytes = qsizetype(256) * 1024;

    enum class Status {
        NeedMore,
        Done,   ///< what is left of the input is behind the body
        GiveUp, ///< malformed, or more than maxBytes
    };

    explicit BodyDiscard(const http::BodyFraming &framing) : m_reader(framing) {}

    /// Takes what belongs to the body off the front of `input`.
    [[nodiscard]] Status feed(QByteArray &input);
    /// What it keeps of the body, in octets of the heap.
    [[nodiscard]] qsizetype heldBytes() const { return m_reader.heldBytes(); }

private:
    http::BodyReader m_reader;
    qsizetype m_bytes = 0;
};

} // namespace sami::server
