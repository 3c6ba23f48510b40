// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sami::bench {

/// Reads responses of the origin as proxies pass them on: with a length, chunked, or up to the
/// close. Only as strict as it takes to notice a response that is not the one asked for.
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

    /// One step; repeat with the rest until NeedMore, Done or Failed.
    [[nodiscard]] Step next(std::string_view input);
    /// Makes ready for the next response.
    void reset() { *this = HttpReader(); }

    [[nodiscard]] bool hasBegun() const { return m_state != State::Head || !m_line.empty(); }
    /// The other side closes behind this response.
    [[nodiscard]] bool closes() const { return m_closes; }
    /// The end of the connection is the body's end.
    [[nodiscard]] bool endsWithClose() const { return m_state == State::UntilClose; }

private:
    enum class State { Head, Length, UntilClose, ChunkSize, ChunkData, ChunkEnd, Trailers, Done };

    bool readHead();
    Step line(std::string_view input);
    bool chunkSize();

    State m_state = State::Head;
    std::string m_line; ///< the head, or a line of chunk framing, as far as it came
    uint64_t m_left = 0;
    bool m_closes = false;
};

} // namespace sami::bench
