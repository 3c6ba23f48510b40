// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/relay.h"
#include "net/scratchbuffer.h"
#include "rawpeer.h"

#include <QSignalSpy>
#include <QTest>

using namespace sami;
using namespace sami::net;
using sami::test::RawPeer;

Q_DECLARE_METATYPE(sami::net::RelayEnd)

namespace {

constexpr qsizetype megabyte = 1024 * 1024;

/// A relay between two raw peers.
struct Tunnel
{
    explicit Tunnel(bool clientPortable, bool upstreamPortable)
    {
        test::Pair clientPair = test::makePair(clientPortable);
        test::Pair upstreamPair = test::makePair(upstreamPortable);
        client = std::move(clientPair.peer);
        upstream = std::move(upstreamPair.peer);
        clientStream = clientPair.stream.get();
        upstreamStream = upstreamPair.stream.get();
        relay = std::make_unique<Relay>(std::move(clientPair.stream),
                                        std::move(upstreamPair.stream), traffic, nullptr);
        QObject::connect(relay.get(), &Relay::finished, relay.get(),
                         [this](const RelayEnd &relayEnd) {
                             ++finishedCount;
                             end = relayEnd;
                         });
    }

    std::unique_ptr<RawPeer> client;
    std::unique_ptr<RawPeer> upstream;
    ByteStream *clientStream;
    ByteStream *upstreamStream;
    Traffic traffic { Clock::now() };
    std::unique_ptr<Relay> relay;
    int finishedCount = 0;
    RelayEnd end;
};

void addKinds()
{
    QTest::addColumn<bool>("clientPortable");
    QTest::addColumn<bool>("upstreamPortable");
}

} // namespace

class TestRelay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void copiesBothWays_data();
    void copiesBothWays();
};

void TestRelay::copiesBothWays_data()
{
    addKinds();
    QTest::newRow("both legs on descriptors") << false << false;
    QTest::newRow("both legs on Qt's sockets") << true << true;
}

void TestRelay::copiesBothWays()
{
    QFETCH(bool, clientPortable);
    QFETCH(bool, upstreamPortable);
    Tunnel tunnel(clientPortable, upstreamPortable);
    tunnel.relay->start();
    const QByteArray up = test::pattern(4 * megabyte);
    const QByteArray down = test::pattern(3 * megabyte);
    tunnel.client->send(up);
    tunnel.upstream->send(down);
    QTRY_COMPARE(tunnel.upstream->receivedSize, up.size());
    QTRY_COMPARE(tunnel.client->receivedSize, down.size());
    QVERIFY(tunnel.upstream->received == up);
    QVERIFY(tunnel.client->received == down);
}

QTEST_GUILESS_MAIN(TestRelay)
#include "tst_relay.moc"
