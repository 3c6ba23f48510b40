// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/later.h"
#include "net/lingeringclose.h"
#include "server/clientleg.h"
#include "server/front.h"
#include "server/tunnelling.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace sami::server {

class Dialling;

/// The life of one client connection, as a state machine. Knows no protocol: its front reads what
/// the client sends and answers it. Owned by its worker, which releases it once it is over, by
/// LaterPtr; everything it owns lives in the worker's thread.
///
///   Front ⇄ Dial
///     ├───────┼──→ Tunnel ──┐
///     ├───────┼──→ Linger ──┼→ Closed
///     └───────┴─────────────┘
class ClientSession : public QObject, private net::StreamListener
{
    Q_DISABLE_COPY_MOVE(ClientSession)

public:
    enum class State {
        Front,  ///< the front talks to the client
        Dial,   ///< a journey was admitted; its route is being dialled
        Tunnel, ///< the relay owns both legs
        Linger, ///< nothing more will be written; reads until the client closes too
        Closed, ///< over; absorbs every event
    };

    /// Keeps `record` and `place` until it is deleted and its descriptors are closed. Calls
    /// `makeFront` once, from the constructor. Calls `over` once and does nothing after that;
    /// `over` is a function because a signal would cost each silent tunnel 300 octets.
    ClientSession(net::StreamPtr client, account::Registration record, Places::Place place,
                  const WorkerContext &context, const FrontFactory &makeFront,
                  std::function<void()> over);
    ~ClientSession() override;

    void start();
    /// The proxy is shutting down: an idle connection closes, a busy one finishes its request.
    void drain();
    /// The worker has new settings. A connection that waits for a request adopts them now, a busy
    /// one when its work is done.
    void settingsChanged();
    /// Ends everything now: the grace time is over (Drained) or an operator asked for it (Closed).
    void cut(account::EndedHow how);
    /// Ends the work of a user of the users file who is no longer let in (userrules.h). `today` is
    /// in UTC.
    void reviewUser(const QDate &today);

protected:
    void timerEvent(QTimerEvent *event) override;
    void customEvent(QEvent *event) override;

private:
    struct DialOver
    {
        Result<route::Dialled, net::DialError> result;
    };
    struct RelayOver
    {
        net::RelayEnd end;
    };
    struct LingerOver
    {};
    struct CutOrdered
    {
        account::EndedHow how;
        account::Reason reason {};
    };
    using Event = std::variant<FrontEvent, DialOver, RelayOver, LingerOver, CutOrdered>;

    // Calls from the client's stream.
    void handleReadable(net::ByteStream &) override { advance(FrontEvent::ClientReadable); }
    void handleDrained(net::ByteStream &) override { advance(FrontEvent::ClientDrained); }
    void handleFailed(net::ByteStream &) override { advance(FrontEvent::ClientFailed); }

    void advance(Event event);
    [[nodiscard]] State handle(Event &event);
    void enter(State state);
    [[nodiscard]] State follow(Step step);

    // One handler per state; each returns the next state.
    [[nodiscard]] State inFront(const Event &event);
    [[nodiscard]] State dialling(Event &event);
    [[nodiscard]] State tunnelling(const Event &event);
    [[nodiscard]] State lingering(const Event &event);

    void accountForDial(const Result<route::Dialled, net::DialError> &result);
    [[nodiscard]] State beginTunnel(step::Tunnel tunnel);
    [[nodiscard]] State checkSilence();
    [[nodiscard]] State dropClient(const account::Ending &ending);
    [[nodiscard]] State closeLater(const step::Linger &linger);

    State m_state = State::Front;
    const std::function<void()> m_over;
    ClientLeg m_leg;
    std::unique_ptr<Front> m_front; ///< until Tunnel, Linger or Closed; step::Become replaces it

    std::unique_ptr<Dialling> m_dialling;   ///< in Dial
    std::optional<Tunnelling> m_tunnelling; ///< in Tunnel
    net::LingeringClosePtr m_linger;
};

[[nodiscard]] const char *toString(ClientSession::State state);

} // namespace sami::server
