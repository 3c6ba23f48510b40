// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <unistd.h>
#include <utility>

namespace sami {

/// Owns the descriptor of a file or folder, and closes it. Unix; any thread.
class FileDescriptor
{
    Q_DISABLE_COPY_MOVE(FileDescriptor)

public:
    explicit FileDescriptor(int number) : m_number(number) {}
    ~FileDescriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    [[nodiscard]] int number() const { return m_number; }
    [[nodiscard]] bool isOpen() const { return m_number >= 0; }
    /// Releases ownership: the caller closes it.
    [[nodiscard]] int take() { return std::exchange(m_number, -1); }

private:
    int m_number;
};

} // namespace sami
