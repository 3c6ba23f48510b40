// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "server/worker.h"

#include <QThread>

#include <functional>
#include <memory>
#include <vector>

namespace sami::server {

/// The worker threads. Descriptors cross threads here; sockets never do.
class WorkerPool
{
    Q_DISABLE_COPY_MOVE(WorkerPool)

public:
    WorkerPool(int count, SharedState &shared, const ActiveSettingsPtr &active);
    /// Ends all sessions and joins the threads.
    ~WorkerPool();

    /// Passes an accepted connection to the worker of its place. Thread-safe.
    void dispatch(Arrival arrival, Places::Place place);
    /// Gives all workers new rules. A worker handles calls in order, so whatever is dispatched
    /// after this returns is judged by these rules.
    void publish(const ActiveSettingsPtr &active);
    /// Runs `action` for each worker, in that worker's thread, later.
    void forEach(const std::function<void(Worker &)> &action);
    [[nodiscard]] int size() const { return static_cast<int>(m_members.size()); }

private:
    struct Member
    {
        std::unique_ptr<QThread> thread;
        std::unique_ptr<Worker> worker;
    };
    std::vector<Member> m_members;
};

} // namespace sami::server
