// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QMetaObject>
#include <QObject>

#include <functional>
#include <memory>
#include <mutex>

namespace sami::net {

/// The way from any thread to an object that may die in its own thread at any moment.
///
/// A QPointer would not do: between its check and the call the object can be destroyed by its
/// thread. Here the object's address is guarded by a mutex, and the object's destroyed() takes
/// that mutex to erase it. So while a sender holds the mutex the object cannot get past
/// destroyed(), and whatever is posted to it afterwards is taken back by QObject's destructor.
class Mailbox : public std::enable_shared_from_this<Mailbox>
{
    Q_DISABLE_COPY_MOVE(Mailbox)

public:
    /// In the thread of `context`.
    [[nodiscard]] static std::shared_ptr<Mailbox> open(QObject *context);

    /// Calls `message` by a queued call in the context's thread and closes the mailbox. From any
    /// thread. Does nothing when the context is gone; `message` is destroyed in either thread, so
    /// it must not own anything that belongs to one.
    void post(std::function<void()> message);
    [[nodiscard]] bool isOpen() const;

private:
    explicit Mailbox(QObject *context) : m_context(context) {}

    mutable std::mutex m_mutex;
    QObject *m_context;
    QMetaObject::Connection m_watch;
};

} // namespace sami::net
