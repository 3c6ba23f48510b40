// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/bruteforceguard.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;
using namespace std::chrono_literals;

class TstBruteForceGuard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stories_data();
    void stories();
    void sharedFate_data();
    void sharedFate();
    void blockLength_data();
    void blockLength();
    void recordFailureTellsTheBeginningOfABlock();
    void successesAreRemembered();
    void knowsWhatWasCounted();
    void fingerprintsAreBounded();
    void anOwnerLosesItsSuccesses();
    void whoGuessesIsNotTrusted();
    void theTableIsBoundedAndTheOldestGoes();
    void aSuccessKeepsAnAddressYoung();
    void guessesAreBounded();
    void liftEndsABlock();
    void liftDoesNotEndABlockTwice();
    void liftAllEndsAllBlocks();
    void newLimitsKeepCountsAndBlocks();
    void blocksAreListed();
};

namespace {

const QHostAddress client(u"192.0.2.7"_s);
const TimePoint start { 1'000'000s };
constexpr quint64 right = 7; ///< the fingerprint of right credentials

QHostAddress numbered(quint32 number)
{
    return QHostAddress(0x0b000000 + number);
}

/// A guess that was never made before.
quint64 newGuess()
{
    static quint64 last = 0;
    return ++last;
}

} // namespace

/// A story: "w" is a new wrong guess, "r" the last one again, "s" a success, "c" a check (without
/// credentials, so nothing is recorded), "+N" a pause of N seconds. Limits: 3 attempts within 60 s.
void TstBruteForceGuard::stories_data()
{
    QTest::addColumn<QByteArray>("story");
    QTest::addColumn<int>("retryAfter"); // seconds; 0: not blocked

    QTest::newRow("B§2: nothing happened") << ""_ba << 0;
    QTest::newRow("B§2: fewer wrong attempts than the limit do not block") << "w w"_ba << 0;
    QTest::newRow("B§2: the attempt that reaches the limit blocks for twice the window")
        << "w w w"_ba << 120;
    QTest::newRow("B§2: requests without credentials never count") << "c c c c c w w c c"_ba << 0;
    QTest::newRow("B§2: a success never clears the count") << "w w s w"_ba << 120;
    QTest::newRow("B§2: successes do not count") << "s s s s s"_ba << 0;
    QTest::newRow("B§2: attempts spread over more than the window do not block")
        << "w +30 w +30 w"_ba << 0;
    QTest::newRow("B§2: attempts just within the window block") << "w +30 w +29 w"_ba << 120;
    QTest::newRow("B§2: the window begins anew with the first attempt behind it")
        << "w +60 w w"_ba << 0;
    QTest::newRow("B§2: and then counts up to the limit again") << "w +60 w w w"_ba << 120;
    QTest::newRow("B§2: the block runs down") << "w w w +100"_ba << 20;
    QTest::newRow("B§2: the block ends") << "w w w +120"_ba << 0;
    QTest::newRow("B§2: an attempt while blocked does not prolong the block")
        << "w w w +100 w w w w"_ba << 20;
    QTest::newRow("B§2: attempts while blocked do not count afterwards")
        << "w w w +100 w w w +20 w w"_ba << 0;
    QTest::newRow("B§2: after a block the full number of attempts blocks again")
        << "w w w +120 w w w"_ba << 120;
    QTest::newRow("B§2: the same wrong credentials again and again are one guess")
        << "w r r r r r"_ba << 0;
    QTest::newRow("B§2: and so they are among others") << "w r r w r r"_ba << 0;
    QTest::newRow("B§2: and count once beside them") << "w r r w r r w"_ba << 120;
    QTest::newRow("B§2: they count again in the next window") << "r +60 r w r r w"_ba << 120;
    QTest::newRow("B§2: and begin it") << "w w +60 r +59 w w"_ba << 120;
    QTest::newRow("B§2: they do not prolong the window") << "w +30 r w +30 w w"_ba << 0;
    QTest::newRow("B§2: they count again after a block") << "w w w +120 r w w"_ba << 120;
    QTest::newRow("B§2: a success while blocked does not end the block") << "w w w s"_ba << 120;
}

