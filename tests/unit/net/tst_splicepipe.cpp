// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/relay.h"
#include "net/splicepipe.h"
#include "rawpeer.h"
#include "streamear.h"

#include <QDir>
#include <QTest>

#include <array>
#include <cerrno>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

using namespace sami;
using namespace sami::net;
using sami::test::Buffers;
using sami::test::Pair;

namespace {

constexpr qsizetype megabyte = 1024 * 1024;
constexpr int budget = 6;

qsizetype openDescriptors()
{
    return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::Files | QDir::System).size();
}

/// Returns the pipe to its budget on destruction.
struct GiveBack
{
    void operator()(SplicePipe *pipe) const
    {
        test::budgets().pipes.giveBack(std::unique_ptr<SplicePipe>(pipe));
    }
};
using BorrowedPipe = std::unique_ptr<SplicePipe, GiveBack>;

BorrowedPipe takePipe()
{
    return BorrowedPipe(test::budgets().pipes.take().release());
}

/// Waits until the data is in the stream's receive buffer.
void arrive(test::RawPeer &peer, const QByteArray &octets)
{
    peer.send(octets);
    QTRY_COMPARE(peer.undelivered(), 0);
}

} // namespace

class TestSplicePipe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { test::budgets().pipes.setLimit(budget); }

    void movesOctetsUnchanged();
    void goesBackToItsPool();
    void isNotHadBeyondTheBudget();
    void isNotHadWithoutDescriptors();
    void aPipeWithSomethingInItIsNotPooled();
    void twoBudgetsShareNothing();
    void aBudgetClosesWhatWaitsInIt();

    void spliceMovesWhatWaits();
    void spliceKeepsTheOrder();
    void spliceTellsNothingOfAnEnd();
    void spliceNoticesAPeerThatIsGone();
    void aStalledReaderKeepsOnlyItsOwnPipe();
    void relayGoesOnWithoutPipes();
};

void TestSplicePipe::movesOctetsUnchanged()
{
    Pair source = test::makePair(false);
    Pair sink = test::makePair(false);
    const QByteArray octets = test::pattern(100'000);
    arrive(*source.peer, octets);
    qsizetype moved = 0;
    while (moved < octets.size()) {
        const qsizetype step = sink.stream->spliceFrom(*source.stream);
        QVERIFY(step > 0);
        moved += step;
        QTRY_COMPARE(sink.stream->pendingBytes(), 0);
    }
    QTRY_COMPARE(sink.peer->receivedSize, octets.size());
    QCOMPARE(sink.peer->received, octets);
}

void TestSplicePipe::goesBackToItsPool()
{
    takePipe().reset();
    const qsizetype before = openDescriptors();
    for (int i = 0; i < 1'000; ++i)
        QVERIFY(takePipe());
    QCOMPARE(openDescriptors(), before);
}

void TestSplicePipe::isNotHadBeyondTheBudget()
{
    std::vector<BorrowedPipe> pipes;
    for (int i = 0; i < budget; ++i)
        pipes.push_back(takePipe());
    for (const BorrowedPipe &pipe : pipes)
        QVERIFY(pipe);
    QVERIFY(!takePipe());
    pipes.pop_back();
    QVERIFY(takePipe());
    pipes.clear();
    test::budgets().pipes.setLimit(2 * budget);
    for (int i = 0; i < 2 * budget; ++i)
        pipes.push_back(takePipe());
    QVERIFY(pipes.back());
    QVERIFY(!takePipe());
}

void TestSplicePipe::isNotHadWithoutDescriptors()
{
    std::vector<BorrowedPipe> pipes;
    while (BorrowedPipe pipe = takePipe())
        pipes.push_back(std::move(pipe));
    test::budgets().pipes.setLimit(2 * budget);
    rlimit before {};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const int next = ::dup(0);
    ::close(next);
    const rlimit tight { static_cast<rlim_t>(next), before.rlim_max };
    ::setrlimit(RLIMIT_NOFILE, &tight);
    const bool had = takePipe() != nullptr;
    ::setrlimit(RLIMIT_NOFILE, &before);
    QVERIFY(!had);
    QVERIFY2(takePipe(), "a failure must not use up the budget");
}

void TestSplicePipe::aPipeWithSomethingInItIsNotPooled()
{
    const qsizetype before = openDescriptors();
    BorrowedPipe pipe = takePipe();
    std::array<int, 2> sockets {};
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets.data()), 0);
    QCOMPARE(::send(sockets[0], "left behind", 11, 0), 11);
    QCOMPARE(pipe->fillFrom(sockets[1]), 11);
    QCOMPARE(pipe->level(), 11);
    pipe.reset();
    ::close(sockets[0]);
    ::close(sockets[1]);
    QVERIFY(openDescriptors() <= before);
    pipe = takePipe();
    QCOMPARE(pipe->level(), 0);
}

void TestSplicePipe::twoBudgetsShareNothing()
{
    PipeBudget one;
    PipeBudget other;
    one.setLimit(1);
    one.giveBack(one.take()); // it waits there
    QVERIFY(!other.take());
    other.setLimit(1);
    std::unique_ptr<SplicePipe> first = one.take();
    std::unique_ptr<SplicePipe> second = other.take();
    QVERIFY(first && second);
    QVERIFY(!one.take());
    other.giveBack(std::move(second));
    QVERIFY(!one.take());
    one.giveBack(std::move(first));
}

