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
    std::unique_ptr<OctetBudget::Share> tlsLeg;    ///< for TLS with upstreams, while there is any
    std::unique_ptr<OctetBudget::Share> clientTls; ///< for TLS with the client, from its start
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
    [[nodiscard]] bool keep(qsizetype octets);
    /// OpenSSL keeps a partial record of this leg, or no longer does. If there is no room for it
    /// the front is told; a client that has already sent its request goes on.
    void keepRecordPart(bool isThere);
    /// What is left of a read waits for its turn, perhaps for long: without the room of what is
    /// gone.
    void trimInput();
    /// Reserves memory for `legs` upstream TLS legs (TLS inside another TLS counts as one more),
    /// instead of what was reserved before; 0 gives it back. A leg out of the pool costs as much as
    /// a new one. Returns false if there is no room.
    [[nodiscard]] bool chargeTls(int legs);
    /// How many TLS legs the route of a journey may have.
    [[nodiscard]] int tlsLegsOf(const Journey &journey) const;
};

} // namespace sami::server
