// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/socketstream.h"
#include "rawpeer.h"
#include "route/layereddialer.h"
#include "streamear.h"
#include "testauthority.h"

#include <QFile>
#include <QNetworkProxy>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QTest>

#include <atomic>
#include <optional>
#include <vector>

using namespace sami;
using namespace sami::net;
using namespace sami::route;
using namespace std::chrono_literals;
using sami::test::TestAuthority;

namespace {

constexpr qsizetype megabyte = 1024 * 1024;

/// A TLS server on loopback with one certificate; keeps what it receives.
class TlsServer : public QTcpServer
{
    Q_OBJECT

public:
    explicit TlsServer(const QString &certificate,
                       const QHostAddress &address = QHostAddress(QHostAddress::LocalHost),
                       quint16 port = 0)
    {
        QFile certificateFile(certificate + QStringLiteral(".pem"));
        QFile keyFile(certificate + QStringLiteral(".key"));
        if (!certificateFile.open(QIODevice::ReadOnly) || !keyFile.open(QIODevice::ReadOnly))
            return;
        m_configuration = QSslConfiguration::defaultConfiguration();
        m_configuration.setLocalCertificate(QSslCertificate(&certificateFile));
        m_configuration.setPrivateKey(QSslKey(&keyFile, QSsl::Ec));
        m_configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        m_configuration.setAllowedNextProtocols(
            { QSslConfiguration::ALPNProtocolHTTP2, QSslConfiguration::NextProtocolHttp1_1 });
        setProxy(QNetworkProxy::NoProxy);
        listen(address, port);
    }

    QSslSocket *last = nullptr;
    QByteArray received;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *socket = new QSslSocket(this);
        socket->setProxy(QNetworkProxy::NoProxy);
        socket->setSocketDescriptor(descriptor);
        socket->setSslConfiguration(m_configuration);
        socket->startServerEncryption();
        connect(socket, &QSslSocket::readyRead, this,
                [this, socket] { received += socket->readAll(); });
        last = socket;
    }

private:
    QSslConfiguration m_configuration;
};

/// Reads what is there.
bool isReadToItsEnd(ByteStream &stream)
{
    char block[1000];
    ByteStream::ReadResult result;
    do {
        result = stream.read(block, sizeof block);
    } while (result.status == ByteStream::ReadResult::Status::Data);
    return result.status == ByteStream::ReadResult::Status::Ended;
}

struct Call
{
    Call() = default;
    Q_DISABLE_COPY_MOVE(Call)

    int count = 0;
    std::optional<Dialled> dialled;
    std::optional<DialError> error;
    DialPtr operation;
};

} // namespace

class TestTlsDial : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void connectsToAVerifiedHost_data();
    void connectsToAVerifiedHost();
    void acceptsAWildcard();
    void refusesDoubtfulCertificates_data();
    void refusesDoubtfulCertificates();
    void tellsServersThatAreNone_data();
    void tellsServersThatAreNone();
    void findsAHostWhoseAddressIsAnothersNow();
    void handshakeHasTheDialsDeadline();
    void cancelledHandshakeCallsNobody();
    void carriesMuchBothWays();
    void boundsWhatWaitsUnread();
    void closeNotifyIsFin();
    void cutIsError();
    void octetsBeforeTheEndAreRead();
    void closeSendsCloseNotify();

private:
    void addKinds(const char *rule = "");
    void dial(Call &call, const QByteArray &host, quint16 port, bool portable,
              std::chrono::milliseconds timeout = 5s);
    /// An encrypted connection; returns our stream, and the server keeps its socket.
    [[nodiscard]] StreamPtr connectTo(TlsServer &server);

    std::unique_ptr<TestAuthority> m_authority;
    std::unique_ptr<TestAuthority> m_stranger;
    QString m_good;
    std::shared_ptr<TlsClientConfig> m_tls;
};

