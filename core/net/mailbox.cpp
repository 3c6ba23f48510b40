// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/mailbox.h"

#include "net/later.h"

#include <QCoreApplication>
#include <QEvent>
#include <QObject>

#include <utility>

namespace sami::net {

class Mailbox::Receiver final : public QObject
{
public:
    Receiver(std::shared_ptr<Mailbox> mailbox, std::function<void()> abandoned, QObject *parent)
        : QObject(parent), m_mailbox(std::move(mailbox)), m_abandoned(std::move(abandoned))
    {}
    ~Receiver() override
    {
        bool isAbandoned = false;
        {
            const std::lock_guard lock(m_mailbox->m_mutex);
            isAbandoned = !m_mailbox->m_posted;
            m_mailbox->m_receiver = nullptr;
            m_mailbox->m_message = nullptr;
        }
        // Outside our lock: a sender posts with its own lock held, and this call may take that
        // lock.
        if (isAbandoned && m_abandoned)
            m_abandoned();
    }
    Q_DISABLE_COPY_MOVE(Receiver)

protected:
    void customEvent(QEvent *) override
    {
        std::function<void()> message;
        {
            const std::lock_guard lock(m_mailbox->m_mutex);
            message = std::exchange(m_mailbox->m_message, nullptr);
        }
        // The message may destroy the context, and with it this receiver while it is running. So
        // the receiver leaves its parent first.
        setParent(nullptr);
        const LaterPtr<Receiver> ours(this);
        message();
    }

private:
    std::shared_ptr<Mailbox> m_mailbox;
    std::function<void()> m_abandoned;
};

std::shared_ptr<Mailbox> Mailbox::open(QObject *context, std::function<void()> abandoned)
{
    std::shared_ptr<Mailbox> mailbox(new Mailbox);
    mailbox->m_receiver = new Receiver(mailbox, std::move(abandoned), context);
    return mailbox;
}

void Mailbox::post(std::function<void()> message)
{
    const std::lock_guard lock(m_mutex);
    if (!m_receiver || std::exchange(m_posted, true))
        return;
    m_message = std::move(message);
    QCoreApplication::postEvent(m_receiver, new QEvent(QEvent::User));
}

bool Mailbox::isOpen() const
{
    const std::lock_guard lock(m_mutex);
    return m_receiver && !m_posted;
}

} // namespace sami::net
