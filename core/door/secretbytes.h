// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <utility>

namespace sami::door {

/// Octets that are overwritten when they are no longer needed: a private key as PEM. Can be moved
/// but not copied; do not pass them on as a QByteArray that outlives this. A value.
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
        // A volatile pointer, because a compiler may drop writes to memory that is not read
        // afterwards. A shared array is left alone: data() would copy it and wipe the copy.
        if (!m_octets.isDetached())
            return;
        volatile char *octet = m_octets.data();
        for (qsizetype i = 0; i < m_octets.size(); ++i)
            octet[i] = '\0';
    }

    QByteArray m_octets;
};

} // namespace sami::door