void TestTlsDial::initTestCase()
{
    if (!QSslSocket::supportsSsl())
        QSKIP("no TLS library");
    m_authority = std::make_unique<TestAuthority>();
    m_stranger = std::make_unique<TestAuthority>();
    QVERIFY(m_authority->isValid());
    QVERIFY(m_stranger->isValid());
    m_good = m_authority->issue(QStringLiteral("good"),
                                QStringLiteral("DNS:api.example.com,IP:127.0.0.1,IP:::1"));
    QVERIFY(!m_good.isEmpty());
    m_tls = std::make_shared<TlsClientConfig>();
    m_tls->load(m_authority->caFile());
}

void TestTlsDial::addKinds(const char *rule)
{
    QTest::addColumn<bool>("portable");
    QTest::addRow("%son descriptors", rule) << false;
    QTest::addRow("%son Qt's sockets", rule) << true;
}

void TestTlsDial::dial(Call &call, const QByteArray &host, quint16 port, bool portable,
                       std::chrono::milliseconds timeout)
{
    const auto resolver = std::make_shared<Resolver>([](const QByteArray &) {
        return ResolveAnswer { { QHostAddress(QHostAddress::LocalHost) }, false, {} };
    });
    LayeredDialer dialer(resolver, m_tls, portable);
    DialRequest request;
    request.endpoint = { host, port };
    request.tls = true;
    request.budgets = &test::budgets();
    request.timeout = timeout;
    call.operation = dialer.dial(request, [&call](Result<Dialled, DialError> result) {
        ++call.count;
        if (result)
            call.dialled = std::move(result).value();
        else
            call.error = std::move(result).error();
    });
}

StreamPtr TestTlsDial::connectTo(TlsServer &server)
{
    Call call;
    dial(call, "api.example.com", server.serverPort(), false);
    if (!QTest::qWaitFor(
            [&] { return call.count == 1 && server.last && server.last->isEncrypted(); })
        || !call.dialled)
        return {};
    return std::move(call.dialled->stream);
}

void TestTlsDial::connectsToAVerifiedHost_data()
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("sni");
    for (const bool portable : { false, true }) {
        const char *kind = portable ? "on Qt's sockets" : "on descriptors";
        QTest::addRow("B§4: SNI and the verified name are the request's host, %s", kind)
            << portable << QByteArray("api.example.com") << QByteArray("api.example.com");
        QTest::addRow("B§4: the case of the host does not matter, %s", kind)
            << portable << QByteArray("API.Example.com") << QByteArray("api.example.com");
        QTest::addRow("RFC 6066 §3: a trailing dot does not go out, %s", kind)
            << portable << QByteArray("api.example.com.") << QByteArray("api.example.com");
        QTest::addRow("RFC 6066 §3: a literal is verified, but is no SNI, %s", kind)
            << portable << QByteArray("127.0.0.1") << QByteArray("");
    }
}

void TestTlsDial::connectsToAVerifiedHost()
{
    QFETCH(bool, portable);
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, sni);
    TlsServer server(m_good);
    Call call;
    dial(call, host, server.serverPort(), portable);
    QCOMPARE(call.count, 0);
    QTRY_COMPARE(call.count, 1);
    QVERIFY2(call.dialled, call.error ? call.error->detail.constData() : "");
    QVERIFY(call.dialled->timings.encrypted > call.dialled->timings.connected);
    QVERIFY(call.dialled->stream->write("GET / HTTP/1.1\r\n\r\n"));
    QTRY_COMPARE(server.received, "GET / HTTP/1.1\r\n\r\n");
    QCOMPARE(server.last->sslConfiguration().nextNegotiatedProtocol(), "http/1.1");
    QCOMPARE(call.dialled->stream->peerAddress().port, server.serverPort());

    // Qt's server does not expose the SNI; the ClientHello does.
    test::RawListener listener;
    Call hello;
    dial(hello, host, listener.port(), portable);
    bool isAccepted = false;
    std::unique_ptr<test::RawPeer> peer;
    QTRY_VERIFY((isAccepted = isAccepted || listener.hasPending()));
    peer = std::make_unique<test::RawPeer>(listener.accept());
    QTRY_VERIFY(peer->receivedSize > 100);
    QCOMPARE(peer->received.toLower().contains("api.example.com"), !sni.isEmpty());
    QVERIFY(!peer->received.toLower().contains("api.example.com."));
    QVERIFY(!peer->received.contains("127.0.0.1"));
    QVERIFY(peer->received.contains("http/1.1"));
    QVERIFY(!peer->received.contains("h2\x08"));
}

