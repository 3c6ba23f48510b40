// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/tcpoptions.h"

#include <QtGlobal>

#include <utility>

namespace sami::net {

/// Owns a socket's descriptor until a stream takes it, also while it passes between threads. Closes
/// it on destruction. Move-only; any thread.
class Descriptor
{
    Q_DISABLE_COPY(Descriptor)

public:
    Descriptor() = default;
    explicit Descriptor(qintptr taken) : m_number(taken) {}
    Descriptor(Descriptor &&other) noexcept : m_number(other.release()) {}
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_number, other.m_number);
        return *this;
    }
    ~Descriptor()
    {
        if (isValid())
            closeDescriptor(m_number);
    }

    [[nodiscard]] bool isValid() const { return m_number != none; }
    [[nodiscard]] qintptr number() const { return m_number; }
    /// Releases ownership: the caller closes it.
    [[nodiscard]] qintptr release() { return std::exchange(m_number, none); }

private:
    static constexpr qintptr none = -1;

    qintptr m_number = none;
};

} // namespace sami::net
