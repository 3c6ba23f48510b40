// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>
#include <cstring>

namespace sami {

/// Appends to a byte array, which is whole again when the writer is gone. For heads and log lines,
/// which are made of dozens of pieces of a few octets: QByteArray::append() takes more than a
/// hundred instructions for each.
class OctetWriter
{
    Q_DISABLE_COPY_MOVE(OctetWriter)

public:
    /// `room` is what is expected to come; more may.
    OctetWriter(QByteArray &out, qsizetype room) : m_out(out), m_size(out.size()) { grow(room); }
    ~OctetWriter() { m_out.truncate(m_size); }

    void append(QByteArrayView octets)
    {
        if (m_room - m_size < octets.size())
            grow(octets.size());
        // memcpy() wants no null pointer, not even for nothing.
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
    qsizetype m_size; ///< what is written, the old content included
    qsizetype m_room = 0;
};

} // namespace sami
