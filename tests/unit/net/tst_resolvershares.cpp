// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "fakedns.h"

#include <QTest>

using namespace sami::net;
using namespace sami::test;
using namespace std::chrono_literals;

class TestResolverShares : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void capsEachClient();
    void capCountsAnIpv6NetworkAsOneClient();
    void capCountsNamesNotQuestions();
    void capForgetsAbandonedNames();
    void sharesOutThreads_data();
    void sharesOutThreads();
    void abandonedLookupsKeepTheirThread();
    void strangersFindAThread();
    void waitingNamesAreServedFairly();
    void abandonedThreadsServeWhoWaits();
    void tellsWhoLacksAThread();
    void boundsWhatWaits();
    void threadsAreBounded();
    void abandonedNamesAreNotLookedUp();
    void lookupsThatBeginAgainKeepTheirOldThread();
};

void TestResolverShares::capsEachClient()
{
    Fixture fixture;
    Asker greedy;
    for (int i = 0; i < Resolver::maxNamesPerClient; ++i) {
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
    // No punishment: once the lookups are over, all is well.
    fixture.dns->answerAll();
    QTRY_COMPARE(greedy.count, 1 + Resolver::maxNamesPerClient);
    greedy.ask(fixture.resolver, "one-too-many");
    QTRY_COMPARE(greedy.count, 2 + Resolver::maxNamesPerClient);
    QVERIFY(!greedy.answer.failed);
}

void TestResolverShares::capCountsAnIpv6NetworkAsOneClient()
{
    Fixture fixture;
    Asker greedy;
    for (int i = 0; i <= Resolver::maxNamesPerClient; ++i) {
        const QByteArray name = "silent" + QByteArray::number(i);
        fixture.dns->silence(name);
        const QString address = QStringLiteral("2001:db8::%1").arg(i + 1);
        greedy.ask(fixture.resolver, name, QHostAddress(address));
    }
    QTRY_COMPARE(greedy.count, 1);
    QVERIFY(greedy.answer.failed);
}

void TestResolverShares::capCountsNamesNotQuestions()
{
    Fixture fixture;
    fixture.dns->silence("example.com");
    Asker asker;
    for (int i = 0; i < 3 * Resolver::maxNamesPerClient; ++i)
        asker.ask(fixture.resolver, "example.com");
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, 3 * Resolver::maxNamesPerClient);
    QVERIFY(!asker.answer.failed);
}

void TestResolverShares::capForgetsAbandonedNames()
{
    Fixture fixture;
    for (int i = 0; i < 3 * Resolver::maxNamesPerClient; ++i) {
        const QByteArray name = "silent" + QByteArray::number(i);
        fixture.dns->silence(name);
        Asker hangsUp;
        hangsUp.ask(fixture.resolver, name);
    }
    Asker asker;
    asker.ask(fixture.resolver, "example.com");
    QTest::qWait(20);
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, 1);
    QVERIFY2(!asker.answer.failed, asker.answer.error.constData());
}

void TestResolverShares::sharesOutThreads_data()
{
    QTest::addColumn<int>("others");
    QTest::addColumn<int>("abandoned");
    QTest::addColumn<int>("asked");
    QTest::newRow("a client alone gets six") << 0 << 0 << 6;
    QTest::newRow("with six abandoned ones it gets the two that are left") << 0 << 6 << 2;
    QTest::newRow("47 busy: one more, and the reserve begins") << 47 << 0 << 1;
    QTest::newRow("46 busy: two more") << 46 << 0 << 2;
    QTest::newRow("63 busy: a stranger gets the last one") << 63 << 0 << 1;
    QTest::newRow("64 busy: none") << 64 << 0 << 0;
    QTest::newRow("48 busy, one of them its own: none") << 47 << 1 << 0;
    QTest::newRow("47 busy, one of them its own: one") << 46 << 1 << 1;
}

