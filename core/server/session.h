// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/bodyreader.h"
#include "http/headparser.h"
#include "net/bytestream.h"
#include "net/deadline.h"
#include "net/dialer.h"
#include "net/extradescriptors.h"
#include "net/lingeringclose.h"
#include "net/relay.h"
#include "server/admission.h"
#include "server/context.h"
#include "server/exchange.h"
#include "server/intake.h"
#include "server/postmortem.h"

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>

namespace sami::server {

/// Frees a QObject from the event loop, so that its owner may let it go in a slot of its signal.
struct DeleteLater
{
    void operator()(QObject *object) const
    {
        object->disconnect();
        object->deleteLater();
    }
};
template <typename T> using LaterPtr = std::unique_ptr<T, DeleteLater>;

/// The life of one client connection, told as a state machine. Owned by its worker, which
/// deletes it later once closed() was emitted; everything it owns lives in the worker's thread.
///
///   ReadHead → Dial → ┬ CONNECT → Tunnel ────────────────┐
///      │         │    └ other  → Exchange → (ReadHead) ──┤
///      │         │                                       ├→ Linger → Closed
///      └─────────┴── any failure → a reply → (Discard) ──┘
class Session : public QObject, private net::StreamListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Session)

public:
    enum class State {
        ReadHead, ///< waits for a request or is inside its head
        Discard,  ///< answered; drops the request's body so that the connection can go on
        Dial,     ///< the request is authorised; an upstream connection is under way
        Exchange, ///< a request is being forwarded
        Tunnel,   ///< the relay owns both legs
        Linger,   ///< the last reply is out; reads on until the client has closed too
        Closed,   ///< over; absorbs every event
    };

    enum class Event {
        ClientReadable,
        ClientDrained,
        ClientFailed,
        Continue, ///< octets that were read ahead wait
        DeadlineExpired,
        Dialled, ///< m_dialResult says how
        ExchangeFinished,
        RelayFinished,
        LingerFinished,
        DrainBegan,
        SettingsChanged,
        CutOrdered, ///< m_cutReason says why
    };

    /// Keeps `place` until it is deleted, when its descriptors are closed.
    Session(net::StreamPtr client, std::shared_ptr<ConnectionRecord> record, Places::Place place,
            const WorkerContext &context, QObject *parent);
    ~Session() override;

    void start();
    /// The proxy is shutting down: an idle connection closes, a busy one finishes its request.
    void drain();
    /// The worker has new settings: a connection that waits for a request waits by them from now
    /// on, one with work under way when that is over.
    void settingsChanged();
    /// Ends everything now: the grace time is over (Drained) or an operator said so (Closed).
    void cut(EndedHow reason);

    [[nodiscard]] const std::shared_ptr<ConnectionRecord> &record() const { return m_record; }

Q_SIGNALS:
    void closed();

protected:
    void timerEvent(QTimerEvent *event) override;
    void customEvent(QEvent *event) override;

private:
    // What the client's stream tells.
    void handleReadable(net::ByteStream &) override { advance(Event::ClientReadable); }
    void handleDrained(net::ByteStream &) override { advance(Event::ClientDrained); }
    void handleFailed(net::ByteStream &) override { advance(Event::ClientFailed); }

    void advance(Event event);
    State handle(Event event);
    void enter(State state);

    // One handler per state; each returns the next state.
    State readHead(Event event);
    State discard(Event event);
    State dialling(Event event);
    State exchanging(Event event);
    State tunnelling(Event event);
    State lingering(Event event);

    void adoptSettings();
    void forgetBound();
    [[nodiscard]] std::chrono::milliseconds headTimeout() const;
    [[nodiscard]] std::chrono::milliseconds idleTimeout() const;
    void readWhenParsed();
    State readClient();
    State endOfInput();
    std::optional<State> lastLook();
    State drainWhenIdle();
    State parseInput();
    void describeBegun();
    State refuseHead(http::HeadFault fault);
    State authorize();
    State beginDial();
    State takeDialResult();
    State handleDialError(const net::DialError &error);
    State beginTunnel(net::StreamPtr upstream);
    State beginExchange(net::UpstreamConnection upstream);
    State finishExchange();
    void keepUpstream(net::UpstreamConnection connection);
    State startRelay(net::StreamPtr upstream, int status);

    /// Sends a reply of our own and closes the request's account.
    State answer(const Reply &reply, EndedBy by, EndedHow how);
    State nextRequest();
    State answerAndClose(const Reply &reply, EndedBy by, EndedHow how);
    State dropClient(EndedBy by, EndedHow how, QByteArray reason = {});
    void closeClientLater(net::LingeringClose::Mode mode);
    State readAhead();
    [[nodiscard]] bool keep(qsizetype octets);
    void trimInput();
    [[nodiscard]] std::chrono::milliseconds exchangeLook() const;
    State checkSilence();
    [[nodiscard]] bool isStillDelivering();
    [[nodiscard]] bool keepsAfterReply(int status) const;
    [[nodiscard]] net::UpstreamConnection takeBound(const net::UpstreamKey &key);
    [[nodiscard]] bool reserve(bool tls);
    /// A leg with TLS costs as much from the pool as a new one.
    [[nodiscard]] bool chargeTls();
    void keepBoundIfRoom();
    [[nodiscard]] bool addressPasses(const QHostAddress &address);

    State m_state = State::ReadHead;
    const WorkerContext &m_context;
    ActiveSettingsPtr m_active; ///< of the current request
    net::StreamPtr m_client;
    std::shared_ptr<ConnectionRecord> m_record;
    Places::Place m_place;
    net::Deadline m_deadline { this };
    PostMortem m_postMortem;

    std::unique_ptr<http::RequestHeadParser> m_parser; ///< while heads are read
    OctetBudget::Share m_kept; ///< what all of the below, and the exchange, keep of what was sent
    std::unique_ptr<OctetBudget::Share> m_tlsLeg; ///< while an upstream leg has TLS
    QByteArray m_input; ///< read ahead: the rest of the body, the next requests, early tunnel bytes
    bool m_clientEnded = false;
    bool m_clientReadsOn = false;     ///< its FIN came before the current request was looked at
    std::unique_ptr<Intake> m_intake; ///< the current request
    /// The body of a request that was answered with an error; null otherwise.
    std::unique_ptr<http::BodyReader> m_discarded;
    qsizetype m_discardedBytes = 0;

    net::DialPtr m_dial;
    std::optional<Result<net::Dialled, net::DialError>> m_dialResult;
    policy::Decision m_addressRefusal;
    qsizetype m_undelivered = -1; ///< when the silence was last looked at
    bool m_retried = false;
    bool m_owesAnswer = false; ///< what the client has not taken is a provider's, not ours

    struct Bound
    {
        net::UpstreamConnection connection;
        QByteArray user;                    ///< of this proxy, who had it authenticated
        net::ExtraDescriptors::Place place; ///< while there is another upstream
    };
    std::unique_ptr<Bound>
        m_bound; ///< an upstream connection that authenticated this client (NTLM)

    std::unique_ptr<Exchange> m_exchange;
    LaterPtr<net::Relay> m_relay;
    int m_tunnelStatus = 200;
    net::RelayEnd m_relayEnd;
    LaterPtr<net::LingeringClose> m_linger;
    EndedHow m_cutReason = EndedHow::Drained;
};

[[nodiscard]] const char *toString(Session::State state);

} // namespace sami::server
