// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "route/failover.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace sami::route {

using std::chrono::milliseconds;

namespace {

/// Whether both are the same proxy, used in the same way; the name does not matter.
bool isSame(const config::Parent &left, const config::Parent &right)
{
    return left.kind == right.kind && left.endpoint == right.endpoint && left.user == right.user
        && left.password == right.password && left.pins == right.pins;
}

bool isShutOut(const ParentRecord &record)
{
    return record.fault() == ParentFault::Credentials;
}

bool endsTheJourney(ParentFault fault)
{
    return fault == ParentFault::Credentials || fault == ParentFault::Destination
        || fault == ParentFault::Ourselves;
}

} // namespace

void Failover::setParents(const QList<config::Parent> &list, TimePoint now)
{
    std::vector<Entry> entries;
    auto set = std::make_shared<Attempt::Set>();
    set->list = list;
    for (const config::Parent &parent : list) {
        Entry entry;
        entry.id = ++m_lastId;
        for (size_t place = 0; place < m_entries.size(); ++place) {
            const Entry &old = m_entries[place];
            const bool isTaken =
                std::find(set->ids.begin(), set->ids.end(), old.id) != set->ids.end();
            if (!isTaken && isSame(m_set->list[qsizetype(place)], parent)) {
                entry = old;
                break;
            }
        }
        entry.record.settingsChanged(now);
        set->ids.push_back(entry.id);
        entries.push_back(std::move(entry));
    }
    m_set = std::move(set);
    m_entries = std::move(entries);
    m_preferred = preferred();
}

void Failover::networkChanged(TimePoint now)
{
    for (Entry &entry : m_entries)
        entry.record.networkChanged(now);
}

Attempt Failover::begin(milliseconds timeout, size_t destination, TimePoint now) const
{
    Attempt attempt;
    attempt.m_set = m_set;
    attempt.m_end = now + timeout;
    attempt.m_timeout = timeout;
    attempt.m_destination = destination;
    return attempt;
}

std::optional<Candidate> Failover::next(Attempt &attempt, TimePoint now) const
{
    if (attempt.m_isOver)
        return std::nullopt;
    const std::vector<size_t> others = order(attempt);
    if (others.empty()) {
        attempt.m_nobodyLeft = whyNobody(attempt);
        return std::nullopt;
    }
    const milliseconds third = attempt.m_timeout / 3;
    const milliseconds least = std::min(minShare, third);
    const auto left = std::chrono::floor<milliseconds>(attempt.m_end - now);
    if (!attempt.m_asked.empty() && left < std::max(least, milliseconds(1))) {
        attempt.m_nobodyLeft = NobodyLeft::NoneAnswers;
        return std::nullopt;
    }
    const milliseconds part = left / static_cast<qint64>(others.size());
    const milliseconds share =
        others.size() == 1 ? left : std::min(std::clamp(part, least, third), left);
    attempt.m_asked.push_back(others.front());
    attempt.m_askedAt = now;
    return Candidate { others.front(), share };
}

/// The parents left to ask, in order.
std::vector<size_t> Failover::order(const Attempt &attempt) const
{
    enum class Rank { Healthy, Well, Other };
    std::vector<std::tuple<Rank, TimePoint, size_t>> ranks;
    const Attempt::Set &set = *attempt.m_set;
    bool leadsDirect = false;
    for (size_t place = 0; place < set.ids.size(); ++place) {
        const Entry *entry = find(set.ids[place]);
        if (!entry || isAsked(attempt, place) || isBarred(set, place) || isShutOut(entry->record))
            continue;
        const config::Parent &parent = set.list[qsizetype(place)];
        if (attempt.m_wantsTls && !parent.usesTls())
            continue;
        leadsDirect = leadsDirect || parent.isDirect();
        const ParentRecord::Standing &standing = entry->record.standing();
        if (!entry->record.fault())
            ranks.emplace_back(Rank::Healthy, TimePoint(), place);
        else if (standing.goodSigns > 0)
            ranks.emplace_back(Rank::Well, standing.wellSince, place);
        else
            ranks.emplace_back(Rank::Other, standing.restEnd, place);
    }
    std::sort(ranks.begin(), ranks.end());
    std::vector<size_t> places;
    for (const auto &[rank, time, place] : ranks) {
        if (!leadsDirect || rank == Rank::Healthy) // nothing comes after direct
            places.push_back(place);
    }
    return places;
}

bool Failover::isAsked(const Attempt &attempt, size_t place)
{
    return std::find(attempt.m_asked.begin(), attempt.m_asked.end(), place)
        != attempt.m_asked.end();
}

bool Failover::isBarred(const Attempt::Set &set, size_t place) const
{
    if (set.list[qsizetype(place)].usesTls())
        return false;
    return std::any_of(set.ids.begin(), std::next(set.ids.begin(), qsizetype(place)),
                       [this](quint64 id) {
                           const Entry *before = find(id);
                           return before && before->record.isDistrusted();
                       });
}

