// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ending.h"

#include <QtGlobal>

#include <optional>

namespace sami::server {

struct ClientLeg;

/// Buffers what a client sends while its request waits, within the budget of all connections. The
/// next handler of the request finds it in ClientLeg::input. Owned by the waiting object, in the
/// worker's thread.
class ReadAhead
{
    Q_DISABLE_COPY_MOVE(ReadAhead)

public:
    /// `needsClient`: the request is pointless once the client is gone. `heldBytes` are held
    /// besides the read-ahead.
    ReadAhead(ClientLeg &leg, bool needsClient, qsizetype heldBytes);

    /// The client's stream is readable. Returns how the client ended, if that ends its request: a
    /// tunnel then has nobody left to serve, but a forwarded request may have arrived in full.
    [[nodiscard]] std::optional<account::Ending> read();

private:
    [[nodiscard]] bool hasRoom() const;
    void readWhileRoom();

    ClientLeg &m_leg;
    const bool m_needsClient;
    const qsizetype m_heldBytes;
};

} // namespace sami::server
