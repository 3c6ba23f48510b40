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

/// The most events that one wait takes. The kernel rotates among the ready descriptors, so the
/// rest come with the next wait, after timers and posted events.
constexpr int batchSize = 128;

/// Differs from the data of every watch: its upper half, the generation, is 0.
constexpr quint64 wakeUpData = std::numeric_limits<quint32>::max();

constexpr int noTimeout = -1;

/// Milliseconds until the kernel is asked again to watch what it had no room for.
constexpr int retryPause = 1000;

/// An epoll descriptor with the wake-up eventfd added, or -1.
int createEpoll(int wakeUp)
{
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    // Edge-triggered: each write is a new event, so nobody has to read the eventfd.
    epoll_event event {};
    event.events = EPOLLIN | EPOLLET;
    event.data.u64 = wakeUpData;
    if (epoll < 0 || ::epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event) == 0)
        return epoll;
    // Without the eventfd nobody could wake the thread. The user may have reached max_user_watches,
    // for example.
    const int error = errno;
    ::close(epoll);
    errno = error;
    return -1;
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
    // An interrupt from before this call counts: QEventLoop::exit() in another thread may run
    // between the loop's check of its flag and this line.
    const bool wasInterrupted = m_interrupted.exchange(false);
    Q_EMIT awake();
    // Anyone who posts from here on calls wakeUp() again, and then the wait below does not sleep.
    const bool wasWokenBefore = m_activity.exchange(Activity::Running) == Activity::Woken;
    QCoreApplication::sendPostedEvents();
    if (m_interrupted.load())
        return false; // after a quit no further handler must run

    const bool withNotifiers = !flags.testFlag(QEventLoop::ExcludeSocketNotifiers);
    const bool withTimers = !flags.testFlag(QEventLoop::X11ExcludeTimers);
    const bool hasReady = withNotifiers && !m_ready.empty();
    // exec() calls again in any case. Any other caller wants one wake-up, and has had it.
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
    // Fails only on overflow, and then the sleeper was woken long ago.
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
    if (!m_ready.empty())
        timeout = 0; // the kernel has refused a descriptor, and its listener must be told
    else if (!m_refused.empty())
        timeout = timeout == noTimeout ? retryPause : std::min(timeout, retryPause);
    std::array<epoll_event, batchSize> events;
    const int count = ::epoll_wait(m_epoll, events.data(), batchSize, timeout);
    // EINTR counts as a wake-up: the loop calls again.
    bool allAreKnown = true;
    for (int i = 0; i < count; ++i) {
        if (events[i].data.u64 != wakeUpData)
            allAreKnown = collect(events[i].data.u64, events[i].events) && allAreKnown;
    }
    if (!allAreKnown)
        recreateEpoll();
}

/// Handles events that belong to no watch: a descriptor was closed before its notifier, and a
/// duplicate of it lives. Its entry can no longer be removed by number and would wake the thread
/// for ever, so this makes a new epoll descriptor.
void EpollDispatcher::recreateEpoll()
{
    const int fresh = createEpoll(m_wakeUp);
    if (fresh < 0)
        return; // out of descriptors or watches: the next wait tries again
    ::close(std::exchange(m_epoll, fresh));
    for (auto &[descriptor, watch] : m_watches) {
        watch.known = 0;
        if (!std::exchange(watch.isDirty, true))
            m_dirty.push_back(descriptor);
    }
}

/// For ExcludeSocketNotifiers, where epoll_wait() would return at once for each ready descriptor.
void EpollDispatcher::waitForWakeUp(int timeout)
{
    // Here the eventfd's level matters, so old wake-ups are read first.
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
    // Delivers each timer at most once, so that a zero timer does not block the rest of the loop.
    const std::vector<TimerQueue::Ticket> due = m_timers.due(now);
    for (const TimerQueue::Ticket &ticket : due) {
        QObject *object = m_timers.beginDelivery(ticket, now);
        if (!object)
            continue;
        QTimerEvent event(ticket.id);
        QCoreApplication::sendEvent(object, &event);
        m_timers.endDelivery(ticket);
        // Counted as Qt does: with a zero timer "while there is work" would never end.
        delivered += ticket.interval > std::chrono::milliseconds::zero() ? 1 : 0;
    }
    return delivered;
}

} // namespace sami::net