NobodyLeft Failover::whyNobody(const Attempt &attempt) const
{
    const Attempt::Set &set = *attempt.m_set;
    bool hasShutOut = false;
    for (size_t place = 0; place < set.ids.size(); ++place) {
        const Entry *entry = find(set.ids[place]);
        if (entry && isShutOut(entry->record))
            hasShutOut = true;
        else if (entry && !isAsked(attempt, place))
            return NobodyLeft::OnlyWeaker; // only the bar on weaker parents leaves it out
    }
    return hasShutOut && attempt.m_asked.empty() ? NobodyLeft::CredentialsRefused
                                                 : NobodyLeft::NoneAnswers;
}

void Failover::failed(Attempt &attempt, ParentFault fault, TimePoint now)
{
    Q_ASSERT(!attempt.m_asked.empty());
    const size_t place = attempt.m_asked.back();
    const config::Parent &parent = attempt.parents()[qsizetype(place)];
    attempt.m_isOver = parent.isDirect() || endsTheJourney(fault);
    attempt.m_nobodyLeft =
        fault == ParentFault::Credentials ? NobodyLeft::CredentialsRefused : NobodyLeft::Over;
    attempt.m_wantsTls = attempt.m_wantsTls || isOfTls(fault);
    Entry *entry = find(attempt.m_set->ids[place]);
    if (!entry || parent.isDirect())
        return;
    entry->record.failed(fault, attempt.m_destination, attempt.m_askedAt, now);
    notePreferred(*entry, fault);
}

void Failover::done(Attempt &attempt, std::optional<Clock::duration> latency, TimePoint now)
{
    Q_ASSERT(!attempt.m_asked.empty());
    attempt.m_isOver = true;
    attempt.m_nobodyLeft = NobodyLeft::Over;
    Entry *entry = find(attempt.m_set->ids[attempt.m_asked.back()]);
    if (!entry)
        return;
    entry->record.succeeded(latency, attempt.m_askedAt, now);
    notePreferred(*entry, std::nullopt);
}

std::vector<Failover::Probe> Failover::takeDueProbes(TimePoint now)
{
    std::vector<Probe> due;
    for (size_t place = 0; place < m_entries.size(); ++place) {
        Entry &entry = m_entries[place];
        const std::optional<TimePoint> time = entry.record.probeDue();
        if (!time || now < *time)
            continue;
        entry.record.probeBegins();
        due.push_back({ entry.id, m_set->list[qsizetype(place)], now });
    }
    return due;
}

std::optional<TimePoint> Failover::nextProbe() const
{
    std::optional<TimePoint> next;
    for (const Entry &entry : m_entries) {
        if (const std::optional<TimePoint> time = entry.record.probeDue())
            next = std::min(next.value_or(*time), *time);
    }
    return next;
}

void Failover::probed(const Probe &probe, const Result<Clock::duration, ParentFault> &latency,
                      TimePoint now)
{
    Entry *entry = find(probe.id);
    if (!entry)
        return;
    entry->record.probed(latency, probe.began, now);
    notePreferred(*entry, latency ? std::nullopt : std::optional(latency.error()));
}

void Failover::sawCertificate(const config::Parent &parent, WallTime until)
{
    for (size_t place = 0; place < m_entries.size(); ++place) {
        if (isSame(m_set->list[qsizetype(place)], parent))
            m_entries[place].record.sawCertificate(until);
    }
}

std::vector<Switch> Failover::takeSwitches()
{
    return std::exchange(m_switches, {});
}

std::vector<ParentState> Failover::states(TimePoint now) const
{
    const std::vector<size_t> asked = order(begin({}, 0, now));
    std::vector<ParentState> states;
    for (size_t place = 0; place < m_entries.size(); ++place) {
        const Entry &entry = m_entries[place];
        const config::Parent &parent = m_set->list[qsizetype(place)];
        ParentState state;
        state.kind = parent.kind;
        state.name = parent.name;
        state.condition = entry.record.condition(now);
        state.fault = entry.record.fault();
        const ParentRecord::Standing &standing = entry.record.standing();
        if (state.condition == ParentCondition::Resting)
            state.rest = standing.restEnd - now;
        state.goodSigns = standing.goodSigns;
        state.isPreferred = !asked.empty() && asked.front() == place;
        state.isBarred = isBarred(*m_set, place);
        state.latency = standing.latency;
        state.certificateUntil = standing.certificateUntil;
        states.push_back(std::move(state));
    }
    return states;
}

quint64 Failover::preferred() const
{
    for (size_t place = 0; place < m_entries.size(); ++place) {
        const Entry &entry = m_entries[place];
        if (!entry.record.fault() && !isBarred(*m_set, place))
            return entry.id;
    }
    return 0;
}

void Failover::notePreferred(const Entry &who, std::optional<ParentFault> fault)
{
    const quint64 now = preferred();
    const quint64 before = std::exchange(m_preferred, now);
    if (now != before)
        m_switches.push_back({ nameOf(before), nameOf(now), nameOf(who.id), fault });
}

QByteArray Failover::nameOf(quint64 id) const
{
    for (size_t place = 0; place < m_entries.size(); ++place) {
        if (m_entries[place].id == id)
            return m_set->list[qsizetype(place)].name;
    }
    return {};
}

Failover::Entry *Failover::find(quint64 id)
{
    return const_cast<Entry *>(std::as_const(*this).find(id));
}

const Failover::Entry *Failover::find(quint64 id) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [id](const Entry &entry) { return entry.id == id; });
    return found == m_entries.end() ? nullptr : &*found;
}

} // namespace sami::route
