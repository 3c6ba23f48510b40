// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A client that starts with TLS, from its first byte to the first request inside.
#include "net/tlscontext.h"
#include "rawpeer.h"
#include "server/clientsession.h"
#include "server/firstoctets.h"
#include "server/handshaketurns.h"
#include "testauthority.h"
#include "tlscaller.h"

#include <QFile>
#include <QTest>

#include <memory>
#include <openssl/ssl.h>
#include <utility>
#include <vector>

using namespace sami;
using namespace sami::server;
using namespace std::chrono_literals;

namespace {

QByteArray contentOf(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

MachineBounds roomy()
{
    MachineBounds bounds;
    bounds.connections = 10;
    bounds.keptInputBytes = bounds.tlsLegBytes = bounds.tlsClientBytes = 1 << 20;
    return bounds;
}

struct Wishes
{
    MachineBounds bounds = roomy();
    config::TlsMode mode = config::TlsMode::Auto;
    std::chrono::milliseconds headerTimeout { 10'000 };
    bool hasTurns = true;
    bool hasIdentity = true;
};

/// One session, and the raw end of its connection.
class SessionRig
{
public:
    SessionRig(const std::shared_ptr<const net::TlsContext> &identity, const Wishes &wishes = {})
        : m_shared(ActiveSettings { {}, policy::AccessPolicy({}, {}), nullptr, {}, 1, {} },
                   wishes.bounds, "sami-00000000", Clock::now())
    {
        auto [stream, end] = test::makePair(false);
        peer = std::move(end);
        m_shared.places.setLimits({ 10, 0 });
        m_shared.books.keepMeters();
        config::Settings settings;
        settings.timeouts.header = wishes.headerTimeout;
        settings.tls.mode = wishes.mode;
        settings.door.socks5 = true;
        m_context.shared = &m_shared;
        m_context.active = std::make_shared<const ActiveSettings>(
            ActiveSettings { settings,
                             policy::AccessPolicy(settings.access),
                             nullptr,
                             {},
                             1,
                             {},
                             wishes.hasIdentity ? identity : nullptr });
        m_context.pool = &m_pool;
        if (wishes.hasTurns)
            m_context.handshakes = &m_turns;
        auto record = m_shared.books.registry.add(stream->peerAddress(), Clock::now());
        auto place = m_shared.places.take(record->client().address);
        session = std::make_unique<ClientSession>(std::move(stream), std::move(record),
                                                  std::move(place), m_context, FirstOctets::make,
                                                  [this] { isClosed = true; });
        session->start();
    }

    /// Passes bytes between the two ends once.
    void pump(test::TlsCaller &caller)
    {
        caller.feed(std::exchange(peer->received, {}));
        if (const QByteArray octets = caller.take(); !octets.isEmpty())
            peer->send(octets);
    }
    /// Others of its address whose handshakes are under way: who comes now has to wait.
    void fillTurns()
    {
        for (quint64 id = 1000; id < 1000 + door::HandshakeBounds::atOnce; ++id) {
            m_others.push_back(std::make_unique<HandshakeTurns::Claim>(
                m_turns, id, peer->localAddress().address, &m_nobody));
            m_others.back()->askForTurn();
        }
    }
    /// Others take so much of what clients' TLS may have; whether there is that much.
    [[nodiscard]] bool spendTls(qint64 octets)
    {
        return m_othersTls.hold(octets + OctetBudget::Share::freePart);
    }
    [[nodiscard]] account::MeterReading counted() const { return m_shared.books.meters->read(); }
    /// The account of the most recent end.
    [[nodiscard]] account::FinishedWork ended() const
    {
        const QList<account::FinishedWork> all = m_shared.books.finished->recent();
        return all.isEmpty() ? account::FinishedWork() : all.constLast();
    }

private:
    SharedState m_shared;
    route::UpstreamPool m_pool;
    HandshakeTurns m_turns { nullptr };
    WorkerContext m_context;
    OctetBudget::Share m_othersTls { m_shared.tlsClients };
    QObject m_nobody;
    std::vector<std::unique_ptr<HandshakeTurns::Claim>> m_others;

public:
    std::unique_ptr<test::RawPeer> peer;
    std::unique_ptr<ClientSession> session; ///< declared after what it borrows
    bool isClosed = false;
};

const QByteArray page = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

QByteArray reasonOf(const SessionRig &rig)
{
    return rig.ended().ending.reason.code();
}

} // namespace

class TestTlsEntrance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void leadsToHttpInside_data();
    void leadsToHttpInside();
    void isForeignWithoutAnIdentity_data();
    void isForeignWithoutAnIdentity();
    void aCutIsNamedAtEachStep_data();
    void aCutIsNamedAtEachStep();
    void aCutIsSeenInLine_data();
    void aCutIsSeenInLine();
    void aHalfCloseRightAfterTheLastFlightIsNoCut();
    void whatIsSaidInLineCounts();
    void whoNeverFinishesIsTimedOut();
    void theTimeGoesOnInside();
    void needsRoom();
    void aPartOfARecordNeedsRoom_data();
    void aPartOfARecordNeedsRoom();
    void aPartOfARecordIsChargedWhileItWaits();
    void aHelloIsKeptInput();
    void drainingLetsItGoOn();

private:
    std::unique_ptr<test::TestAuthority> m_authority;
    std::shared_ptr<const net::TlsContext> m_identity;
};

void TestTlsEntrance::initTestCase()
{
    m_authority = std::make_unique<test::TestAuthority>();
    QVERIFY(m_authority->isValid());
    const QString base =
        m_authority->issue(QStringLiteral("door"), QStringLiteral("DNS:proxy.example"));
    m_identity = net::TlsContext::server(contentOf(base + QStringLiteral(".pem")),
                                         contentOf(base + QStringLiteral(".key")));
    QVERIFY(m_identity);
}

void TestTlsEntrance::leadsToHttpInside_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<bool>("hasTurns");
    QTest::newRow("B§11: TLS 1.3") << TLS1_3_VERSION << true;
    QTest::newRow("B§11: TLS 1.2") << TLS1_2_VERSION << true;
    QTest::newRow("B§11: without turns") << TLS1_3_VERSION << false;
}