void TstBruteForceGuard::stories()
{
    QFETCH(QByteArray, story);
    QFETCH(int, retryAfter);

    BruteForceGuard guard({ 3, 60s });
    TimePoint now = start;
    quint64 guess = newGuess();
    for (const QByteArray &step : story.split(' ')) {
        if (step == "w")
            guard.recordFailure(client, guess = newGuess(), now);
        else if (step == "r")
            guard.recordFailure(client, guess, now);
        else if (step == "s")
            guard.recordSuccess(client, right, now);
        else if (step == "c")
            static_cast<void>(guard.check(client, now));
        else if (step.startsWith('+'))
            now += std::chrono::seconds(step.mid(1).toInt());
    }
    const Decision decision = guard.check(client, now);
    QCOMPARE(decision.refusal, retryAfter ? Refusal::GuesserBlocked : Refusal::None);
    QCOMPARE(decision.retryAfter.count(), retryAfter);
}

void TstBruteForceGuard::sharedFate_data()
{
    QTest::addColumn<QString>("guesser");
    QTest::addColumn<QString>("neighbour");
    QTest::addColumn<bool>("blocked");

    QTest::newRow("B§2: another IPv4 address is not blocked")
        << u"192.0.2.7"_s << u"192.0.2.8"_s << false;
    QTest::newRow("B§2: an IPv6 address of the same /64 is blocked")
        << u"2001:db8::1"_s << u"2001:db8::ffff:1"_s << true;
    QTest::newRow("B§2: an IPv6 address of the next /64 is not")
        << u"2001:db8::1"_s << u"2001:db8:0:1::1"_s << false;
    QTest::newRow("B§1: the mapped form of a blocked IPv4 address is blocked")
        << u"192.0.2.7"_s << u"::ffff:192.0.2.7"_s << true;
    QTest::newRow("B§1: mapped forms of other addresses are not one /64")
        << u"::ffff:192.0.2.7"_s << u"::ffff:192.0.2.8"_s << false;
    QTest::newRow("B§2: the IPv6 prefix with an IPv4 address's bits is another client")
        << u"0.0.0.1"_s << u"0:0:0:1::1"_s << false;
}

void TstBruteForceGuard::sharedFate()
{
    QFETCH(QString, guesser);
    QFETCH(QString, neighbour);
    QFETCH(bool, blocked);

    BruteForceGuard guard({ 1, 60s });
    guard.recordFailure(QHostAddress(guesser), newGuess(), start);
    QVERIFY(!guard.check(QHostAddress(guesser), start).isAllowed());
    QCOMPARE(!guard.check(QHostAddress(neighbour), start).isAllowed(), blocked);
}

void TstBruteForceGuard::blockLength_data()
{
    QTest::addColumn<int>("windowMs");
    QTest::addColumn<int>("seconds");

    QTest::newRow("B§1: the block lasts twice the default window") << 300'000 << 600;
    QTest::newRow("B§1: the block lasts at most an hour") << 24 * 3'600'000 << 3600;
    QTest::newRow("B§1: half an hour's window gives the hour") << 1'800'000 << 3600;
    QTest::newRow("S§10.2.3: Retry-After is rounded up to whole seconds") << 1'250 << 3;
}

void TstBruteForceGuard::blockLength()
{
    QFETCH(int, windowMs);
    QFETCH(int, seconds);

    BruteForceGuard guard({ 1, std::chrono::milliseconds(windowMs) });
    guard.recordFailure(client, newGuess(), start);
    const Decision decision = guard.check(client, start);
    QCOMPARE(decision.retryAfter.count(), seconds);
    QVERIFY(guard.check(client, start + decision.retryAfter).isAllowed());
}

void TstBruteForceGuard::recordFailureTellsTheBeginningOfABlock()
{
    BruteForceGuard guard({ 2, 60s });
    QVERIFY(!guard.recordFailure(client, newGuess(), start));
    QVERIFY(guard.recordFailure(client, newGuess(), start));
    QVERIFY(!guard.recordFailure(client, newGuess(), start));
    QVERIFY(!guard.recordFailure(client, newGuess(), start + 120s));
    QVERIFY(guard.recordFailure(client, newGuess(), start + 120s));
}

void TstBruteForceGuard::successesAreRemembered()
{
    BruteForceGuard guard({ 1, 60s });
    QVERIFY(!guard.hasSucceeded(client, right));
    guard.recordSuccess(client, right, start);
    guard.recordFailure(client, newGuess(), start);
    QVERIFY(!guard.check(client, start).isAllowed());
    QVERIFY(guard.hasSucceeded(client, right));
    QVERIFY(guard.hasSucceeded(QHostAddress(u"::ffff:192.0.2.7"_s), right));
    QVERIFY(!guard.hasSucceeded(client, right + 1));
    QVERIFY(!guard.hasSucceeded(numbered(1), right));
    // Without configured credentials the fingerprint is 0 and stands for nothing.
    guard.recordSuccess(client, 0, start);
    QVERIFY(!guard.hasSucceeded(client, 0));
}

