// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlscontext.h"
#include "net/tlsverification.h"
#include "testauthority.h"
#include "tlsrig.h"

#include <QSslError>
#include <QTest>

#include <openssl/ssl.h>

using namespace sami;
using namespace sami::net;
using sami::test::Below;
using sami::test::TestAuthority;
using sami::test::TlsRig;

Q_DECLARE_METATYPE(sami::test::Below)

namespace {

const QByteArray host = "api.example.com";

} // namespace

class TestTlsHandshake : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void shakesHands_data();
    void shakesHands();
    void judgesCertificates_data();
    void judgesCertificates();
    void saysAllThatIsWrong();
    void wordsAreThoseOfQt_data();
    void wordsAreThoseOfQt();
    void endsAtEachStep_data();
    void endsAtEachStep();
    void tellsWhatIsNoTls_data();
    void tellsWhatIsNoTls();
    void aSilentPeerIsWaitedFor();
    void aPeerThatTakesNothingIsWaitedFor();
    void mayBeLetGoInItsOwnSignals_data();
    void mayBeLetGoInItsOwnSignals();
    void aHostThatIsNoneIsNobodys_data();
    void aHostThatIsNoneIsNobodys();

private:
    std::unique_ptr<TestAuthority> m_authority;
    std::unique_ptr<TestAuthority> m_stranger;
    std::shared_ptr<const TlsContext> m_context;
    QString m_good;
};

void TestTlsHandshake::initTestCase()
{
    m_authority = std::make_unique<TestAuthority>();
    m_stranger = std::make_unique<TestAuthority>();
    QVERIFY(m_authority->isValid() && m_stranger->isValid());
    m_context = TlsContext::client(QSslCertificate::fromPath(m_authority->caFile()));
    QVERIFY(m_context);
    m_good = m_authority->issue(QStringLiteral("good"),
                                QStringLiteral("DNS:api.example.com,IP:127.0.0.1,IP:::1"));
    QVERIFY(!m_good.isEmpty());
}

void TestTlsHandshake::shakesHands_data()
{
    QTest::addColumn<Below>("below");
    QTest::addColumn<int>("version");
    for (const int version : { TLS1_2_VERSION, TLS1_3_VERSION }) {
        const char *of = version == TLS1_2_VERSION ? "1.2" : "1.3";
        QTest::addRow("TLS %s over a socket", of) << Below::Socket << version;
        QTest::addRow("TLS %s over a stream of the test's", of) << Below::Whole << version;
        QTest::addRow("TLS %s, an octet at a time", of) << Below::Octets << version;
    }
}

void TestTlsHandshake::shakesHands()
{
    QFETCH(Below, below);
    QFETCH(int, version);
    TlsRig rig(below, m_good, version);
    rig.shake(*m_context, "API.Example.com.");
    QCOMPARE(rig.ends, 0); // never from inside the call
    QTRY_COMPARE(rig.ends, 1);
    QVERIFY2(rig.stream, rig.error ? rig.error->detail.constData() : "");
    QVERIFY(!rig.stream->isReadEnabled());
    QCOMPARE(rig.peer.serverName(), host);
    QCOMPARE(rig.peer.protocol(), "http/1.1");
    QVERIFY(rig.stream->write("hello"));
    QTRY_COMPARE(rig.peer.received, "hello");
    QCOMPARE(rig.stream->canHalfClose(), version == TLS1_3_VERSION);
}

