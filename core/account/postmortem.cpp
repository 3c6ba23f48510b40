// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/postmortem.h"

#include "account/accesslog.h"
#include "account/loggedtarget.h"

#include <utility>

namespace sami::account {

namespace {

/// Three lines per connection, enough for health checks or both halves of a 407 exchange.
constexpr qint64 freeCredit = 1120;

/// How much of a target fits into one of those lines, however it is escaped.
constexpr qsizetype maxUnpaidTarget = 64;

/// Initialises the client here: an empty QHostAddress, replaced later, would cost an allocation.
FinishedWork newWork(const ConnectionRecord &record)
{
    return { .id = record.id,
             .client = record.client().address,
             .via = record.via(),
             .isOwn = record.isOwn };
}

} // namespace

PostMortem::PostMortem(const Ledger &ledger, ConnectionRecord &record)
    : m_ledger(ledger), m_record(record), m_credit(freeCredit), m_work(newWork(record))
{}

void PostMortem::begin(TimePoint now)
{
    m_isOpen = true;
    m_isByParent = false;
    m_began = now;
    m_upBefore = m_record.traffic.up();
    m_downBefore = m_record.traffic.down();
    m_record.traffic.beginWork(now);
    m_work = newWork(m_record);
    m_work.beganAt = WallClock::now();
}

void PostMortem::describe(QByteArray user, QByteArray method, QByteArray target, Endpoint endpoint)
{
    m_work.user = std::move(user);
    m_work.method = std::move(method);
    m_work.target = std::move(target);
    m_work.endpoint = std::move(endpoint);
    m_record.requests.fetch_add(1, std::memory_order_relaxed);
    publish();
}

void PostMortem::describeRefused(QByteArrayView method, QByteArrayView target, bool isTargetWhole)
{
    if (method.isEmpty())
        return;
    m_work.method = method.toByteArray();
    if (isTargetWhole) {
        if (const auto parsed = http::parseRequestTarget(method, target)) {
            m_work.target = loggedTarget(*parsed);
            m_work.endpoint = parsed->endpoint;
        }
    }
    if (m_work.target.isEmpty())
        m_work.target = loggedRawTarget(target, isTargetWhole);
    // Its line is always written, so it must not cost more than others.
    if (m_work.target.size() > maxUnpaidTarget && accessLineCost(m_work) > m_credit)
        m_work.target = m_work.target.first(maxUnpaidTarget) + "...";
}

void PostMortem::setUser(QByteArray user)
{
    m_work.user = std::move(user);
    publish();
}

void PostMortem::publish()
{
    m_record.describe(m_began, m_work.user, m_work.method, m_work.target, m_work.endpoint);
}

void PostMortem::setDial(Clock::duration duration)
{
    m_work.dial = duration;
    m_record.setDial(duration);
}

void PostMortem::setRoute(QByteArray name, bool isByParent,
                          std::optional<Clock::duration> routeDial)
{
    m_isByParent = isByParent;
    m_record.setRoute(name);
    m_work.route = std::move(name);
    m_work.routeDial = routeDial;
}

void PostMortem::report(policy::Refusal wouldRefuse)
{
    m_work.wouldRefuse = wouldRefuse;
    m_ledger.refused({ m_work.client, m_work.endpoint, wouldRefuse, WallClock::now(), true });
}

void PostMortem::close(int status, const Ending &ending, TimePoint now, bool hasLine)
{
    if (!std::exchange(m_isOpen, false))
        return;
    m_work.finishedAt = WallClock::now();
    m_work.entrance = m_record.entrance.load(std::memory_order_relaxed);
    m_work.status = status;
    m_work.up = m_record.traffic.up() - m_upBefore;
    m_work.down = m_record.traffic.down() - m_downBefore;
    if (const auto first = m_record.traffic.firstDown())
        m_work.firstByte = *first - m_began;
    m_work.silence = m_record.traffic.longestSilence(now);
    m_work.duration = now - m_began;
    m_work.ending = ending;
    m_work.hasLogBudget = hasLine && paysForLine();

    if (ending.how == EndedHow::Refused)
        m_ledger.refused(
            { m_work.client, m_work.endpoint, ending.reason.refusal(), m_work.finishedAt });
    m_ledger.closed(m_work);
}

bool PostMortem::paysForLine()
{
    if (m_work.ending.by != EndedBy::Proxy || m_work.method.isEmpty())
        return true;
    // A kept upstream connection needs no dial.
    if (m_work.dial || m_work.up > 0)
        return true;
    switch (m_work.ending.how) {
    case EndedHow::Complete:
    case EndedHow::Refused:
    case EndedHow::Drained:
    case EndedHow::Limit:
        break;
    default: // an upstream took part, or the connection ends with it
        return true;
    }
    const qint64 cost = accessLineCost(m_work);
    if (cost > m_credit) {
        ++m_leftOut;
        return false;
    }
    m_credit -= cost;
    return true;
}

void PostMortem::endConnection()
{
    if (m_leftOut > 0)
        m_ledger.leftOut(m_work, std::exchange(m_leftOut, 0));
}

} // namespace sami::account
