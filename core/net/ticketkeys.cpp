// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/ticketkeys.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

namespace sami::net {

namespace {

template <typename Dated> void wipe(std::optional<Dated> &dated)
{
    if (dated)
        OPENSSL_cleanse(&dated->key, sizeof dated->key);
    dated.reset();
}

bool fill(TicketKey &key)
{
    return RAND_bytes(key.name.data(), int(key.name.size())) == 1
        && RAND_priv_bytes(key.cipher.data(), int(key.cipher.size())) == 1
        && RAND_priv_bytes(key.mac.data(), int(key.mac.size())) == 1;
}

QByteArrayView nameOf(const TicketKey &key)
{
    return { key.name.data(), qsizetype(key.name.size()) };
}

} // namespace

TicketKeys::~TicketKeys()
{
    wipe(m_current);
    wipe(m_previous);
}

void TicketKeys::forgetOld(TimePoint now)
{
    if (m_current && now - m_current->since >= lifetime) {
        wipe(m_previous);
        m_previous = m_current;
        wipe(m_current);
    }
    if (m_previous && now - m_previous->since >= 2 * lifetime)
        wipe(m_previous);
}

std::optional<TicketKey> TicketKeys::sealing(TimePoint now)
{
    const std::lock_guard lock(m_mutex);
    forgetOld(now);
    if (!m_current) {
        Dated made { {}, now };
        if (!fill(made.key))
            return std::nullopt;
        m_current = made;
    }
    return m_current->key;
}

std::optional<TicketKeys::Opening> TicketKeys::opening(QByteArrayView name, TimePoint now)
{
    const std::lock_guard lock(m_mutex);
    forgetOld(now);
    if (m_current && name == nameOf(m_current->key))
        return Opening { m_current->key, false };
    if (m_previous && name == nameOf(m_previous->key))
        return Opening { m_previous->key, true };
    return std::nullopt;
}

} // namespace sami::net
