// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ending.h"

#include <QtGlobal>

#include <optional>

namespace sami::server {

struct ClientLeg;

/// What a client says while its request waits for something: kept within the budget of all
/// connections, for whoever goes on with the request. Owned by what waits, in the worker's thread.
class ReadAhead
{
    Q_DISABLE_COPY_MOVE(ReadAhead)

public:
    /// `needsClient`: once the client is gone nobody is there for what it asked. `heldBytes` are
    /// kept beside what is read ahead.
    ReadAhead(ClientLeg &leg, bool needsClient, qsizetype heldBytes);

    /// The client's stream is readable. How the client ended, if that ends its request: nobody is
    /// there for a tunnel, but a forwarded request may have been said in full.
    [[nodiscard]] std::optional<account::Ending> read();

private:
    [[nodiscard]] bool hasRoom() const;
    void readWhileRoom();

    ClientLeg &m_leg;
    const bool m_needsClient;
    const qsizetype m_heldBytes;
};

} // namespace sami::server
