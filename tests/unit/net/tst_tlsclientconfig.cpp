// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/tlsclientconfig.h"
#include "net/tlscontext.h"
#include "testauthority.h"

#include <QSslConfiguration>
#include <QSslSocket>
#include <QTest>
#include <QThread>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <openssl/ssl.h>
#include <optional>
#include <vector>

using namespace sami;
using namespace sami::net;
using namespace sami::test;
using namespace std::chrono_literals;

namespace {

const QString noFile;
const QString file = QStringLiteral("a.pem");
const QString otherFile = QStringLiteral("b.pem");

/// A machine and a clock that the test controls.
struct Fixture
{
    using Material = TlsClientConfig::Material;

    Material next(const QString &caFile)
    {
        std::unique_lock lock(mutex);
        files.push_back(caFile);
        changed.wait(lock, [this] { return isOpen; });
        if (materials.size() > 1) {
            const Material first = materials.front();
            materials.erase(materials.begin());
            return first;
        }
        return materials.front();
    }
    void will(std::vector<Material> bring)
    {
        const std::lock_guard lock(mutex);
        materials = std::move(bring);
    }
    void setOpen(bool open)
    {
        const std::lock_guard lock(mutex);
        isOpen = open;
        changed.notify_all();
    }
    int loads()
    {
        const std::lock_guard lock(mutex);
        return int(files.size());
    }
    /// Loads the file and waits until that is done.
    void load(const QString &caFile)
    {
        bool isOver = false;
        config.load(caFile, &context, [&isOver] { isOver = true; });
        QTRY_VERIFY(isOver);
    }
    std::optional<TlsClientConfig::Answer> ask()
    {
        std::optional<TlsClientConfig::Answer> answer;
        config.request(&context,
                       [&answer](const TlsClientConfig::Answer &got) { answer.emplace(got); });
        [&] { QTRY_VERIFY(answer); }();
        return answer;
    }
    QList<QSslCertificate> authorities()
    {
        const auto answer = ask();
        return answer && *answer ? (*answer)->authorities : QList<QSslCertificate>();
    }
    QByteArray fault()
    {
        const auto answer = ask();
        return answer && !*answer ? QByteArray(toString(answer->error().fault)) : QByteArray();
    }

    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Material> materials { {} };
    std::vector<QString> files;
    bool isOpen = true;
    std::atomic<qint64> seconds { 1000 };
    QObject context;
    TlsClientConfig config { [this](const QString &caFile) { return next(caFile); },
                             [this] { return TimePoint() + std::chrono::seconds(seconds); } };
};

} // namespace

class TestTlsClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void requestsWaitForTheLoad();
    void requesterMayBeGone();
    void mayBeDestroyedWhileLoading();
    void whatWasNotReadIsNotKept_data();
    void whatWasNotReadIsNotKept();
    void nothingAtAllIsAFault_data();
    void nothingAtAllIsAFault();
    void readsAgainAtNeed();
    void aRetryKeepsNobodyWaiting();
    void aShorterListIsReadTwice();
    void theLastSettingsWin();
    void aStormOfLoadsStarvesNobody();
    void thisMachine();

private:
    using Material = TlsClientConfig::Material;
    Material good(bool withFile = false) const
    {
        return { true, false, m_system, withFile ? m_added : QList<QSslCertificate>() };
    }

    std::unique_ptr<TestAuthority> m_first;
    std::unique_ptr<TestAuthority> m_second;
    QList<QSslCertificate> m_system;
    QList<QSslCertificate> m_added;
};

void TestTlsClient::initTestCase()
{
    if (!QSslSocket::supportsSsl())
        QSKIP("no TLS library");
    m_first = std::make_unique<TestAuthority>();
    m_second = std::make_unique<TestAuthority>();
    m_system = QSslCertificate::fromPath(m_first->caFile());
    m_added = QSslCertificate::fromPath(m_second->caFile());
    QCOMPARE(m_system.size(), 1);
    QCOMPARE(m_added.size(), 1);
    m_system += m_system; // the system's list has two
}

