// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "base/endpoint.h"
#include "net/bytestream.h"

#include <QBasicTimer>
#include <QObject>

#include <chrono>
#include <list>

namespace sami::net {

/// Whom a pooled connection can serve.
struct UpstreamKey
{
    bool tls = false;
    Endpoint endpoint;
    friend bool operator==(const UpstreamKey &, const UpstreamKey &) = default;
};

[[nodiscard]] size_t qHash(const UpstreamKey &key, size_t seed = 0);

/// A worker's idle upstream connections. Each stays watched: one that ends, or says anything
/// before it was asked, is dropped.
class UpstreamPool : public QObject, private StreamListener
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(UpstreamPool)

public:
    static constexpr qsizetype maxPerKey = 8;
    static constexpr qsizetype maxTotal = 256; ///< per worker, the oldest goes first
    static constexpr std::chrono::seconds maxIdle { 60 };

    explicit UpstreamPool(QObject *parent = nullptr, std::chrono::milliseconds lifetime = maxIdle);
    ~UpstreamPool() override;

    /// A live connection (checked by a look at the socket), the most recently used first; null if
    /// there is none. Reading is not enabled.
    [[nodiscard]] StreamPtr take(const UpstreamKey &key);
    void put(const UpstreamKey &key, StreamPtr stream);
    void clear();
    /// Where descriptors are few: at most that many in all; maxTotal before.
    void setCapacity(qsizetype total) { m_capacity = total; }
    [[nodiscard]] qsizetype size() const;

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    struct Idle
    {
        UpstreamKey key;
        StreamPtr stream;
        TimePoint since;
    };

    // An idle connection has nothing good to say.
    void handleReadable(ByteStream &stream) override { drop(stream); }
    void handleDrained(ByteStream &) override {}
    void handleFailed(ByteStream &stream) override { drop(stream); }

    void drop(const ByteStream &stream);
    void armExpiry();

    std::list<Idle> m_idle; ///< the oldest in front
    std::chrono::milliseconds m_lifetime;
    qsizetype m_capacity = maxTotal;
    QBasicTimer m_expiry;
};

} // namespace sami::net
