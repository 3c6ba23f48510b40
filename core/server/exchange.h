// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "account/ending.h"
#include "http/headparser.h"
#include "net/bytestream.h"
#include "net/traffic.h"
#include "route/upstreampool.h"
#include "server/bodypump.h"
#include "server/intake.h"
#include "server/octetbudget.h"
#include "server/reply.h"

#include <QByteArray>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

namespace sami::server {

/// How one forwarded request ended, and what its front has to do next.
struct ExchangeEnd
{
    enum class Next {
        KeepClient,  ///< answered in full: read the next request
        CloseClient, ///< answered, or cut: flush, FIN, linger
        ResetClient, ///< cut, and only an RST can tell the client
        DropClient,  ///< the client is gone
        Reply,       ///< nothing has been sent yet: send `reply`
        RetryFresh,  ///< the kept connection was dead: dial a new one
        Tunnel,      ///< 101: the upstream and `upstreamInput` become a tunnel
    };

    Next next = Next::CloseClient;
    account::Ending ending { account::EndedBy::Upstream };
    int status = 0;               ///< of the final response, when one went out
    std::unique_ptr<Reply> reply; ///< for Reply
    QByteArray upstreamInput;
    bool clientEnded = false; ///< its FIN was seen
    bool endsClient = false;  ///< the connection closes after the Reply
};
struct ExchangeResult : ExchangeEnd
{
    route::UpstreamConnection upstream {}; ///< for Tunnel, or if it can serve another request
};

/// One forwarded request and its response, between the session's client connection and the
/// exchange's own upstream connection. Full duplex: the response goes out while the request still
/// comes in. Lives as long as its front's Exchange state.
///
/// Back-pressure: a leg is read only while the other has nothing pending.
///
/// One is made for each request, so it should be small enough for glibc's per-thread cache of free
/// blocks, which holds blocks of up to 1,032 octets.
class Exchange final : private net::StreamListener
{
    Q_DISABLE_COPY_MOVE(Exchange)

public:
    struct Setup
    {
        Intake *intake = nullptr; ///< outlives the exchange, which calls its forgetFields()
        net::ByteStream *client = nullptr;
        QByteArray *clientInput = nullptr; ///< read ahead; the next request's octets stay in it
        bool clientEnded = false;          ///< its FIN has already been seen
        bool clientReadsOn = false;        ///< it still took an answer after its FIN
        route::UpstreamConnection upstream;
        OctetBudget::Share *kept = nullptr; ///< what the client connection may hold
        net::Traffic *traffic = nullptr;
        QByteArray pseudonym; ///< for Via; empty: none is added
        QByteArray keepAlive; ///< the Keep-Alive hint for a kept client
        const std::atomic<bool> *draining = nullptr;
        /// Called once, when takeResult() is valid. The call comes from inside the exchange, so the
        /// callee must return through the event loop before it touches the exchange.
        std::function<void(ExchangeResult::Next)> tellFinished;
    };

    explicit Exchange(Setup setup);
    virtual ~Exchange();

    void start();

    // The front passes on these events of the client connection and its timer.
    void handleClientReadable();
    void handleClientDrained();
    void handleClientFailed();
    /// No octet came for `limit`.
    void handleSilence(std::chrono::milliseconds limit);
    /// Call it if the upstream connection isUnproven() and its host has acknowledged nothing.
    void handleUnacknowledged();

    /// Status of the final response whose head went out; 0 before that.
    [[nodiscard]] int status() const { return m_result.status; }
    /// Whether an ordinary close now would look to the client like the end of the response.
    [[nodiscard]] bool needsResetToCut() const;
    /// Whether the request went out on a kept connection whose host may have vanished silently, and
    /// may be sent again on another one.
    [[nodiscard]] bool isUnproven() const { return m_phase == Phase::Unheard && isRetryable(); }
    [[nodiscard]] bool isUnacknowledged() const;
    /// How many of each other's octets the two peers have not yet acknowledged.
    [[nodiscard]] qsizetype undeliveredBytes() const;

    [[nodiscard]] ExchangeResult takeResult();

private:
    enum class Phase {
        Unheard,      ///< nothing has come from the upstream: the request may be retried
        AwaitingHead, ///< something has, but the final head is incomplete
        Body,
        Finished,
    };

    /// What happens to a leg that survives the exchange.
    enum class Afterwards : quint8 {
        Close,
        Keep,
        Distrust, ///< close after any answer, even ours: the peer may misread what follows
    };

    void sendRequestHead();
    void feedClientInput(QByteArrayView input);
    void handleClientEnd();
    void handleClientTruncated();
    // Calls from the upstream's stream.
    void handleReadable(net::ByteStream &) override { handleUpstreamReadable(); }
    void handleDrained(net::ByteStream &) override { updateReading(); }
    void handleFailed(net::ByteStream &) override { handleUpstreamFailed(); }

    void handleUpstreamReadable();
    void handleUpstreamFailed();
    void handleUpstreamEnd();
    qsizetype takeResponse(QByteArrayView input);
    void takeResponseHead(const http::ResponseHead &head);
    void takeUpgrade(const http::ResponseHead &head);
    void completeResponse(bool hasSurplus);
    void stopUpload();
    void updateReading();
    void chargeHeld();
    [[nodiscard]] bool hasUntakenHead(const net::ByteStream &peer) const;
    void refuseUntakenHead();

    [[nodiscard]] bool isBeforeHead() const
    {
        return m_phase == Phase::Unheard || m_phase == Phase::AwaitingHead;
    }
    [[nodiscard]] bool isUploadDone() const { return m_upload.isDone(); }
    [[nodiscard]] bool isRetryable() const;

    void failRequest(const http::BodyFault &fault);
    /// Pass `reason` if the reply's own code does not say it.
    void failResponse(account::EndedHow how, OwnReply reply, account::Reason reason = {});
    /// How to end a client whose answer is cut short: it must not look complete.
    ExchangeResult::Next cutOff() const;
    void finishClientGone(const account::Ending &ending);
    void finishByReply(Reply reply, const account::Ending &ending);
    void finish(ExchangeResult::Next next, const account::Ending &ending);

    Setup m_setup;
    Phase m_phase = Phase::Unheard;
    http::ResponseHeadParser m_parser;
    BodyPump m_upload;
    BodyPump m_download;
    QByteArray m_waitingHead;     ///< of the response: sent together with the first content
    bool m_uploadStopped = false; ///< the upstream takes no more
    bool m_clientEnded = false;   ///< its FIN was seen
    bool m_keepsUpstream = false; ///< for the result
    Afterwards m_clientAfterwards = Afterwards::Close;
    Afterwards m_upstreamAfterwards = Afterwards::Close;
    ExchangeEnd m_result;
};

} // namespace sami::server
