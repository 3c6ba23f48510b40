// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/resolver.h"

#include <QAtomicInt>
#include <QTest>
#include <QThread>

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

using namespace sami;
using namespace sami::net;
using namespace std::chrono_literals;

namespace {

const QHostAddress client(QStringLiteral("192.0.2.1"));
const QHostAddress otherClient(QStringLiteral("192.0.2.2"));

/// A name server that the test is the master of. Shared with the lookup threads, which may outlive
/// the test function.
class FakeDns
{
public:
    ResolveAnswer lookup(const QByteArray &name)
    {
        std::unique_lock lock(m_mutex);
        ++m_asked[name];
        m_changed.wait(lock, [&] { return !m_silent.contains(name); });
        if (name.startsWith("bad"))
            return { {}, true, "no such host" };
        return { { QHostAddress(QStringLiteral("198.51.100.7")) }, false, {} };
    }
    int asked(const QByteArray &name)
    {
        const std::lock_guard lock(m_mutex);
        return m_asked[name];
    }
    int totalAsked()
    {
        const std::lock_guard lock(m_mutex);
        int total = 0;
        for (const auto &[name, count] : m_asked)
            total += count;
        return total;
    }
    void silence(const QByteArray &name)
    {
        const std::lock_guard lock(m_mutex);
        m_silent.insert(name);
    }
    void answerAll()
    {
        const std::lock_guard lock(m_mutex);
        m_silent.clear();
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<QByteArray, int> m_asked;
    std::set<QByteArray> m_silent;
};

struct Fixture
{
    ~Fixture() { dns->answerAll(); }

    std::shared_ptr<FakeDns> dns = std::make_shared<FakeDns>();
    std::shared_ptr<std::atomic<qint64>> seconds = std::make_shared<std::atomic<qint64>>(1000);
    Resolver resolver { [dns = dns](const QByteArray &name) { return dns->lookup(name); },
                        [seconds = seconds] {
                            return TimePoint() + std::chrono::seconds(seconds->load());
                        } };
};

/// Counts and keeps the answers to one or more questions.
struct Asker : QObject
{
    void ask(Resolver &resolver, const QByteArray &name, const QHostAddress &from = client)
    {
        resolver.lookup(name, from, this, [this](const ResolveAnswer &received) {
            ++count;
            answer = received;
            thread = QThread::currentThread();
        });
    }

    int count = 0;
    ResolveAnswer answer;
    QThread *thread = nullptr;
};

} // namespace

class TestResolver : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersInTheCallersThread();
    void tellsFailuresInWords();
    void silentNamesHoldUpNobody();
    void oneLookupPerName_data();
    void oneLookupPerName();
    void capsEachClient();
    void capCountsAnIpv6NetworkAsOneClient();
    void capCountsNamesNotQuestions();
    void boundsWhatWaits();
    void threadsAreBounded_data();
    void threadsAreBounded();
    void abandonedNamesAreNotLookedUp();
    void cacheExpires_data();
    void cacheExpires();
    void clearedCacheForgetsLookupsUnderWay();
    void cacheIsBounded();
    void contextGoneMeanwhileHearsNothing();
    void contextsDieInOtherThreadsMeanwhile();
    void mayBeDestroyedWithLookupsUnderWay();
    void refusesWhatIsNoName_data();
    void refusesWhatIsNoName();
    void systemKnowsLocalhost();
    void systemTellsWhatItDoesNotKnow();
};

void TestResolver::answersInTheCallersThread()
{
    Fixture fixture;
    Asker asker;
    asker.ask(fixture.resolver, "example.com");
    QCOMPARE(asker.count, 0);
    QTRY_COMPARE(asker.count, 1);
    QVERIFY(!asker.answer.failed);
    QCOMPARE(asker.answer.addresses, { QHostAddress(QStringLiteral("198.51.100.7")) });
    QCOMPARE(asker.thread, QThread::currentThread());
    // From the cache: not from inside either.
    asker.ask(fixture.resolver, "example.com");
    QCOMPARE(asker.count, 1);
    QTRY_COMPARE(asker.count, 2);
    QCOMPARE(fixture.dns->asked("example.com"), 1);
}

