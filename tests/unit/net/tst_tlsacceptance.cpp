// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "acceptrig.h"
#include "testauthority.h"

#include <QFile>
#include <QTest>

#include <malloc.h>
#include <openssl/ssl.h>
#include <vector>

using namespace sami;
using namespace sami::net;
using sami::test::AcceptRig;
using sami::test::Below;
using sami::test::CallerKind;
using sami::test::pattern;
using sami::test::TestAuthority;

Q_DECLARE_METATYPE(sami::test::Below)
Q_DECLARE_METATYPE(sami::net::TlsAcceptFault)

namespace {

QByteArray contentOf(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::shared_ptr<const TlsContext> contextOf(const QString &identity,
                                            const TlsContext *before = nullptr)
{
    return TlsContext::server(contentOf(identity + QStringLiteral(".pem")),
                              contentOf(identity + QStringLiteral(".key")), before);
}

/// A certificate of the same key, like a renewed one.
std::shared_ptr<const TlsContext> renewed(const QString &identity, const QString &key,
                                          const TlsContext &before)
{
    return TlsContext::server(contentOf(identity), contentOf(key), &before);
}

void addVersions()
{
    QTest::addColumn<int>("version");
    QTest::newRow("TLS 1.2") << TLS1_2_VERSION;
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION;
}

} // namespace

class TestTlsAcceptance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void shakesHands_data();
    void shakesHands();
    void whatFollowsTheHandshakeIsFirst_data();
    void whatFollowsTheHandshakeIsFirst();
    void saysWhyItFailed_data();
    void saysWhyItFailed();
    void tellsWhatIsNoTls_data();
    void tellsWhatIsNoTls();
    void namesADistrustfulClient_data();
    void namesADistrustfulClient();
    void waitsAtEachOctet_data();
    void waitsAtEachOctet();
    void readsNothingByItself();
    void aWordThatIsNotTakenIsACut();
    void hasForwardSecrecyOnly();
    void takesTheCheapestSuite();
    void ticketsResume_data();
    void ticketsResume();
    void ticketsGoWithTheKey_data();
    void ticketsGoWithTheKey();
    void givesOneTicket();
    void takesNoEarlyData();
    void halvesEndByThemselves();
    void anEndWithoutNoticeIsTruncation_data() { addVersions(); }
    void anEndWithoutNoticeIsTruncation();
    void keysMayChange();
    void doesNotRenegotiate();
    void costsWhatItIsChargedFor();

private:
    std::unique_ptr<TestAuthority> m_authority;
    std::unique_ptr<TestAuthority> m_stranger;
    std::shared_ptr<const TlsContext> m_context;
    QString m_identity;
};

void TestTlsAcceptance::initTestCase()
{
    m_authority = std::make_unique<TestAuthority>();
    m_stranger = std::make_unique<TestAuthority>();
    QVERIFY(m_authority->isValid() && m_stranger->isValid());
    m_identity = m_authority->issue(QStringLiteral("door"), QStringLiteral("DNS:proxy.example"));
    m_context = contextOf(m_identity);
    QVERIFY(m_context);
}

void TestTlsAcceptance::shakesHands_data()
{
    QTest::addColumn<Below>("below");
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("offered");
    const QByteArray both("\x02h2\x08http/1.1");
    for (const int version : { TLS1_2_VERSION, TLS1_3_VERSION }) {
        const char *of = version == TLS1_2_VERSION ? "1.2" : "1.3";
        QTest::addRow("TLS %s over a socket", of) << Below::Socket << version << both;
        QTest::addRow("TLS %s in one piece", of) << Below::Whole << version << both;
        QTest::addRow("TLS %s an octet at a time", of) << Below::Octets << version << both;
        QTest::addRow("TLS %s without ALPN", of) << Below::Whole << version << QByteArray();
    }
}

