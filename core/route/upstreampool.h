// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/endpoint.h"
#include "net/bytestream.h"
#include "route/route.h"

#include <QBasicTimer>
#include <QObject>

#include <chrono>
#include <list>
#include <optional>

namespace sami::route {

/// Whom a pooled connection can serve.
struct UpstreamKey
{
    bool tls = false;
    Endpoint endpoint;
    Route route {}; ///< that it was made by: it serves no request that goes another way
    /// Of its TLS what is ours: with the endpoint, and with a parent.
    [[nodiscard]] int tlsLegs() const { return int(tls) + int(route.leadingTls()); }
    friend bool operator==(const UpstreamKey &, const UpstreamKey &) = default;
};

[[nodiscard]] size_t qHash(const UpstreamKey &key, size_t seed = 0);

/// A connection to an upstream, with what holds for as long as it lives, whatever requests it
/// serves: it travels with the stream from the dial to the pool and back. A value.
struct UpstreamConnection
{
    UpstreamKey key;
    net::StreamPtr stream;
    /// Of the rules that its address passed, and of the way out that it took (family and source
    /// address): it serves no request of another.
    quint64 generation = 0;
    /// NTLM or Negotiate authenticated the connection itself (RFC 4559 §6), so it serves the one
    /// client that did so. Set once, never unset.
    bool isBound = false;
    /// The head of an answer on it was one that a strict reader would refuse: where that answer
    /// ends, and what comes next, others may see differently. It serves no other request. Set once,
    /// never unset.
    bool wasMended = false;
    bool isReused = false; ///< it served a request before this one
    /// How long the origin keeps it without a request, by its own word (Keep-Alive).
    std::optional<std::chrono::seconds> toldIdle;
};

/// A worker's idle upstream connections. Each stays watched: one that ends, or says anything
/// before it was asked, is dropped. Only connections that any client may have, of the current
/// generation of rules, ever get in.
class UpstreamPool : public QObject, private net::StreamListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UpstreamPool)

public:
    static constexpr qsizetype maxPerKey = 8;
    static constexpr qsizetype maxTotal = 256; ///< per worker, the oldest goes first
    static constexpr std::chrono::seconds maxIdle { 60 };
    /// A request is not sent on a connection that its origin is about to close: only so much
    /// before the time that it told. A POST that crosses the close is lost.
    static constexpr std::chrono::seconds closingMargin { 1 };

    explicit UpstreamPool(QObject *parent = nullptr, std::chrono::milliseconds lifetime = maxIdle);
    ~UpstreamPool() override;

    /// A live connection (checked by a look at the socket), the most recently used first; one
    /// without a stream if there is none. Reading is not enabled.
    [[nodiscard]] UpstreamConnection take(const UpstreamKey &key);
    /// Closes it instead when it is over, bound, mended, of other rules, or of an origin that keeps
    /// it for no time worth naming.
    void put(UpstreamConnection connection);
    void clear();
    /// New rules are in force: those that were judged by others are closed, now and at put().
    void setGeneration(quint64 generation);
    /// Where descriptors are few: at most that many in all; maxTotal before.
    void setCapacity(qsizetype total) { m_capacity = total; }
    [[nodiscard]] qsizetype size() const;

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    struct Idle
    {
        UpstreamConnection connection;
        TimePoint since;
    };

    // An idle connection has nothing good to say.
    void handleReadable(net::ByteStream &stream) override { drop(stream); }
    void handleDrained(net::ByteStream &) override {}
    void handleFailed(net::ByteStream &stream) override { drop(stream); }

    void drop(const net::ByteStream &stream);
    void armExpiry();

    std::list<Idle> m_idle; ///< the oldest in front
    std::chrono::milliseconds m_lifetime;
    qsizetype m_capacity = maxTotal;
    quint64 m_generation = 0;
    QBasicTimer m_expiry;
};

} // namespace sami::route
