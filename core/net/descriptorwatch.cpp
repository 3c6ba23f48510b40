// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/descriptorwatch.h"

#include "net/epolldispatcher.h"

#include <QEvent>
#include <QSocketNotifier>

#include <array>
#include <utility>

namespace sami::net {

namespace {

constexpr std::array<std::pair<DescriptorEvent, QSocketNotifier::Type>, 3> types { {
    { Readable, QSocketNotifier::Read },
    { Writable, QSocketNotifier::Write },
    { HungUp, QSocketNotifier::Exception },
} };

/// Calls the listener from within event(): connecting to a signal would cost some 500 octets.
class Notifier final : public QSocketNotifier
{
public:
    Notifier(int descriptor, Type type, DescriptorListener &listener, DescriptorEvent what)
        : QSocketNotifier(descriptor, type), m_listener(listener), m_what(what)
    {}

protected:
    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::SockAct)
            return QSocketNotifier::event(event);
        m_listener.handleDescriptorEvent(m_what);
        return true;
    }

private:
    DescriptorListener &m_listener;
    const DescriptorEvent m_what;
};

} // namespace

class DescriptorWatch::Notifiers
{
public:
    void want(int descriptor, DescriptorListener &listener, quint8 events)
    {
        // Enables before disabling: an interest that changes costs the dispatcher less than one
        // that ends and begins.
        for (const bool enabled : { true, false }) {
            for (size_t i = 0; i < types.size(); ++i) {
                const auto [what, type] = types[i];
                if (((events & what) != 0) != enabled)
                    continue;
                std::unique_ptr<Notifier> &notifier = m_notifiers[i];
                if (enabled && !notifier)
                    notifier = std::make_unique<Notifier>(descriptor, type, listener, what);
                else if (notifier && notifier->isEnabled() != enabled)
                    notifier->setEnabled(enabled);
            }
        }
    }

private:
    std::array<std::unique_ptr<Notifier>, types.size()> m_notifiers;
};

DescriptorWatch::DescriptorWatch(int descriptor, DescriptorListener &listener)
    : m_descriptor(descriptor), m_listener(listener)
{}

DescriptorWatch::~DescriptorWatch()
{
    want(0);
}

void DescriptorWatch::want(quint8 events)
{
    if (events == m_wanted)
        return;
    m_wanted = events;
    if (!m_dispatcher && !m_notifiers) {
        m_dispatcher = EpollDispatcher::ofThisThread();
        if (!m_dispatcher)
            m_notifiers = std::make_unique<Notifiers>();
    }
    if (m_dispatcher)
        m_dispatcher->watch(m_descriptor, m_listener, events);
    else
        m_notifiers->want(m_descriptor, m_listener, events);
}

void DescriptorWatch::endWithClose()
{
    if (m_wanted == 0)
        return;
    if (m_dispatcher) {
        m_wanted = 0;
        m_dispatcher->watchEndsWithClose(m_descriptor, m_listener);
    } else {
        want(0);
    }
}

bool DescriptorWatch::isKnownHealthy() const
{
    return m_dispatcher && m_dispatcher->isKnownHealthy(m_descriptor);
}

} // namespace sami::net