void TestTlsClient::requestsWaitForTheLoad()
{
    Fixture fixture;
    fixture.will({ good(true) });
    fixture.setOpen(false);
    QList<TlsTrust> answers;
    bool isOver = false;
    const auto keep = [&answers](const TlsClientConfig::Answer &answer) {
        answers.append(*answer);
    };
    fixture.config.request(this, keep); // even before the load
    fixture.config.load(file, this, [&isOver] { isOver = true; });
    fixture.config.request(this, keep);
    QTRY_COMPARE(fixture.loads(), 1);
    QTest::qWait(20);
    QCOMPARE(answers.size(), 0);
    QVERIFY(!isOver);
    fixture.setOpen(true);
    QTRY_COMPARE(answers.size(), 2);
    QTRY_VERIFY(isOver);
    fixture.config.request(this, keep);
    QCOMPARE(answers.size(), 2); // never from inside the call
    QTRY_COMPARE(answers.size(), 3);
    QCOMPARE(fixture.loads(), 1);
    for (const TlsTrust &trust : answers) {
        // tst_tlsdial checks that the ClientHello offers http/1.1.
        QCOMPARE(SSL_CTX_get_verify_mode(trust.context->native()), SSL_VERIFY_PEER);
        QCOMPARE(trust.authorities, m_system + m_added);
    }
}

void TestTlsClient::requesterMayBeGone()
{
    Fixture fixture;
    fixture.will({ good() });
    fixture.setOpen(false);
    int calls = 0;
    fixture.config.load(noFile);
    {
        QObject context;
        fixture.config.request(&context, [&calls](const TlsClientConfig::Answer &) { ++calls; });
    }
    fixture.setOpen(true);
    QVERIFY(fixture.ask());
    QCOMPARE(calls, 0);
}

void TestTlsClient::mayBeDestroyedWhileLoading()
{
    for (int i = 0; i < 20; ++i) {
        Fixture fixture;
        fixture.will({ good() });
        fixture.config.load(noFile);
        fixture.config.load(file);
        if (i % 2 == 0)
            QThread::yieldCurrentThread();
    }
}

/// The table in the header: a good load of a.pem, followed by another load.
void TestTlsClient::whatWasNotReadIsNotKept_data()
{
    QTest::addColumn<QString>("later");
    QTest::addColumn<Material>("brings");
    QTest::addColumn<QList<QSslCertificate>>("inUse");
    const QList<QSslCertificate> none;
    const QList<QSslCertificate> both = m_system + m_added;
    QTest::newRow("nothing: all as before") << file << Material { true, false, none, none } << both;
    QTest::newRow("no library now: all as before")
        << file << Material { false, false, none, none } << both;
    QTest::newRow("descriptors lacked: all as before")
        << file << Material { true, true, m_added, m_system } << both;
    QTest::newRow("only the list: the file as before")
        << file << Material { true, false, m_added + m_added, none } << m_added + m_added + m_added;
    QTest::newRow("only the file: the list as before")
        << file << Material { true, false, none, m_system } << m_system + m_system;
    QTest::newRow("both: both are new")
        << file << Material { true, false, m_added + m_added, m_system }
        << m_added + m_added + m_system;
    QTest::newRow("another file, and not readable: none of it")
        << otherFile << Material { true, false, m_system, none } << m_system;
    QTest::newRow("another file, descriptors lacked: the list as before")
        << otherFile << Material { true, true, none, none } << m_system;
    QTest::newRow("no file any more") << noFile << good() << m_system;
}

void TestTlsClient::whatWasNotReadIsNotKept()
{
    QFETCH(QString, later);
    QFETCH(Material, brings);
    QFETCH(QList<QSslCertificate>, inUse);
    Fixture fixture;
    fixture.will({ good(true) });
    fixture.load(file);
    QCOMPARE(fixture.authorities(), m_system + m_added);
    fixture.will({ brings });
    fixture.load(later);
    QCOMPARE(fixture.authorities(), inUse);
}

void TestTlsClient::nothingAtAllIsAFault_data()
{
    QTest::addColumn<Material>("brings");
    QTest::addColumn<QByteArray>("fault");
    QTest::newRow("no library") << Material { false, false, {}, {} }
                                << QByteArray("proxy_configuration_error");
    QTest::newRow("no list") << Material { true, false, {}, {} }
                             << QByteArray("proxy_configuration_error");
    QTest::newRow("no descriptors")
        << Material { true, true, m_system, {} } << QByteArray("proxy_internal_error");
}

