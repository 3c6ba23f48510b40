// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/postmortem.h"
#include "net/bytestream.h"
#include "net/deadline.h"
#include "server/context.h"
#include "server/front.h"

#include <QByteArray>
#include <QEvent>

#include <chrono>
#include <memory>

namespace sami::server {

/// What a front is told later: a session posts it to itself.
class FrontNote : public QEvent
{
public:
    explicit FrontNote(FrontEvent what) : QEvent(QEvent::User), event(what) {}

    const FrontEvent event;
};

/// The client's end of one connection: what its session and the session's front both work on.
/// Lives as long as the session, in the worker's thread.
struct ClientLeg
{
    Q_DISABLE_COPY_MOVE(ClientLeg)

    /// An input buffer with more room than that to spare is not kept for the next request.
    static constexpr qsizetype maxIdleCapacity = 4096;

    /// `session` hears of the deadline by its timerEvent(), of what is told later by its
    /// customEvent().
    ClientLeg(net::StreamPtr client, account::Registration row, Places::Place taken,
              const WorkerContext &worker, QObject *session);
    ~ClientLeg();

    QObject *const owner;
    const WorkerContext &context;
    ActiveSettingsPtr active; ///< of the current request
    net::StreamPtr stream;    ///< null once the relay or the lingering close has it
    const account::Registration record;
    Places::Place place;
    UserPlaces::PlacePtr userPlace; ///< while work of one of the users file is under way
    net::Deadline deadline;
    account::PostMortem postMortem;
    OctetBudget::Share kept; ///< what is kept of what the client sent, `input` among it
    std::unique_ptr<OctetBudget::Share> tlsLeg; ///< while an upstream leg has TLS
    std::unique_ptr<OctetBudget::Share> ownTls; ///< of this leg, from its handshake on
    QByteArray input; ///< read ahead: the rest of a body, the next requests, early tunnel octets
    bool hasEnded = false; ///< its FIN was seen

    /// The session hears of it from the event loop, for its front.
    void tellLater(FrontEvent event);
    /// Makes the worker's settings of now count, and says whether they are others.
    bool adoptSettings();
    void applyTcpKeepalive();
    void setPhase(account::ConnectionPhase phase);
    /// What the client speaks, and what encrypts it: for the account.
    void setFront(account::FrontKind front);
    void setTls(account::TlsVersion version);
    /// How long the client may take to say what it wants, by the settings of now. One over the
    /// limit of all connections is heard only for a status page and is to ask at once: 5 s.
    [[nodiscard]] std::chrono::milliseconds headTimeout() const;
    /// What is left of that: over TLS it begins with the connection, for the handshake is a part of
    /// the first head; later, and in clear text, at each wait.
    [[nodiscard]] std::chrono::milliseconds headTimeLeft() const;
    [[nodiscard]] bool isEncrypted() const;
    /// Whether the client is in clear text where nothing is proxied in clear text.
    [[nodiscard]] bool lacksTls() const;
    /// Says in the log that whoever reads along has the client's password. Bounded in number:
    /// anybody can send one.
    void warnOfClearPassword() const;
    /// Charges that many octets, and what was read ahead, to the budget of all connections. False
    /// when that is spent.
    [[nodiscard]] bool keep(qsizetype octets);
    /// OpenSSL keeps a part of a record of this leg, or no longer. Where there is no room for that
    /// the front hears of it: whoever has said what it wants goes on.
    void keepRecordPart(bool isThere);
    /// What is left of a read waits for its turn, perhaps for long: without the room of what is
    /// gone.
    void trimInput();
    /// Upstream legs with TLS, of which one over another's stream is one more, cost as much from
    /// the pool as new ones; 0: there are none any more. False: there is no room for them.
    [[nodiscard]] bool chargeTls(int legs);
    /// How many the way of a journey may have.
    [[nodiscard]] int tlsLegsOf(const Journey &journey) const;
};

} // namespace sami::server