void TestTlsHandshake::judgesCertificates_data()
{
    QTest::addColumn<QString>("names");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("isGood");
    const auto row = [](const char *title, const char *names, const char *host, bool isGood) {
        QTest::newRow(title) << QString::fromLatin1(names) << QByteArray(host) << isGood;
    };
    row("its name", "DNS:api.example.com", "api.example.com", true);
    row("its name in capitals", "DNS:API.EXAMPLE.COM", "api.example.com", true);
    row("one of its names", "DNS:a.example,DNS:api.example.com", "api.example.com", true);
    row("another name", "DNS:other.example.com", "api.example.com", false);
    row("a name that only begins alike", "DNS:api.example.com.evil.example", "api.example.com",
        false);
    row("a name that only ends alike", "DNS:evil-api.example.com", "api.example.com", false);
    row("the domain above", "DNS:example.com", "api.example.com", false);
    row("a name below", "DNS:x.api.example.com", "api.example.com", false);
    row("RFC 9525 §6: a common name alone", "", "common", false);
    row("RFC 9525 §6: a common name beside addresses", "IP:127.0.0.1", "common", false);
    row("RFC 9525 §6.3: a wildcard for one label", "DNS:*.example.com", "api.example.com", true);
    row("RFC 9525 §6.3: a wildcard and a label of IDNA", "DNS:*.example.com",
        "xn--e1afmkfd.example.com", true);
    row("RFC 9525 §6.3: a wildcard and two labels", "DNS:*.example.com", "a.api.example.com",
        false);
    row("RFC 9525 §6.3: a wildcard and none", "DNS:*.example.com", "example.com", false);
    row("RFC 9525 §6.3: a wildcard in a label", "DNS:a*.example.com", "api.example.com", false);
    row("RFC 9525 §6.3: a wildcard behind a label", "DNS:*i.example.com", "api.example.com", false);
    row("RFC 9525 §6.3: a wildcard in the second label", "DNS:api.*.com", "api.example.com", false);
    row("a wildcard for everything", "DNS:*", "localhost", false);
    row("a wildcard for a top domain", "DNS:*.com", "example.com", false);
    row("a wildcard and a literal", "DNS:*.0.0.1", "127.0.0.1", false);
    row("an address", "IP:127.0.0.1", "127.0.0.1", true);
    row("another address", "IP:127.0.0.2", "127.0.0.1", false);
    row("RFC 9110 §4.3.5: an address that is spelled as a name", "DNS:127.0.0.1", "127.0.0.1",
        false);
    row("an IPv6 address", "IP:2001:db8::1", "2001:db8:0::1", true);
    row("another IPv6 address", "IP:2001:db8::2", "2001:db8::1", false);
    row("an IPv6 address as a name", "DNS:2001:db8::1", "2001:db8::1", false);
    row("a name and an address of other kinds", "DNS:api.example.com,IP:127.0.0.1",
        "api.example.com", true);
    row("an address in a certificate for a name", "IP:127.0.0.1", "api.example.com", false);
    row("a mail address", "email:api.example.com@example.com", "api.example.com", false);
    row("a URI", "URI:https://api.example.com/", "api.example.com", false);
}

void TestTlsHandshake::judgesCertificates()
{
    QFETCH(QString, names);
    QFETCH(QByteArray, host);
    QFETCH(bool, isGood);
    TlsRig rig(Below::Whole, m_authority->issue(QStringLiteral("common"), names));
    rig.shake(*m_context, host);
    QTRY_COMPARE(rig.ends, 1);
    QCOMPARE(bool(rig.stream), isGood);
    if (isGood)
        return;
    QCOMPARE(test::named(rig.error->fault), test::named(DialFault::TlsCertificate));
    QCOMPARE(rig.error->detail,
             "The host name did not match any of the valid hosts for this certificate");
    QTRY_VERIFY(rig.peer.hasFailed); // it is told, and has received nothing of ours
    QVERIFY(!rig.peer.isShaken());
}

/// The sentences that users know, in the usual order.
void TestTlsHandshake::saysAllThatIsWrong()
{
    const QString expired =
        m_authority->issue(QStringLiteral("old"), QStringLiteral("DNS:api.example.com"), true);
    const QString stranger =
        m_stranger->issue(QStringLiteral("stranger"), QStringLiteral("DNS:b.example"), true);
    const QByteArray wrongName =
        "The host name did not match any of the valid hosts for this certificate";
    const struct
    {
        QString identity;
        QByteArray host;
        QByteArray text;
    } rows[] = {
        { expired, "api.example.com", "The certificate has expired" },
        { expired, "b.example", "The certificate has expired; " + wrongName },
        { stranger, "api.example.com",
          "The issuer certificate of a locally looked up certificate could not be found; "
          "No certificates could be verified; The certificate has expired; "
              + wrongName },
        { m_stranger->path(QStringLiteral("ca")), "api.example.com",
          "The certificate is self-signed, and untrusted; " + wrongName },
    };
    for (const auto &row : rows) {
        TlsRig rig(Below::Whole, row.identity);
        rig.shake(*m_context, row.host);
        QTRY_COMPARE(rig.ends, 1);
        QVERIFY(rig.error);
        QCOMPARE(rig.error->detail, row.text);
    }
}

