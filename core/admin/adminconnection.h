// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "admin/request.h"
#include "admin/requestreader.h"
#include "base/clock.h"
#include "net/bytestream.h"
#include "net/takingwatch.h"
#include "net/tlsacceptance.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

namespace sami::admin {

class AdminConnection;

/// What a connection needs from its keeper.
class ConnectionKeeper
{
public:
    /// A head is complete, its body not yet read. Returns the request that it makes, or the answer
    /// that ends the connection.
    [[nodiscard]] virtual Result<Request, AdminReply> judge(AdminConnection &connection,
                                                            const http::RequestHead &head) = 0;
    /// A request is complete. The keeper answers it once, now or later.
    virtual void serve(AdminConnection &connection, Request request) = 0;
    /// The connection is over, and may be destroyed.
    virtual void ended(AdminConnection &connection) = 0;

protected:
    ConnectionKeeper() = default;
    ~ConnectionKeeper() = default;
    Q_DISABLE_COPY_MOVE(ConnectionKeeper)
};

/// One connection of an admin client: TLS if its door has it, then one request after another, or
/// the stream of events. Owned by the house; lives in the admin server's thread.
///
///     state       reads               next state, and its time limit
///     Handshake   TLS                 Request; over: 5 s after accept
///     Request     a head and a body   Answer; Ending: 60 s without one; over: 5 s from its first
///                                     octet, or when nothing of the last answer is taken for 60 s;
///                                     for a stranger all end 5 s after accept
///     Answer      nothing             Request, Events, Ending; 503 after 10 s
///     Events      drops the input     over: when nothing is taken for 60 s
///     Ending      drops the input     over: when the client has closed too, or at most 2 s after
///                                     it has everything; before that when nothing is taken for
///                                     60 s, for a stranger after 5 s
///
/// Back-pressure: nothing is read while an answer is pending or not taken; an event is sent only
/// once the last one is out.
class AdminConnection final : public QObject, private net::StreamListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AdminConnection)

public:
    static constexpr std::chrono::seconds strangerTime { 5 };
    static constexpr std::chrono::seconds headTime { 5 };
    static constexpr std::chrono::seconds idleTime { 60 };
    static constexpr std::chrono::seconds answerTime { 10 };
    static constexpr std::chrono::seconds endingTime { 2 };
    static_assert(endingTime == net::TakingWatch::interval, "one look may serve both");

    /// With `tls` the handshake comes first. `keeper` must outlive the connection.
    AdminConnection(quint64 id, Visitor visitor, net::StreamPtr stream,
                    std::unique_ptr<net::TlsAcceptance> tls, ConnectionKeeper &keeper);
    ~AdminConnection() override;

    void start();
    /// Instead of start(), if there is no place for it: answers and ends without reading a request.
    void turnAway(const AdminReply &reply);
    [[nodiscard]] quint64 id() const { return m_id; }
    [[nodiscard]] const Visitor &visitor() const { return m_visitor; }
    /// Call once it has shown a token: the time limit for strangers no longer applies.
    void makeKnown() { m_isKnown = true; }

    void answer(const AdminReply &reply);
    /// Returns false if its state does not allow it any more.
    [[nodiscard]] bool beginEvents();
    /// Sends a piece of the stream of events; only in Events.
    void sendEvents(const QByteArray &text);
    /// Whether the kernel has taken the last piece.
    [[nodiscard]] bool isTaken() const { return m_stream->pendingBytes() == 0; }
    /// Ends the stream of events properly.
    void endEvents();
    /// Ends at once, without calling ended() of the keeper.
    void letGo();

private:
    enum class State { Handshake, Request, Answer, Events, Ending, Over };

    void handleReadable(net::ByteStream &stream) override;
    void handleDrained(net::ByteStream &stream) override;
    void handleFailed(net::ByteStream &stream) override;

    void read();
    void shake(QByteArrayView octets);
    bool parse();
    void judge();
    void serve();
    void awaitRequest();
    void awaitTaking();
    void close(const AdminReply &reply);
    void beginEnding();
    void finishEnding();
    [[nodiscard]] net::TakingWatch::Wait beginTaking();
    [[nodiscard]] net::TakingWatch::Wait lookWhetherTaking();
    void handleExpired();
    void over();
    void arm(std::chrono::milliseconds limit);

    const quint64 m_id;
    const Visitor m_visitor;
    net::StreamPtr m_stream;
    std::unique_ptr<net::TlsAcceptance> m_tls; ///< until the handshake is over
    ConnectionKeeper &m_keeper;
    const TimePoint m_bornAt;
    State m_state;
    bool m_isKnown = false;
    bool m_endsAfterAnswer = false;
    bool m_isChunked = false; ///< the stream of events
    qsizetype m_handshakeOctets = 0;
    QByteArray m_input;
    RequestReader m_reader;
    std::optional<Request> m_request; ///< judged, with an incomplete body
    net::TakingWatch m_taking;        ///< while octets are pending, and in Ending
    QTimer m_deadline;
};

} // namespace sami::admin
