// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace sami::net {

/// Whether the event loop is freeing an object of this thread.
inline thread_local bool isFreeing = false;

/// Owns an object until the event loop frees it.
template <typename T> class Leaving final : public QObject
{
public:
    explicit Leaving(T *object) : m_object(object) {}
    ~Leaving() override
    {
        const bool before = std::exchange(isFreeing, true);
        m_object.reset();
        isFreeing = before;
    }

private:
    std::unique_ptr<T> m_object;
};

/// Deleter for an object whose owner may release it at any moment, even in a slot of its signal or
/// while it is calling its owner. Calls the object's functions `Ends` at once, after which it calls
/// nobody, and frees it from the event loop. Only in the object's thread.
///
/// What such an object owns in the same way goes with it at once: nothing on the stack uses it
/// then. A thread that ends would not free it later: it looks once at what is to be deleted.
template <auto... Ends> struct FreeLater
{
    template <typename T> void operator()(T *object) const
    {
        if constexpr (std::is_base_of_v<QObject, T>)
            object->disconnect();
        (static_cast<void>(std::invoke(Ends, object)), ...);
        if (isFreeing)
            delete object;
        else
            (new Leaving<T>(object))->deleteLater();
    }
};
template <typename T, auto... Ends> using LaterPtr = std::unique_ptr<T, FreeLater<Ends...>>;

} // namespace sami::net