void TstBruteForceGuard::knowsWhatWasCounted()
{
    BruteForceGuard guard({ 3, 60s });
    QVERIFY(!guard.hasSucceeded(client));
    QVERIFY(!guard.knowsGuess(client, 1, start));
    guard.recordFailure(client, 1, start);
    guard.recordFailure(client, 2, start + 59s);
    QVERIFY(guard.knowsGuess(client, 1, start + 59s));
    QVERIFY(guard.knowsGuess(client, 2, start + 59s));
    QVERIFY(!guard.knowsGuess(client, 3, start + 59s));
    QVERIFY(!guard.knowsGuess(numbered(1), 1, start));
    QVERIFY(!guard.knowsGuess(client, 2, start + 60s)); // the window is over
    QVERIFY(!guard.hasSucceeded(client));
    guard.recordSuccess(client, right, start);
    QVERIFY(guard.hasSucceeded(client));
    QVERIFY(guard.knowsGuess(client, 1, start));
    guard.liftAll(start);
    QVERIFY(!guard.knowsGuess(client, 1, start));
    QVERIFY(guard.hasSucceeded(client));
}

void TstBruteForceGuard::fingerprintsAreBounded()
{
    BruteForceGuard guard;
    constexpr auto most = quint64(BruteForceGuard::maxFingerprints);
    QVERIFY(most >= 64); // an office behind one address
    for (quint64 i = 1; i <= most; ++i)
        guard.recordSuccess(client, i, start);
    guard.recordSuccess(client, 2, start); // used again, so it is young again and pushes nothing
                                           // out
    QVERIFY(guard.hasSucceeded(client, 1));
    guard.recordSuccess(client, most + 1, start);
    QVERIFY(!guard.hasSucceeded(client, 1));
    QVERIFY(guard.hasSucceeded(client, 2));
    QVERIFY(guard.hasSucceeded(client, 3));
    QVERIFY(guard.hasSucceeded(client, most + 1));
}

void TstBruteForceGuard::anOwnerLosesItsSuccesses()
{
    BruteForceGuard guard;
    guard.recordSuccess(client, 1, start, 10);
    guard.recordSuccess(client, 2, start, 20);
    guard.recordSuccess(numbered(1), 3, start, 20);
    guard.keepSuccessesOf({ 10, 30 });
    QVERIFY(guard.hasSucceeded(client, 1));
    QVERIFY(!guard.hasSucceeded(client, 2));
    QVERIFY(guard.hasSucceeded(client));
    QVERIFY(!guard.hasSucceeded(numbered(1)));
    guard.recordSuccess(client, 1, start, 30); // whose they are now
    guard.keepSuccessesOf({ 30 });
    QVERIFY(guard.hasSucceeded(client, 1));
}

void TstBruteForceGuard::whoGuessesIsNotTrusted()
{
    BruteForceGuard guard({ 3, 60s });
    QVERIFY(!guard.isTrusted(client, start));
    guard.recordSuccess(client, right, start);
    QVERIFY(guard.isTrusted(client, start));
    guard.recordFailure(client, newGuess(), start);
    QVERIFY(!guard.isTrusted(client, start));
    guard.recordSuccess(client, right, start);
    QVERIFY(!guard.isTrusted(client, start + 59s));
    QVERIFY(guard.isTrusted(client, start + 60s));
}

void TstBruteForceGuard::theTableIsBoundedAndTheOldestGoes()
{
    BruteForceGuard guard({ 1, 60s });
    for (quint32 i = 0; i < BruteForceGuard::maxAddresses; ++i)
        guard.recordFailure(numbered(i), newGuess(), start);
    QCOMPARE(guard.size(), BruteForceGuard::maxAddresses);
    guard.recordFailure(numbered(0), newGuess(), start); // seen again
    guard.recordFailure(client, newGuess(), start);
    QCOMPARE(guard.size(), BruteForceGuard::maxAddresses);
    QVERIFY(!guard.check(client, start).isAllowed());
    QVERIFY(!guard.check(numbered(0), start).isAllowed());
    QVERIFY(guard.check(numbered(1), start).isAllowed());
    QVERIFY(!guard.check(numbered(2), start).isAllowed());
}

void TstBruteForceGuard::aSuccessKeepsAnAddressYoung()
{
    BruteForceGuard guard({ 1, 60s });
    guard.recordSuccess(client, right, start);
    for (quint32 i = 1; i < BruteForceGuard::maxAddresses; ++i)
        guard.recordFailure(numbered(i), newGuess(), start);
    guard.recordSuccess(client, right, start);
    guard.recordFailure(numbered(BruteForceGuard::maxAddresses), newGuess(), start);
    QVERIFY(guard.hasSucceeded(client, right));
    QVERIFY(guard.check(numbered(1), start).isAllowed());
}

