// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/adminplaces.h"

#include <algorithm>

namespace sami::admin {

quint64 AdminPlaces::enterStranger(quint64 id, const QHostAddress &from)
{
    quint64 leaving = 0;
    if (int(m_strangers.size()) >= m_numbers.strangers) {
        const auto countOf = [this](const Stranger &of) {
            return std::count_if(m_strangers.begin(), m_strangers.end(),
                                 [&of](const Stranger &each) {
                                     return clientNetwork(each.from) == clientNetwork(of.from);
                                 });
        };
        const auto first = std::max_element(m_strangers.begin(), m_strangers.end(),
                                            [&](const Stranger &left, const Stranger &right) {
                                                return countOf(left) < countOf(right);
                                            });
        leaving = first->id;
        m_strangers.erase(first);
    }
    m_strangers.push_back({ id, from });
    return leaving;
}

AdminPlaces::Peer AdminPlaces::enterPeer(quint64 id)
{
    const auto most = std::size_t(m_numbers.peers);
    if (m_peers.size() < most) {
        m_peers.push_back(id);
        return Peer::Served;
    }
    if (m_told.size() < most) {
        m_told.push_back(id);
        return Peer::ToldSo;
    }
    return Peer::TurnedAway;
}

bool AdminPlaces::makeKnown(quint64 id, const QByteArray &token)
{
    const auto there = std::find_if(m_known.begin(), m_known.end(),
                                    [id](const Known &each) { return each.id == id; });
    if (there != m_known.end() && there->token == token)
        return true;
    const auto held = std::count_if(m_known.begin(), m_known.end(),
                                    [&](const Known &each) { return each.token == token; });
    if (held >= m_numbers.perToken)
        return false;
    if (there != m_known.end()) {
        there->token = token;
        return true;
    }
    if (int(m_known.size()) >= m_numbers.known)
        return false;
    std::erase_if(m_strangers, [id](const Stranger &each) { return each.id == id; });
    m_known.push_back({ id, token });
    return true;
}

void AdminPlaces::leave(quint64 id)
{
    std::erase_if(m_strangers, [id](const Stranger &each) { return each.id == id; });
    std::erase_if(m_known, [id](const Known &each) { return each.id == id; });
    std::erase(m_peers, id);
    std::erase(m_told, id);
}

} // namespace sami::admin
