// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <QByteArray>
#include <QHostAddress>

#include <vector>

namespace sami::admin {

/// Distributes the few places of a kind of door. Pure; the admin server's thread.
///
///     what happens                    with a place left          otherwise
///     a stranger comes                gets one                   takes a stranger's place: the
///                                                                first to come from the network
///                                                                with the most strangers
///     a stranger shows a token        becomes known              stays a stranger: all places for
///                                                                the known are taken, or all that
///                                                                one token may have
///     the known shows another token   counts as that one's       stays the first one's
///     a peer of a Unix socket comes   gets one for such peers    is told that there is none, in
///                                                                one of as many further places;
///                                                                beyond these it is turned away
///
/// A stranger has not shown a token yet. So a crowd of strangers keeps out only other strangers, a
/// token only itself, and neither keeps out a peer of a Unix socket.
class AdminPlaces
{
public:
    struct Numbers
    {
        int strangers = 0;
        int known = 0;
        int perToken = 0;
        int peers = 0;
    };
    enum class Peer { Served, ToldSo, TurnedAway };

    explicit AdminPlaces(const Numbers &numbers) : m_numbers(numbers) {}

    /// Returns the id of the stranger that has to make way; 0 if none (no id is 0).
    [[nodiscard]] quint64 enterStranger(quint64 id, const QHostAddress &from);
    [[nodiscard]] Peer enterPeer(quint64 id);
    /// The client `id`, a stranger or already known, has shown the token of that name. Returns
    /// false if there is no place for it.
    [[nodiscard]] bool makeKnown(quint64 id, const QByteArray &token);
    void leave(quint64 id);

private:
    struct Stranger
    {
        quint64 id = 0;
        QHostAddress from;
    };
    struct Known
    {
        quint64 id = 0;
        QByteArray token;
    };

    Numbers m_numbers;
    std::vector<Stranger> m_strangers; ///< in order of arrival
    std::vector<Known> m_known;
    std::vector<quint64> m_peers;
    std::vector<quint64> m_told;
};

} // namespace sami::admin
