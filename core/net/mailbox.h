// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <functional>
#include <memory>
#include <mutex>

QT_BEGIN_NAMESPACE
class QObject;
QT_END_NAMESPACE

namespace sami::net {

/// The way for one message from any thread to an object that may die in its own thread at any
/// moment.
///
/// A QPointer would not do: between its check and the call the object can be destroyed by its
/// thread. Here the context gets a child, the receiver, whose address is guarded by a mutex and
/// erased under it when the context takes the child along. So while a sender holds the mutex the
/// receiver cannot die, and what was posted to it is taken back when it does.
///
/// The message waits in here, not in the event: a race detector sees our mutex, but not those
/// inside Qt.
class Mailbox
{
    Q_DISABLE_COPY_MOVE(Mailbox)

public:
    /// In the thread of `context`. `abandoned` is called there when the context goes before a
    /// message was posted, and holds no lock of ours.
    [[nodiscard]] static std::shared_ptr<Mailbox> open(QObject *context,
                                                       std::function<void()> abandoned = {});

    /// Calls `message` from the event loop in the context's thread and closes the mailbox. From
    /// any thread. Does nothing when the context is gone; `message` is destroyed in either thread,
    /// so it must not own anything that belongs to one.
    void post(std::function<void()> message);
    [[nodiscard]] bool isOpen() const;

private:
    class Receiver;
    Mailbox() = default;

    mutable std::mutex m_mutex;
    Receiver *m_receiver = nullptr; ///< null when the context is gone
    std::function<void()> m_message;
    bool m_posted = false;
};

} // namespace sami::net
