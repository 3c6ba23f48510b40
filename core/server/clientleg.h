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

/// A front's event that is delivered later: a session posts it to itself.
class FrontNote : public QEvent
{
public:
    explicit FrontNote(FrontEvent what) : QEvent(QEvent::User), event(what) {}

    const FrontEvent event;
};

/// The client's end of one connection, on which its session and the session's front both work.
/// Lives as long as the session, in the worker's thread.
struct ClientLeg
{
    Q_DISABLE_COPY_MOVE(ClientLeg)

    /// An input buffer with more spare room than this is not kept for the next request.
    static constexpr qsizetype maxIdleCapacity = 4096;

    /// `session` gets the deadline through its timerEvent(), and what tellLater() posts through its
    /// customEvent().
    ClientLeg(net::StreamPtr client, account::Registration row, Places::Place taken,
              const WorkerContext &worker, QObject *session);
    ~ClientLeg();

    QObject *const owner;
    const WorkerContext &context;
    ActiveSettingsPtr active; ///< of the current request
    net::StreamPtr stream;    ///< null once the relay or the lingering close owns it
    const account::Registration record;
    Places::Place place;
    UserPlaces::PlacePtr userPlace; ///< while a user of the users file has work under way
    net::Deadline deadline;
    account::PostMortem postMortem;
    OctetBudget::Share kept; ///< what we hold of the client's input, `input` included
    std::unique_ptr<OctetBudget::Share> upstreamTls; ///< for TLS with upstreams, while there is any
    std::unique_ptr<OctetBudget::Share> clientTls;   ///< for TLS with the client, from its start
    QByteArray input; ///< read ahead: the rest of a body, the next requests, early tunnel octets
    bool hasEnded = false; ///< its FIN was seen

    /// Delivers `event` to the session's front from the event loop.
    void tellLater(FrontEvent event);
    /// Takes over the worker's current settings, with their TCP keepalive.
    void adoptSettings();
    void setPhase(account::ConnectionPhase phase);
    /// The client's protocol and its encryption, for the account.
    void setFront(account::FrontKind front);
    void setTls(account::TlsVersion version);
    /// How long the client may take to send its request, by the current settings. A client over a
    /// connection limit is only served a status page, and has to ask for it within 5 s.
    [[nodiscard]] std::chrono::milliseconds headTimeout() const;
    /// What is left of that time. Over TLS it starts with the connection, because the handshake
    /// counts as part of the first head; in clear text and for later requests it starts with each
    /// wait.
    [[nodiscard]] std::chrono::milliseconds headTimeLeft() const;
    [[nodiscard]] bool isEncrypted() const;
    /// Whether the client uses clear text although the settings require TLS.
    [[nodiscard]] bool lacksTls() const;
    /// Logs that an eavesdropper has the client's password. The number of these lines is bounded:
    /// anybody can send a password.
    void warnOfClearPassword() const;
    /// Appends what has arrived to `input`: at most as much as may be read ahead.
    [[nodiscard]] net::ByteStream::ReadResult::Status readInput();
    /// Charges `octets`, and what was read ahead, to the budget of all connections. Returns false
    /// when the budget is spent.
    [[nodiscard]] bool chargeInput(qsizetype octets);
    /// Charges the partial record that OpenSSL keeps for this leg, or releases the charge. If the
    /// budget has no room for it, the front gets RecordBudgetSpent; a request that is already
    /// complete goes on.
    void chargePartialRecord(bool isThere);
    /// Releases the spare room of the input buffer: the rest of a read may wait for long.
    void trimInput();
    /// Charges the memory of `legs` upstream TLS legs (TLS inside another TLS counts as one more),
    /// in place of the earlier charge; 0 releases it. A pooled leg costs as much as a new one.
    /// Returns false if there is no room.
    [[nodiscard]] bool chargeTls(int legs);
    /// The most TLS legs that the route of a journey can have.
    [[nodiscard]] int tlsLegsOf(const Journey &journey) const;
};

} // namespace sami::server