void TstBruteForceGuard::liftEndsABlock()
{
    BruteForceGuard guard({ 2, 60s });
    QVERIFY(!guard.lift(client, start));
    guard.recordSuccess(client, right, start);
    guard.recordFailure(client, newGuess(), start);
    guard.recordFailure(client, newGuess(), start);
    QVERIFY(guard.lift(client, start));
    QVERIFY(guard.check(client, start).isAllowed());
    QVERIFY(guard.blocks(start).isEmpty());
    QVERIFY(guard.hasSucceeded(client, right));
    // The count is reset too.
    guard.recordFailure(client, newGuess(), start);
    QVERIFY(guard.check(client, start).isAllowed());
    QVERIFY(!guard.lift(client, start));
}

void TstBruteForceGuard::liftDoesNotEndABlockTwice()
{
    BruteForceGuard guard({ 2, 60s });
    guard.recordFailure(client, newGuess(), start);
    guard.recordFailure(client, newGuess(), start);
    QVERIFY2(!guard.lift(client, start + 120s), "it has ended by itself");
    guard.recordFailure(client, newGuess(), start + 120s);
    guard.recordFailure(client, newGuess(), start + 120s);
    QVERIFY(guard.lift(client, start + 239s));
}

void TstBruteForceGuard::guessesAreBounded()
{
    // A limit above what is remembered is still reached, by different guesses.
    constexpr int limit = 3 * BruteForceGuard::maxGuesses;
    BruteForceGuard guard({ limit, 60s });
    quint64 first = 0;
    for (int i = 0; i < limit - 1; ++i) {
        const quint64 guess = newGuess();
        first = first == 0 ? guess : first;
        QVERIFY(!guard.recordFailure(client, guess, start));
        QVERIFY(!guard.recordFailure(client, guess, start));
        QVERIFY(!guard.recordFailure(client, qMax(first, guess - 20), start));
    }
    QVERIFY(guard.recordFailure(client, newGuess(), start));
}

void TstBruteForceGuard::liftAllEndsAllBlocks()
{
    BruteForceGuard guard({ 2, 60s });
    QCOMPARE(guard.liftAll(start), 0);
    for (quint32 i = 0; i < 3; ++i) {
        guard.recordSuccess(numbered(i), right, start);
        guard.recordFailure(numbered(i), newGuess(), start);
        if (i > 0)
            guard.recordFailure(numbered(i), newGuess(), start);
    }
    QCOMPARE(guard.liftAll(start), 2);
    QVERIFY(guard.blocks(start).isEmpty());
    for (quint32 i = 0; i < 3; ++i) {
        // The counts are reset too; the successes are kept.
        QVERIFY(!guard.recordFailure(numbered(i), newGuess(), start));
        QVERIFY(guard.hasSucceeded(numbered(i), right));
    }
}

void TstBruteForceGuard::newLimitsKeepCountsAndBlocks()
{
    BruteForceGuard guard({ 2, 60s });
    guard.recordFailure(client, newGuess(), start);
    guard.recordFailure(client, newGuess(), start);
    guard.recordFailure(numbered(1), newGuess(), start);
    guard.setLimits({ 3, 600s });
    QCOMPARE(guard.check(client, start).retryAfter, 120s);
    guard.recordFailure(numbered(1), newGuess(), start);
    QVERIFY(guard.check(numbered(1), start).isAllowed());
    guard.recordFailure(numbered(1), newGuess(), start);
    QCOMPARE(guard.check(numbered(1), start).retryAfter, 1200s);
}

void TstBruteForceGuard::blocksAreListed()
{
    BruteForceGuard guard({ 1, 60s });
    guard.recordFailure(QHostAddress(u"2001:db8:1:2:3::4"_s), newGuess(), start);
    guard.recordFailure(client, newGuess(), start + 10s);
    const auto running = guard.blocks(start + 119s);
    QCOMPARE(running.size(), 2);
    QCOMPARE(running.at(0).address, client);
    QVERIFY(running.at(0).until == start + 130s);
    QCOMPARE(running.at(1).address, QHostAddress(u"2001:db8:1:2::"_s));
    QCOMPARE(guard.blocks(start + 120s).size(), 1);
    QVERIFY(guard.blocks(start + 130s).isEmpty());
}

QTEST_APPLESS_MAIN(TstBruteForceGuard)
#include "tst_bruteforceguard.moc"