void TestResolverShares::sharesOutThreads()
{
    QFETCH(int, others);
    QFETCH(int, abandoned);
    QFETCH(int, asked);
    Fixture fixture;
    Asker asker;
    {
        Asker hangsUp;
        for (int i = 0; i < abandoned; ++i)
            hangsUp.askSilence(fixture, "hung" + QByteArray::number(i));
        QTRY_COMPARE(fixture.dns->totalAsked(), abandoned);
    }
    for (int i = 0; i < others; ++i)
        asker.askSilence(fixture, "other" + QByteArray::number(i),
                         QHostAddress(quint32(0x0a000000 + i)));
    QTRY_COMPARE(fixture.dns->totalAsked(), abandoned + others);
    for (int i = 0; i < Resolver::maxNamesPerClient; ++i)
        asker.askSilence(fixture, "own" + QByteArray::number(i));
    QTRY_COMPARE(fixture.dns->totalAsked(), abandoned + others + asked);
    QTest::qWait(20);
    QCOMPARE(fixture.dns->totalAsked(), abandoned + others + asked);
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, others + Resolver::maxNamesPerClient);
    QVERIFY(!asker.answer.failed);
}

void TestResolverShares::abandonedLookupsKeepTheirThread()
{
    // Six names are looked up and abandoned, over and over; eight threads in total.
    Fixture fixture;
    for (int round = 0; round < 4; ++round) {
        Asker hangsUp;
        for (int i = 0; i < Resolver::maxWantedThreadsPerClient; ++i)
            hangsUp.askSilence(fixture, QByteArray::number(round) + '-' + QByteArray::number(i));
        QTRY_COMPARE(fixture.dns->totalAsked(), round == 0 ? 6 : 8);
    }
    QTest::qWait(100);
    QCOMPARE(fixture.dns->totalAsked(), Resolver::maxThreadsPerClient);
}

void TestResolverShares::strangersFindAThread()
{
    Fixture fixture;
    Asker greedy;
    for (int attacker = 0; attacker < 20; ++attacker) {
        for (int round = 0; round < 2; ++round) {
            Asker hangsUp;
            for (int i = 0; i < Resolver::maxNamesPerClient; ++i)
                (round == 0 ? hangsUp : greedy)
                    .askSilence(fixture,
                                QByteArray::number(attacker) + '-' + QByteArray::number(round) + '-'
                                    + QByteArray::number(i),
                                QHostAddress(quint32(0x0a000000 + attacker)));
        }
    }
    Asker stranger;
    stranger.ask(fixture.resolver, "example.com", otherClient);
    QTRY_COMPARE(stranger.count, 1);
    QVERIFY2(!stranger.answer.failed, stranger.answer.error.constData());
}

void TestResolverShares::waitingNamesAreServedFairly()
{
    Fixture fixture;
    Asker asker;
    for (int i = 0; i < Resolver::maxThreads; ++i)
        asker.askSilence(fixture, "busy" + QByteArray::number(i),
                         QHostAddress(quint32(0x0a000000 + i)));
    QTRY_COMPARE(fixture.dns->totalAsked(), Resolver::maxThreads);
    // Client 0 holds a thread and has waited longer; the other client holds none.
    asker.askSilence(fixture, "its-second", QHostAddress(quint32(0x0a000000)));
    asker.askSilence(fixture, "its-first", otherClient);
    fixture.dns->answer("busy9");
    QTRY_COMPARE(fixture.dns->asked("its-first"), 1);
    QCOMPARE(fixture.dns->asked("its-second"), 0);
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, Resolver::maxThreads + 2);
}

void TestResolverShares::abandonedThreadsServeWhoWaits()
{
    Fixture fixture;
    Asker waits;
    {
        Asker hangsUp;
        for (int i = 0; i < Resolver::maxWantedThreadsPerClient; ++i)
            hangsUp.askSilence(fixture, "silent" + QByteArray::number(i));
        waits.ask(fixture.resolver, "example.com");
        QTest::qWait(20);
        QCOMPARE(waits.count, 0);
    }
    QTRY_COMPARE(waits.count, 1);
}

