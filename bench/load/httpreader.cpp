// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "httpreader.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace sami::bench {

namespace {

constexpr size_t mostHeadOctets = 16384;

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool readNumber(std::string_view text, int base, uint64_t &value)
{
    return std::from_chars(text.data(), text.data() + text.size(), value, base).ec == std::errc();
}

} // namespace

HttpReader::Step HttpReader::next(std::string_view input)
{
    switch (m_state) {
    case State::Done:
        return { Status::Done };
    case State::UntilClose:
        if (input.empty())
            return {};
        return { Status::Body, input.size(), input };
    case State::Length:
    case State::ChunkData: {
        const size_t size = std::min<uint64_t>(m_left, input.size());
        if (size == 0)
            return {};
        m_left -= size;
        if (m_left == 0)
            m_state = m_state == State::Length ? State::Done : State::ChunkEnd;
        return { Status::Body, size, input.substr(0, size) };
    }
    default:
        return line(input);
    }
}

HttpReader::Step HttpReader::line(std::string_view input)
{
    const std::string_view end = m_state == State::Head ? "\r\n\r\n" : "\r\n";
    size_t consumed = 0;
    while (consumed < input.size()) {
        // Lines are short; going byte by byte makes a split line ending simple.
        m_line += input[consumed++];
        if (m_line.size() > mostHeadOctets)
            return { Status::Failed, consumed };
        if (!m_line.ends_with(end))
            continue;
        bool good = true;
        if (m_state == State::Head)
            good = readHead();
        else if (m_state == State::ChunkSize)
            good = chunkSize();
        else if (m_state == State::ChunkEnd)
            good = m_line == "\r\n";
        else if (m_line == "\r\n")
            m_state = State::Done; // of the trailers
        if (m_state == State::ChunkEnd)
            m_state = State::ChunkSize;
        m_line.clear();
        if (!good)
            return { Status::Failed, consumed };
        if (m_state == State::Done)
            return { Status::Done, consumed };
        Step step = next(input.substr(consumed));
        step.consumed += consumed;
        return step;
    }
    return { Status::NeedMore, consumed };
}

bool HttpReader::readHead()
{
    const std::string head = lowered(m_line);
    if (!head.starts_with("http/1.1 200 ") && !head.starts_with("http/1.0 200 "))
        return false;
    const bool http11 = head[7] == '1';
    m_closes = head.find("\r\nconnection: close\r\n") != std::string::npos
        || (!http11 && head.find("\r\nconnection: keep-alive\r\n") == std::string::npos);
    constexpr std::string_view lengthName = "\r\ncontent-length: ";
    if (head.find("\r\ntransfer-encoding: chunked\r\n") != std::string::npos) {
        m_state = State::ChunkSize;
    } else if (const size_t at = head.find(lengthName); at != std::string::npos) {
        if (!readNumber(std::string_view(head).substr(at + lengthName.size()), 10, m_left))
            return false;
        m_state = m_left > 0 ? State::Length : State::Done;
    } else {
        m_state = State::UntilClose;
        m_closes = true;
    }
    return true;
}

bool HttpReader::chunkSize()
{
    if (!readNumber(m_line, 16, m_left))
        return false;
    m_state = m_left > 0 ? State::ChunkData : State::Trailers;
    return true;
}

} // namespace sami::bench
