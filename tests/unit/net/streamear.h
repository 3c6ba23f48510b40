// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"

#include <QByteArray>

#include <functional>

namespace sami::test {

/// Listens to a stream for a test: counts the signals, and reads when asked to. The StreamPtr must
/// outlive it, the stream need not.
class StreamEar : private net::StreamListener
{
    Q_DISABLE_COPY_MOVE(StreamEar)

public:
    explicit StreamEar(const net::StreamPtr &stream) : m_stream(stream)
    {
        stream->setListener(this);
    }
    virtual ~StreamEar()
    {
        if (m_stream)
            m_stream->setListener(nullptr);
    }

    /// Reads to the end from now on, at most `capacity` bytes at once.
    void startReading(qsizetype capacity = 64 * 1024)
    {
        m_block = QByteArray(capacity, Qt::Uninitialized);
        m_stream->setReadEnabled(true);
    }

    int readables = 0;
    int drains = 0;
    int failures = 0;
    QByteArray received;
    bool hasEnded = false;
    std::function<void()> whenTold; ///< after each of the three signals; may release the stream

private:
    void handleReadable(net::ByteStream &stream) override
    {
        ++readables;
        if (!m_block.isEmpty()) {
            const auto [status, size] = stream.read(m_block.data(), m_block.size());
            if (status == net::ByteStream::ReadResult::Status::Data)
                received += m_block.first(size);
            hasEnded = hasEnded || status == net::ByteStream::ReadResult::Status::Ended;
        }
        tell();
    }
    void handleDrained(net::ByteStream &) override
    {
        ++drains;
        tell();
    }
    void handleFailed(net::ByteStream &) override
    {
        ++failures;
        tell();
    }
    void tell()
    {
        if (whenTold)
            whenTold();
    }

    const net::StreamPtr &m_stream;
    QByteArray m_block; ///< empty while not reading
};

/// Reads from the start.
class Reader final : public StreamEar
{
public:
    explicit Reader(const net::StreamPtr &stream, qsizetype capacity = 64 * 1024)
        : StreamEar(stream)
    {
        startReading(capacity);
    }
};

} // namespace sami::test
