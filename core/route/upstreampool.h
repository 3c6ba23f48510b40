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

/// Which requests a pooled connection can serve.
struct UpstreamKey
{
    bool tls = false;
    Endpoint endpoint;
    Route route {}; ///< the route it was dialled by; it serves no request with another route
    /// How many of its TLS layers are ours: with the endpoint, and with a parent.
    [[nodiscard]] int tlsLegs() const { return int(tls) + int(route.leadingTls()); }
    friend bool operator==(const UpstreamKey &, const UpstreamKey &) = default;
};

[[nodiscard]] size_t qHash(const UpstreamKey &key, size_t seed = 0);

/// A connection to an upstream with its lasting properties, whichever requests it serves. They
/// travel with the stream from the dial to the pool and back. A value.
struct UpstreamConnection
{
    UpstreamKey key;
    net::StreamPtr stream;
    /// The generation of the rules that allowed its address and of the way out (family and source
    /// address); it serves no request of another generation.
    quint64 generation = 0;
    /// NTLM or Negotiate authenticated the connection itself (RFC 4559 §6), so it serves only the
    /// client that did so. Set once, never unset.
    bool isBound = false;
    /// An answer on it had a head that a strict reader would refuse. Another reader may see the end
    /// of that answer elsewhere, and so read the next octets differently. It serves no other
    /// request. Set once, never unset.
    bool wasMended = false;
    bool isReused = false; ///< it has served an earlier request
    /// How long the origin keeps it idle, as announced in Keep-Alive.
    std::optional<std::chrono::seconds> announcedIdle;
};

/// A worker's idle upstream connections. Each is still watched: one that ends, or sends anything
/// before a request, is dropped. Only connections that any client may use, of the current
/// generation of rules, are ever put in.
class UpstreamPool : public QObject, private net::StreamListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UpstreamPool)

public:
    static constexpr qsizetype maxPerKey = 8;
    static constexpr qsizetype maxTotal = 256; ///< per worker; the oldest goes first
    static constexpr std::chrono::seconds maxIdle { 60 };
    /// A connection is not reused within this time of the close that its origin announced: a POST
    /// that crosses the close would be lost.
    static constexpr std::chrono::seconds closingMargin { 1 };

    explicit UpstreamPool(QObject *parent = nullptr, std::chrono::milliseconds lifetime = maxIdle);
    ~UpstreamPool() override;

    /// A live connection (checked on the socket), the most recently used first; without a stream if
    /// there is none. Reading is not enabled.
    [[nodiscard]] UpstreamConnection take(const UpstreamKey &key);
    /// Closes the connection instead if it is over, bound, mended, of another generation, or if its
    /// origin keeps it too briefly.
    void put(UpstreamConnection connection);
    void clear();
    /// New rules are in force: connections of other generations are closed, now and at put().
    void setGeneration(quint64 generation);
    /// Lowers the total where descriptors are scarce, to one at least; the default is maxTotal.
    void setCapacity(qsizetype total)
    {
        Q_ASSERT(total > 0);
        m_capacity = total;
    }
    [[nodiscard]] qsizetype size() const;

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    struct Idle
    {
        UpstreamConnection connection;
        TimePoint since;
    };

    // An idle connection is dropped whatever it reports.
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
