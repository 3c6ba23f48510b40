// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"
#include "http/headparser.h"
#include "logrig.h"
#include "net/bytestream.h"
#include "server/context.h"
#include "server/intake.h"

#include <QList>
#include <QTest>

/// Inputs for tests of the proxy's units: heads from bytes, the state that a proxy shares without
/// its sockets and threads, a stream that records. Tests construct these things only here.
namespace rig {

/// Parses a head, which must be complete.
inline sami::http::RequestHead headOf(const QByteArray &octets)
{
    sami::http::RequestHeadParser parser;
    if (parser.feed(octets).status != sami::http::HeadProgress::Status::Complete)
        qFatal("no whole head: %s", octets.constData());
    return parser.take();
}

inline sami::server::Intake intakeOf(const QByteArray &octets)
{
    auto intake = sami::server::readIntake(headOf(octets));
    if (!intake)
        qFatal("a head that is refused: %s", octets.constData());
    return std::move(*intake);
}

/// The parts of a proxy with these settings that its sessions share.
class Proxy
{
public:
    static constexpr char pseudonym[] = "sami-0A1B2C3D";

    explicit Proxy(const sami::config::Settings &settings = {})
        : active { settings, sami::policy::AccessPolicy(settings.access), nullptr, {} },
          shared(active, sami::server::MachineBounds::of(1 << 16, qint64(1) << 30, 2), pseudonym,
                 sami::Clock::now())
    {}

    sami::server::ActiveSettings active;
    sami::server::SharedState shared;
};

/// The other leg of a message: accepts everything until its peer has gone.
class SinkStream final : public sami::net::ByteStream
{
public:
    SinkStream() : ByteStream(ofAllSinks()) {}

    QList<QByteArray> writes; ///< one entry per call
    bool isGone = false;

    [[nodiscard]] QByteArray octets() const { return writes.join(); }

    ReadResult read(char *, qsizetype) override { return {}; }
    [[nodiscard]] bool isSilent() const override { return true; }
    bool write(QByteArrayView bytes) override
    {
        if (!isGone)
            writes.append(bytes.toByteArray());
        return !isGone;
    }
    [[nodiscard]] qsizetype pendingBytes() const override { return 0; }
    [[nodiscard]] qsizetype undeliveredBytes() const override { return 0; }
    void setReadEnabled(bool) override {}
    [[nodiscard]] bool isReadEnabled() const override { return false; }
    void shutdownWrite() override {}
    [[nodiscard]] bool canHalfClose() const override { return true; }
    void close() override {}
    void reset() override {}
    [[nodiscard]] bool isOpen() const override { return !isGone; }
    [[nodiscard]] sami::net::StreamEnd end() const override
    {
        return isGone ? sami::net::StreamEnd::Reset : sami::net::StreamEnd::None;
    }
    [[nodiscard]] sami::SocketAddress localAddress() const override { return {}; }
    [[nodiscard]] sami::SocketAddress peerAddress() const override { return {}; }
    void setTcpKeepalive(int) override {}

private:
    static sami::net::Budgets &ofAllSinks()
    {
        static sami::net::Budgets budgets;
        return budgets;
    }
};

} // namespace rig
