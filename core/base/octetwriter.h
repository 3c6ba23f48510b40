// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>
#include <cstring>

namespace sami {

/// Appends to a byte array, whose size is right again once the writer is destroyed. For heads and
/// log lines, which consist of dozens of short pieces: QByteArray::append() takes more than a
/// hundred instructions for each.
class OctetWriter
{
    Q_DISABLE_COPY_MOVE(OctetWriter)

public:
    /// `room` is the expected number of octets; more may follow.
    OctetWriter(QByteArray &out, qsizetype room) : m_out(out), m_size(out.size()) { grow(room); }
    ~OctetWriter() { m_out.truncate(m_size); }

    void append(QByteArrayView octets)
    {
        if (m_room - m_size < octets.size())
            grow(octets.size());
        // memcpy() does not allow a null pointer, even for a length of 0.
        if (!octets.isEmpty())
            std::memcpy(m_to + m_size, octets.data(), static_cast<std::size_t>(octets.size()));
        m_size += octets.size();
    }

    void append(char octet)
    {
        if (m_room == m_size)
            grow(1);
        m_to[m_size++] = octet;
    }

private:
    void grow(qsizetype more)
    {
        m_room = std::max(m_size + more, 2 * m_size);
        m_out.resize(m_room);
        m_to = m_out.data();
    }

    QByteArray &m_out;
    char *m_to = nullptr;
    qsizetype m_size; ///< octets written, the old content included
    qsizetype m_room = 0;
};

} // namespace sami
