// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// EpollDispatcher's handling of descriptors: it keeps the watchers of each, tells the kernel about
// them, and delivers the events.
#include "base/logging.h"
#include "net/epolldispatcher.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <functional>
#include <limits>
#include <sys/epoll.h>
#include <utility>

namespace sami::net {

namespace {

constexpr char unit[] = "net.epolldispatcher";

/// A shortage is logged again after this time, if it lasts.
constexpr std::chrono::minutes shortageSilence { 1 };

/// Added to `known` to force a system call: no real interest has this bit.
constexpr quint32 doubtful = EPOLLET;

/// A hang-up or an error: the kernel reports them to every entry, and they wake everybody.
constexpr quint32 anyway = EPOLLHUP | EPOLLERR;

/// The events that Qt's dispatcher requests from poll(), for each type of notifier.
constexpr std::array<quint32, 3> notifierInterest { EPOLLIN, EPOLLOUT, EPOLLPRI };
/// The same for each DescriptorEvent. HungUp does not ask for EPOLLPRI: urgent data that nobody
/// reads would wake the thread for ever.
constexpr std::array<quint32, 3> listenerInterest { EPOLLIN, EPOLLOUT, EPOLLHUP };

// The first bits of a DescriptorEvent match the notifiers' types.
static_assert(Readable == 1U << QSocketNotifier::Read && Writable == 1U << QSocketNotifier::Write
              && HungUp == 1U << QSocketNotifier::Exception);

/// Whether a refusal by the kernel says nothing about the descriptor, and may pass.
bool isShortage(int error)
{
    return error == ENOSPC || error == ENOMEM;
}

/// The DescriptorEvents that a listener gets for the kernel's, if it wants them.
quint8 happenedBy(quint32 events)
{
    if ((events & anyway) != 0)
        return Readable | Writable | HungUp;
    return static_cast<quint8>(((events & EPOLLIN) != 0 ? Readable : 0)
                               | ((events & EPOLLOUT) != 0 ? Writable : 0));
}

const char *typeName(QSocketNotifier::Type type)
{
    constexpr std::array<const char *, 3> names { "Read", "Write", "Exception" };
    return names[type];
}

} // namespace

quint32 EpollDispatcher::Watch::interest() const
{
    quint32 events = 0;
    for (size_t type = 0; type < notifiers.size(); ++type) {
        if (notifiers[type])
            events |= notifierInterest[type];
        if ((wanted & (1U << type)) != 0)
            events |= listenerInterest[type];
    }
    return events;
}

EpollDispatcher::Watch &EpollDispatcher::watchOf(int descriptor)
{
    Watch &watch = m_watches[descriptor];
    if (watch.generation == 0)
        watch.generation = nextGeneration();
    return watch;
}

void EpollDispatcher::noteChange(int descriptor, Watch &watch)
{
    if (!std::exchange(watch.isDirty, true))
        m_dirty.push_back(descriptor);
}

/// Some interest in the descriptor has ended.
void EpollDispatcher::noteEndedInterest(Watches::iterator watch)
{
    auto &[descriptor, entry] = *watch;
    if (entry.interest() != 0) {
        noteChange(descriptor, entry);
        return;
    }
    // At once: before the next wait the number may be closed and reused, and with a duplicate open
    // elsewhere the entry would outlive the close.
    if (entry.known != 0)
        ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
    m_watches.erase(watch);
}

void EpollDispatcher::registerSocketNotifier(QSocketNotifier *notifier)
{
    const auto descriptor = static_cast<int>(notifier->socket());
    const QSocketNotifier::Type type = notifier->type();
    Watch &watch = watchOf(descriptor);
    if (watch.notifiers[type]) {
        // The descriptor may have been closed while the old notifier was on. The kernel then has no
        // entry for the new descriptor of the same number.
        watch.known |= doubtful;
        qWarning("QSocketNotifier: Multiple socket notifiers for same socket %d and type %s",
                 descriptor, typeName(type));
    }
    watch.notifiers[type] = notifier;
    noteChange(descriptor, watch);
}

void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier *notifier)
{
    const auto found = m_watches.find(static_cast<int>(notifier->socket()));
    if (found == m_watches.end() || found->second.notifiers[notifier->type()] != notifier)
        return;
    Watch &watch = found->second;
    watch.notifiers[notifier->type()] = nullptr;
    watch.ready = static_cast<quint8>(watch.ready & ~(1U << notifier->type()));
    noteEndedInterest(found);
}

