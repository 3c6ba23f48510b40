// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/connectionregistry.h"
#include "account/ledger.h"
#include "base/clock.h"

#include <optional>

namespace sami::account {

/// Keeps the account of one request or tunnel from its first octet to its end, and closes it in the
/// ledger. A connection has one, and uses it for one request after another.
///
/// A client can get answers of the proxy itself cheaply and without a password, so their log lines
/// are bounded: they take no more of the log than the connection has sent, plus three lines.
/// Further ones are written at debug level, and counted when the connection ends. Work that reached
/// an upstream always has its line.
///
/// More than twelve public methods: facts are recorded in the order in which they become known, one
/// per call.
class PostMortem
{
public:
    PostMortem(const Ledger &ledger, ConnectionRecord &record);

    /// Starts the account: at a request's first octet, or when the connection begins.
    void begin(TimePoint now);
    [[nodiscard]] bool isOpen() const { return m_isOpen; }

    /// Describes the request, once its head has been read.
    void describe(QByteArray user, QByteArray method, QByteArray target, Endpoint endpoint);
    /// The same for a head that never became a request, as far as it was read. Keeps secrets in it
    /// out of the log. `isTargetWhole` is false if a fault cut the target. An empty method means
    /// that nothing is known.
    void describeRefused(QByteArrayView method, QByteArrayView target, bool isTargetWhole);
    void setUser(QByteArray user);
    [[nodiscard]] const QByteArray &user() const { return m_work.user; }
    void setDial(Clock::duration duration);
    /// The route, if there is a choice: its name, and the time to reach its first host if this work
    /// had to connect to it.
    void setRoute(QByteArray name, bool isByParent,
                  std::optional<Clock::duration> routeDial = std::nullopt);
    [[nodiscard]] bool isByParent() const { return m_isByParent; }
    /// A report-only rule would have refused the request. Recorded at once: a tunnel may last for
    /// hours.
    void report(policy::Refusal wouldRefuse);

    /// The client has sent `octets` of a head, and may use that much more of the log.
    void addLogCredit(qsizetype octets) { m_credit += octets; }

    /// Ends the account and writes its line; at debug level if there are too many of its kind
    /// (`hasLine` is false: see LineRate). Once per begin().
    void close(int status, const Ending &ending, TimePoint now, bool hasLine = true);

    /// The connection has ended: logs how many of its lines were left out.
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
    qint64 m_credit; ///< octets of the log that it may still use for our own answers
    quint32 m_leftOut = 0;
    FinishedWork m_work;
};

} // namespace sami::account
