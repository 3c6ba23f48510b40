// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/descriptorwatch.h"
#include "net/timerqueue.h"

#include <QAbstractEventDispatcher>

#include <array>
#include <atomic>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

namespace sami::net {

/// An event dispatcher over epoll (Linux): idle descriptors cost nothing. Qt's own dispatcher polls
/// all descriptors of the thread at each wake-up, which with thousands of idle tunnels is nearly
/// all of its work.
///
/// Set on a QThread before it starts. Lives in that thread; wakeUp() and interrupt() may be called
/// from any.
///
/// | what                       | how                                                           |
/// |----------------------------|---------------------------------------------------------------|
/// | one descriptor             | one epoll entry; its interest is the OR of its notifiers' and  |
/// |                            | its DescriptorListener's, which is called without an event     |
/// | a change of interest       | noted, and passed to the kernel before the next wait: one that |
/// |                            | is undone before costs no system call                          |
/// | an interest that ends      | EPOLL_CTL_DEL at once: the number may be closed next           |
/// | the same, with the close   | nothing: the close removes the entry                           |
/// | announced                  |                                                                |
/// | an event                   | all are collected, then delivered; looked up by descriptor and |
/// |                            | generation, so none reaches a later owner of the same number   |
/// | EPOLLHUP, EPOLLERR         | wake every notifier of the descriptor, as poll() would         |
/// | the kernel has no room for | the listener gets Unwatched; notifiers are tried again with    |
/// | a descriptor               | every wait, each second at least                               |
/// | a wake-up                  | an atomic state; writes the eventfd only if the thread sleeps  |
/// | timers                     | TimerQueue; the wait's timeout is the next due time, rounded   |
/// |                            | up to epoll's millisecond                                      |
class EpollDispatcher final : public QAbstractEventDispatcher
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EpollDispatcher)

public:
    explicit EpollDispatcher(QObject *parent = nullptr);
    ~EpollDispatcher() override;

    bool processEvents(QEventLoop::ProcessEventsFlags flags) override;

    void registerSocketNotifier(QSocketNotifier *notifier) override;
    void unregisterSocketNotifier(QSocketNotifier *notifier) override;

    void registerTimer(int timerId, qint64 interval, Qt::TimerType timerType,
                       QObject *object) override;
    bool unregisterTimer(int timerId) override;
    bool unregisterTimers(QObject *object) override;
    [[nodiscard]] QList<TimerInfo> registeredTimers(QObject *object) const override;
    [[nodiscard]] int remainingTime(int timerId) override;

    void wakeUp() override;
    void interrupt() override;

    /// Null if the calling thread has another one: PROXY_EVENT_DISPATCHER may choose Qt's.
    [[nodiscard]] static EpollDispatcher *ofThisThread();
    // For DescriptorWatch. A descriptor has one listener: the last that wanted some event. If
    // another one wants nothing, that has no effect.
    void watch(int descriptor, DescriptorListener &listener, quint8 events);
    void watchEndsWithClose(int descriptor, const DescriptorListener &listener);
    [[nodiscard]] bool isKnownHealthy(int descriptor) const { return m_healthy == descriptor; }

private:
    static constexpr int notifierTypes = 3; ///< Read, Write, Exception: the values of the enum

    /// One watched descriptor.
    struct Watch
    {
        std::array<QSocketNotifier *, notifierTypes> notifiers {};
        DescriptorListener *listener = nullptr; ///< null: wants nothing
        quint32 generation = 0;
        quint32 known = 0;      ///< the interest that the kernel knows; 0: no epoll entry
        quint8 wanted = 0;      ///< DescriptorEvents that the listener wants
        quint8 happened = 0;    ///< of these, the ones to be delivered
        quint8 ready = 0;       ///< notifiers to be activated, a bit for each type
        bool isHealthy = false; ///< the kernel's last report had no hang-up and no error
        bool isDirty = false;   ///< listed in m_dirty
        [[nodiscard]] quint32 interest() const;
    };

    struct Ready
    {
        int descriptor;
        quint32 generation;
    };

    /// The thread's activity, for threads that wake it.
    enum class Activity {
        Running,
        Waiting, ///< in the kernel, or about to be: a wake-up must write the eventfd
        Woken,   ///< must not wait
    };

    void wait(int timeout);
    void waitForWakeUp(int timeout);
    /// Not a QHash, whose look-ups check for copies: a short tunnel makes two dozen look-ups.
    using Watches = std::unordered_map<int, Watch>;

    [[nodiscard]] Watch &watchOf(int descriptor);
    void noteChange(int descriptor, Watch &watch);
    void noteEndedInterest(Watches::iterator watch);
    void tellKernel();
    [[nodiscard]] int tellKernel(int descriptor, Watch &watch);
    void handleRefusal(int descriptor, int error);
    void logShortage(int error);
    [[nodiscard]] bool collect(quint64 data, quint32 events);
    void recreateEpoll();
    [[nodiscard]] quint32 nextGeneration();
    int deliverReady();
    static void deliver(Watch &watch);
    int deliverTimers();
    [[nodiscard]] int timeoutForTimers() const;

    int m_wakeUp; ///< an eventfd
    int m_epoll;
    std::atomic<Activity> m_activity { Activity::Running };
    std::atomic<bool> m_interrupted { false };

    Watches m_watches;
    quint32 m_lastGeneration = 0;
    std::vector<int> m_dirty;   ///< descriptors whose interest the kernel does not know yet
    std::vector<int> m_refused; ///< of these, the ones to be tried again: the kernel had no room
    std::optional<TimePoint> m_shortageLogged;
    std::deque<Ready> m_ready; ///< shared with nested loops
    int m_healthy = -1;        ///< the descriptor being delivered, if it is healthy
    TimerQueue m_timers;
};

} // namespace sami::net
