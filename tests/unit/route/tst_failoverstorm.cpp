// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "failoverworld.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

using namespace sami;
using namespace sami::route;
using namespace std::chrono_literals;
using config::Parent;
using test::listOf;
using test::timeout;
using test::World;

namespace {

const QList<QByteArray> lists { "s1 s2 direct", "s1 h2 s3", "h1 s2 h3 direct", "s1 direct",
                                "s1 s2 h3" };

struct Traveller
{
    Attempt attempt;
    QByteArrayList asked;
    QByteArray current; ///< the parent being asked
    bool hadTlsFault = false;
};

/// Random concurrent journeys over parents of random health, under changing settings. The
/// requirements are stated without regard to the implementation; a text means a breach.
class Storm
{
public:
    explicit Storm(unsigned seed)
        : m_random(seed), m_list(lists[draw(int(lists.size()))]), m_world(m_list),
          m_preferred(m_list.split(' ').first())
    {}

    QByteArray step()
    {
        m_world.now += std::chrono::milliseconds(draw(3000));
        if (draw(400) == 0)
            changeSettings();
        if (m_travellers.size() < 8 && draw(2) == 0) {
            Traveller traveller;
            traveller.attempt = m_world.failover.begin(timeout, size_t(draw(4)), m_world.now);
            m_travellers.push_back(traveller);
        }
        for (size_t i = 0; i < m_travellers.size() && m_breach.isEmpty();) {
            if (isOver(m_travellers[i]))
                m_travellers.erase(m_travellers.begin() + qsizetype(i));
            else
                ++i;
        }
        std::set<QByteArray> dead;
        for (const char *name : { "s1", "s2", "h1", "h2", "s3", "h3" }) {
            if (draw(4) == 0)
                dead.insert(name);
        }
        m_world.probe(dead);
        lookAtSwitches();
        return m_breach;
    }

    /// Makes every parent well: the order of the settings must come back.
    QByteArray calm()
    {
        m_world.failover.setParents(listOf(m_list), m_world.now); // for those that were shut out
        m_world.pass(400s);
        for (const ParentState &state : m_world.failover.states(m_world.now))
            require(state.condition == ParentCondition::Healthy, "everybody is healthy again");
        require(m_world.order().startsWith(m_list.split(' ').first()), "the order is restored");
        return m_breach;
    }

private:
    int draw(int below) { return int(m_random() % static_cast<unsigned>(below)); }
    void require(bool isSo, const char *what)
    {
        if (!isSo && m_breach.isEmpty())
            m_breach = what;
    }

    void changeSettings()
    {
        m_list = lists[draw(int(lists.size()))];
        m_world.failover.setParents(listOf(m_list), m_world.now);
        m_distrusted.clear(); // which ones stayed is not tracked, so less is required of them
        m_unwellAt.clear();
        m_preferred.reset();
    }

    bool isOver(Traveller &traveller)
    {
        if (traveller.current.isEmpty()) {
            const auto candidate = m_world.failover.next(traveller.attempt, m_world.now);
            if (candidate)
                lookAt(traveller, *candidate);
            return !candidate;
        }
        return draw(3) > 0 && hearsOf(traveller);
    }

    void lookAt(Traveller &traveller, const Candidate &candidate)
    {
        const Parent &parent = traveller.attempt.parents()[qsizetype(candidate.parent)];
        const QByteArrayList names = m_list.split(' ');
        require(!traveller.asked.contains(parent.name), "nobody is asked twice");
        require(!traveller.hadTlsFault || parent.usesTls(), "never weaker in one journey");
        require(names.contains(parent.name), "only who is in the settings, direct too");
        require(candidate.share > 0ms && candidate.share <= timeout, "not more time than there is");
        for (const QByteArray &name : names.mid(0, names.indexOf(parent.name)))
            require(parent.usesTls() || !m_distrusted.contains(name), "never weaker in the next");
        traveller.current = parent.name;
        traveller.asked.append(parent.name);
    }

    bool hearsOf(Traveller &traveller)
    {
        const int what = draw(14);
        if (what < 6) {
            m_world.failover.done(traveller.attempt, std::nullopt, m_world.now);
            return true;
        }
        auto fault = static_cast<ParentFault>(what - 6);
        if (fault == ParentFault::Credentials && draw(10) > 0)
            fault = ParentFault::Unreachable;
        m_world.failover.failed(traveller.attempt, fault, m_world.now);
        traveller.hadTlsFault = traveller.hadTlsFault || fault == ParentFault::Tls;
        if (m_world.state(traveller.current).fault == ParentFault::Tls)
            m_distrusted.insert(traveller.current);
        traveller.current.clear();
        const bool isAnswer = fault == ParentFault::Credentials || fault == ParentFault::Destination
            || fault == ParentFault::Ourselves;
        if (isAnswer) {
            require(!m_world.failover.next(traveller.attempt, m_world.now),
                    "nobody is asked after an answer");
        }
        return isAnswer;
    }

    void lookAtSwitches()
    {
        for (const Switch &change : m_world.failover.takeSwitches()) {
            require(!m_preferred || change.from == *m_preferred, "switches tell all");
            require(change.from != change.to, "a switch is one");
            m_preferred = change.to;
            if (change.fault)
                continue;
            require(change.to == change.who, "who is well again is who leads");
            require(!m_unwellAt.contains(change.who) || m_world.now - m_unwellAt[change.who] >= 60s,
                    "who leads again was well for a minute");
        }
        for (const ParentState &state : m_world.failover.states(m_world.now)) {
            const bool isHealthy = state.condition == ParentCondition::Healthy;
            if (isHealthy)
                m_distrusted.erase(state.name);
            else if (state.goodSigns == 0)
                m_unwellAt[state.name] = m_world.now;
        }
    }

    std::mt19937 m_random;
    QByteArray m_list;
    World m_world;
    std::vector<Traveller> m_travellers;
    std::set<QByteArray> m_distrusted; ///< had a TLS fault and have not been healthy since
    std::map<QByteArray, TimePoint> m_unwellAt;
    std::optional<QByteArray> m_preferred;
    QByteArray m_breach;
};

} // namespace

class TestFailoverStorm : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsItsInvariants();
};

void TestFailoverStorm::holdsItsInvariants()
{
    for (unsigned seed = 1; seed <= 100; ++seed) {
        Storm storm(seed);
        for (int step = 0; step < 1500; ++step) {
            const QByteArray breach = storm.step();
            QVERIFY2(breach.isEmpty(),
                     ("seed " + QByteArray::number(seed) + ": " + breach).constData());
        }
        const QByteArray breach = storm.calm();
        QVERIFY2(breach.isEmpty(),
                 ("seed " + QByteArray::number(seed) + ": " + breach).constData());
    }
}

QTEST_APPLESS_MAIN(TestFailoverStorm)
#include "tst_failoverstorm.moc"
