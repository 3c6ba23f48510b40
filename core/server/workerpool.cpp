// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/workerpool.h"

#include "net/eventdispatcher.h"

#include <utility>

namespace sami::server {

WorkerPool::WorkerPool(int count, SharedState &shared, const ActiveSettingsPtr &active)
{
    shared.places.setWorkers(count);
    for (int i = 0; i < count; ++i) {
        Member member { std::make_unique<QThread>(),
                        std::make_unique<Worker>(shared, active, i == 0) };
        member.thread->setObjectName(QStringLiteral("sami-worker-%1").arg(i));
        if (active->settings.eventDispatcher == config::Backend::Native)
            net::installEventDispatcher(*member.thread);
        member.worker->moveToThread(member.thread.get());
        member.thread->start();
        m_members.push_back(std::move(member));
    }
}

WorkerPool::~WorkerPool()
{
    for (const Member &member : m_members) {
        Worker *worker = member.worker.get();
        QThread *thread = member.thread.get();
        QMetaObject::invokeMethod(
            worker,
            [worker, thread] {
                worker->shutDown();
                thread->quit();
            },
            Qt::QueuedConnection);
    }
    for (const Member &member : m_members)
        member.thread->wait();
    // The threads are gone, so it is safe to free what they owned here.
}

void WorkerPool::dispatch(Arrival arrival, Places::Place place)
{
    Worker *worker = m_members[static_cast<std::size_t>(place.worker())].worker.get();
    QMetaObject::invokeMethod(
        worker,
        [worker, arrival = std::move(arrival), place = std::move(place)]() mutable {
            worker->adopt(std::move(arrival), std::move(place));
        },
        Qt::QueuedConnection);
}

void WorkerPool::publish(const ActiveSettingsPtr &active)
{
    for (const Member &member : m_members)
        member.worker->publish(active);
}

void WorkerPool::forEach(const std::function<void(Worker &)> &action)
{
    for (const Member &member : m_members) {
        Worker *worker = member.worker.get();
        QMetaObject::invokeMethod(
            worker, [worker, action] { action(*worker); }, Qt::QueuedConnection);
    }
}

} // namespace sami::server
