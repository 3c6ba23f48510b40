// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "server/connectionregistry.h"
#include "server/context.h"
#include "server/snapshot.h"

namespace sami::server {

/// Keeps the account of one request or tunnel from its first octet to its end, and closes it:
/// into the log, the ring of finished work and the table of refusals.
class PostMortem
{
public:
    PostMortem(SharedState &shared, ConnectionRecord &record);

    /// A request's first octet, or the connection's first moment.
    void begin(TimePoint now);
    [[nodiscard]] bool isOpen() const { return m_isOpen; }
    [[nodiscard]] TimePoint began() const { return m_began; }

    /// What the request is, once its head was read.
    void describe(QByteArray user, QByteArray method, QByteArray target, Endpoint endpoint);
    void setUser(QByteArray user);
    void setDial(Clock::duration duration);

    /// Ends the account: writes its line. Once per begin().
    void close(int status, EndedBy by, EndedHow how, QByteArray reason, TimePoint now);

private:
    void publish();

    SharedState &m_shared;
    ConnectionRecord &m_record;
    bool m_isOpen = false;
    TimePoint m_began {};
    quint64 m_upBefore = 0;
    quint64 m_downBefore = 0;
    FinishedWork m_work;
};

} // namespace sami::server
