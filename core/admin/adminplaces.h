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
///     who comes                       with a place left          otherwise
///     a stranger                      gets one                   takes a stranger's place: of the
///                                                                network with most strangers, the
///                                                                one that came first
///     a stranger shows a token        becomes known              no, if all places of the known
///     are
///                                                                taken, or all that one token may
///                                                                have; stays a stranger
///     the known shows another token   counts as that one's       no, if that one has all it may
///     a peer of the Unix socket       gets one of its own        is told so, in one of as many
///                                                                places; beyond these turned away
///
/// A stranger has not shown a token yet. So a crowd of strangers can only keep out other strangers,
/// a token can only keep out itself, and nobody can keep out the user at the machine.
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
    /// A stranger, or one that is known already, has shown that token, by its name.
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
