// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/mailbox.h"

#include <utility>

namespace sami::net {

std::shared_ptr<Mailbox> Mailbox::open(QObject *context)
{
    std::shared_ptr<Mailbox> mailbox(new Mailbox(context));
    mailbox->m_watch = QObject::connect(
        context, &QObject::destroyed, context,
        [mailbox] {
            const std::lock_guard lock(mailbox->m_mutex);
            mailbox->m_context = nullptr;
        },
        Qt::DirectConnection);
    return mailbox;
}

void Mailbox::post(std::function<void()> message)
{
    const std::lock_guard lock(m_mutex);
    QObject *context = std::exchange(m_context, nullptr);
    if (!context)
        return;
    // The connection holds a reference to this mailbox; it is let go in the context's thread.
    QMetaObject::invokeMethod(
        context,
        [watch = m_watch, message = std::move(message)] {
            QObject::disconnect(watch);
            message();
        },
        Qt::QueuedConnection);
}

bool Mailbox::isOpen() const
{
    const std::lock_guard lock(m_mutex);
    return m_context != nullptr;
}

} // namespace sami::net
