// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sami::bench {

/// Reads the origin's responses as proxies forward them: with a length, chunked, or until close.
/// Only strict enough to notice a wrong response.
class HttpReader
{
public:
    enum class Status { NeedMore, Body, Done, Failed };
    struct Step
    {
        Status status = Status::NeedMore;
        size_t consumed = 0;
        std::string_view body {}; ///< octets of content, when Body
    };

    /// One step; call it again with the rest until NeedMore, Done or Failed.
    [[nodiscard]] Step next(std::string_view input);
    /// Prepares for the next response.
    void reset() { *this = HttpReader(); }

    [[nodiscard]] bool hasBegun() const { return m_state != State::Head || !m_line.empty(); }
    /// The peer closes after this response.
    [[nodiscard]] bool closes() const { return m_closes; }
    /// The body ends with the connection.
    [[nodiscard]] bool endsWithClose() const { return m_state == State::UntilClose; }

private:
    enum class State { Head, Length, UntilClose, ChunkSize, ChunkData, ChunkEnd, Trailers, Done };

    bool readHead();
    Step line(std::string_view input);
    bool chunkSize();

    State m_state = State::Head;
    std::string m_line; ///< the head or a framing line, as far as received
    uint64_t m_left = 0;
    bool m_closes = false;
};

} // namespace sami::bench
