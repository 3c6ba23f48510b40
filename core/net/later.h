// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QVarLengthArray>

#include <functional>
#include <memory>

namespace sami::net {

/// Owns what this thread has released in one turn of its event loop, until the loop frees it. A
/// deleteLater() for each object would make and post an event each; a short tunnel has six.
class Leaving final : public QObject
{
    Q_DISABLE_COPY_MOVE(Leaving)

public:
    /// Frees the object from the event loop; at once if the loop is freeing objects already.
    template <typename T> static void add(T *object)
    {
        add({ object, [](void *leaving) { delete static_cast<T *>(leaving); } });
    }
    ~Leaving() override;

private:
    struct Guest
    {
        void *object;
        void (*free)(void *);
    };

    explicit Leaving(int loopLevel) : m_loopLevel(loopLevel) {}
    static void add(Guest guest);

    const int m_loopLevel;
    QVarLengthArray<Guest, 8> m_guests;
};

/// Goes first among the `Ends` of an object with signals. Objects without signals omit it, and save
/// the search for connections.
inline void disconnectAll(QObject *object)
{
    object->disconnect();
}

/// Deleter for an object whose owner may release it at any moment, even in a slot of its signal or
/// while it is calling its owner. Calls the object's functions `Ends` at once, after which it calls
/// nobody, and frees it from the event loop. Only in the object's thread; the object has no parent.
///
/// What such an object owns by a LaterPtr is freed together with it: nothing on the stack uses it
/// by then. Waiting for another turn would leak it in a thread that ends, because such a thread
/// processes deferred deletions only once.
template <auto... Ends> struct FreeLater
{
    template <typename T> void operator()(T *object) const
    {
        (static_cast<void>(std::invoke(Ends, object)), ...);
        Leaving::add(object);
    }
};
template <typename T, auto... Ends> using LaterPtr = std::unique_ptr<T, FreeLater<Ends...>>;

} // namespace sami::net
