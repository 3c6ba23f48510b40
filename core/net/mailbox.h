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

/// Carries one message from any thread to an object that may be destroyed in its own thread at any
/// moment.
///
/// A QPointer would not do: the object's thread can destroy it between the check and the call. Here
/// the object (the context) gets a child, the receiver. A mutex guards the receiver's address,
/// which is cleared when the context destroys it. So the receiver cannot die while a sender holds
/// the mutex, and a message posted to it is withdrawn when it dies.
///
/// The message is stored here, not in the event: a race detector sees our mutex, but not Qt's.
class Mailbox
{
    Q_DISABLE_COPY_MOVE(Mailbox)

public:
    /// Call in the thread of `context`. If the context is destroyed before a message was posted,
    /// `abandoned` is called there, without a lock of ours.
    [[nodiscard]] static std::shared_ptr<Mailbox> open(QObject *context,
                                                       std::function<void()> abandoned = {});

    /// Calls `message` from the event loop of the context's thread, and closes the mailbox. Any
    /// thread. No effect if the context is gone. `message` may be destroyed in either thread, so it
    /// must not own anything tied to one.
    void post(std::function<void()> message);
    /// Whether the context lives and nothing was posted yet. Any thread.
    [[nodiscard]] bool isOpen() const;

private:
    class Receiver;
    Mailbox() = default;

    mutable std::mutex m_mutex;
    Receiver *m_receiver = nullptr; ///< null once the context is gone
    std::function<void()> m_message;
    bool m_posted = false;
};

} // namespace sami::net
