// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyreader.h"

#include <QByteArray>

namespace sami::server {

/// Reads and drops the body of a request that the proxy has answered itself, so that the connection
/// can be reused.
class BodyDiscard
{
public:
    /// In octets, as received. Reading more would cost more than a new connection.
    static constexpr qsizetype maxBytes = qsizetype(256) * 1024;

    enum class Status {
        NeedMore,
        Done,   ///< what is left of the input follows the body
        GiveUp, ///< malformed, or more than maxBytes
    };

    explicit BodyDiscard(const http::BodyFraming &framing) : m_reader(framing) {}

    /// Takes what belongs to the body off the front of `input`.
    [[nodiscard]] Status feed(QByteArray &input);
    /// The heap that it holds for the body, in octets.
    [[nodiscard]] qsizetype heldBytes() const { return m_reader.heldBytes(); }

private:
    http::BodyReader m_reader;
    qsizetype m_bytes = 0;
};

} // namespace sami::server
