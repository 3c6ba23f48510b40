// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/peercertificates.h"
#include "net/tlscontext.h"
#include "testauthority.h"
#include "tlsrig.h"

#include <QFile>
#include <QSslCertificate>
#include <QTest>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <vector>

using namespace sami;
using namespace sami::net;
using sami::test::Below;
using sami::test::TestAuthority;
using sami::test::TlsRig;

namespace {

constexpr char host[] = "api.example.com";

struct Free
{
    void operator()(X509 *certificate) const { X509_free(certificate); }
};
using Parsed = std::unique_ptr<X509, Free>;

/// Parses it, each time into an object of its own.
Parsed parse(const QString &identity)
{
    QFile file(identity + QStringLiteral(".pem"));
    const QByteArray pem = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    BIO *reader = BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size()));
    Parsed parsed(PEM_read_bio_X509(reader, nullptr, nullptr, nullptr));
    BIO_free(reader);
    return parsed;
}

} // namespace

class TestPeerCertificates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void equalOnesAreOneObject();
    void itIsForgottenWithItsLastHolder();
    void connectionsToOneServerShareItsCertificate_data();
    void connectionsToOneServerShareItsCertificate();
    void aRefusedOneIsNotKept();

private:
    std::unique_ptr<TestAuthority> m_authority;
    std::shared_ptr<const TlsContext> m_context;
    QString m_one;
    QString m_renewed; ///< of the same names
};

void TestPeerCertificates::initTestCase()
{
    m_authority = std::make_unique<TestAuthority>();
    QVERIFY(m_authority->isValid());
    m_context = TlsContext::client(QSslCertificate::fromPath(m_authority->caFile()));
    const QString names = QStringLiteral("DNS:api.example.com");
    m_one = m_authority->issue(QStringLiteral("one"), names);
    m_renewed = m_authority->issue(QStringLiteral("renewed"), names);
    QVERIFY(m_context && !m_one.isEmpty() && !m_renewed.isEmpty());
}

void TestPeerCertificates::equalOnesAreOneObject()
{
    PeerCertificates certificates;
    const Parsed first = parse(m_one);
    const Parsed again = parse(m_one);
    const Parsed other = parse(m_renewed);
    QVERIFY(first && again && other && first != again);

    const PeerCertificates::Held held = certificates.share(first.get());
    const PeerCertificates::Held shared = certificates.share(again.get());
    const PeerCertificates::Held different = certificates.share(other.get());
    QCOMPARE(held.get(), first.get());
    QCOMPARE(shared.get(), first.get());
    QCOMPARE(different.get(), other.get());
    QCOMPARE(certificates.count(), 2);
}

void TestPeerCertificates::itIsForgottenWithItsLastHolder()
{
    PeerCertificates certificates;
    Parsed first = parse(m_one);
    PeerCertificates::Held held = certificates.share(first.get());
    PeerCertificates::Held shared = certificates.share(parse(m_one).get());
    first.reset();
    held.reset();
    QCOMPARE(certificates.count(), 1);
    QVERIFY(X509_get0_pubkey(shared.get()));
    shared.reset();
    QCOMPARE(certificates.count(), 0);

    const Parsed again = parse(m_one);
    held = certificates.share(again.get());
    QCOMPARE(held.get(), again.get());
    QCOMPARE(certificates.count(), 1);
}

void TestPeerCertificates::connectionsToOneServerShareItsCertificate_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("TLS 1.2") << TLS1_2_VERSION;
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION;
}

void TestPeerCertificates::connectionsToOneServerShareItsCertificate()
{
    QFETCH(int, version);
    const PeerCertificates &certificates = PeerCertificates::ofThisThread();
    std::vector<std::unique_ptr<TlsRig>> rigs;
    for (const QString &identity : { m_one, m_one, m_renewed, m_one }) {
        TlsRig &rig = *rigs.emplace_back(std::make_unique<TlsRig>(Below::Whole, identity, version));
        rig.shake(*m_context, host);
        QTRY_COMPARE(rig.ends, 1);
        QVERIFY2(rig.stream, rig.error ? rig.error->detail.constData() : "");
    }
    QCOMPARE(certificates.count(), 2);

    // The first, which the others use, may go: they still answer, change keys and end.
    rigs.erase(rigs.begin());
    for (const auto &rig : rigs) {
        rig->stream->setReadEnabled(true);
        if (version == TLS1_3_VERSION)
            rig->peer.updateKeys(true);
        rig->peer.write("hello");
        QTRY_COMPARE(rig->received, "hello");
        QVERIFY(rig->stream->write("good-bye"));
        QTRY_COMPARE(rig->peer.received, "good-bye");
        rig->stream->shutdownWrite();
        QTRY_VERIFY(rig->peer.sawCloseNotify);
    }
    rigs.clear();
    QTRY_COMPARE(certificates.count(), 0);
}

void TestPeerCertificates::aRefusedOneIsNotKept()
{
    TlsRig rig(Below::Whole, m_one);
    rig.shake(*m_context, "else.example.com");
    QTRY_COMPARE(rig.ends, 1);
    QVERIFY(rig.error);
    QCOMPARE(PeerCertificates::ofThisThread().count(), 0);
}

QTEST_GUILESS_MAIN(TestPeerCertificates)
#include "tst_peercertificates.moc"
