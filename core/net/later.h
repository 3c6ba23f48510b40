// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <functional>
#include <memory>

namespace sami::net {

/// Ends a QObject at once by its functions `Ends`, and frees it from the event loop, so that its
/// owner may let it go in a slot of its own signal: nobody hears of it any more. In its thread
/// only.
template <auto... Ends> struct FreeLater
{
    template <typename T> void operator()(T *object) const
    {
        object->disconnect();
        (static_cast<void>(std::invoke(Ends, object)), ...);
        object->deleteLater();
    }
};
template <typename T, auto... Ends> using LaterPtr = std::unique_ptr<T, FreeLater<Ends...>>;

} // namespace sami::net
