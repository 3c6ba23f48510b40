// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/warmconnections.h"

#include <QTimerEvent>

#include <algorithm>
#include <iterator>
#include <utility>

namespace sami::route {

WarmConnections::WarmConnections(net::ExtraDescriptors &extras, QObject *parent, Now now)
    : QObject(parent), m_extras(extras), m_now(std::move(now))
{}

WarmConnections::~WarmConnections() = default;

net::StreamPtr WarmConnections::take(const config::Parent &parent)
{
    if (!m_reach || !parent.usesTls())
        return {};
    const auto isOfIt = [&parent](const auto &kept) { return kept.parent == parent; };
    auto used = std::find_if(m_used.begin(), m_used.end(), isOfIt);
    if (used == m_used.end())
        used = m_used.insert(m_used.end(), { parent });
    used->last = m_now();
    used->isGivenUp = false;
    // The journey goes first; the next turn of the event loop replaces what it took.
    m_timer.start(0, this);
    for (;;) {
        const auto oldest = std::find_if(m_waiting.begin(), m_waiting.end(), isOfIt);
        if (oldest == m_waiting.end())
            return {};
        Waiting kept = std::move(*oldest);
        m_waiting.erase(oldest);
        kept.stream->setListener(nullptr);
        kept.stream->setReadEnabled(false);
        // An end, or octets that nobody asked for, may not have reached us through the event loop
        // yet.
        if (m_now() - kept.since < maxAge && kept.stream->isSilent())
            return std::move(kept.stream);
    }
}

void WarmConnections::setReach(ParentReach reach)
{
    m_reach = std::move(reach);
    m_timer.stop();
    m_used.clear();
    m_dials.clear();
    m_waiting.clear();
}

void WarmConnections::tend()
{
    const TimePoint now = m_now();
    m_waiting.remove_if([now](const Waiting &kept) { return now - kept.since >= maxAge; });
    m_used.remove_if([now](const Used &used) { return now - used.last >= usedWithin; });
    for (const Used &used : m_used) {
        if (!used.isGivenUp)
            fill(used);
    }
    armTimer();
}

void WarmConnections::fill(const Used &used)
{
    const auto isOfIt = [&used](const auto &kept) { return kept.parent == used.parent; };
    auto count = std::count_if(m_waiting.begin(), m_waiting.end(), isOfIt)
        + std::count_if(m_dials.begin(), m_dials.end(), isOfIt);
    for (; count < perParent; ++count) {
        if (size() + static_cast<qsizetype>(m_dials.size()) >= m_capacity)
            return;
        net::ExtraDescriptors::Slot place = m_extras.take();
        if (!place.isTaken())
            return;
        begin(used.parent, std::move(place));
    }
}

void WarmConnections::begin(const config::Parent &parent, net::ExtraDescriptors::Slot place)
{
    WarmDial &dialling = m_dials.emplace_back();
    dialling.number = ++m_lastDial;
    dialling.parent = parent;
    dialling.place = std::move(place);
    dialling.dial =
        m_reach(parent, patience,
                [this, number = dialling.number](Result<ReachedParent, ParentFault> result) {
                    handleReached(number, std::move(result));
                });
}

void WarmConnections::handleReached(quint64 number, Result<ReachedParent, ParentFault> result)
{
    const auto found =
        std::find_if(m_dials.begin(), m_dials.end(),
                     [number](const WarmDial &dialling) { return dialling.number == number; });
    if (found == m_dials.end())
        return;
    WarmDial dialling = std::move(*found);
    m_dials.erase(found);
    if (!result) {
        giveUp(dialling.parent);
        return;
    }
    net::StreamPtr stream = std::move(result->stream);
    stream->setListener(this);
    stream->setReadEnabled(true);
    m_waiting.push_back(
        { std::move(dialling.parent), std::move(stream), std::move(dialling.place), m_now() });
    // This one is the youngest. A running timer is for the oldest, or to replace what take() took.
    if (!m_timer.isActive())
        armTimer();
}

void WarmConnections::drop(const net::ByteStream &stream)
{
    const auto found =
        std::find_if(m_waiting.begin(), m_waiting.end(),
                     [&stream](const Waiting &kept) { return kept.stream.get() == &stream; });
    if (found == m_waiting.end())
        return;
    giveUp(found->parent);
    m_waiting.erase(found);
}

/// Otherwise a parent that closes or refuses such connections would be dialled again and again.
void WarmConnections::giveUp(const config::Parent &parent)
{
    for (Used &used : m_used) {
        if (used.parent == parent)
            used.isGivenUp = true;
    }
}

void WarmConnections::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_timer.timerId())
        tend();
    else
        QObject::timerEvent(event);
}

/// The oldest is in front, and nothing else expires: one timer serves all.
void WarmConnections::armTimer()
{
    m_timer.stop();
    if (m_waiting.empty())
        return;
    const Clock::duration left = m_waiting.front().since + maxAge - m_now();
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    // Never 0: a coarse timer that is early must not spin.
    m_timer.start(static_cast<int>(std::max<qint64>(milliseconds, 1)), this);
}

} // namespace sami::route