void TestTlsHandshake::wordsAreThoseOfQt_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("error");
    const auto row = [](const char *title, int code, QSslError::SslError error) {
        QTest::newRow(title) << code << int(error);
    };
    row("no issuer", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, QSslError::UnableToGetIssuerCertificate);
    row("signature not decrypted", X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE,
        QSslError::UnableToDecryptCertificateSignature);
    row("key not decoded", X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY,
        QSslError::UnableToDecodeIssuerPublicKey);
    row("signature", X509_V_ERR_CERT_SIGNATURE_FAILURE, QSslError::CertificateSignatureFailed);
    row("not yet valid", X509_V_ERR_CERT_NOT_YET_VALID, QSslError::CertificateNotYetValid);
    row("expired", X509_V_ERR_CERT_HAS_EXPIRED, QSslError::CertificateExpired);
    row("notBefore", X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, QSslError::InvalidNotBeforeField);
    row("notAfter", X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, QSslError::InvalidNotAfterField);
    row("self-signed", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, QSslError::SelfSignedCertificate);
    row("self-signed in the chain", X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
        QSslError::SelfSignedCertificateInChain);
    row("no local issuer", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        QSslError::UnableToGetLocalIssuerCertificate);
    row("leaf not verified", X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
        QSslError::UnableToVerifyFirstCertificate);
    row("no authority", X509_V_ERR_INVALID_CA, QSslError::InvalidCaCertificate);
    row("path too long", X509_V_ERR_PATH_LENGTH_EXCEEDED, QSslError::PathLengthExceeded);
    row("purpose", X509_V_ERR_INVALID_PURPOSE, QSslError::InvalidPurpose);
    row("untrusted", X509_V_ERR_CERT_UNTRUSTED, QSslError::CertificateUntrusted);
    row("rejected", X509_V_ERR_CERT_REJECTED, QSslError::CertificateRejected);
    row("another host", X509_V_ERR_HOSTNAME_MISMATCH, QSslError::HostNameMismatch);
    row("another address", X509_V_ERR_IP_ADDRESS_MISMATCH, QSslError::HostNameMismatch);
}

void TestTlsHandshake::wordsAreThoseOfQt()
{
    QFETCH(int, code);
    QFETCH(int, error);
    QCOMPARE(TlsVerification::textOf(code),
             QSslError(QSslError::SslError(error)).errorString().toUtf8());
}

void TestTlsHandshake::endsAtEachStep_data()
{
    QTest::addColumn<bool>("isReset");
    QTest::addColumn<int>("version");
    for (const int version : { TLS1_2_VERSION, TLS1_3_VERSION }) {
        const char *of = version == TLS1_2_VERSION ? "1.2" : "1.3";
        QTest::addRow("RST, TLS %s", of) << true << version;
        QTest::addRow("FIN, TLS %s", of) << false << version;
    }
}

void TestTlsHandshake::endsAtEachStep()
{
    QFETCH(bool, isReset);
    QFETCH(int, version);
    for (qsizetype most = 0;; most += 53) {
        TlsRig rig(Below::Whole, m_good, version);
        rig.isHeld = true;
        rig.shake(*m_context, host);
        qsizetype given = 0;
        bool wasCut = false;
        const auto step = [&] {
            rig.peer.feed(rig.scripted ? rig.scripted->takeSent() : QByteArray());
            QByteArray octets = rig.peer.take();
            octets.truncate(most - given);
            given += octets.size();
            rig.deliver(octets);
            wasCut = given == most;
            if (wasCut)
                isReset ? rig.peerReset() : rig.peerFin();
            return rig.ends > 0 || wasCut;
        };
        QTRY_VERIFY(step());
        QTRY_COMPARE(rig.ends, 1);
        if (rig.stream)
            return; // beyond the last step
        QCOMPARE(test::named(rig.error->fault), test::named(DialFault::ConnectionReset));
        QCOMPARE(rig.error->detail, "the connection was closed in the TLS handshake");
    }
}

