// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "route/failover.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>

#include <chrono>
#include <map>
#include <optional>
#include <set>

/// Simulated parents, and journeys through them.
namespace sami::test {

using namespace std::chrono_literals;
using config::Parent;
using config::ParentKind;
using route::Attempt;
using route::Candidate;
using route::Failover;
using route::NobodyLeft;
using route::ParentFault;
using route::ParentState;
using route::Switch;

inline constexpr std::chrono::milliseconds timeout { 15'000 };

/// The first letter of the name says the kind: "s…" speaks TLS, "h…" does not, and "direct".
inline Parent parentOf(const QByteArray &name)
{
    if (name == "direct")
        return Parent::direct();
    Parent parent;
    parent.kind = name.startsWith('s') ? ParentKind::Https : ParentKind::Http;
    parent.endpoint = { name + ".example", 8443 };
    parent.name = name;
    return parent;
}

inline QList<Parent> listOf(const QByteArray &names)
{
    QList<Parent> list;
    for (const QByteArray &name : names.split(' '))
        list.append(parentOf(name));
    return list;
}

inline ParentFault faultOf(const QByteArray &code)
{
    for (int number = 0; number <= static_cast<int>(ParentFault::Ourselves); ++number) {
        const auto fault = static_cast<ParentFault>(number);
        if (code == toString(fault))
            return fault;
    }
    qFatal("no such fault: %s", code.constData());
}

inline QByteArray textOf(NobodyLeft why)
{
    switch (why) {
    case NobodyLeft::NoneAnswers:
        return "none answers";
    case NobodyLeft::CredentialsRefused:
        return "credentials refused";
    case NobodyLeft::OnlyWeaker:
        return "only weaker";
    case NobodyLeft::Over:
        return "over";
    }
    return {};
}

struct World
{
    explicit World(const QByteArray &names) { failover.setParents(listOf(names), now); }

    [[nodiscard]] QByteArray ask(Attempt &attempt) const
    {
        const std::optional<Candidate> candidate = failover.next(attempt, now);
        return candidate ? attempt.parents()[qsizetype(candidate->parent)].name : QByteArray();
    }
    /// A journey on which every parent fails, except as `faults` says: "s1=tls h2=ok".
    /// Returns the parents asked.
    QByteArray journey(const QByteArray &faults = {}, size_t destination = 1)
    {
        std::map<QByteArray, QByteArray> known;
        for (const QByteArray &word : faults.split(' ')) {
            if (!word.isEmpty())
                known[word.left(word.indexOf('='))] = word.mid(word.indexOf('=') + 1);
        }
        QByteArrayList asked;
        Attempt attempt = failover.begin(timeout, destination, now);
        for (QByteArray name = ask(attempt); !name.isEmpty(); name = ask(attempt)) {
            asked.append(name);
            const QByteArray what = known.contains(name) ? known[name] : "unreachable";
            if (what == "ok") {
                failover.done(attempt, std::nullopt, now);
                break;
            }
            failover.failed(attempt, faultOf(what), now);
        }
        left = attempt.nobodyLeft();
        return asked.join(' ');
    }
    /// Ends all due probes at once.
    void probe(const std::set<QByteArray> &dead = {})
    {
        for (const Failover::Probe &probe : failover.takeDueProbes(now)) {
            if (dead.contains(probe.parent.name))
                failover.probed(probe, Unexpected(ParentFault::TimedOut), now);
            else
                failover.probed(probe, Clock::duration(1ms), now);
        }
    }
    void pass(std::chrono::seconds time, const std::set<QByteArray> &dead = {})
    {
        for (; time > 0s; time -= 1s) {
            now += 1s;
            probe(dead);
        }
    }
    /// The parents that a new journey would ask, in order.
    [[nodiscard]] QByteArray order() const
    {
        World copy = *this;
        return copy.journey();
    }
    [[nodiscard]] ParentState state(const QByteArray &name) const
    {
        for (const ParentState &state : failover.states(now)) {
            if (state.name == name)
                return state;
        }
        return {};
    }
    [[nodiscard]] QByteArray condition(const QByteArray &name) const
    {
        return toString(state(name).condition);
    }
    QByteArray switches()
    {
        QByteArrayList texts;
        for (const Switch &change : failover.takeSwitches())
            texts.append(change.from + '>' + change.to + ':' + change.who + ' '
                         + (change.fault ? QByteArray(toString(*change.fault)) : "well"));
        return texts.join(", ");
    }

    Failover failover;
    TimePoint now = TimePoint() + 1h;
    NobodyLeft left {};
};

} // namespace sami::test