void TestTlsClient::nothingAtAllIsAFault()
{
    QFETCH(Material, brings);
    QFETCH(QByteArray, fault);
    Fixture fixture;
    fixture.will({ brings });
    fixture.load(noFile);
    QCOMPARE(fixture.fault(), fault);
}

void TestTlsClient::readsAgainAtNeed()
{
    Fixture fixture;
    fixture.load(noFile);
    QCOMPARE(fixture.loads(), 1);
    QCOMPARE(fixture.fault(), "proxy_configuration_error");
    fixture.will({ good() });
    fixture.seconds += 4;
    QCOMPARE(fixture.fault(), "proxy_configuration_error");
    QCOMPARE(fixture.loads(), 1);
    fixture.seconds += 1;
    QCOMPARE(fixture.authorities(), m_system); // this one waits for the load
    QCOMPARE(fixture.loads(), 2);
    fixture.seconds += 100;
    QCOMPARE(fixture.authorities(), m_system);
    QCOMPARE(fixture.loads(), 2);
}

void TestTlsClient::aRetryKeepsNobodyWaiting()
{
    Fixture fixture;
    fixture.will({ good(true) });
    fixture.load(file);
    fixture.will({ good(false) });
    fixture.load(file);
    fixture.setOpen(false);
    fixture.seconds += 5;
    QCOMPARE(fixture.authorities(), m_system + m_added);
    QTRY_COMPARE(fixture.loads(), 3);
    QCOMPARE(fixture.authorities(), m_system + m_added);
    fixture.setOpen(true);
}

void TestTlsClient::aShorterListIsReadTwice()
{
    Fixture fixture;
    fixture.will({ good() });
    fixture.load(noFile);
    const Material shorter { true, false, { m_system.first() }, {} };
    fixture.will({ shorter, good() });
    fixture.load(noFile);
    QCOMPARE(fixture.authorities(), m_system);
    fixture.will({ shorter, shorter });
    fixture.load(noFile);
    QCOMPARE(fixture.authorities().size(), 1);
}

void TestTlsClient::theLastSettingsWin()
{
    Fixture fixture;
    fixture.will({ good(true) });
    fixture.setOpen(false);
    fixture.config.load(file);
    QTRY_COMPARE(fixture.loads(), 1);
    fixture.config.load(otherFile);
    fixture.config.load(noFile);
    fixture.will({ good(true), good() });
    fixture.setOpen(true);
    QCOMPARE(fixture.authorities(), m_system);
    QCOMPARE(fixture.loads(), 2);
    QCOMPARE(fixture.files.back(), noFile);
}

void TestTlsClient::aStormOfLoadsStarvesNobody()
{
    // The next order overtakes each read, as with endless reloads.
    constexpr int storm = 100;
    std::atomic<int> loads = 0;
    TlsClientConfig *config = nullptr;
    TlsClientConfig stormy([&](const QString &) {
        if (++loads < storm)
            config->load(file);
        QThread::msleep(10);
        return good(true);
    });
    config = &stormy;
    stormy.load(file);
    QTRY_VERIFY(loads >= 3);
    QObject context;
    std::optional<int> answeredAt;
    stormy.request(&context, [&](const TlsClientConfig::Answer &answer) {
        QVERIFY(answer);
        answeredAt = loads;
    });
    QTRY_VERIFY(answeredAt);
    QVERIFY2(*answeredAt < storm / 2, qPrintable(QString::number(*answeredAt)));
    QTRY_COMPARE(loads, storm);
}

void TestTlsClient::thisMachine()
{
    const Material material = TlsClientConfig::ofThisMachine(m_second->caFile());
    QVERIFY(material.hasLibrary);
    QVERIFY(!material.isShort);
    QCOMPARE(material.added, m_added);
    const QList<QSslCertificate> all = QSslConfiguration::systemCaCertificates();
    for (const QSslCertificate &certificate : all)
        QCOMPARE(material.system.count(certificate), 1);
    for (const QSslCertificate &certificate : material.system)
        QVERIFY(all.contains(certificate));
}

QTEST_GUILESS_MAIN(TestTlsClient)
#include "tst_tlsclientconfig.moc"