void TestResolverShares::tellsWhoLacksAThread()
{
    Fixture fixture;
    Asker asker;
    for (int i = 0; i <= Resolver::maxWantedThreadsPerClient; ++i)
        asker.askSilence(fixture, "silent" + QByteArray::number(i));
    QVERIFY(!fixture.resolver.isWaitingForThread("silent0"));
    QVERIFY(fixture.resolver.isWaitingForThread("Silent6."));
    QVERIFY(!fixture.resolver.isWaitingForThread("example.com"));
}

void TestResolverShares::boundsWhatWaits()
{
    Fixture fixture;
    Asker asker;
    const int most = Resolver::maxThreads + static_cast<int>(Resolver::maxWaitingNames);
    for (int i = 0; i < most; ++i) {
        const QByteArray name = "silent" + QByteArray::number(i);
        fixture.dns->silence(name);
        asker.ask(fixture.resolver, name, QHostAddress(quint32(0x0a000000 + i)));
        if (i == Resolver::maxThreads - 1)
            QTRY_COMPARE(fixture.dns->totalAsked(), i + 1); // these no longer wait
    }
    QCOMPARE(asker.count, 0);
    asker.ask(fixture.resolver, "one-too-many");
    QTRY_COMPARE(asker.count, 1);
    QCOMPARE(asker.answer.error, "too many lookups are waiting");
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, most + 1);
}

void TestResolverShares::threadsAreBounded()
{
    Fixture fixture;
    Asker asker;
    const int questions = Resolver::maxThreads + 10;
    for (int i = 0; i < questions; ++i) {
        const QByteArray name = "silent" + QByteArray::number(i);
        fixture.dns->silence(name);
        asker.ask(fixture.resolver, name, QHostAddress(quint32(0x0a000000 + i)));
    }
    QTRY_COMPARE(fixture.dns->totalAsked(), Resolver::maxThreads);
    QTest::qWait(20);
    QCOMPARE(fixture.dns->totalAsked(), Resolver::maxThreads);
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, questions);
}

void TestResolverShares::abandonedNamesAreNotLookedUp()
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

void TestResolverShares::lookupsThatBeginAgainKeepTheirOldThread()
{
    Fixture fixture;
    auto gone = std::make_unique<Asker>();
    gone->askSilence(fixture, "abandoned", otherClient);
    QTRY_COMPARE(fixture.dns->totalAsked(), 1);
    gone.reset();
    Asker asker;
    for (int i = 0; i < Resolver::maxWantedThreadsPerClient; ++i)
        asker.askSilence(fixture, "silent" + QByteArray::number(i));
    const int hung = 1 + Resolver::maxWantedThreadsPerClient;
    QTRY_COMPARE(fixture.dns->totalAsked(), hung);
    fixture.resolver.clearCache();
    const int more = Resolver::maxThreadsPerClient - Resolver::maxWantedThreadsPerClient;
    QTRY_COMPARE(fixture.dns->totalAsked(), hung + more);
    QTest::qWait(100);
    QCOMPARE(fixture.dns->totalAsked(), hung + more); // the others wait for a thread
    fixture.dns->answerAll();
    QTRY_COMPARE(asker.count, Resolver::maxWantedThreadsPerClient);
    QVERIFY(!asker.answer.failed);
    QCOMPARE(fixture.dns->totalAsked(), hung + Resolver::maxWantedThreadsPerClient);
    // All threads are back: as many run at once as before.
    fixture.resolver.clearCache();
    for (int i = 0; i < Resolver::maxWantedThreadsPerClient; ++i)
        asker.askSilence(fixture, "again" + QByteArray::number(i));
    QTRY_COMPARE(fixture.dns->totalAsked(), hung + 2 * Resolver::maxWantedThreadsPerClient);
}

QTEST_GUILESS_MAIN(TestResolverShares)
#include "tst_resolvershares.moc"