void TestTlsEntrance::leadsToHttpInside()
{
    QFETCH(int, version);
    QFETCH(bool, hasTurns);
    Wishes wishes;
    wishes.hasTurns = hasTurns;
    SessionRig rig(m_identity, wishes);
    test::CallerKind kind(m_authority->caFile());
    kind.speak(version, version);
    test::TlsCaller caller(kind);
    caller.write(page);
    const auto isAnswered = [&] {
        rig.pump(caller);
        return caller.received.startsWith("HTTP/1.1 200");
    };
    QTRY_VERIFY(isAnswered());
    const auto spoken =
        version == TLS1_3_VERSION ? account::TlsVersion::Tls13 : account::TlsVersion::Tls12;
    QCOMPARE(int(rig.ended().entrance.tls), int(spoken));
    QCOMPARE(rig.counted().handshakes[spoken], 1ULL);
}

void TestTlsEntrance::isForeignWithoutAnIdentity_data()
{
    QTest::addColumn<bool>("hasIdentity");
    QTest::newRow("B§11: no certificate") << false;
    QTest::newRow("B§11: PROXY_TLS=off") << true;
}

void TestTlsEntrance::isForeignWithoutAnIdentity()
{
    QFETCH(bool, hasIdentity);
    Wishes wishes;
    wishes.hasIdentity = hasIdentity;
    if (hasIdentity)
        wishes.mode = config::TlsMode::Off;
    SessionRig rig(m_identity, wishes);
    test::CallerKind kind;
    test::TlsCaller caller(kind);
    rig.peer->send(caller.take());
    QTRY_VERIFY(rig.peer->received.startsWith("HTTP/1.1 400"));
}

void TestTlsEntrance::aCutIsNamedAtEachStep_data()
{
    QTest::addColumn<bool>("isReset");
    QTest::newRow("B§11: by FIN") << false;
    QTest::newRow("B§11: by RST") << true;
}

void TestTlsEntrance::aCutIsNamedAtEachStep()
{
    QFETCH(bool, isReset);
    for (qsizetype most = 1;; most += 61) {
        SessionRig rig(m_identity);
        test::CallerKind kind;
        test::TlsCaller caller(kind);
        qsizetype given = 0;
        const auto isCut = [&] {
            caller.feed(std::exchange(rig.peer->received, {}));
            QByteArray octets = caller.take();
            octets.truncate(most - given);
            given += octets.size();
            rig.peer->send(octets);
            return given == most || caller.isShaken();
        };
        QTRY_VERIFY(isCut());
        if (given < most)
            return; // beyond the last step
        isReset ? rig.peer->sendReset() : rig.peer->sendFin();
        QTRY_VERIFY(rig.isClosed);
        QCOMPARE(reasonOf(rig), "tls_cut");
        QCOMPARE(rig.counted().handshakeFaults[net::TlsAcceptFault::Cut], 1ULL);
        QCOMPARE(int(rig.ended().ending.by), int(account::EndedBy::Client));
        QCOMPARE(rig.ended().status, 0);
    }
}

