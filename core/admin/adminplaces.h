// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <QHostAddress>

#include <optional>
#include <vector>

namespace sami::admin {

/// Distributes the few places of a kind of door. Pure; the admin server's thread.
///
///     who comes                       with strangers' places     otherwise
///     a stranger                      free: gets one             takes a stranger's place: of the
///                                                                address with most strangers, the
///                                                                one that came first
///     a stranger becomes known        left for others: yes       no, if all other places are taken
///     known from the start (a peer    the same                   is turned away
///     of the Unix socket)
///
/// A stranger has not shown a token yet. So a crowd of strangers can only keep out other strangers.
class AdminPlaces
{
public:
    AdminPlaces(int all, int strangers) : m_all(all), m_strangers(strangers) {}

    /// Returns the id of the stranger that has to make way; 0 if none (no id is 0).
    [[nodiscard]] quint64 enterStranger(quint64 id, const QHostAddress &from);
    [[nodiscard]] bool enterKnown(quint64 id);
    /// A stranger has shown a token. Returns false if there is no room; it stays a stranger.
    [[nodiscard]] bool makeKnown(quint64 id);
    void leave(quint64 id);

private:
    struct Stranger
    {
        quint64 id = 0;
        QHostAddress from;
    };

    int m_all;
    int m_strangers;
    std::vector<Stranger> m_unknown; ///< in order of arrival
    std::vector<quint64> m_known;
};

} // namespace sami::admin
