// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QByteArrayView>
#include <QtGlobal>

#include <array>
#include <chrono>
#include <mutex>
#include <optional>

namespace sami::net {

/// What seals a session ticket, and its name in the ticket.
struct TicketKey
{
    std::array<unsigned char, 16> name {};
    std::array<unsigned char, 32> cipher {}; ///< of AES-256
    std::array<unsigned char, 32> mac {};    ///< of HMAC-SHA-256
};

/// The keys of the session tickets of one identity (RFC 5077 §4, RFC 8446 §4.6.1). Whoever has one
/// can read what its tickets resume over TLS 1.2, so none lives for long: a key seals for
/// `lifetime` and opens for as long again. They are in memory only. Held by the context that has
/// the identity, and by each of its connections. Thread-safe; time is a parameter.
///
///     age of a key             seals   opens
///     up to one lifetime       yes     yes
///     up to two                no      yes, and the client gets a new ticket
///     more                     no      no: a whole handshake
class TicketKeys
{
    Q_DISABLE_COPY_MOVE(TicketKeys)

public:
    static constexpr std::chrono::hours lifetime { 12 };

    TicketKeys() = default;
    ~TicketKeys();

    /// For a ticket that is made now; none where the system gives no random octets.
    [[nodiscard]] std::optional<TicketKey> sealing(TimePoint now);
    struct Opening
    {
        TicketKey key;
        bool isOld = false;
    };
    /// Of a ticket with that name; none when it is not ours, or is ours no longer.
    [[nodiscard]] std::optional<Opening> opening(QByteArrayView name, TimePoint now);

private:
    struct Dated
    {
        TicketKey key;
        TimePoint since;
    };

    void forgetOld(TimePoint now);

    std::mutex m_mutex;
    std::optional<Dated> m_current;
    std::optional<Dated> m_previous;
};

} // namespace sami::net
