// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/readahead.h"

#include "net/scratchbuffer.h"
#include "server/clientleg.h"

namespace sami::server {

using net::ByteStream;
using ReadStatus = ByteStream::ReadResult::Status;

ReadAhead::ReadAhead(ClientLeg &leg, bool needsClient, qsizetype heldBytes)
    : m_leg(leg), m_needsClient(needsClient), m_heldBytes(heldBytes)
{
    readWhileRoom();
}

bool ReadAhead::hasRoom() const
{
    return m_leg.input.size() < m_leg.kept.readAheadLimit();
}

void ReadAhead::readWhileRoom()
{
    m_leg.stream->setReadEnabled(!m_leg.hasEnded && hasRoom());
}

std::optional<account::Ending> ReadAhead::read()
{
    if (!hasRoom()) { // the budget was spent meanwhile
        m_leg.stream->setReadEnabled(false);
        return std::nullopt;
    }
    char *buffer = net::scratchBuffer();
    const ByteStream::ReadResult read =
        m_leg.stream->read(buffer, m_leg.kept.readAheadLimit() - m_leg.input.size());
    switch (read.status) {
    case ReadStatus::WouldBlock:
        break;
    case ReadStatus::Data:
        m_leg.input.append(buffer, read.size);
        static_cast<void>(m_leg.chargeInput(m_heldBytes));
        readWhileRoom();
        break;
    case ReadStatus::Ended:
        if (m_needsClient || m_leg.stream->end() != net::StreamEnd::Fin)
            return account::clientEnding(m_leg.stream->end());
        m_leg.hasEnded = true;
        readWhileRoom();
        break;
    }
    return std::nullopt;
}

} // namespace sami::server
