// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <utility>

namespace sami::door {

/// Octets that are overwritten when nobody needs them any more: a private key as PEM. Moves, is
/// never copied, and must not be handed on as a QByteArray that outlives it. A value.
class SecretBytes
{
public:
    SecretBytes() = default;
    explicit SecretBytes(QByteArray octets) : m_octets(std::move(octets)) {}
    SecretBytes(SecretBytes &&other) noexcept : m_octets(std::exchange(other.m_octets, {})) {}
    SecretBytes &operator=(SecretBytes &&other) noexcept
    {
        if (this != &other) {
            wipe();
            m_octets = std::exchange(other.m_octets, {});
        }
        return *this;
    }
    SecretBytes(const SecretBytes &) = delete;
    SecretBytes &operator=(const SecretBytes &) = delete;
    ~SecretBytes() { wipe(); }

    [[nodiscard]] const QByteArray &octets() const { return m_octets; }

private:
    void wipe()
    {
        // Through a volatile pointer: memory that nobody reads afterwards is written all the same.
        // One that is shared with another array is that one's to keep.
        if (!m_octets.isDetached())
            return;
        volatile char *octet = m_octets.data();
        for (qsizetype i = 0; i < m_octets.size(); ++i)
            octet[i] = '\0';
    }

    QByteArray m_octets;
};

} // namespace sami::door