void TestTlsDial::acceptsAWildcard()
{
    // RFC 9525 §6.3: for exactly one label.
    TlsServer server(m_authority->issue(QStringLiteral("wild"),
                                        QStringLiteral("DNS:other.example,DNS:*.Example.com")));
    for (const char *host : { "api.example.com", "API.EXAMPLE.com.", "xn--e1afmkfd.example.com" }) {
        Call call;
        dial(call, host, server.serverPort(), false);
        QTRY_COMPARE(call.count, 1);
        QVERIFY2(call.dialled, call.error ? call.error->detail.constData() : "");
    }
}

void TestTlsDial::refusesDoubtfulCertificates_data()
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("word");
    const QString stranger =
        m_stranger->issue(QStringLiteral("stranger"), QStringLiteral("DNS:api.example.com"));
    const QString expired =
        m_authority->issue(QStringLiteral("expired"), QStringLiteral("DNS:api.example.com"), true);
    const QString withoutAddress =
        m_authority->issue(QStringLiteral("without-address"), QStringLiteral("DNS:127.0.0.1"));
    // The common name is the file's.
    const QString commonNameOnly = m_authority->issue(QStringLiteral("cn.example.com"), {});
    const QString commonNameToo = m_authority->issue(QStringLiteral("too.example.com"),
                                                     QStringLiteral("DNS:other.example.com"));
    const QString commonNameAndAddress =
        m_authority->issue(QStringLiteral("ip.example.com"), QStringLiteral("IP:127.0.0.1"));
    const QString wildcards = m_authority->issue(
        QStringLiteral("wildcards"),
        QStringLiteral("DNS:*.wild.example.com,DNS:part*.example.com,DNS:*.*.two.example.com"));
    const QByteArray host = "api.example.com";
    for (const bool portable : { false, true }) {
        const char *kind = portable ? "on Qt's sockets" : "on descriptors";
        const auto unnamed = [&](const char *name, const QString &certificate,
                                 const QByteArray &asked) {
            QTest::addRow("RFC 9525 §6: %s, %s", name, kind)
                << portable << certificate << asked << QByteArray("host name");
        };
        unnamed("a mere common name", commonNameOnly, "cn.example.com");
        unnamed("a common name beside other names", commonNameToo, "too.example.com");
        unnamed("a common name beside an address", commonNameAndAddress, "ip.example.com");
        unnamed("a wildcard is one label", wildcards, "a.b.wild.example.com");
        unnamed("a wildcard is no empty label", wildcards, ".wild.example.com");
        unnamed("a wildcard's own domain", wildcards, "wild.example.com");
        unnamed("a wildcard is a whole label", wildcards, "party.example.com");
        unnamed("a wildcard stands once", wildcards, "a.b.two.example.com");
        QTest::addRow("B§4: issued for another host, %s", kind)
            << portable << m_good << QByteArray("evil.example.com") << QByteArray("host name");
        QTest::addRow("B§4: issued by an unknown authority, %s", kind)
            << portable << stranger << host << QByteArray("issuer");
        QTest::addRow("B§4: expired, %s", kind)
            << portable << expired << host << QByteArray("expired");
        QTest::addRow("RFC 9110 §4.3.5: a literal that is a mere name in the certificate, %s", kind)
            << portable << withoutAddress << QByteArray("127.0.0.1") << QByteArray("host name");
    }
}

void TestTlsDial::refusesDoubtfulCertificates()
{
    QFETCH(bool, portable);
    QFETCH(QString, certificate);
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, word);
    TlsServer server(certificate);
    Call call;
    dial(call, host, server.serverPort(), portable);
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.error);
    QCOMPARE(test::named(call.error->fault), test::named(DialFault::TlsCertificate));
    QVERIFY2(call.error->detail.contains(word), call.error->detail.constData());
    QTest::qWait(10);
    QCOMPARE(server.received, "");
}

