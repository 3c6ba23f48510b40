// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "net/bytestream.h"
#include "net/traffic.h"

#include <QObject>

namespace sami::net {

enum class Side { Client, Upstream };

[[nodiscard]] constexpr const char *toString(Side side)
{
    return side == Side::Client ? "client" : "upstream";
}

/// Who ended a tunnel first, and how.
struct RelayEnd
{
    Side by = Side::Client;
    StreamEnd how = StreamEnd::Fin;
};

/// Copies octets both ways between two standing streams until both directions are over: FIN goes
/// through as FIN with the other direction still open, RST as RST behind what was delivered.
/// Back-pressure: a leg is read only while the other has nothing pending. No buffer of its own:
/// one scratch buffer per thread serves all relays, so an idle tunnel costs two streams and this.
class Relay : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Relay)

public:
    /// `traffic` must outlive the relay. What was written to the streams before goes out first.
    Relay(StreamPtr client, StreamPtr upstream, Traffic &traffic, QObject *parent);
    ~Relay() override;

    void start();
    /// Ends both legs now: silence, drain or an operator's order. finished() is not emitted.
    void abort();

Q_SIGNALS:
    /// Both legs are closed and everything that could be delivered was. From the event loop.
    void finished(const sami::net::RelayEnd &end);
};

} // namespace sami::net
