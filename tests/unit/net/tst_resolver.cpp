// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "fakedns.h"

#include <QAtomicInt>
#include <QSemaphore>
#include <QTest>

#include <atomic>
#include <thread>

#ifdef Q_OS_LINUX
#include <cerrno>
#include <dlfcn.h>
#include <netdb.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {
std::atomic<int> errnoLeftBehind = 0;
}

/// The system's function. The test may have it leave an errno behind, as it does on its way to an
/// answer.
extern "C" int getaddrinfo(const char *name, const char *service, const addrinfo *hints,
                           addrinfo **list)
{
    using Function = int (*)(const char *, const char *, const addrinfo *, addrinfo **);
    static const auto system = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    const int error = system(name, service, hints, list);
    if (errnoLeftBehind != 0)
        errno = errnoLeftBehind;
    return error;
}
#endif

using namespace sami;
using namespace sami::net;
using namespace sami::test;
using namespace std::chrono_literals;

class TestResolver : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersInTheCallersThread();
    void tellsFailuresInWords();
    void silentNamesHoldUpNobody();
    void oneLookupPerName_data();
    void oneLookupPerName();
    void threadsAreBounded_data();
    void threadsAreBounded();
    void aHigherLimitServesThoseThatWait();
    void cacheExpires_data();
    void cacheExpires();
    void clearedCacheForgetsLookupsUnderWay();
    void clearedCacheBeginsLookupsAgain();
    void cacheIsBounded();
    void contextGoneMeanwhileHearsNothing();
    void contextsDieInOtherThreadsMeanwhile();
    void mayBeDestroyedWithLookupsUnderWay();
    void refusesWhatIsNoName_data();
    void refusesWhatIsNoName();
    void systemKnowsLocalhost();
    void systemTellsWhatItDoesNotKnow();
    void shortageIsNotRemembered();
    void failureDoesNotReplaceAnAnswer_data();
    void failureDoesNotReplaceAnAnswer();
    void systemTellsAShortage_data();
    void systemTellsAShortage();
    void systemTellsAShortageOnTheWay_data();
    void systemTellsAShortageOnTheWay();
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
    // From the cache, but not from inside the call either.
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
    for (int i = 0; i < 25; ++i) { // QHostInfo would be stuck by now
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

/// No lookup ends here, so only the new limit can let the waiting names in.
void TestResolver::aHigherLimitServesThoseThatWait()
{
    Fixture fixture;
    fixture.resolver.setThreadLimit(2);
    Asker asker;
    for (int i = 0; i < 6; ++i) {
        const QByteArray name = "silent" + QByteArray::number(i);
        fixture.dns->silence(name);
        asker.ask(fixture.resolver, name, QHostAddress(quint32(0x0a000000 + i)));
    }
    QTRY_COMPARE(fixture.dns->totalAsked(), 2);
    QVERIFY(fixture.resolver.isWaitingForThread("silent2"));
    fixture.resolver.setThreadLimit(5);
    QTRY_COMPARE(fixture.dns->totalAsked(), 5);
    QVERIFY(fixture.resolver.isWaitingForThread("silent5"));
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, 6);
}

void TestResolver::cacheExpires_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("lifetime");
    QTest::newRow("good answers are kept 60 s") << QByteArray("example.com") << 60;
    QTest::newRow("failures are kept 5 s") << QByteArray("bad.example") << 5;
    // A connection to an address that was given to another host does not fail.
    QTest::newRow("addresses of a container network are kept 5 s") << QByteArray("172.18.0.2") << 5;
    QTest::newRow("addresses of a local network are kept 5 s") << QByteArray("192.168.1.7") << 5;
    QTest::newRow("also in their mapped form") << QByteArray("::ffff:10.0.0.7") << 5;
    QTest::newRow("unique-local addresses are kept 5 s") << QByteArray("fd00::7") << 5;
    QTest::newRow("public addresses that look alike are kept 60 s")
        << QByteArray("172.32.0.2") << 60;
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
    QTRY_COMPARE(asker.count, 1); // by a second lookup
    asker.ask(fixture.resolver, "example.com");
    QTRY_COMPARE(asker.count, 2);
    QCOMPARE(fixture.dns->asked("example.com"), 2);
    fixture.resolver.clearCache();
    asker.ask(fixture.resolver, "example.com");
    QTRY_COMPARE(asker.count, 3);
    QCOMPARE(fixture.dns->asked("example.com"), 3);
}