void TestTlsDial::tellsServersThatAreNone_data()
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<DialFault>("fault");
    for (const bool portable : { false, true }) {
        const char *kind = portable ? "on Qt's sockets" : "on descriptors";
        QTest::addRow("a plain HTTP server, %s", kind)
            << portable << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n") << DialFault::TlsProtocol;
        QTest::addRow("a server that resets, %s", kind)
            << portable << QByteArray() << DialFault::ConnectionReset;
    }
}

void TestTlsDial::tellsServersThatAreNone()
{
    QFETCH(bool, portable);
    QFETCH(QByteArray, answer);
    QFETCH(DialFault, fault);
    test::RawListener listener;
    Call call;
    dial(call, "api.example.com", listener.port(), portable);
    bool isAccepted = false;
    QTRY_VERIFY((isAccepted = isAccepted || listener.hasPending()));
    test::RawPeer peer(listener.accept());
    QTRY_VERIFY(peer.receivedSize > 0);
    if (answer.isEmpty())
        peer.sendReset();
    else
        peer.send(answer);
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.error);
    QCOMPARE(test::named(call.error->fault), test::named(fault));
    QVERIFY(!call.error->detail.isEmpty());
    QVERIFY2(!call.error->detail.contains(':') || call.error->detail.contains("failed: "),
             call.error->detail.constData());
}

void TestTlsDial::findsAHostWhoseAddressIsAnothersNow()
{
    TlsServer moved(m_good);
    TlsServer other(m_stranger->issue(QStringLiteral("tenant"), QStringLiteral("DNS:b.example")),
                    QHostAddress(QStringLiteral("127.0.0.2")), moved.serverPort());
    QVERIFY(other.isListening());
    std::atomic<int> asked = 0;
    std::atomic<int> seconds = 1000;
    const auto resolver = std::make_shared<Resolver>(
        [&asked](const QByteArray &) {
            const QString where =
                ++asked == 1 ? QStringLiteral("127.0.0.2") : QStringLiteral("127.0.0.1");
            return ResolveAnswer { { QHostAddress(where) }, false, {} };
        },
        [&seconds] { return TimePoint() + std::chrono::seconds(seconds.load()); });
    LayeredDialer dialer(resolver, m_tls, false);
    const auto start = [&dialer, &moved](Call &call) {
        DialRequest request;
        request.endpoint = { "api.example.com", moved.serverPort() };
        request.tls = true;
        request.budgets = &test::budgets();
        call.operation = dialer.dial(request, [&call](Result<Dialled, DialError> result) {
            ++call.count;
            if (result)
                call.dialled = std::move(result).value();
            else
                call.error = std::move(result).error();
        });
    };
    Call first; // its own lookup, so there is nothing newer
    start(first);
    QTRY_COMPARE(first.count, 1);
    QCOMPARE(test::named(first.error->fault), test::named(DialFault::TlsCertificate));
    QCOMPARE(asked.load(), 1);
    seconds += 2;
    Call second;
    start(second);
    QTRY_COMPARE(second.count, 1);
    QVERIFY2(second.dialled, second.error ? second.error->detail.constData() : "");
    QCOMPARE(second.dialled->stream->peerAddress().address, QHostAddress(QHostAddress::LocalHost));
    QCOMPARE(asked.load(), 2);
}

void TestTlsDial::handshakeHasTheDialsDeadline()
{
    test::RawListener listener;
    Call call;
    dial(call, "api.example.com", listener.port(), false, 500ms);
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.error);
    QCOMPARE(test::named(call.error->fault), test::named(DialFault::ConnectTimeout));
    QVERIFY(call.error->detail.contains("TLS"));
    test::RawPeer peer(listener.accept());
    QTRY_VERIFY(peer.sawFin || peer.sawReset());
}