EpollDispatcher *EpollDispatcher::ofThisThread()
{
    return qobject_cast<EpollDispatcher *>(QAbstractEventDispatcher::instance());
}

void EpollDispatcher::watch(int descriptor, DescriptorListener &listener, quint8 events)
{
    if (events == 0) {
        const auto found = m_watches.find(descriptor);
        if (found == m_watches.end() || found->second.listener != &listener)
            return;
        found->second.listener = nullptr;
        found->second.wanted = found->second.happened = 0;
        noteEndedInterest(found);
        return;
    }
    Watch &watch = watchOf(descriptor);
    if (watch.listener != &listener) {
        // As in registerSocketNotifier(), the old listener's descriptor may have been closed.
        if (watch.listener)
            watch.known |= doubtful;
        watch.listener = &listener;
        watch.happened = 0;
    }
    watch.wanted = events;
    watch.happened &= events;
    noteChange(descriptor, watch);
}

/// Does not remove the entry, as the close does. If a duplicate keeps it alive anyway (a child
/// between fork() and exec(), for example), recreateEpoll() ends it.
void EpollDispatcher::watchEndsWithClose(int descriptor, const DescriptorListener &listener)
{
    const auto found = m_watches.find(descriptor);
    if (found == m_watches.end() || found->second.listener != &listener)
        return;
    Watch &watch = found->second;
    watch.listener = nullptr;
    watch.wanted = watch.happened = 0;
    watch.known = 0;
    noteEndedInterest(found);
}

quint32 EpollDispatcher::nextGeneration()
{
    if (++m_lastGeneration == 0)
        ++m_lastGeneration;
    return m_lastGeneration;
}

/// Passes changed interests to the kernel, and again those that it had no room for.
void EpollDispatcher::tellKernel()
{
    if (!m_refused.empty())
        m_dirty.insert(m_dirty.end(), m_refused.begin(), m_refused.end());
    m_refused.clear();
    // handleRefusal() may make another descriptor dirty.
    while (!m_dirty.empty()) {
        const int descriptor = m_dirty.back();
        m_dirty.pop_back();
        const auto found = m_watches.find(descriptor);
        if (found == m_watches.end() || !found->second.isDirty)
            continue;
        found->second.isDirty = false;
        if (const int error = tellKernel(descriptor, found->second); error != 0)
            handleRefusal(descriptor, error);
    }
}

/// Returns 0, or the errno with which the kernel refuses.
int EpollDispatcher::tellKernel(int descriptor, Watch &watch)
{
    const quint32 interest = watch.interest();
    if (watch.known == interest)
        return 0;
    const auto tell = [&](int operation) {
        epoll_event event {};
        event.events = interest;
        event.data.u64 = (quint64(watch.generation) << 32) | quint32(descriptor);
        return ::epoll_ctl(m_epoll, operation, descriptor, &event) == 0;
    };
    bool isTold = tell(watch.known == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD);
    if (!isTold && errno == ENOENT) {
        // Closed with its notifier on, and the number was reused. Events of the old descriptor must
        // not reach the new one.
        watch.generation = nextGeneration();
        watch.ready = watch.happened = 0;
        isTold = tell(EPOLL_CTL_ADD);
    } else if (!isTold && errno == EEXIST) {
        isTold = tell(EPOLL_CTL_MOD); // closed, and a duplicate put in its place
    }
    if (!isTold)
        return errno;
    watch.known = interest;
    return 0;
}

