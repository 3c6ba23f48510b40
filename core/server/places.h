// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "policy/balancers.h"

#include <QHash>

#include <mutex>
#include <vector>

QT_BEGIN_NAMESPACE
class QHostAddress;
QT_END_NAMESPACE

namespace sami::server {

/// Why a connection is not served in full.
enum class Crowding : quint8 { None, ProxyFull, ClientFull };

/// The limits that the operator sets.
struct PlaceLimits
{
    int all = 0;       ///< MAX_CONCURRENT_CONNECTIONS, or what the descriptors allow
    int perClient = 0; ///< MAX_CONNECTIONS_PER_IP; 0 for no limit

    friend bool operator==(const PlaceLimits &, const PlaceLimits &) = default;
};

/// Decides about a connection as soon as its client's address is known, before it costs anything:
///
/// | a place of all | a place of the client | a place over the limit | the connection is        |
/// |----------------|-----------------------|------------------------|--------------------------|
/// | free           | free                  | -                      | Full                     |
/// | free           | none left             | free                   | PagesOnly (ClientFull)   |
/// | free           | none left             | none left              | TurnedAway (ClientFull)  |
/// | none left      | any                   | free                   | PagesOnly (ProxyFull)    |
/// | none left      | any                   | none left              | TurnedAway (ProxyFull)   |
///
/// Only Full places count against the two limits. So a client over its own limit takes nobody
/// else's place, and is locked out no longer than its connections last. A place over the limit is
/// for a health check or a proper 503: a few for each client, some for all, and some reserved for
/// this machine, so that a crowd from outside cannot make a container's own health check fail. A
/// client is an IPv4 address or an IPv6 /64.
///
/// A connection from a balancer has no client yet: until its header names one, it counts towards
/// the total only. Then its place moves to that client:
///
/// | the place is | a place of the client | a place over the limit | it becomes              |
/// |--------------|-----------------------|------------------------|-------------------------|
/// | Full         | free                  | -                      | Full                    |
/// | Full         | none left             | free                   | PagesOnly (ClientFull)  |
/// | Full         | none left             | none left              | TurnedAway (ClientFull) |
/// | PagesOnly    | any                   | free                   | PagesOnly, as before    |
/// | PagesOnly    | any                   | none left              | TurnedAway, as before   |
///
/// Each place belongs to one worker, the one with the fewest at that moment. The place is the whole
/// bookkeeping of an accepted connection: it counts in the total, for its client and for its worker
/// until it is destroyed, in whichever thread and for whatever reason.
///
/// Thread-safe. Each decision is made and counted under one lock: two connections that arrive at
/// once never get the same last place.
class Places
{
public:
    static constexpr int maxHeard = 16;
    static constexpr int maxHeardPerClient = 4;
    static constexpr int maxHeardHere = 4; ///< for this machine, once the others are taken

    enum class Kind : quint8 {
        Full,       ///< served
        PagesOnly,  ///< heard, but served only status pages; everything else gets 503
        TurnedAway, ///< 503 at once, without reading; holds nothing
    };

    /// One connection's place; given back when it is destroyed. The Places must outlive it. Every
    /// silent tunnel keeps one: 24 octets.
    class Place
    {
        Q_DISABLE_COPY(Place)

    public:
        Place(Place &&other) noexcept;
        ~Place();

        [[nodiscard]] Kind kind() const { return m_kind; }
        /// None for a Full place.
        [[nodiscard]] Crowding crowding() const { return m_crowding; }
        /// The number of the connection's worker, from 0; meaningless if it is turned away.
        [[nodiscard]] int worker() const { return m_worker; }

        /// A balancer's header has named the client, which is never treated as this machine. A
        /// place that is turned away gives everything back now.
        void moveTo(const QHostAddress &client);

    private:
        friend class Places;
        Place(Places *places, quint64 client, Kind kind, Crowding crowding, quint16 worker);

        Places *m_places; ///< null if there is nothing to give back
        quint64 m_client;
        Kind m_kind;
        Crowding m_crowding;
        quint16 m_worker;
    };

    /// `heard`: how many connections over the limit may be served pages, besides this machine's.
    explicit Places(int heard = maxHeard);
    Q_DISABLE_COPY_MOVE(Places)
    ~Places();

    /// How many workers there are; 1 until this is called. Call it before the first place is taken.
    void setWorkers(int count);
    /// Places already held stay with their connections, even if they are now too many.
    void setLimits(const PlaceLimits &limits);
    [[nodiscard]] PlaceLimits limits() const;
    /// The peers whose connections begin with a header that names the client.
    void setBalancers(const policy::Balancers &balancers);

    [[nodiscard]] Place take(const QHostAddress &client);

    /// The places held, Full or PagesOnly.
    struct Load
    {
        int held = 0;
        int peak = 0; ///< the most since the last forgetPeak()
    };
    [[nodiscard]] Load load() const;
    void forgetPeak();
    /// The places held by one worker's connections.
    [[nodiscard]] int heldOf(int worker) const;

private:
    struct Counts
    {
        int full = 0;
        int heard = 0;
    };

    static int Counts::*countOf(Kind kind);
    void giveBack(const Place &place);
    void move(Place &place, const QHostAddress &client);
    void add(quint64 client, Kind kind);
    void remove(quint64 client, Kind kind);
    [[nodiscard]] bool isFull(const Counts &client) const;

    mutable std::mutex m_mutex;
    const int m_heardLimit;
    PlaceLimits m_limits;
    policy::Balancers m_balancers;
    Counts m_all;
    int m_peak = 0;
    QHash<quint64, Counts> m_clients; ///< by clientKey(); only clients that hold a place
    std::vector<int> m_workers { 0 }; ///< places held per worker
};

} // namespace sami::server
