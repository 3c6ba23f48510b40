// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"

#include <QHostAddress>

#include <optional>
#include <vector>

namespace sami::admin {

/// Who has one of the few places of a kind of door. Pure; the admin server's thread.
///
///     who comes                       while strangers' places    otherwise
///     a stranger                      are free: gets one         gets the place of a stranger: of
///                                                                the address that has most of
///                                                                them, the one that came first
///     a stranger becomes known        are left for others: yes   no, if all other places are taken
///     known from the start (a peer    the same                   is turned away
///     of the Unix socket)
///
/// A stranger has shown no token yet. So a crowd of them keeps each other out, and nobody known.
class AdminPlaces
{
public:
    AdminPlaces(int all, int strangers) : m_all(all), m_strangers(strangers) {}

    /// The id of whoever has to go for it; 0 is no id.
    [[nodiscard]] quint64 enterStranger(quint64 id, const QHostAddress &from);
    [[nodiscard]] bool enterKnown(quint64 id);
    /// A stranger has shown a token. False: it stays a stranger, there is no room.
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
    std::vector<Stranger> m_unknown; ///< in the order in which they came
    std::vector<quint64> m_known;
};

} // namespace sami::admin