void TestTlsEntrance::aCutIsSeenInLine_data()
{
    QTest::addColumn<bool>("isReset");
    QTest::addColumn<QByteArray>("more"); // that it says before
    QTest::newRow("B§11: by FIN") << false << QByteArray();
    QTest::newRow("B§11: by RST") << true << QByteArray();
    QTest::newRow("B§11: by FIN after octets that nobody asked for") << false << QByteArray("x");
    QTest::newRow("B§11: by RST after more than is read in line")
        << true << QByteArray(100'000, 'x');
}

void TestTlsEntrance::aCutIsSeenInLine()
{
    QFETCH(bool, isReset);
    QFETCH(QByteArray, more);
    SessionRig rig(m_identity);
    rig.fillTurns();
    test::CallerKind kind;
    test::TlsCaller caller(kind);
    rig.peer->send(caller.take());
    QTest::qWait(50);
    QVERIFY(rig.peer->received.isEmpty()); // it waits
    rig.peer->send(more);
    isReset ? rig.peer->sendReset() : rig.peer->sendFin();
    QTRY_VERIFY(rig.isClosed);
    QCOMPARE(reasonOf(rig), "tls_cut");
}

/// The FIN arrives while the last step waits for its turn: often, but not always.
void TestTlsEntrance::aHalfCloseRightAfterTheLastFlightIsNoCut()
{
    for (int round = 0; round < 20; ++round) {
        SessionRig rig(m_identity);
        test::CallerKind kind;
        test::TlsCaller caller(kind);
        rig.peer->send(caller.take());
        QTRY_VERIFY(!rig.peer->received.isEmpty());
        const auto isShaken = [&] {
            caller.feed(std::exchange(rig.peer->received, {}));
            return caller.isShaken();
        };
        QTRY_VERIFY(isShaken());
        caller.write(page);
        caller.closeNotify();
        rig.peer->send(caller.take());
        rig.peer->sendFin();
        const auto isAnswered = [&] {
            caller.feed(std::exchange(rig.peer->received, {}));
            return caller.received.startsWith("HTTP/1.1 200");
        };
        QTRY_VERIFY(isAnswered());
    }
}

void TestTlsEntrance::whatIsSaidInLineCounts()
{
    Wishes wishes;
    wishes.bounds.keptInputBytes = 100;
    SessionRig rig(m_identity, wishes);
    rig.fillTurns();
    test::CallerKind kind;
    test::TlsCaller caller(kind);
    rig.peer->send(caller.take());
    QTest::qWait(50);
    rig.peer->send(QByteArray(9000, 'x')); // 4 KB are free
    QTRY_VERIFY(rig.isClosed);
    QCOMPARE(reasonOf(rig), "kept_input");
}

void TestTlsEntrance::whoNeverFinishesIsTimedOut()
{
    Wishes wishes;
    wishes.headerTimeout = 60ms;
    SessionRig rig(m_identity, wishes);
    test::CallerKind kind;
    test::TlsCaller caller(kind);
    rig.peer->send(caller.take());
    QTRY_VERIFY(rig.isClosed);
    QCOMPARE(reasonOf(rig), "tls_timeout");
    QCOMPARE(rig.counted().handshakeTimeouts, 1ULL);
    QCOMPARE(int(rig.ended().ending.how), int(account::EndedHow::TimeoutHead));
}

/// A client that is slow in the handshake has less time for the request.
void TestTlsEntrance::theTimeGoesOnInside()
{
    Wishes wishes;
    wishes.headerTimeout = 1500ms;
    SessionRig rig(m_identity, wishes);
    const TimePoint began = Clock::now();
    test::CallerKind kind;
    test::TlsCaller caller(kind);
    QTest::qWait(1200);
    const auto isShaken = [&] {
        rig.pump(caller);
        return caller.isShaken();
    };
    QTRY_VERIFY(isShaken());
    caller.write(page.first(9));
    const auto isAnswered = [&] {
        rig.pump(caller);
        return caller.received.startsWith("HTTP/1.1 408");
    };
    QTRY_VERIFY(isAnswered());
    QVERIFY(Clock::now() - began < 2500ms); // the handshake does not restart the time
}

void TestTlsEntrance::needsRoom()
{
    Wishes wishes;
    wishes.bounds.tlsClientBytes = net::tlsClientCost; // for no handshake
    SessionRig rig(m_identity, wishes);
    test::CallerKind kind;
    test::TlsCaller caller(kind);
    rig.peer->send(caller.take());
    QTRY_VERIFY(rig.isClosed);
    QCOMPARE(reasonOf(rig), "tls_full");
    QCOMPARE(rig.counted().handshakesWithoutRoom, 1ULL);
    QCOMPARE(int(rig.ended().ending.how), int(account::EndedHow::Limit));
}

void TestTlsEntrance::aPartOfARecordNeedsRoom_data()
{
    QTest::addColumn<QByteArray>("before"); // what it has said by then
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("B§11: nothing was said yet") << QByteArray() << QByteArray("tls_full");
    QTest::newRow("B§11: of HTTP") << QByteArray("GET /hea") << QByteArray("unfinished_heads");
    QTest::newRow("B§11: of SOCKS5") << QByteArray("\x05") << QByteArray("unfinished_heads");
}

void TestTlsEntrance::aPartOfARecordNeedsRoom()
{
    QFETCH(QByteArray, before);
    Wishes wishes;
    wishes.bounds.tlsClientBytes = 100 * 1024;
    SessionRig rig(m_identity, wishes);
    test::CallerKind kind;
    test::TlsCaller caller(kind);
    const auto isShaken = [&] {
        rig.pump(caller);
        return caller.isShaken();
    };
    QTRY_VERIFY(isShaken());
    if (!before.isEmpty())
        caller.write(before);
    rig.pump(caller);
    QTest::qWait(50);
    QVERIFY(rig.spendTls(80 * 1024));
    caller.write(page);
    rig.peer->send(caller.take().first(7));
    QTRY_VERIFY(!reasonOf(rig).isEmpty());
    QTEST(reasonOf(rig), "reason");
    QCOMPARE(int(rig.ended().ending.how), int(account::EndedHow::Limit));
}

void TestTlsEntrance::aPartOfARecordIsChargedWhileItWaits()
{
    Wishes wishes;
    wishes.bounds.tlsClientBytes = 100 * 1024;
    SessionRig rig(m_identity, wishes);
    test::CallerKind kind;
    test::TlsCaller caller(kind);
    const auto isShaken = [&] {
        rig.pump(caller);
        return caller.isShaken();
    };
    QTRY_VERIFY(isShaken());
    rig.pump(caller);
    caller.write(page);
    const QByteArray record = caller.take();
    rig.peer->send(record.first(7));
    QTRY_VERIFY(!rig.spendTls(80 * 1024));
    rig.peer->send(record.sliced(7));
    const auto isAnswered = [&] {
        rig.pump(caller);
        return caller.received.startsWith("HTTP/1.1 200");
    };
    QTRY_VERIFY(isAnswered());
    QVERIFY(rig.spendTls(80 * 1024));
}

void TestTlsEntrance::aHelloIsKeptInput()
{
    Wishes wishes;
    wishes.bounds.keptInputBytes = 100;
    SessionRig rig(m_identity, wishes);
    // 4 KB are free.
    rig.peer->send(QByteArray("\x16\x03\x01\x3f\x00\x01\x00\x3e\x00", 9) + QByteArray(9000, 'x'));
    QTRY_VERIFY(rig.isClosed);
    QCOMPARE(reasonOf(rig), "kept_input");
}

void TestTlsEntrance::drainingLetsItGoOn()
{
    SessionRig rig(m_identity);
    test::CallerKind kind;
    test::TlsCaller caller(kind);
    rig.peer->send(caller.take());
    rig.session->drain();
    caller.write(page);
    const auto isAnswered = [&] {
        rig.pump(caller);
        return caller.received.startsWith("HTTP/1.1 ");
    };
    QTRY_VERIFY(isAnswered());
}

QTEST_GUILESS_MAIN(TestTlsEntrance)
#include "tst_tlsentrance.moc"