void TestResolver::clearedCacheBeginsLookupsAgain()
{
    struct Networks
    {
        std::atomic<int> asked = 0;
        QSemaphore oldAnswers;
    };
    const QHostAddress there(QStringLiteral("198.51.100.1"));
    const QHostAddress here(QStringLiteral("203.0.113.1"));
    const auto networks = std::make_shared<Networks>(); // a thread may outlive this function
    Resolver resolver([networks, there, here](const QByteArray &) -> ResolveAnswer {
        if (networks->asked++ > 0)
            return { { here }, false, {} };
        networks->oldAnswers.acquire();
        return { { there }, false, {} };
    });
    Asker before;
    before.ask(resolver, "example.com");
    QTRY_COMPARE(networks->asked.load(), 1);
    resolver.clearCache();
    Asker after;
    after.ask(resolver, "example.com", otherClient);
    QTRY_COMPARE(after.count, 1);
    QTRY_COMPARE(before.count, 1);
    QCOMPARE(after.answer.addresses, { here });
    QCOMPARE(before.answer.addresses, { here });
    networks->oldAnswers.release();
    QTest::qWait(50); // time for the old answer to do harm
    after.ask(resolver, "example.com", otherClient);
    QTRY_COMPARE(after.count, 2);
    QCOMPARE(after.answer.addresses, { here });
    QCOMPARE(before.count, 1);
    QCOMPARE(networks->asked.load(), 2);
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
    // For ThreadSanitizer: workers destroy their contexts just as the answers arrive.
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
    // RFC 6761 §6.4: ".invalid" never exists. Without a network the message differs.
    const ResolveAnswer answer = Resolver::systemLookup("does-not-exist.invalid");
    QVERIFY(answer.failed);
    QVERIFY(answer.addresses.isEmpty());
    QVERIFY(!answer.error.isEmpty());
}

void TestResolver::shortageIsNotRemembered()
{
    int calls = 0;
    Resolver resolver([&calls](const QByteArray &) {
        return ++calls == 1 ? ResolveAnswer { {}, true, "no descriptors", true }
                            : ResolveAnswer { { QHostAddress::LocalHost }, false, {} };
    });
    Asker asker;
    asker.ask(resolver, "example.com");
    QTRY_COMPARE(asker.count, 1);
    QVERIFY(asker.answer.isShortage);
    asker.ask(resolver, "example.com");
    QTRY_COMPARE(asker.count, 2);
    QVERIFY(!asker.answer.failed);
}

void TestResolver::failureDoesNotReplaceAnAnswer_data()
{
    QTest::addColumn<bool>("isUnknownName");
    QTest::newRow("B§6: a name server that fails does not take back what it said") << false;
    QTest::newRow("B§6: one that says the name is gone does") << true;
}

void TestResolver::failureDoesNotReplaceAnAnswer()
{
    QFETCH(bool, isUnknownName);
    std::atomic<int> calls = 0;
    std::atomic<int> seconds = 0;
    const TimePoint start = Clock::now();
    Resolver resolver(
        [&calls, isUnknownName](const QByteArray &) {
            if (++calls == 1)
                return ResolveAnswer { { QHostAddress::LocalHost }, false, {} };
            ResolveAnswer failure { {}, true, "in words" };
            failure.isUnknownName = isUnknownName;
            return failure;
        },
        [&seconds, start] { return start + std::chrono::seconds(seconds); });
    Asker asker;
    asker.ask(resolver, "example.com");
    QTRY_COMPARE(asker.count, 1);
    seconds = 2; // older than what lookupAgain() accepts as current
    int again = 0;
    resolver.lookupAgain("example.com", QHostAddress::LocalHost, this,
                         [&again](const ResolveAnswer &answer) { again += answer.failed ? 1 : 0; });
    QTRY_COMPARE(again, 1);
    asker.ask(resolver, "example.com");
    QTRY_COMPARE(asker.count, 2);
    QCOMPARE(asker.answer.failed, isUnknownName);
    QCOMPARE(calls.load(), 2);
}

void TestResolver::systemTellsAShortage_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("of a name in /etc/hosts") << QByteArray("localhost");
    QTest::newRow("of a name that does not exist") << QByteArray("does-not-exist.invalid");
}

void TestResolver::systemTellsAShortage()
{
#ifdef Q_OS_LINUX
    QFETCH(QByteArray, name);
    const int lowest = ::dup(0);
    QVERIFY(lowest >= 0);
    ::close(lowest);
    rlimit before {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit none { rlim_t(lowest), before.rlim_max };
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const ResolveAnswer answer = Resolver::systemLookup(name);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
    QVERIFY(answer.failed);
    QVERIFY2(answer.isShortage, answer.error.constData());
    QVERIFY(!Resolver::systemLookup("localhost").failed);
#else
    QSKIP("the limit on descriptors is lowered on Linux only");
#endif
}

void TestResolver::systemTellsAShortageOnTheWay_data()
{
    QTest::addColumn<int>("left");
    QTest::addColumn<bool>("isShortage");
    QTest::newRow("a file that was not there is no shortage") << 2 << false;
#ifdef __GLIBC__
    QTest::newRow("an answer past an /etc/hosts that could not be opened is none")
        << EMFILE << true;
    QTest::newRow("nor is one of a machine out of files") << ENFILE << true;
    QTest::newRow("nor is one without memory") << ENOMEM << true;
#endif
}

void TestResolver::systemTellsAShortageOnTheWay()
{
#ifdef Q_OS_LINUX
    QFETCH(int, left);
    QFETCH(bool, isShortage);
    errnoLeftBehind = left;
    const ResolveAnswer answer = Resolver::systemLookup("localhost");
    errnoLeftBehind = 0;
    QCOMPARE(answer.isShortage, isShortage);
    QCOMPARE(answer.addresses.isEmpty(), isShortage);
#else
    QSKIP("needs glibc's errno");
#endif
}

QTEST_GUILESS_MAIN(TestResolver)
#include "tst_resolver.moc"