/// Queues Unwatched for a listener, like any other event. Notifiers have no such event: they are
/// tried again while the machine lacks room (one of them may be a door's), and disabled otherwise.
void EpollDispatcher::handleRefusal(int descriptor, int error)
{
    Watch &watch = m_watches[descriptor];
    if (watch.listener) {
        if ((watch.ready | watch.happened) == 0)
            m_ready.push_back({ descriptor, watch.generation });
        watch.happened = Unwatched;
    }
    const auto notifiers = watch.notifiers;
    const bool hasNotifiers = std::any_of(notifiers.begin(), notifiers.end(), std::identity());
    if (isShortage(error)) {
        logShortage(error);
        if (hasNotifiers && !std::exchange(watch.isDirty, true))
            m_refused.push_back(descriptor);
        return;
    }
    // Either closed with the notifier left on, or a regular file, which is always ready and which
    // epoll refuses.
    qWarning("QSocketNotifier: Invalid socket %d (%s), disabling...", descriptor,
             std::strerror(error));
    for (QSocketNotifier *notifier : notifiers) {
        if (notifier)
            notifier->setEnabled(false); // calls unregisterSocketNotifier()
    }
}

/// Logs one line for many connections: the shortage matters, not each connection.
void EpollDispatcher::logShortage(int error)
{
    const TimePoint now = Clock::now();
    if (m_shortageLogged && now - *m_shortageLogged < shortageSilence)
        return;
    m_shortageLogged = now;
    logError(unit,
             error == ENOSPC ? "the kernel watches no more connections, so they are closed: raise "
                               "fs.epoll.max_user_watches"
                             : "the kernel has no memory to watch connections, so they are closed",
             { { "error", QByteArray(std::strerror(error)) } });
}

/// Notes the events of one descriptor. False if nobody watches it any more.
bool EpollDispatcher::collect(quint64 data, quint32 events)
{
    const auto descriptor = static_cast<int>(data & std::numeric_limits<quint32>::max());
    const auto generation = static_cast<quint32>(data >> 32);
    const auto found = m_watches.find(descriptor);
    if (found == m_watches.end() || found->second.generation != generation)
        return false;
    Watch &watch = found->second;
    const bool isQueued = (watch.ready | watch.happened) != 0;
    watch.happened |= static_cast<quint8>(watch.wanted & happenedBy(events));
    for (size_t type = 0; type < notifierTypes; ++type) {
        if (watch.notifiers[type] && (events & (notifierInterest[type] | anyway)) != 0)
            watch.ready |= static_cast<quint8>(1U << type);
    }
    if (!isQueued && (watch.ready | watch.happened) != 0)
        m_ready.push_back({ descriptor, generation });
    watch.isHealthy = (events & anyway) == 0;
    return true;
}

int EpollDispatcher::deliverReady()
{
    int delivered = 0;
    // A handler may run a nested loop, which delivers what is left here, and may watch or forget
    // any descriptor. So nothing found in one step is valid in the next.
    while (!m_ready.empty()) {
        const Ready ready = m_ready.front();
        const auto found = m_watches.find(ready.descriptor);
        unsigned due = 0; // a bit for each event
        if (found != m_watches.end() && found->second.generation == ready.generation)
            due = found->second.ready | unsigned(found->second.happened) << notifierTypes;
        // Not std::popcount(): it calls a function, because not every processor can count bits.
        if ((due & (due - 1)) == 0)
            m_ready.pop_front(); // its last event; a later one queues it again
        if (due == 0)
            continue;
        m_healthy = found->second.isHealthy ? ready.descriptor : -1;
        deliver(found->second);
        m_healthy = -1;
        ++delivered;
    }
    return delivered;
}

/// Delivers one event of a descriptor. The watch may be gone afterwards.
void EpollDispatcher::deliver(Watch &watch)
{
    if (watch.happened != 0) {
        const auto what = static_cast<DescriptorEvent>(watch.happened & -watch.happened);
        watch.happened = static_cast<quint8>(watch.happened & ~what);
        watch.listener->handleDescriptorEvent(what);
        return;
    }
    const int type = std::countr_zero(watch.ready);
    watch.ready = static_cast<quint8>(watch.ready & ~(1U << type));
    QEvent event(QEvent::SockAct);
    QCoreApplication::sendEvent(watch.notifiers[type], &event);
}

} // namespace sami::net
