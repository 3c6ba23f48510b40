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

namespace sami::server {

/// How one forwarded request ended, and what its front has to do now.
struct ExchangeResult
{
    enum class Next {
        KeepClient,  ///< answered in full: read the next request
        CloseClient, ///< answered, or cut: flush, FIN, linger
        ResetClient, ///< cut, and only an RST can tell the client so
        DropClient,  ///< the client is gone
        Reply,       ///< nothing was sent yet: send `reply`
        RetryFresh,  ///< the pooled connection was dead: dial anew
        Tunnel,      ///< 101: `upstream` and `upstreamInput` go on as a tunnel
    };

    Next next = Next::CloseClient;
    account::Ending ending { account::EndedBy::Upstream };
    int status = 0; ///< of the final response, when one went out
    Reply reply;
    route::UpstreamConnection upstream; ///< for Tunnel, or when it can serve another request
    QByteArray upstreamInput;
    bool clientEnded = false; ///< its FIN was seen
    bool endsClient = false;  ///< a Reply is the last thing that it is told
};

/// One forwarded request and its response, between a client connection that belongs to the
/// session and an upstream connection that belongs to the exchange. Full duplex: the response goes
/// out while the request still comes in. Lives as long as its front's Exchange state.
///
/// Back-pressure: a leg is read only while the other has nothing pending.
class Exchange final : private net::StreamListener
{
    Q_DISABLE_COPY_MOVE(Exchange)

public:
    struct Setup
    {
        Intake *intake = nullptr; ///< outlives the exchange, which makes it forget its fields
        net::ByteStream *client = nullptr;
        QByteArray *clientInput = nullptr; ///< read ahead; the next request's octets stay in it
        bool clientEnded = false;          ///< its FIN was seen already
        bool clientReadsOn = false;        ///< it took an answer after its FIN
        route::UpstreamConnection upstream;
        OctetBudget::Share *kept = nullptr; ///< what the client connection may keep
        net::Traffic *traffic = nullptr;
        QByteArray pseudonym; ///< for Via; empty: none is added
        QByteArray keepAlive; ///< what a kept client is told of its time
        const std::atomic<bool> *draining = nullptr;
        /// Called once, when takeResult() is valid, from somewhere inside the exchange: whoever
        /// is told comes back from the event loop.
        std::function<void()> tellFinished;
    };

    explicit Exchange(Setup setup);
    virtual ~Exchange();

    void start();

    // What the front hears of the client connection and its timer.
    void handleClientReadable();
    void handleClientDrained();
    void handleClientFailed();
    /// Nothing came for `limit`.
    void handleSilence(std::chrono::milliseconds limit);
    /// Of an upstream connection that isUnproven(): its host acknowledges nothing.
    void handleUnacknowledged();

    /// Of the final response whose head went out; 0 before that.
    [[nodiscard]] int status() const { return m_result.status; }
    /// Whether an ordinary close now would look to the client like the end of the response.
    [[nodiscard]] bool needsResetToCut() const;
    /// Whether the request went out on a kept connection, whose host may have gone without a word,
    /// and may be sent again on another one.
    [[nodiscard]] bool isUnproven() const { return m_phase == Phase::Unheard && isRetryable(); }
    [[nodiscard]] bool isUnacknowledged() const;
    /// What neither peer has acknowledged of what the other sent.
    [[nodiscard]] qsizetype undeliveredBytes() const;

    [[nodiscard]] ExchangeResult takeResult();

private:
    enum class Phase {
        Unheard,      ///< nothing came from the upstream: the request may go out once more
        AwaitingHead, ///< something did; of the final head not all
        Body,
        Finished,
    };

    /// What becomes of a leg that has survived the exchange.
    enum class Afterwards : quint8 {
        Close,
        Keep,
        Distrust, ///< closes after any answer, one of ours too: its peer may have lost its place
    };

    void sendRequestHead();
    void feedClientInput(QByteArrayView input);
    void handleClientEnd();
    void handleClientTruncated();
    // What the upstream's stream tells.
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
    void account();
    [[nodiscard]] bool isLeftWith(const net::ByteStream &peer) const;
    void refuseUntakenHead();

    [[nodiscard]] bool isBeforeHead() const
    {
        return m_phase == Phase::Unheard || m_phase == Phase::AwaitingHead;
    }
    [[nodiscard]] bool isUploadDone() const { return m_upload.isDone(); }
    [[nodiscard]] bool isRetryable() const;

    void failRequest(const http::BodyFault &fault);
    /// `reason`, where the reply's own code does not say it.
    void failResponse(account::EndedHow how, OwnReply reply, account::Reason reason = {});
    /// How to end a client whose answer stops short: it must not look whole.
    ExchangeResult::Next cutOff() const;
    void finishClientGone(account::EndedHow how, account::Reason reason);
    void finish(ExchangeResult::Next next, const account::Ending &ending);

    Setup m_setup;
    Phase m_phase = Phase::Unheard;
    http::ResponseHeadParser m_parser;
    BodyPump m_upload;
    BodyPump m_download;
    QByteArray m_waitingHead;     ///< of the response: leaves together with the first content
    bool m_uploadStopped = false; ///< the upstream takes no more
    bool m_clientEnded = false;   ///< its FIN was seen
    Afterwards m_clientAfterwards = Afterwards::Close;
    Afterwards m_upstreamAfterwards = Afterwards::Close;
    ExchangeResult m_result;
};

} // namespace sami::server