void TestSplicePipe::aBudgetClosesWhatWaitsInIt()
{
    const qsizetype before = openDescriptors();
    {
        PipeBudget budgets;
        budgets.setLimit(1);
        budgets.giveBack(budgets.take());
        QCOMPARE(openDescriptors(), before + 2);
    }
    QCOMPARE(openDescriptors(), before);
}

void TestSplicePipe::spliceMovesWhatWaits()
{
    Pair source = test::makePair(false);
    Pair sink = test::makePair(false);
    arrive(*source.peer, "one");
    QCOMPARE(sink.stream->spliceFrom(*source.stream), 3);
    QTRY_COMPARE(sink.peer->received, "one");
    QCOMPARE(sink.stream->spliceFrom(*source.stream), 0);
    Pair portable = test::makePair(true);
    arrive(*source.peer, "two");
    QCOMPARE(portable.stream->spliceFrom(*source.stream), 0);
    QCOMPARE(sink.stream->spliceFrom(*portable.stream), 0);
    QCOMPARE(sink.stream->spliceFrom(*source.stream), 3);
}

/// Data in the pipe goes out before later writes, and nothing is spliced past either.
void TestSplicePipe::spliceKeepsTheOrder()
{
    Pair source = test::makePair(false);
    Pair sink = test::makePair(false, Buffers::Small);
    sink.peer->setReading(false);
    const QByteArray octets = test::pattern(2 * megabyte);
    source.peer->send(octets);
    qsizetype moved = 0;
    QTRY_VERIFY((moved += sink.stream->spliceFrom(*source.stream)) > 0
                && sink.stream->pendingBytes() > 0);
    QVERIFY(sink.stream->write("behind it"));
    QCOMPARE(sink.stream->spliceFrom(*source.stream), 0);
    sink.stream->shutdownWrite();
    sink.peer->setReading(true);
    QTRY_VERIFY(sink.peer->sawFin);
    QCOMPARE(sink.peer->received, octets.first(moved) + "behind it");
}

void TestSplicePipe::spliceTellsNothingOfAnEnd()
{
    Pair source = test::makePair(false);
    Pair sink = test::makePair(false);
    source.peer->sendFin();
    char octet = 0;
    source.stream->setReadEnabled(true);
    const test::StreamEar ear(source.stream);
    QTRY_VERIFY(ear.readables > 0);
    QCOMPARE(sink.stream->spliceFrom(*source.stream), 0);
    QCOMPARE(source.stream->end(), StreamEnd::None);
    QCOMPARE(source.stream->read(&octet, 1).status, ByteStream::ReadResult::Status::Ended);
    QCOMPARE(sink.stream->spliceFrom(*source.stream), 0);
}

void TestSplicePipe::spliceNoticesAPeerThatIsGone()
{
    Pair source = test::makePair(false);
    Pair sink = test::makePair(false);
    const test::StreamEar ear(sink.stream);
    sink.peer->sendReset();
    arrive(*source.peer, test::pattern(1'000));
    QVERIFY(sink.stream->spliceFrom(*source.stream) >= 0);
    QTRY_VERIFY(sink.stream->spliceFrom(*source.stream) == 0 && ear.failures > 0);
    QCOMPARE(ear.failures, 1);
    QCOMPARE(test::named(sink.stream->end()), "reset");
    QCOMPARE(sink.stream->pendingBytes(), 0);
}

/// Streams stall one after the other with a pipe in hand; the budget limits them, and the next
/// tunnel copies.
void TestSplicePipe::aStalledReaderKeepsOnlyItsOwnPipe()
{
    takePipe().reset();
    std::vector<Pair> sources;
    std::vector<Pair> sinks;
    const qsizetype before = openDescriptors();
    int stuck = 0;
    for (int i = 0; i < budget + 2; ++i) {
        Pair &source = sources.emplace_back(test::makePair(false));
        Pair &sink = sinks.emplace_back(test::makePair(false, Buffers::Small));
        sink.peer->setReading(false);
        source.peer->send(test::pattern(2 * megabyte));
        for (int tries = 0; tries < 50 && sink.stream->pendingBytes() == 0; ++tries) {
            QTest::qWait(1);
            (void)sink.stream->spliceFrom(*source.stream);
        }
        stuck += sink.stream->pendingBytes() > 0 ? 1 : 0;
    }
    QCOMPARE(stuck, budget);
    sources.clear();
    sinks.clear();
    QTRY_VERIFY(openDescriptors() <= before);
    QVERIFY(takePipe());
}

void TestSplicePipe::relayGoesOnWithoutPipes()
{
    test::budgets().pipes.setLimit(0);
    Pair client = test::makePair(false);
    Pair upstream = test::makePair(false);
    Traffic traffic { Clock::now() };
    Relay relay(std::move(client.stream), std::move(upstream.stream), traffic,
                [](const RelayEnd &) {});
    relay.start();
    const QByteArray octets = test::pattern(8 * megabyte);
    upstream.peer->send(octets);
    QTRY_COMPARE(client.peer->receivedSize, octets.size());
    QVERIFY(client.peer->received == octets);
    QCOMPARE(traffic.down(), quint64(octets.size()));
}

QTEST_GUILESS_MAIN(TestSplicePipe)
#include "tst_splicepipe.moc"
