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

/// Decides which of a worker's journeys set up a connection to a parent now, and which wait. If a
/// thousand handshakes ran at once, each would take as long as all of them, and be late. With
/// `atOnce` at a time, each takes only its own time. Waiting journeys are served in the order of
/// arrival; each bounds its own wait.
///
///     what happens                             then
///     a journey asks while a place is free     it gets one at once
///     it asks while none is free               it waits in line
///     a place is released                      the first in that parent's line gets it, by `turn`
///     a waiting journey gives up               it leaves the line
///
/// A set-up is TCP, and TLS if the parent speaks it. The request and its answer are not part of it:
/// they take as long as the destination likes. Each worker has its own turns, so nobody waits for a
/// lock or for another thread; a parent may see `atOnce` set-ups from each worker.
///
/// Pure; in the worker's thread. Outlives its places.
class SetupTurns
{
    Q_DISABLE_COPY_MOVE(SetupTurns)

public:
    /// As many as a proxy of ours accepts from one client at once (door::HandshakeBounds). At round
    /// trips of 300 ms that is still a hundred set-ups a second.
    static constexpr int atOnce = 64;

    class Place;
    using PlacePtr = std::unique_ptr<Place>;

    SetupTurns() = default;
    ~SetupTurns() { Q_ASSERT(m_lines.empty()); }

    /// If there is no free place, `turn` is called once when one is. That happens inside the
    /// release of another place, so `turn` may only post an event.
    [[nodiscard]] PlacePtr take(const config::Parent &parent, std::function<void()> turn);

private:
    /// The journeys that set up connections to one parent, and those that wait for a place.
    struct Line
    {
        config::Parent parent;
        int underWay = 0;
        std::list<Place *> waiting {};
    };
    using LineIterator = std::list<Line>::iterator;

    void giveBack(Place &place);

    std::list<Line> m_lines; ///< one for each parent that is being connected to
};

/// One journey's place: in the line, then for as long as its set-up takes.
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