void TestResolver::tellsFailuresInWords()
{
    Fixture fixture;
    Asker asker;
    asker.ask(fixture.resolver, "bad.example");
    QTRY_COMPARE(asker.count, 1);
    QVERIFY(asker.answer.failed);
    QCOMPARE(asker.answer.error, "no such host");
}

void TestResolver::silentNamesHoldUpNobody()
{
    Fixture fixture;
    Asker stuck;
    for (int i = 0; i < 25; ++i) { // QHostInfo would be deaf now
        const QByteArray name = "silent" + QByteArray::number(i);
        fixture.dns->silence(name);
        stuck.ask(fixture.resolver, name, QHostAddress(quint32(0x0a000000 + i)));
    }
    Asker asker;
    asker.ask(fixture.resolver, "localhost");
    QTRY_COMPARE(asker.count, 1);
    QCOMPARE(stuck.count, 0);
    fixture.dns->answerAll();
    QTRY_COMPARE(stuck.count, 25);
}

void TestResolver::oneLookupPerName_data()
{
    QTest::addColumn<QByteArray>("other");
    QTest::newRow("the same spelling") << QByteArray("example.com");
    QTest::newRow("another case") << QByteArray("Example.COM");
    QTest::newRow("with the dot of the root") << QByteArray("example.com.");
}

void TestResolver::oneLookupPerName()
{
    QFETCH(QByteArray, other);
    Fixture fixture;
    fixture.dns->silence("example.com");
    Asker first;
    Asker second;
    first.ask(fixture.resolver, "example.com");
    QTRY_COMPARE(fixture.dns->asked("example.com"), 1);
    second.ask(fixture.resolver, other, otherClient);
    fixture.dns->answerAll();
    QTRY_COMPARE(first.count, 1);
    QTRY_COMPARE(second.count, 1);
    QCOMPARE(second.answer.addresses, first.answer.addresses);
    QCOMPARE(fixture.dns->totalAsked(), 1);
}

void TestResolver::capsEachClient()
{
    Fixture fixture;
    Asker greedy;
    for (int i = 0; i < Resolver::maxLookupsPerClient; ++i) {
        const QByteArray name = "silent" + QByteArray::number(i);
        fixture.dns->silence(name);
        greedy.ask(fixture.resolver, name);
    }
    greedy.ask(fixture.resolver, "one-too-many");
    QTRY_COMPARE(greedy.count, 1);
    QVERIFY(greedy.answer.failed);
    QCOMPARE(greedy.answer.error, "too many lookups of this client are waiting");
    Asker modest;
    modest.ask(fixture.resolver, "example.com", otherClient);
    QTRY_COMPARE(modest.count, 1);
    QVERIFY(!modest.answer.failed);
    // Not a punishment: when the lookups are over, all is well.
    fixture.dns->answerAll();
    QTRY_COMPARE(greedy.count, 1 + Resolver::maxLookupsPerClient);
    greedy.ask(fixture.resolver, "one-too-many");
    QTRY_COMPARE(greedy.count, 2 + Resolver::maxLookupsPerClient);
    QVERIFY(!greedy.answer.failed);
}

void TestResolver::capCountsAnIpv6NetworkAsOneClient()
{
    Fixture fixture;
    Asker greedy;
    for (int i = 0; i <= Resolver::maxLookupsPerClient; ++i) {
        const QByteArray name = "silent" + QByteArray::number(i);
        fixture.dns->silence(name);
        const QString address = QStringLiteral("2001:db8::%1").arg(i + 1);
        greedy.ask(fixture.resolver, name, QHostAddress(address));
    }
    QTRY_COMPARE(greedy.count, 1);
    QVERIFY(greedy.answer.failed);
}

void TestResolver::capCountsNamesNotQuestions()
{
    Fixture fixture;
    fixture.dns->silence("example.com");
    Asker asker;
    for (int i = 0; i < 3 * Resolver::maxLookupsPerClient; ++i)
        asker.ask(fixture.resolver, "example.com");
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, 3 * Resolver::maxLookupsPerClient);
    QVERIFY(!asker.answer.failed);
}

