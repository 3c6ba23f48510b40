// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <memory>

namespace sami::net {

class EpollDispatcher;

/// Events of a descriptor, as bits. A hang-up or an error is delivered as each event wanted.
enum DescriptorEvent : quint8 {
    Readable = 1,
    Writable = 2,
    HungUp = 4, ///< nothing but a hang-up or an error; with Qt's dispatcher urgent data too
    /// Cannot be wanted, and comes by itself: the kernel does not watch the descriptor (too many
    /// watches, or no memory). No other event follows before the listener wants something else.
    Unwatched = 8,
};

/// Receives a descriptor's events from the event loop, one event per call.
class DescriptorListener
{
public:
    virtual void handleDescriptorEvent(DescriptorEvent what) = 0;

protected:
    DescriptorListener() = default;
    ~DescriptorListener() = default;
    Q_DISABLE_COPY_MOVE(DescriptorListener)
};

/// The interest of one listener in one descriptor (Linux). EpollDispatcher calls the listener
/// directly. On a thread with Qt's dispatcher, QSocketNotifiers call it instead. Each of these is a
/// QObject that costs 200 octets and a microsecond, and a tunnel needs four.
///
/// Owned by the listener; both live in the dispatcher's thread. While the listener is being called
/// it may do anything except be freed.
class DescriptorWatch
{
    Q_DISABLE_COPY_MOVE(DescriptorWatch)

public:
    DescriptorWatch(int descriptor, DescriptorListener &listener);
    ~DescriptorWatch();

    /// Replaces the set of wanted DescriptorEvents; 0 (as at first) for none. When a descriptor
    /// changes hands, let the new owner want something before the old one wants nothing: the
    /// dispatcher then sees a changed interest instead of a removal and an addition.
    void want(quint8 events);
    [[nodiscard]] quint8 wanted() const { return m_wanted; }
    /// Wants nothing any more, and promises that the descriptor is closed before the event loop
    /// continues and has no duplicates. The kernel then drops the entry at the close, without a
    /// system call.
    void endWithClose();
    /// Whether the kernel has reported neither a hang-up nor an error. Known only within a call of
    /// the listener and with EpollDispatcher; otherwise false.
    [[nodiscard]] bool isKnownHealthy() const;

private:
    class Notifiers;

    const int m_descriptor;
    quint8 m_wanted = 0;
    DescriptorListener &m_listener;
    EpollDispatcher *m_dispatcher = nullptr; ///< the thread's, from the first want() on
    std::unique_ptr<Notifiers> m_notifiers;  ///< instead, where the thread has Qt's dispatcher
};

} // namespace sami::net
