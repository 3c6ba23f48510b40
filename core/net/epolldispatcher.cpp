// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/epolldispatcher.h"

#include <QCoreApplication>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace sami::net {

namespace {

/// What one wait collects at most. The kernel goes round among the ready descriptors, so a
/// larger crowd has its turn at the next wait, behind timers and posted events.
constexpr int batchSize = 128;

/// Never a watched descriptor's: its generation would be 0.
constexpr quint64 wakeUpData = std::numeric_limits<quint32>::max();

constexpr int noTimeout = -1;

/// An epoll descriptor with the wake-up's eventfd in it, or -1.
int createEpoll(int wakeUp)
{
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    // Edge-triggered: each write is an event of its own and nobody has to read it back.
    epoll_event event {};
    event.events = EPOLLIN | EPOLLET;
    event.data.u64 = wakeUpData;
    if (epoll >= 0)
        ::epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event);
    return epoll;
}

} // namespace

EpollDispatcher::EpollDispatcher(QObject *parent)
    : QAbstractEventDispatcher(parent), m_wakeUp(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      m_epoll(createEpoll(m_wakeUp))
{
    if (m_epoll < 0 || m_wakeUp < 0)
        qFatal("EpollDispatcher: no epoll or eventfd: %s", std::strerror(errno));
}

EpollDispatcher::~EpollDispatcher()
{
    ::close(m_wakeUp);
    ::close(m_epoll);
}

bool EpollDispatcher::processEvents(QEventLoop::ProcessEventsFlags flags)
{
    // From before this call, and it counts: QEventLoop::exit() of another thread may have come
    // between the loop's look at its flag and here.
    const bool wasInterrupted = m_interrupted.exchange(false);
    Q_EMIT awake();
    // Whoever posts from here on calls wakeUp() again, which the wait below will not sleep through.
    const bool wasWokenBefore = m_activity.exchange(Activity::Running) == Activity::Woken;
    QCoreApplication::sendPostedEvents();
    if (m_interrupted.load())
        return false; // who has quit expects no further handler to run

    const bool withNotifiers = !flags.testFlag(QEventLoop::ExcludeSocketNotifiers);
    const bool withTimers = !flags.testFlag(QEventLoop::X11ExcludeTimers);
    const bool hasReady = withNotifiers && !m_ready.empty();
    // exec() comes back for more; any other caller waits for a wake-up, and this was one.
    const bool isServed = wasWokenBefore && !flags.testFlag(QEventLoop::EventLoopExec);
    int timeout = 0;
    if (flags.testFlag(QEventLoop::WaitForMoreEvents) && !wasInterrupted && !isServed
        && !hasReady) {
        Q_EMIT aboutToBlock();
        Activity running = Activity::Running;
        if (m_activity.compare_exchange_strong(running, Activity::Waiting))
            timeout = withTimers ? timeoutForTimers() : noTimeout;
    }
    if (withNotifiers)
        wait(timeout);
    else
        waitForWakeUp(timeout);
    const bool wasWoken = m_activity.exchange(Activity::Running) == Activity::Woken;

    int delivered = wasWokenBefore || wasWoken ? 1 : 0;
    if (withNotifiers)
        delivered += deliverReady();
    if (withTimers)
        delivered += deliverTimers();
    return delivered > 0;
}

void EpollDispatcher::wakeUp()
{
    if (m_activity.exchange(Activity::Woken) != Activity::Waiting)
        return;
    const quint64 one = 1;
    // Cannot fail but by overflow, and then the sleeper was woken long ago.
    [[maybe_unused]] const ssize_t size = ::write(m_wakeUp, &one, sizeof one);
}

void EpollDispatcher::interrupt()
{
    m_interrupted.store(true);
    wakeUp();
}

// --- Waiting ---

void EpollDispatcher::wait(int timeout)
{
    tellKernel();
    std::array<epoll_event, batchSize> events;
    const int count = ::epoll_wait(m_epoll, events.data(), batchSize, timeout);
    // EINTR is a wake-up like any other: the loop comes back.
    bool allAreKnown = true;
    for (int i = 0; i < count; ++i) {
        if (events[i].data.u64 != wakeUpData)
            allAreKnown = collect(events[i].data.u64, events[i].events) && allAreKnown;
    }
    if (!allAreKnown)
        startAnew();
}

/// The kernel reports what nobody watches: a descriptor was closed before its notifier went, and a
/// duplicate of it lives. No number leads to that entry any more, so it would spin for ever.
void EpollDispatcher::startAnew()
{
    const int fresh = createEpoll(m_wakeUp);
    if (fresh < 0)
        return; // out of descriptors: the next wait tries again
    ::close(std::exchange(m_epoll, fresh));
    for (auto [descriptor, watch] : m_watches.asKeyValueRange()) {
        watch.known = 0;
        if (!std::exchange(watch.isDirty, true))
            m_dirty.push_back(descriptor);
    }
}

/// With the notifiers left out, epoll would report them again and again.
void EpollDispatcher::waitForWakeUp(int timeout)
{
    // Here the eventfd's level counts: what was written to it before is old news.
    quint64 count = 0;
    [[maybe_unused]] const ssize_t size = ::read(m_wakeUp, &count, sizeof count);
    if (m_activity.load() == Activity::Woken)
        return;
    pollfd wakeUp { m_wakeUp, POLLIN, 0 };
    ::poll(&wakeUp, 1, timeout);
}

int EpollDispatcher::timeoutForTimers() const
{
    using std::chrono::milliseconds;
    const std::optional<TimePoint> due = m_timers.nextDue();
    if (!due)
        return noTimeout;
    const auto left = std::chrono::ceil<milliseconds>(*due - Clock::now()).count();
    return static_cast<int>(
        std::clamp<milliseconds::rep>(left, 0, std::numeric_limits<int>::max()));
}

// --- Timers ---

void EpollDispatcher::registerTimer(int timerId, qint64 interval, Qt::TimerType timerType,
                                    QObject *object)
{
    m_timers.add(timerId, std::chrono::milliseconds(interval), timerType, object, Clock::now());
}

bool EpollDispatcher::unregisterTimer(int timerId)
{
    return m_timers.remove(timerId);
}

bool EpollDispatcher::unregisterTimers(QObject *object)
{
    return m_timers.removeAll(object);
}

QList<QAbstractEventDispatcher::TimerInfo> EpollDispatcher::registeredTimers(QObject *object) const
{
    return m_timers.timersOf(object);
}

int EpollDispatcher::remainingTime(int timerId)
{
    const auto left = m_timers.remaining(timerId, Clock::now());
    if (!left)
        return -1;
    return static_cast<int>(std::min<qint64>(left->count(), std::numeric_limits<int>::max()));
}

int EpollDispatcher::deliverTimers()
{
    if (!m_timers.nextDue())
        return 0;
    const TimePoint now = Clock::now();
    if (*m_timers.nextDue() > now)
        return 0;
    int delivered = 0;
    // Each at most once, so that a zero timer leaves the rest of the loop its turn.
    const std::vector<TimerQueue::Ticket> due = m_timers.due(now);
    for (const TimerQueue::Ticket &ticket : due) {
        QObject *object = m_timers.beginDelivery(ticket, now);
        if (!object)
            continue;
        QTimerEvent event(ticket.id);
        QCoreApplication::sendEvent(object, &event);
        m_timers.endDelivery(ticket);
        // As Qt counts: with a zero timer "while there is work" would never end.
        delivered += ticket.interval > std::chrono::milliseconds::zero() ? 1 : 0;
    }
    return delivered;
}

} // namespace sami::net