void TestResolver::boundsWhatWaits()
{
    Fixture fixture;
    Asker asker;
    const int most = Resolver::maxThreads + static_cast<int>(Resolver::maxWaitingNames);
    for (int i = 0; i < most; ++i) {
        const QByteArray name = "silent" + QByteArray::number(i);
        fixture.dns->silence(name);
        asker.ask(fixture.resolver, name, QHostAddress(quint32(0x0a000000 + i)));
        if (i == Resolver::maxThreads - 1)
            QTRY_COMPARE(fixture.dns->totalAsked(), i + 1); // these wait no more
    }
    QCOMPARE(asker.count, 0);
    asker.ask(fixture.resolver, "one-too-many");
    QTRY_COMPARE(asker.count, 1);
    QCOMPARE(asker.answer.error, "too many lookups are waiting");
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, most + 1);
}

void TestResolver::threadsAreBounded_data()
{
    QTest::addColumn<int>("limit");
    QTest::newRow("64 look-ups at once") << Resolver::maxThreads;
    QTest::newRow("fewer where descriptors are few") << 2;
}

void TestResolver::threadsAreBounded()
{
    QFETCH(int, limit);
    Fixture fixture;
    fixture.resolver.setThreadLimit(limit);
    Asker asker;
    const int questions = limit + 10;
    for (int i = 0; i < questions; ++i) {
        const QByteArray name = "silent" + QByteArray::number(i);
        fixture.dns->silence(name);
        asker.ask(fixture.resolver, name, QHostAddress(quint32(0x0a000000 + i)));
    }
    QTRY_COMPARE(fixture.dns->totalAsked(), limit);
    QTest::qWait(20);
    QCOMPARE(fixture.dns->totalAsked(), limit);
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, questions);
}

void TestResolver::abandonedNamesAreNotLookedUp()
{
    Fixture fixture;
    Asker asker;
    for (int i = 0; i < Resolver::maxThreads; ++i) {
        const QByteArray name = "silent" + QByteArray::number(i);
        fixture.dns->silence(name);
        asker.ask(fixture.resolver, name, QHostAddress(quint32(0x0a000000 + i)));
    }
    QTRY_COMPARE(fixture.dns->totalAsked(), Resolver::maxThreads);
    {
        Asker impatient;
        impatient.ask(fixture.resolver, "abandoned", otherClient);
    }
    Asker patient;
    patient.ask(fixture.resolver, "example.com", otherClient);
    fixture.dns->answerAll();
    QTRY_COMPARE(patient.count, 1);
    QCOMPARE(fixture.dns->asked("abandoned"), 0);
}

void TestResolver::cacheExpires_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("lifetime");
    QTest::newRow("good answers are kept 60 s") << QByteArray("example.com") << 60;
    QTest::newRow("failures are kept 5 s") << QByteArray("bad.example") << 5;
}

void TestResolver::cacheExpires()
{
    QFETCH(QByteArray, name);
    QFETCH(int, lifetime);
    Fixture fixture;
    Asker asker;
    asker.ask(fixture.resolver, name);
    QTRY_COMPARE(asker.count, 1);
    *fixture.seconds += lifetime - 1;
    asker.ask(fixture.resolver, name);
    QTRY_COMPARE(asker.count, 2);
    QCOMPARE(fixture.dns->asked(name), 1);
    *fixture.seconds += 1;
    asker.ask(fixture.resolver, name);
    QTRY_COMPARE(asker.count, 3);
    QCOMPARE(fixture.dns->asked(name), 2);
}

void TestResolver::clearedCacheForgetsLookupsUnderWay()
{
    Fixture fixture;
    fixture.dns->silence("example.com");
    Asker asker;
    asker.ask(fixture.resolver, "example.com");
    QTRY_COMPARE(fixture.dns->asked("example.com"), 1);
    fixture.resolver.clearCache();
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, 1); // answered, not kept
    asker.ask(fixture.resolver, "example.com");
    QTRY_COMPARE(asker.count, 2);
    QCOMPARE(fixture.dns->asked("example.com"), 2);
    fixture.resolver.clearCache();
    asker.ask(fixture.resolver, "example.com");
    QTRY_COMPARE(asker.count, 3);
    QCOMPARE(fixture.dns->asked("example.com"), 3);
}

