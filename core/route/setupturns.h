// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/parents.h"

#include <QtGlobal>

#include <functional>
#include <list>
#include <memory>
#include <utility>

namespace sami::route {

/// Which journeys of a worker set up a connection to a parent now, and which wait for that. A
/// thousand handshakes that run at once all take as long as a thousand, so each would be late;
/// `atOnce` at a time, each takes as long as it does. Who waits is served in the order of arrival,
/// and bounds its wait itself.
///
///     what happens                             then
///     a journey wants a place, and there is    it has it at once
///     one
///     it wants one, and there is none          it waits in line
///     somebody lets a place go                 who waits first for that parent has it, and is told
///     somebody lets a wait go                  it is out of the line
///
/// A set-up is TCP, and TLS where the parent speaks it; the question and its answer are none, for
/// those last as long as the destination likes. Each worker has its own, so that nobody waits for
/// a lock or for another thread: what a parent meets is that many for each worker.
///
/// Pure; in the worker's thread. Outlives its places.
class SetupTurns
{
    Q_DISABLE_COPY_MOVE(SetupTurns)

public:
    /// What a proxy of ours takes from one client at once (door::HandshakeBounds), and at round
    /// trips of 300 ms still a hundred set-ups a second.
    static constexpr int atOnce = 64;

    class Place;
    using PlacePtr = std::unique_ptr<Place>;

    SetupTurns() = default;
    ~SetupTurns() { Q_ASSERT(m_lines.empty()); }

    /// If there is no free place, `turn` is called once when one is. That happens inside the
    /// release of another place, so `turn` may only post an event.
    [[nodiscard]] PlacePtr take(const config::Parent &parent, std::function<void()> turn);

private:
    /// Before one parent.
    struct Line
    {
        config::Parent parent;
        int underWay = 0;
        std::list<Place *> waiting {};
    };
    using LineIterator = std::list<Line>::iterator;

    void giveBack(Place &place);

    std::list<Line> m_lines; ///< of parents that somebody sets up a connection to
};

/// Of one journey: in line, and then for as long as its set-up takes.
class SetupTurns::Place
{
    Q_DISABLE_COPY_MOVE(Place)

public:
    ~Place() { m_turns.giveBack(*this); }

    [[nodiscard]] bool isTaken() const { return m_isTaken; }

private:
    friend class SetupTurns;
    Place(SetupTurns &turns, LineIterator line, std::function<void()> turn)
        : m_turns(turns), m_line(line), m_turn(std::move(turn))
    {}

    SetupTurns &m_turns;
    const LineIterator m_line;
    std::function<void()> m_turn;
    bool m_isTaken = false;
};

} // namespace sami::route
