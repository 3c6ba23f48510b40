// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <type_traits>

namespace sami::net {

/// Owns an object that is not a QObject until the event loop frees it.
template <typename T> class Leaving final : public QObject
{
public:
    explicit Leaving(T *object) : m_object(object) {}

private:
    std::unique_ptr<T> m_object;
};

/// Deleter for an object whose owner may release it at any moment, even in a slot of its signal or
/// while it is calling its owner. Calls the object's functions `Ends` at once, after which it calls
/// nobody, and frees it from the event loop. Only in the object's thread.
template <auto... Ends> struct FreeLater
{
    template <typename T> void operator()(T *object) const
    {
        if constexpr (std::is_base_of_v<QObject, T>)
            object->disconnect();
        (static_cast<void>(std::invoke(Ends, object)), ...);
        if constexpr (std::is_base_of_v<QObject, T>)
            object->deleteLater();
        else
            (new Leaving<T>(object))->deleteLater();
    }
};
template <typename T, auto... Ends> using LaterPtr = std::unique_ptr<T, FreeLater<Ends...>>;

} // namespace sami::net