void TestResolver::cacheIsBounded()
{
    Fixture fixture;
    Asker asker;
    const int names = static_cast<int>(Resolver::maxCachedNames) + 100;
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < names; ++i) {
            asker.ask(fixture.resolver, "name" + QByteArray::number(i),
                      QHostAddress(quint32(0x0a000000 + i)));
            if (i % 500 == 499)
                QTRY_COMPARE(asker.count, round * names + i + 1);
        }
        QTRY_COMPARE(asker.count, (round + 1) * names);
    }
    QVERIFY2(fixture.dns->totalAsked() >= names + 100, "some had to go");
    QVERIFY2(fixture.dns->totalAsked() < 2 * names, "and most stayed");
}

void TestResolver::contextGoneMeanwhileHearsNothing()
{
    Fixture fixture;
    fixture.dns->silence("example.com");
    int calls = 0;
    {
        QObject context;
        fixture.resolver.lookup("example.com", client, &context,
                                [&calls](const ResolveAnswer &) { ++calls; });
        QTRY_COMPARE(fixture.dns->asked("example.com"), 1);
    }
    Asker other;
    other.ask(fixture.resolver, "example.com");
    fixture.dns->answerAll();
    QTRY_COMPARE(other.count, 1);
    QCOMPARE(calls, 0);
}

void TestResolver::contextsDieInOtherThreadsMeanwhile()
{
    // For the thread sanitizer: workers let go of their contexts just as the answers come.
    Fixture fixture;
    QAtomicInt answers;
    std::vector<std::unique_ptr<QThread>> workers;
    for (int worker = 0; worker < 4; ++worker) {
        workers.emplace_back(QThread::create([&fixture, &answers, worker] {
            for (int i = 0; i < 300; ++i) {
                auto context = std::make_unique<QObject>();
                const QByteArray name = QByteArray::number(worker) + '-' + QByteArray::number(i);
                fixture.resolver.lookup(name, QHostAddress(quint32(worker)), context.get(),
                                        [&answers](const ResolveAnswer &) { ++answers; });
                if (i % 3 != 0)
                    std::this_thread::yield();
                if (i % 3 == 2)
                    QCoreApplication::processEvents();
            }
        }));
        workers.back()->start();
    }
    for (const auto &worker : workers)
        QVERIFY(worker->wait(20'000));
    Asker last;
    last.ask(fixture.resolver, "example.com");
    QTRY_COMPARE(last.count, 1);
}

void TestResolver::mayBeDestroyedWithLookupsUnderWay()
{
    const auto dns = std::make_shared<FakeDns>();
    dns->silence("example.com");
    Asker asker;
    {
        Resolver resolver([dns](const QByteArray &name) { return dns->lookup(name); });
        asker.ask(resolver, "example.com");
        QTRY_COMPARE(dns->asked("example.com"), 1);
    }
    dns->answerAll();
    QTest::qWait(20);
    QCOMPARE(asker.count, 0);
}

void TestResolver::refusesWhatIsNoName_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("nothing") << QByteArray("");
    QTest::newRow("a lone dot") << QByteArray(".");
    QTest::newRow("a name cut by a NUL") << QByteArray("localhost\0.example", 18);
}

void TestResolver::refusesWhatIsNoName()
{
    QFETCH(QByteArray, name);
    Fixture fixture;
    Asker asker;
    asker.ask(fixture.resolver, name);
    QTRY_COMPARE(asker.count, 1);
    QVERIFY(asker.answer.failed);
    QCOMPARE(fixture.dns->totalAsked(), 0);
}

void TestResolver::systemKnowsLocalhost()
{
    const ResolveAnswer answer = Resolver::systemLookup("localhost");
    QVERIFY(!answer.failed);
    QVERIFY(!answer.addresses.isEmpty());
    for (const QHostAddress &address : answer.addresses) {
        QVERIFY(address.isLoopback());
        QCOMPARE(answer.addresses.count(address), 1);
    }
}

void TestResolver::systemTellsWhatItDoesNotKnow()
{
    // RFC 6761 §6.4: ".invalid" never exists. Without any network the words differ.
    const ResolveAnswer answer = Resolver::systemLookup("does-not-exist.invalid");
    QVERIFY(answer.failed);
    QVERIFY(answer.addresses.isEmpty());
    QVERIFY(!answer.error.isEmpty());
}

QTEST_GUILESS_MAIN(TestResolver)
#include "tst_resolver.moc"
