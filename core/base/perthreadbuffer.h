// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QThreadStorage>

namespace sami {

/// The calling thread's own buffer, one for each Tag, empty at first; it goes with its thread. No
/// thread_local: MinGW's frees the object before its destructor runs (GCC's bug 83562).
template <typename Tag> [[nodiscard]] QByteArray &perThreadBuffer()
{
    // Never destroyed: the main thread's part outlives what is static.
    static auto *const buffers = new QThreadStorage<QByteArray>;
    return buffers->localData();
}

} // namespace sami
