// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/epolldispatcher.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <algorithm>
#include <bit>
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

/// In what the kernel is thought to know; no interest has it, so that the kernel is asked.
constexpr quint32 doubtful = EPOLLET;

// The same as Qt's dispatcher asks poll() for.
constexpr std::array<quint32, 3> interestOf { EPOLLIN, EPOLLOUT, EPOLLPRI };
constexpr std::array<quint32, 3> wakesOf { EPOLLIN | EPOLLHUP | EPOLLERR,
                                           EPOLLOUT | EPOLLHUP | EPOLLERR,
                                           EPOLLPRI | EPOLLHUP | EPOLLERR };

const char *typeName(QSocketNotifier::Type type)
{
    constexpr std::array<const char *, 3> names { "Read", "Write", "Exception" };
    return names[type];
}

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

quint32 EpollDispatcher::Watch::interest() const
{
    quint32 events = 0;
    for (size_t type = 0; type < notifiers.size(); ++type) {
        if (notifiers[type])
            events |= interestOf[type];
    }
    return events;
}

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

// --- Socket notifiers ---

void EpollDispatcher::registerSocketNotifier(QSocketNotifier *notifier)
{
    const auto descriptor = static_cast<int>(notifier->socket());
    const QSocketNotifier::Type type = notifier->type();
    Watch &watch = m_watches[descriptor];
    if (watch.generation == 0)
        watch.generation = nextGeneration();
    if (watch.notifiers[type]) {
        // Perhaps the descriptor was closed under the old one, and the kernel has no entry for
        // what has its number now.
        watch.known |= doubtful;
        qWarning("QSocketNotifier: Multiple socket notifiers for same socket %d and type %s",
                 descriptor, typeName(type));
    }
    watch.notifiers[type] = notifier;
    if (!std::exchange(watch.isDirty, true))
        m_dirty.push_back(descriptor);
}

void EpollDispatcher::unregisterSocketNotifier(QSocketNotifier *notifier)
{
    const auto descriptor = static_cast<int>(notifier->socket());
    const auto found = m_watches.find(descriptor);
    if (found == m_watches.end() || found->notifiers[notifier->type()] != notifier)
        return;
    Watch &watch = *found;
    watch.notifiers[notifier->type()] = nullptr;
    watch.ready = static_cast<quint8>(watch.ready & ~(1U << notifier->type()));
    if (watch.interest() != 0) {
        if (!std::exchange(watch.isDirty, true))
            m_dirty.push_back(descriptor);
        return;
    }
    // At once: the number may be closed and given to somebody else before the next wait, and
    // with a duplicate of it open elsewhere the entry would outlive the close.
    if (watch.known != 0)
        ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, descriptor, nullptr);
    m_watches.erase(decltype(m_watches)::const_iterator(found));
}

/// An entry of which the kernel is thought to know nothing is not taken back. Should a duplicate
/// keep it alive nevertheless, a child's between fork() and exec() perhaps, startAnew() ends it.
void EpollDispatcher::expectClose(int descriptor)
{
    if (const auto found = m_watches.find(descriptor); found != m_watches.end())
        found->known = 0;
}

quint32 EpollDispatcher::nextGeneration()
{
    if (++m_lastGeneration == 0)
        ++m_lastGeneration;
    return m_lastGeneration;
}

/// Brings the kernel's interests up to date.
void EpollDispatcher::tellKernel()
{
    // Disabling one that the kernel refuses may make another dirty.
    while (!m_dirty.empty()) {
        const int descriptor = m_dirty.back();
        m_dirty.pop_back();
        const auto found = m_watches.find(descriptor);
        if (found == m_watches.end() || !found->isDirty)
            continue;
        found->isDirty = false;
        if (!tellKernel(descriptor, *found))
            disable(descriptor);
    }
}

bool EpollDispatcher::tellKernel(int descriptor, Watch &watch)
{
    const quint32 interest = watch.interest();
    if (watch.known == interest)
        return true;
    const auto tell = [&](int operation) {
        epoll_event event {};
        event.events = interest;
        event.data.u64 = (quint64(watch.generation) << 32) | quint32(descriptor);
        return ::epoll_ctl(m_epoll, operation, descriptor, &event) == 0;
    };
    bool isTold = tell(watch.known == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD);
    if (!isTold && errno == ENOENT) {
        // Closed with a notifier on, and the number is somebody else's now. What the kernel may
        // still report of the old one must not reach the new.
        watch.generation = nextGeneration();
        watch.ready = 0;
        isTold = tell(EPOLL_CTL_ADD);
    } else if (!isTold && errno == EEXIST) {
        isTold = tell(EPOLL_CTL_MOD); // closed, and a duplicate put back in its place
    }
    if (!isTold) {
        // Somebody closed it and left the notifier on, or it is a regular file, which is always
        // ready and which epoll does not take.
        qWarning("QSocketNotifier: Invalid socket %d (%s), disabling...", descriptor,
                 std::strerror(errno));
        return false;
    }
    watch.known = interest;
    return true;
}

void EpollDispatcher::disable(int descriptor)
{
    const std::array<QSocketNotifier *, notifierTypes> notifiers = m_watches[descriptor].notifiers;
    for (QSocketNotifier *notifier : notifiers) {
        if (notifier)
            notifier->setEnabled(false); // comes back to us as unregisterSocketNotifier()
    }
}

/// False: of somebody whom nobody watches.
bool EpollDispatcher::collect(quint64 data, quint32 events)
{
    const auto descriptor = static_cast<int>(data & std::numeric_limits<quint32>::max());
    const auto generation = static_cast<quint32>(data >> 32);
    const auto found = m_watches.find(descriptor);
    if (found == m_watches.end() || found->generation != generation)
        return false;
    quint8 ready = 0;
    for (int type = 0; type < notifierTypes; ++type) {
        if (found->notifiers[type] && (events & wakesOf[type]) != 0)
            ready = static_cast<quint8>(ready | (1U << type));
    }
    if (found->ready == 0 && ready != 0)
        m_ready.push_back({ descriptor, generation });
    found->ready |= ready;
    found->isSound = (events & (EPOLLHUP | EPOLLERR)) == 0;
    return true;
}

int EpollDispatcher::deliverReady()
{
    int delivered = 0;
    // A handler may run a nested loop, which goes on with what is left here; and it may change
    // everything, so each step looks anew.
    while (!m_ready.empty()) {
        const Ready ready = m_ready.front();
        const auto found = m_watches.find(ready.descriptor);
        if (found == m_watches.end() || found->generation != ready.generation
            || found->ready == 0) {
            m_ready.pop_front();
            continue;
        }
        const int type = std::countr_zero(found->ready);
        found->ready = static_cast<quint8>(found->ready & ~(1U << type));
        m_sound = found->isSound ? ready.descriptor : -1;
        QEvent event(QEvent::SockAct);
        QCoreApplication::sendEvent(found->notifiers[type], &event);
        m_sound = -1;
        ++delivered;
    }
    return delivered;
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