void TestTlsHandshake::tellsWhatIsNoTls_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("detail");
    QTest::newRow("a plain HTTP server")
        << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n") << QByteArray("wrong version number");
    QTest::newRow("an alert") << QByteArray("\x15\x03\x03\x00\x02\x02\x28", 7)
                              << QByteArray("sslv3 alert handshake failure");
    QTest::newRow("a record that is too long")
        << QByteArray("\x16\x03\x03\xff\xff", 5) << QByteArray("packet length too long");
    QTest::newRow("octets before the hello")
        << QByteArray("\x17\x03\x03\x00\x01x", 6) << QByteArray("unexpected message");
}

void TestTlsHandshake::tellsWhatIsNoTls()
{
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, detail);
    TlsRig rig(Below::Octets, m_good);
    rig.isHeld = true;
    rig.shake(*m_context, host);
    rig.deliver(answer);
    QTRY_COMPARE(rig.ends, 1);
    QCOMPARE(test::named(rig.error->fault), test::named(DialFault::TlsProtocol));
    QCOMPARE(rig.error->detail, "the TLS handshake failed: " + detail);
}

void TestTlsHandshake::aSilentPeerIsWaitedFor()
{
    TlsRig rig(Below::Socket, m_good);
    rig.isHeld = true;
    rig.shake(*m_context, host);
    QTRY_VERIFY(rig.raw->receivedSize > 100);
    QTest::qWait(20);
    QCOMPARE(rig.ends, 0);
    rig.handshake.reset();
    QTRY_VERIFY(rig.raw->sawFin || rig.raw->sawReset());
    QCOMPARE(rig.ends, 0);
}

void TestTlsHandshake::aPeerThatTakesNothingIsWaitedFor()
{
    TlsRig rig(Below::Whole, m_good);
    rig.scripted->setBlocked(true);
    rig.shake(*m_context, host);
    QTest::qWait(20);
    QCOMPARE(rig.ends, 0);
    rig.scripted->setBlocked(false);
    QTRY_COMPARE(rig.ends, 1);
    QVERIFY(rig.stream);
}

void TestTlsHandshake::mayBeLetGoInItsOwnSignals_data()
{
    QTest::addColumn<bool>("isGood");
    QTest::newRow("when it succeeds") << true;
    QTest::newRow("when it fails") << false;
}

void TestTlsHandshake::mayBeLetGoInItsOwnSignals()
{
    QFETCH(bool, isGood);
    TlsRig rig(Below::Socket, m_good);
    TlsHandshakePtr &handshake = rig.handshake;
    rig.shake(*m_context, isGood ? host : "evil.example");
    const auto letGo = [&handshake] { handshake.reset(); };
    handshake->disconnect(&rig);
    connect(handshake.get(), &TlsHandshake::succeeded, this, letGo);
    connect(handshake.get(), &TlsHandshake::failed, this, letGo);
    QTRY_VERIFY(!handshake);
    QTRY_VERIFY(rig.raw->sawFin || rig.raw->sawReset());
}

void TestTlsHandshake::aHostThatIsNoneIsNobodys_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a dot") << QByteArray(".");
    QTest::newRow("with a dot in front") << QByteArray(".example.com");
    QTest::newRow("with a NUL") << QByteArray("api.example.com\0.evil", 21);
    QTest::newRow("longer than SNI can be") << QByteArray(300, 'a');
}

void TestTlsHandshake::aHostThatIsNoneIsNobodys()
{
    QFETCH(QByteArray, name);
    TlsRig rig(Below::Whole, m_good);
    rig.shake(*m_context, name);
    QCOMPARE(rig.ends, 0);
    QTRY_COMPARE(rig.ends, 1);
    QCOMPARE(test::named(rig.error->fault), test::named(DialFault::TlsCertificate));
    QVERIFY(rig.error->detail.contains("host name"));
}

QTEST_GUILESS_MAIN(TestTlsHandshake)
#include "tst_tlshandshake.moc"