void TestTlsDial::cancelledHandshakeCallsNobody()
{
    test::RawListener listener;
    Call call;
    dial(call, "api.example.com", listener.port(), false);
    QTRY_VERIFY(listener.hasPending());
    test::RawPeer peer(listener.accept());
    QTRY_VERIFY(peer.receivedSize > 0);
    call.operation.reset();
    QTRY_VERIFY(peer.sawFin || peer.sawReset());
    QCOMPARE(call.count, 0);
}

void TestTlsDial::carriesMuchBothWays()
{
    TlsServer server(m_good);
    const StreamPtr stream = connectTo(server);
    QVERIFY(stream);
    const QByteArray up = test::pattern(4 * megabyte);
    const QByteArray down = test::pattern(5 * megabyte);
    test::Reader reader(stream, 10'000);
    QVERIFY(stream->write(up));
    QVERIFY(stream->pendingBytes() > 0);
    server.last->write(down);
    QTRY_COMPARE(server.received.size(), up.size());
    QTRY_COMPARE(reader.received.size(), down.size());
    QVERIFY(server.received == up);
    QVERIFY(reader.received == down);
    QCOMPARE(reader.drains, 1);
    QCOMPARE(stream->pendingBytes(), 0);
}

void TestTlsDial::boundsWhatWaitsUnread()
{
    TlsServer server(m_good);
    const StreamPtr stream = connectTo(server);
    QVERIFY(stream);
    stream->setReadEnabled(false);
    const qsizetype offered = 50 * megabyte;
    server.last->write(QByteArray(offered, 'x'));
    test::waitUntilSettled(
        [&server] { return server.last->encryptedBytesToWrite() + server.last->bytesToWrite(); });
    QVERIFY(server.last->encryptedBytesToWrite() + server.last->bytesToWrite()
            > offered - 16 * megabyte);
}

void TestTlsDial::closeNotifyIsFin()
{
    TlsServer server(m_good);
    const StreamPtr stream = connectTo(server);
    QVERIFY(stream);
    server.last->write("all of it");
    server.last->disconnectFromHost();
    QTRY_VERIFY(isReadToItsEnd(*stream));
    QCOMPARE(test::named(stream->end()), test::named(StreamEnd::Fin));
}

void TestTlsDial::cutIsError()
{
    // RFC 9112 §9.8: without a closure alert, somebody may have cut the stream.
    TlsServer server(m_good);
    const StreamPtr stream = connectTo(server);
    QVERIFY(stream);
    server.last->write("half of i");
    server.last->flush();
    QTRY_COMPARE(server.last->encryptedBytesToWrite(), 0);
    server.last->abort();
    QTRY_VERIFY(isReadToItsEnd(*stream));
    QCOMPARE(test::named(stream->end()), test::named(StreamEnd::Truncated));
    QVERIFY(!stream->write("x"));
}

void TestTlsDial::octetsBeforeTheEndAreRead()
{
    TlsServer server(m_good);
    const StreamPtr stream = connectTo(server);
    QVERIFY(stream);
    const QByteArray bytes = test::pattern(4 * megabyte);
    server.last->write(bytes);
    server.last->disconnectFromHost();
    test::Reader reader(stream, 10'000);
    QTRY_VERIFY(reader.hasEnded);
    QVERIFY(reader.received == bytes);
    QCOMPARE(test::named(stream->end()), test::named(StreamEnd::Fin));
}

void TestTlsDial::closeSendsCloseNotify()
{
    TlsServer server(m_good);
    StreamPtr stream = connectTo(server);
    QVERIFY(stream);
    QList<QByteArray> texts;
    connect(server.last, &QSslSocket::errorOccurred, this,
            [&] { texts.append(server.last->errorString().toUtf8()); });
    QVERIFY(stream->write("bye"));
    stream.reset();
    QTRY_COMPARE(server.received, "bye");
    QTRY_COMPARE(texts.value(0), "The TLS/SSL connection has been closed");
}

QTEST_GUILESS_MAIN(TestTlsDial)
#include "tst_tlsdial.moc"