void TestTlsAcceptance::shakesHands()
{
    QFETCH(Below, below);
    QFETCH(int, version);
    QFETCH(QByteArray, offered);
    CallerKind kind(m_authority->caFile());
    kind.speak(version, version);
    if (!offered.isEmpty())
        kind.offer(offered);
    AcceptRig rig(below, *m_context, kind);
    QTRY_VERIFY(rig.stream);
    QCOMPARE(rig.isTls13, version == TLS1_3_VERSION);
    QTRY_VERIFY(rig.caller.isShaken());
    QCOMPARE(rig.caller.protocol(), offered.isEmpty() ? QByteArray() : QByteArray("http/1.1"));
    rig.caller.write(pattern(50'000));
    QVERIFY(rig.stream->write(pattern(60'000)));
    QTRY_COMPARE(rig.received.size(), 50'000);
    QVERIFY(rig.received == pattern(50'000));
    QTRY_COMPARE(rig.caller.received.size(), 60'000);
    QVERIFY(rig.caller.received == pattern(60'000));
}

void TestTlsAcceptance::whatFollowsTheHandshakeIsFirst_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("a request") << 100;
    QTest::newRow("more than OpenSSL reads ahead") << 60'000;
}

/// The client's last handshake message and its first request arrive in one read.
void TestTlsAcceptance::whatFollowsTheHandshakeIsFirst()
{
    QFETCH(int, size);
    CallerKind kind;
    AcceptRig rig(Below::Whole, *m_context, kind);
    rig.isHeld = true;
    rig.capacity = 1 << 20;
    rig.deliver(rig.caller.take());
    const auto isAnswered = [&rig] {
        rig.collect();
        return rig.caller.isShaken();
    };
    QTRY_VERIFY(isAnswered());
    rig.caller.write(pattern(size));
    rig.deliver(rig.caller.take());
    QTRY_VERIFY(rig.stream);
    QCOMPARE(rig.scripted->unread(), 0); // everything was read before the stream existed
    QTRY_COMPARE(rig.received.size(), size);
    QVERIFY(rig.received == pattern(size));
}

void TestTlsAcceptance::saysWhyItFailed_data()
{
    QTest::addColumn<int>("oldest");
    QTest::addColumn<int>("newest");
    QTest::addColumn<QByteArray>("suites");
    QTest::addColumn<QByteArray>("knownGroups");
    QTest::addColumn<QByteArray>("offered");
    QTest::addColumn<TlsAcceptFault>("fault");
    QTest::addColumn<QByteArray>("told"); // to the client
    const QByteArray any;
    QTest::newRow("TLS 1.0") << TLS1_VERSION << TLS1_VERSION << any << any << any
                             << TlsAcceptFault::Version
                             << QByteArray("tlsv1 alert protocol version");
    QTest::newRow("TLS 1.1") << TLS1_1_VERSION << TLS1_1_VERSION << any << any << any
                             << TlsAcceptFault::Version
                             << QByteArray("tlsv1 alert protocol version");
    const QByteArray failure("sslv3 alert handshake failure");
    QTest::newRow("a key exchange without forward secrecy")
        << TLS1_2_VERSION << TLS1_2_VERSION << QByteArray("AES128-GCM-SHA256") << any << any
        << TlsAcceptFault::Cipher << failure;
    QTest::newRow("a cipher without authentication of its own")
        << TLS1_2_VERSION << TLS1_2_VERSION << QByteArray("ECDHE-ECDSA-AES128-SHA") << any << any
        << TlsAcceptFault::Cipher << failure;
    QTest::newRow("a signature that the certificate cannot make")
        << TLS1_2_VERSION << TLS1_2_VERSION << QByteArray("ECDHE-RSA-AES128-GCM-SHA256") << any
        << any << TlsAcceptFault::Cipher << failure;
    QTest::newRow("no group of ours")
        << TLS1_3_VERSION << TLS1_3_VERSION << any << QByteArray("P-521") << any
        << TlsAcceptFault::Cipher << failure;
    QTest::newRow("other protocols only")
        << TLS1_3_VERSION << TLS1_3_VERSION << any << any << QByteArray("\x02h2\x08http/1.0")
        << TlsAcceptFault::Protocol << QByteArray("tlsv1 alert no application protocol");
    QTest::newRow("other protocols only, over TLS 1.2")
        << TLS1_2_VERSION << TLS1_2_VERSION << any << any << QByteArray("\x02h2")
        << TlsAcceptFault::Protocol << QByteArray("tlsv1 alert no application protocol");
}

void TestTlsAcceptance::saysWhyItFailed()
{
    QFETCH(int, oldest);
    QFETCH(int, newest);
    QFETCH(QByteArray, suites);
    QFETCH(QByteArray, knownGroups);
    QFETCH(QByteArray, offered);
    QFETCH(TlsAcceptFault, fault);
    QFETCH(QByteArray, told);
    CallerKind kind;
    kind.speak(oldest, newest);
    if (!suites.isEmpty())
        kind.knowSuites(suites.constData());
    if (!knownGroups.isEmpty())
        kind.knowGroups(knownGroups.constData());
    if (!offered.isEmpty())
        kind.offer(offered);
    AcceptRig rig(Below::Octets, *m_context, kind);
    QTRY_VERIFY(rig.fault);
    QCOMPARE(test::named(*rig.fault), test::named(fault));
    QVERIFY(!rig.acceptance->detail().isEmpty());
    QTRY_VERIFY(rig.caller.hasFailed);
    QCOMPARE(rig.caller.failure, told);
}

void TestTlsAcceptance::tellsWhatIsNoTls_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::newRow("garbage behind the first octet") << QByteArray("\x16garbage, and more of it");
    QTest::newRow("a record that is too long") << QByteArray("\x16\x03\x01\xff\xff\x01", 6);
    QTest::newRow("another message than a hello")
        << QByteArray("\x16\x03\x01\x00\x04\x02\x00\x00\x00", 9);
    QTest::newRow("a hello without content")
        << QByteArray("\x16\x03\x01\x00\x04\x01\x00\x00\x00", 9);
}

void TestTlsAcceptance::tellsWhatIsNoTls()
{
    QFETCH(QByteArray, octets);
    CallerKind kind;
    AcceptRig rig(Below::Octets, *m_context, kind);
    rig.isHeld = true;
    rig.deliver(octets);
    QTRY_VERIFY(rig.fault);
    QCOMPARE(test::named(*rig.fault), test::named(TlsAcceptFault::NotTls));
}

void TestTlsAcceptance::namesADistrustfulClient_data()
{
    addVersions();
}

void TestTlsAcceptance::namesADistrustfulClient()
{
    QFETCH(int, version);
    CallerKind kind(m_stranger->caFile());
    kind.speak(version, version);
    AcceptRig rig(Below::Socket, *m_context, kind);
    QTRY_VERIFY(rig.fault);
    QCOMPARE(test::named(*rig.fault), test::named(TlsAcceptFault::Untrusted));
    QCOMPARE(rig.acceptance->detail(), "tlsv1 alert unknown ca");
}

void TestTlsAcceptance::waitsAtEachOctet_data()
{
    addVersions();
}

/// A handshake that stops anywhere is not a failure: the deadline belongs to somebody else.
void TestTlsAcceptance::waitsAtEachOctet()
{
    QFETCH(int, version);
    CallerKind kind;
    kind.speak(version, version);
    for (qsizetype most = 1;; most += 29) {
        AcceptRig rig(Below::Whole, *m_context, kind);
        rig.isHeld = true;
        qsizetype given = 0;
        for (int turns = 0; turns < 20 && given < most; ++turns) {
            rig.collect();
            QByteArray octets = rig.caller.take();
            octets.truncate(most - given);
            given += octets.size();
            rig.deliver(octets);
            QCoreApplication::processEvents();
        }
        QVERIFY(!rig.fault);
        if (rig.stream)
            return;
        QCOMPARE(given, most);
    }
}

void TestTlsAcceptance::readsNothingByItself()
{
    CallerKind kind;
    AcceptRig rig(Below::Whole, *m_context, kind);
    rig.isHeld = true;
    rig.scripted->setReadEnabled(false);
    rig.scripted->arrive(rig.caller.take());
    QCOMPARE(int(rig.acceptance->step("\x16")), int(AcceptRig::Outcome::NeedsInput));
    QCOMPARE(rig.scripted->reads, 0);
}

void TestTlsAcceptance::aWordThatIsNotTakenIsACut()
{
    CallerKind kind;
    AcceptRig rig(Below::Whole, *m_context, kind);
    rig.isHeld = true;
    rig.scripted->shutdownWrite(); // it accepts nothing more
    rig.deliver(rig.caller.take());
    QTRY_VERIFY(rig.fault);
    QCOMPARE(test::named(*rig.fault), test::named(TlsAcceptFault::Cut));
}

void TestTlsAcceptance::hasForwardSecrecyOnly()
{
    STACK_OF(SSL_CIPHER) *ciphers = SSL_CTX_get_ciphers(m_context->native());
    QVERIFY(sk_SSL_CIPHER_num(ciphers) >= 9);
    for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
        const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(ciphers, i);
        const int exchange = SSL_CIPHER_get_kx_nid(cipher);
        QVERIFY2(SSL_CIPHER_is_aead(cipher) == 1, SSL_CIPHER_get_name(cipher));
        QVERIFY2(exchange == NID_kx_ecdhe || exchange == NID_kx_any, SSL_CIPHER_get_name(cipher));
    }
    QCOMPARE(SSL_CTX_get_min_proto_version(m_context->native()), TLS1_2_VERSION);
}

void TestTlsAcceptance::takesTheCheapestSuite()
{
    for (const int version : { TLS1_2_VERSION, TLS1_3_VERSION }) {
        CallerKind kind;
        kind.speak(version, version);
        AcceptRig rig(Below::Whole, *m_context, kind);
        QTRY_VERIFY(rig.stream);
        QVERIFY2(rig.caller.suite().contains("128"), rig.caller.suite().constData());
    }
}

void TestTlsAcceptance::ticketsResume_data()
{
    addVersions();
}

void TestTlsAcceptance::ticketsResume()
{
    QFETCH(int, version);
    CallerKind kind;
    kind.speak(version, version);
    for (int call = 0; call < 3; ++call) {
        AcceptRig rig(Below::Whole, *m_context, kind, call > 0);
        QTRY_VERIFY(rig.stream && rig.caller.isShaken());
        QTRY_VERIFY(kind.session());
        QCOMPARE(rig.caller.isResumed(), call > 0);
    }
}

void TestTlsAcceptance::ticketsGoWithTheKey_data()
{
    addVersions();
}

void TestTlsAcceptance::ticketsGoWithTheKey()
{
    QFETCH(int, version);
    CallerKind kind;
    kind.speak(version, version);
    {
        AcceptRig first(Below::Whole, *m_context, kind);
        QTRY_VERIFY(first.stream && kind.session());
    }
    const QString other =
        m_authority->issue(QStringLiteral("other"), QStringLiteral("DNS:proxy.example"));
    const auto sameKey = renewed(m_identity + QStringLiteral(".pem"),
                                 m_identity + QStringLiteral(".key"), *m_context);
    const auto otherKey = contextOf(other, m_context.get());
    const auto stranger = contextOf(m_identity);
    QVERIFY(sameKey && otherKey && stranger);
    const struct
    {
        const TlsContext &context;
        bool isResumed;
    } rows[] = { { *otherKey, false }, { *stranger, false }, { *sameKey, true } };
    for (const auto &row : rows) {
        AcceptRig rig(Below::Whole, row.context, kind, true);
        QTRY_VERIFY(rig.stream && rig.caller.isShaken());
        QCOMPARE(rig.caller.isResumed(), row.isResumed);
        rig.caller.write("works");
        QTRY_COMPARE(rig.received, "works");
        if (!row.isResumed) { // it got a ticket from the other context
            AcceptRig again(Below::Whole, *m_context, kind);
            QTRY_VERIFY(again.stream && again.caller.isShaken());
            QTest::qWait(5);
        }
    }
}

void TestTlsAcceptance::givesOneTicket()
{
    QCOMPARE(int(SSL_CTX_get_num_tickets(m_context->native())), 1);
}

void TestTlsAcceptance::takesNoEarlyData()
{
    QCOMPARE(SSL_CTX_get_max_early_data(m_context->native()), 0U);
    CallerKind kind;
    AcceptRig rig(Below::Whole, *m_context, kind);
    QTRY_VERIFY(rig.stream && kind.session());
    QCOMPARE(SSL_SESSION_get_max_early_data(kind.session()), 0U);
}

void TestTlsAcceptance::halvesEndByThemselves()
{
    CallerKind kind;
    kind.speak(TLS1_3_VERSION, TLS1_3_VERSION);
    AcceptRig rig(Below::Socket, *m_context, kind);
    QTRY_VERIFY(rig.stream && rig.caller.isShaken());
    QVERIFY(rig.stream->canHalfClose());
    rig.caller.closeNotify();
    QTRY_VERIFY(rig.isEnded);
    QCOMPARE(test::named(rig.stream->end()), test::named(StreamEnd::Fin));
    QVERIFY(rig.stream->write("still here"));
    QTRY_COMPARE(rig.caller.received, "still here");
    rig.stream->shutdownWrite();
    QTRY_VERIFY(rig.caller.sawCloseNotify);
}

void TestTlsAcceptance::anEndWithoutNoticeIsTruncation()
{
    QFETCH(int, version);
    CallerKind kind;
    kind.speak(version, version);
    AcceptRig rig(Below::Socket, *m_context, kind);
    QTRY_VERIFY(rig.stream && rig.caller.isShaken());
    rig.caller.write("a part");
    rig.pump();
    rig.callerFin();
    QTRY_VERIFY(rig.isEnded);
    QCOMPARE(rig.received, "a part");
    QCOMPARE(test::named(rig.stream->end()), test::named(StreamEnd::Truncated));
}

void TestTlsAcceptance::keysMayChange()
{
    CallerKind kind;
    kind.speak(TLS1_3_VERSION, TLS1_3_VERSION);
    AcceptRig rig(Below::Octets, *m_context, kind);
    QTRY_VERIFY(rig.stream && rig.caller.isShaken());
    for (int i = 0; i < 6; ++i) {
        rig.caller.updateKeys(i % 2 == 0);
        rig.caller.write("up");
        QVERIFY(rig.stream->write("down"));
    }
    QTRY_COMPARE(rig.received, QByteArray("up").repeated(6));
    QTRY_COMPARE(rig.caller.received, QByteArray("down").repeated(6));
}

void TestTlsAcceptance::doesNotRenegotiate()
{
    CallerKind kind;
    kind.speak(TLS1_2_VERSION, TLS1_2_VERSION);
    AcceptRig rig(Below::Whole, *m_context, kind);
    QTRY_VERIFY(rig.stream && rig.caller.isShaken());
    rig.isHeld = true;
    rig.pump();
    static_cast<void>(rig.scripted->takeSent());
    rig.caller.renegotiate();
    rig.deliver(rig.caller.take());
    QByteArray sent;
    QTRY_VERIFY(!(sent += rig.scripted->takeSent()).isEmpty());
    QCOMPARE(int(sent.at(0)), 21); // an alert, and no ServerHello
}

/// Measured in this process's heap, which includes the client's end: that is freed before counting.
void TestTlsAcceptance::costsWhatItIsChargedFor()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("a sanitizer's heap is another one");
#else
    constexpr int count = 64;
    const auto used = [] {
        const struct mallinfo2 now = ::mallinfo2();
        return qsizetype(now.uordblks + now.hblkhd);
    };
    struct Leg
    {
        net::StreamPtr stream;
        std::unique_ptr<TlsAcceptance> acceptance;
    };
    CallerKind kind;
    const auto open = [&](std::vector<Leg> &legs, bool isWhole) {
        auto below = std::make_unique<test::ScriptedStream>();
        below->setBlocked(false);
        test::ScriptedStream *line = below.get();
        Leg leg;
        leg.stream.reset(below.release());
        leg.acceptance = makeTlsAcceptance(*m_context, *line);
        test::TlsCaller caller(kind);
        const QByteArray hello = caller.take();
        if (!isWhole) {
            // A partly received second message is the most that can be buffered.
            static_cast<void>(leg.acceptance->step(hello));
            static_cast<void>(line->takeSent());
            static_cast<void>(
                leg.acceptance->step("\x17\x03\x03\x40\x00" + QByteArray(16'000, 'x')));
        } else {
            static_cast<void>(leg.acceptance->step(hello));
            caller.feed(line->takeSent());
            caller.write("GET");
            QCOMPARE(int(leg.acceptance->step(caller.take())), int(AcceptRig::Outcome::Done));
            leg.stream = leg.acceptance->takeStream(std::move(leg.stream));
            leg.acceptance.reset();
            char block[16];
            QCOMPARE(leg.stream->read(block, sizeof block).size, 3);
            QCOMPARE(int(leg.stream->read(block, sizeof block).status),
                     int(ByteStream::ReadResult::Status::WouldBlock));
            QVERIFY(leg.stream->write("HTTP/1.1 200"));
            static_cast<void>(line->takeSent());
        }
        legs.push_back(std::move(leg));
    };
    const auto costOf = [&](bool isWhole) {
        std::vector<Leg> legs;
        legs.reserve(2 * count);
        open(legs, isWhole);
        const qsizetype before = used();
        for (int i = 0; i < count; ++i)
            open(legs, isWhole);
        return (used() - before) / count;
    };
    const qsizetype silent = costOf(true);
    const qsizetype shaking = costOf(false);
    qInfo("a silent leg: %lld octets, amid its handshake: %lld", qlonglong(silent),
          qlonglong(shaking));
    QVERIFY2(silent <= tlsClientCost, QByteArray::number(silent).constData());
    QVERIFY2(silent > tlsClientCost / 2, QByteArray::number(silent).constData());
    QVERIFY2(shaking <= tlsHandshakeCost, QByteArray::number(shaking).constData());
    QVERIFY2(shaking > tlsHandshakeCost / 2, QByteArray::number(shaking).constData());
#endif
}

QTEST_GUILESS_MAIN(TestTlsAcceptance)
#include "tst_tlsacceptance.moc"
