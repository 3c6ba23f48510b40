// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QThreadStorage>

namespace sami {

/// The calling thread's own buffer, one for each Tag, empty at first and freed with its thread. Not
/// thread_local: MinGW frees such an object before its destructor runs (GCC bug 83562).
template <typename Tag> [[nodiscard]] QByteArray &perThreadBuffer()
{
    // Never destroyed: the main thread may use its buffer after static destructors have run.
    static auto *const buffers = new QThreadStorage<QByteArray>;
    return buffers->localData();
}

} // namespace sami
