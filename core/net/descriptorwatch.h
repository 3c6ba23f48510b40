// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <memory>

namespace sami::net {

class EpollDispatcher;

/// What may happen to a descriptor, as bits; a hang-up or an error of it is each of them.
enum Happening : quint8 {
    Readable = 1,
    Writable = 2,
    Exceptional = 4, ///< urgent data
};

/// Hears of a descriptor, from the event loop, one thing a call.
class DescriptorListener
{
public:
    virtual void handleHappening(Happening what) = 0;

protected:
    DescriptorListener() = default;
    ~DescriptorListener() = default;
    Q_DISABLE_COPY_MOVE(DescriptorListener)
};

/// What somebody waits for on one descriptor (Linux). EpollDispatcher calls its listener straight
/// away; on a thread with Qt's dispatcher QSocketNotifiers do it. A notifier is a QObject, 200
/// octets and a microsecond of its own, and a tunnel would have four of them.
///
/// Owned by the listener; both live in one thread, the dispatcher's. In a call of it the listener
/// may do anything but be freed.
class DescriptorWatch
{
    Q_DISABLE_COPY_MOVE(DescriptorWatch)

public:
    DescriptorWatch(int descriptor, DescriptorListener &listener);
    ~DescriptorWatch();

    /// A set of Happenings in place of the last one; 0, as at birth: nothing. Whoever takes a
    /// descriptor over may want something of it before the former owner wants nothing more: the
    /// dispatcher then sees an interest that changes, not a descriptor that goes and comes.
    void want(quint8 happenings);
    [[nodiscard]] quint8 wanted() const { return m_wanted; }
    /// Wants nothing any more, and says that the descriptor is closed next, before this thread's
    /// event loop goes on, and that no other is a duplicate of it: the kernel forgets it at the
    /// close, and does not have to be told.
    void endWithClose();
    /// Whether the kernel has reported neither a hang-up nor an error. Known only inside a call of
    /// the listener, and from EpollDispatcher; otherwise false.
    [[nodiscard]] bool isReportedSound() const;

private:
    class Notifiers;

    const int m_descriptor;
    quint8 m_wanted = 0;
    DescriptorListener &m_listener;
    EpollDispatcher *m_dispatcher = nullptr; ///< from the first want() on, if it is the thread's
    std::unique_ptr<Notifiers> m_notifiers;  ///< if it is not
};

} // namespace sami::net
