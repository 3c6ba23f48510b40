// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/connectionregistry.h"
#include "account/ledger.h"
#include "base/clock.h"

#include <optional>

namespace sami::account {

/// Keeps the account of one request or tunnel from its first octet to its end, and closes it in the
/// ledger. One for each connection.
///
/// What the proxy answers by itself costs a client next to nothing and needs no password, so its
/// lines have a bound: they take no more of the log than the connection sent, and three lines.
/// Others are written at debug, and counted when the connection ends. Work that reached an upstream
/// always has its line.
///
/// More than twelve public methods: work is told in the order in which it becomes known, a fact a
/// call.
class PostMortem
{
public:
    PostMortem(const Ledger &ledger, ConnectionRecord &record);

    /// A request's first octet, or the connection's first moment.
    void begin(TimePoint now);
    [[nodiscard]] bool isOpen() const { return m_isOpen; }

    /// What the request is, once its head was read.
    void describe(QByteArray user, QByteArray method, QByteArray target, Endpoint endpoint);
    /// The same of a head that is no request, as far as it was read; no secrets in it get into the
    /// log. `isTargetWhole` false: a fault cut it. An empty method: nothing is known.
    void describeRefused(QByteArrayView method, QByteArrayView target, bool isTargetWhole);
    void setUser(QByteArray user);
    [[nodiscard]] const QByteArray &user() const { return m_work.user; }
    void setDial(Clock::duration duration);
    /// Which way it takes, where there is a choice: a name, and how long it took to reach its first
    /// host where that was done for this.
    void setRoute(QByteArray name, bool isByParent,
                  std::optional<Clock::duration> routeDial = std::nullopt);
    [[nodiscard]] bool isByParent() const { return m_isByParent; }
    /// A rule that is only reported would have refused the request. It is in the table at once: a
    /// tunnel may last for hours.
    void report(policy::Refusal wouldRefuse);

    /// The client sent that many octets of a head.
    void earn(qsizetype octets) { m_credit += octets; }

    /// Ends the account: writes its line, at debug where there are too many of its kind already
    /// (`hasLine` false: see LineRate). Once per begin().
    void close(int status, const Ending &ending, TimePoint now, bool hasLine = true);

    /// The connection is over: says how many of its lines were left out.
    void endConnection();

private:
    void publish();
    [[nodiscard]] bool paysForLine();

    const Ledger &m_ledger;
    ConnectionRecord &m_record;
    bool m_isOpen = false;
    bool m_isByParent = false;
    TimePoint m_began {};
    quint64 m_upBefore = 0;
    quint64 m_downBefore = 0;
    qint64 m_credit; ///< octets of the log that it may still take for answers of our own
    quint32 m_leftOut = 0;
    FinishedWork m_work;
};

} // namespace sami::account
