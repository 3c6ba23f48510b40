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

/// The keys of a session ticket, and their name in it.
struct TicketKey
{
    std::array<unsigned char, 16> name {};
    std::array<unsigned char, 32> cipher {}; ///< for AES-256
    std::array<unsigned char, 32> mac {};    ///< for HMAC-SHA-256
};

/// The keys of one identity's session tickets (RFC 5077 §4, RFC 8446 §4.6.1). A stolen key reveals
/// what its tickets resume over TLS 1.2, so each is short-lived: it seals for `lifetime`, and opens
/// for as long again. Kept only in memory. Held by the identity's context and by each of its
/// connections. Thread-safe; time is a parameter.
///
///     age of a key             seals   opens
///     up to one lifetime       yes     yes
///     up to two                no      yes, and the client gets a new ticket
///     older                    no      no: a full handshake
class TicketKeys
{
    Q_DISABLE_COPY_MOVE(TicketKeys)

public:
    static constexpr std::chrono::hours lifetime { 12 };

    TicketKeys() = default;
    ~TicketKeys();

    /// The key for a new ticket; none if the system gives no random octets.
    [[nodiscard]] std::optional<TicketKey> sealing(TimePoint now);
    struct Opening
    {
        TicketKey key;
        bool isOld = false;
    };
    /// The key for a ticket with that name; none if it is not ours, or no longer.
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
