// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlscontext.h"
#include "testauthority.h"
#include "tlsrig.h"

#include <QCryptographicHash>
#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QTest>

#include <openssl/ssl.h>

using namespace sami;
using namespace sami::net;
using sami::test::Below;
using sami::test::TestAuthority;
using sami::test::TlsRig;

Q_DECLARE_METATYPE(sami::test::Below)

namespace {

const QByteArray other(32, 'x');

/// Computed with Qt, not with the code under test.
QByteArray pinOf(const QString &identity)
{
    const QSslCertificate certificate =
        QSslCertificate::fromPath(identity + QStringLiteral(".pem")).value(0);
    return QCryptographicHash::hash(certificate.publicKey().toDer(), QCryptographicHash::Sha256);
}

QByteArray textOf(const QByteArray &pin)
{
    return pin.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

/// Handshakes with pinned keys. No authority is trusted in any of them.
class TestTlsPins : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void aPinStandsForEverything_data();
    void aPinStandsForEverything();
    void aWrongPinIsRefused_data();
    void aWrongPinIsRefused();
    void withoutPinsNothingHasChanged();

private:
    std::unique_ptr<TestAuthority> m_authority;
    std::shared_ptr<const TlsContext> m_nobody;
    QString m_good;
    QString m_expired;
};

void TestTlsPins::initTestCase()
{
    m_authority = std::make_unique<TestAuthority>();
    QVERIFY(m_authority->isValid());
    m_nobody = makeTlsContext({});
    QVERIFY(m_nobody);
    m_good = m_authority->issue(QStringLiteral("good"), QStringLiteral("DNS:api.example.com"));
    m_expired = m_authority->issue(QStringLiteral("old"), QStringLiteral("DNS:b.example"), true);
    QVERIFY(!m_good.isEmpty() && !m_expired.isEmpty());
}

void TestTlsPins::aPinStandsForEverything_data()
{
    QTest::addColumn<QString>("identity");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QList<QByteArray>>("pins");
    const QByteArray name = "api.example.com";
    QTest::newRow("an authority that nobody trusts")
        << m_good << name << QList<QByteArray> { pinOf(m_good) };
    QTest::newRow("one of two pins")
        << m_good << name << QList<QByteArray> { other, pinOf(m_good) };
    QTest::newRow("another name") << m_good << QByteArray("else.example")
                                  << QList<QByteArray> { pinOf(m_good) };
    QTest::newRow("an address") << m_good << QByteArray("192.0.2.1")
                                << QList<QByteArray> { pinOf(m_good) };
    QTest::newRow("expired, and of another name")
        << m_expired << name << QList<QByteArray> { pinOf(m_expired) };
    const QString self = m_authority->path(QStringLiteral("ca"));
    QTest::newRow("self-signed") << self << name << QList<QByteArray> { pinOf(self) };
}

void TestTlsPins::aPinStandsForEverything()
{
    QFETCH(QString, identity);
    QFETCH(QByteArray, host);
    QFETCH(QList<QByteArray>, pins);
    for (const int version : { TLS1_2_VERSION, TLS1_3_VERSION }) {
        for (const Below below : { Below::Socket, Below::Octets }) {
            TlsRig rig(below, identity, version);
            rig.shake(*m_nobody, host, pins);
            QTRY_COMPARE(rig.ends, 1);
            QVERIFY2(rig.stream, rig.error ? rig.error->detail.constData() : "");
            QCOMPARE(rig.peer.serverName(), host == "192.0.2.1" ? QByteArray() : host);
            QCOMPARE(rig.peer.protocol(), "http/1.1");
            QVERIFY(rig.stream->write("hello"));
            QTRY_COMPARE(rig.peer.received, "hello");
        }
    }
}

void TestTlsPins::aWrongPinIsRefused_data()
{
    QTest::addColumn<QList<QByteArray>>("pins");
    const QByteArray right = pinOf(m_good);
    QByteArray near = right;
    near[31] = char(near[31] ^ 1);
    QTest::newRow("another one") << QList<QByteArray> { other };
    QTest::newRow("two others") << QList<QByteArray> { other, near };
    QTest::newRow("one that differs in a bit") << QList<QByteArray> { near };
    QTest::newRow("one that is cut") << QList<QByteArray> { right.first(31) };
    QTest::newRow("one with an octet more") << QList<QByteArray> { right + '\0' };
    QTest::newRow("an empty one") << QList<QByteArray> { QByteArray() };
}

void TestTlsPins::aWrongPinIsRefused()
{
    QFETCH(QList<QByteArray>, pins);
    // A trusted authority and the right name do not help.
    const auto trusting = TlsContext::client(QSslCertificate::fromPath(m_authority->caFile()));
    for (const int version : { TLS1_2_VERSION, TLS1_3_VERSION }) {
        for (const auto &context : { m_nobody, trusting }) {
            TlsRig rig(Below::Whole, m_good, version);
            rig.shake(*context, "api.example.com", pins);
            QTRY_COMPARE(rig.ends, 1);
            QVERIFY(rig.error);
            QCOMPARE(int(rig.error->fault), int(DialFault::PinMismatch));
            QCOMPARE(rig.error->detail,
                     "The key is not the pinned one: it has the pin " + textOf(pinOf(m_good)));
            // It is told, and has received nothing of ours.
            QTRY_VERIFY(rig.peer.hasFailed);
            QVERIFY(!rig.peer.isShaken());
            QCOMPARE(rig.peer.received, "");
        }
    }
}

void TestTlsPins::withoutPinsNothingHasChanged()
{
    TlsRig rig(Below::Whole, m_good);
    rig.shake(*m_nobody, "api.example.com");
    QTRY_COMPARE(rig.ends, 1);
    QVERIFY(rig.error);
    QCOMPARE(int(rig.error->fault), int(DialFault::TlsCertificate));
}

QTEST_GUILESS_MAIN(TestTlsPins)
#include "tst_tlspins.moc"
