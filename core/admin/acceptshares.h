// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QHostAddress>

namespace sami::admin {

/// Decides which of a second's connections a door serves. Pure; the admin server's thread.
///
///     served this second     of a network served fewer than `few` times     of another
///     fewer than ofAll       serve                                          serve
///     fewer than most        serve, if the kernel's queue is crowded        close, if it is
///     most; or `looked` of   the door rests, and clients wait in the kernel's queue
///     them examined
///
/// Closing costs a hundredth of serving. So the door closes what a busy network sends into a
/// crowded queue: otherwise that network would fill the kernel's short queue, and others would find
/// no room. A client that waits for each answer before it connects again never crowds the queue;
/// above ofAll it waits for the next second.
class AcceptShares
{
public:
    static constexpr int ofAll = 50;
    static constexpr int most = 60;
    static constexpr int few = 5;
    static constexpr int looked = 1000;

    /// Whether to serve the next connection. A peer of a Unix socket has no address and is served.
    [[nodiscard]] bool serves(const QHostAddress &from);
    /// Only a crowded queue is a reason to accept more in this second.
    [[nodiscard]] bool isTight() const { return m_served >= ofAll; }
    /// No more may be accepted in this second.
    [[nodiscard]] bool isSpent() const { return m_served >= most || m_looked >= looked; }
    [[nodiscard]] bool isFresh() const { return m_looked == 0; }
    /// Another second begins.
    void renew() { *this = {}; }

private:
    QHash<QHostAddress, int> m_servedOf; ///< by network; `most` entries at most
    int m_served = 0;
    int m_looked = 0;
};

} // namespace sami::admin
