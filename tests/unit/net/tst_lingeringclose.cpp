// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/clock.h"
#include "net/lingeringclose.h"
#include "rawpeer.h"

#include <QSignalSpy>
#include <QTest>

using namespace sami;
using namespace sami::net;
using namespace std::chrono_literals;
using Mode = LingeringClose::Mode;

namespace {

constexpr qsizetype megabyte = 1024 * 1024;
constexpr auto patience = 4s;
static_assert(patience > LingeringClose::maxLinger);

void addKinds(const char *rule = "")
{
    QTest::addColumn<bool>("portable");
    QTest::addRow("%son a descriptor", rule) << false;
    QTest::addRow("%son Qt's socket", rule) << true;
}

void addKindsAndModes(const char *rule = "")
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<Mode>("mode");
    QTest::addRow("%slingering, on a descriptor", rule) << false << Mode::Linger;
    QTest::addRow("%slingering, on Qt's socket", rule) << true << Mode::Linger;
    QTest::addRow("%sdelivering, on a descriptor", rule) << false << Mode::ResetWhenDelivered;
    QTest::addRow("%sdelivering, on Qt's socket", rule) << true << Mode::ResetWhenDelivered;
}

} // namespace

class TestLingeringClose : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void unreadInputDoesNotEatTheReply_data() { addKinds("B§6: every closing reply lingers: "); }
    void unreadInputDoesNotEatTheReply();
    void endsSoonAfterThePeersFin_data() { addKindsAndModes(); }
    void endsSoonAfterThePeersFin();
    void endsWhenTheEndWasReadBefore_data() { addKindsAndModes(); }
    void endsWhenTheEndWasReadBefore();
    void aFloodDoesNotEatTheReply_data() { addKinds("B§6: reads at most 2 MB of a flood: "); }
    void aFloodDoesNotEatTheReply();
    void givesASilentPeerTwoSeconds_data() { addKinds("B§6: lingers for at most 2 s: "); }
    void givesASilentPeerTwoSeconds();
    void slowReaderGetsAllBeforeTheEnd_data()
    {
        addKindsAndModes("B§5: what was received is delivered first: ");
    }
    void slowReaderGetsAllBeforeTheEnd();
    void aReaderMayPause_data()
    {
        addKindsAndModes("B§6: for longer than lingering alone lasts: ");
    }
    void aReaderMayPause();
    void givesAStuckReaderUp_data() { addKindsAndModes("B§6: no wait is without a deadline: "); }
    void givesAStuckReaderUp();
    void letsNoCutLookWhole_data() { addKindsAndModes("B§5: truncation stays visible: "); }
    void letsNoCutLookWhole();
    void keepsItsResetWhenCut_data() { addKinds("B§5: truncation stays visible: "); }
    void keepsItsResetWhenCut();
    void endsWhenThePeerResets_data() { addKindsAndModes(); }
    void endsWhenThePeerResets();
};

void TestLingeringClose::unreadInputDoesNotEatTheReply()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    peer->setReading(false);
    peer->send(QByteArray(megabyte, 'u')); // an upload nobody reads
    const QByteArray reply = test::pattern(2 * megabyte);
    QVERIFY(stream->write(reply));
    LingeringClose closing(std::move(stream), Mode::Linger, patience);
    QSignalSpy finished(&closing, &LingeringClose::finished);
    closing.start();
    QCOMPARE(finished.count(), 0);
    peer->setReading(true);
    QTRY_VERIFY(peer->sawFin);
    QVERIFY(peer->received == reply);
    QCOMPARE(finished.count(), 0); // it waits for the peer
    peer->sendFin();
    QTRY_COMPARE(finished.count(), 1);
}

void TestLingeringClose::endsSoonAfterThePeersFin()
{
    QFETCH(bool, portable);
    QFETCH(Mode, mode);
    auto [stream, peer] = test::makePair(portable);
    QVERIFY(stream->write("bye"));
    peer->sendFin();
    LingeringClose closing(std::move(stream), mode, patience);
    QSignalSpy finished(&closing, &LingeringClose::finished);
    const TimePoint before = Clock::now();
    closing.start();
    QCOMPARE(finished.count(), 0);
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(Clock::now() - before < 1s);
    QTRY_VERIFY(peer->sawFin || peer->sawReset());
    QCOMPARE(peer->received, "bye");
}

void TestLingeringClose::endsWhenTheEndWasReadBefore()
{
    QFETCH(bool, portable);
    QFETCH(Mode, mode);
    auto [stream, peer] = test::makePair(portable);
    peer->sendFin();
    char octet = 0;
    stream->setReadEnabled(true);
    QTRY_COMPARE(stream->read(&octet, 1).status, ByteStream::ReadResult::Status::Ended);
    LingeringClose closing(std::move(stream), mode, patience);
    QSignalSpy finished(&closing, &LingeringClose::finished);
    const TimePoint before = Clock::now();
    closing.start();
    QCOMPARE(finished.count(), 0);
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(Clock::now() - before < 1s);
}

void TestLingeringClose::aFloodDoesNotEatTheReply()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    constexpr qsizetype flood = 50 * megabyte;
    peer->setReading(false);
    peer->send(QByteArray(flood, 'x'));
    QVERIFY(stream->write("no"));
    LingeringClose closing(std::move(stream), Mode::Linger, patience);
    QSignalSpy finished(&closing, &LingeringClose::finished);
    const TimePoint before = Clock::now();
    closing.start();
    test::waitUntilSettled([&peer = peer] { return peer->unsent(); });
    QVERIFY(peer->unsent() > 0);
    QVERIFY2(flood - peer->unsent() > LingeringClose::maxDiscard, "it has not come to the limit");
    QCOMPARE(finished.count(), 0);
    peer->setReading(true);
    QTRY_VERIFY(peer->sawFin);
    QCOMPARE(peer->received, "no");
    QVERIFY(!peer->wasReset());
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(Clock::now() - before < 3 * LingeringClose::maxLinger);
    QTRY_VERIFY(peer->wasReset());
}

void TestLingeringClose::givesASilentPeerTwoSeconds()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    LingeringClose closing(std::move(stream), Mode::Linger, patience);
    QSignalSpy finished(&closing, &LingeringClose::finished);
    const TimePoint before = Clock::now();
    closing.start();
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(Clock::now() - before > LingeringClose::maxLinger - 200ms);
    QVERIFY(peer->sawFin);
}

void TestLingeringClose::slowReaderGetsAllBeforeTheEnd()
{
    QFETCH(bool, portable);
    QFETCH(Mode, mode);
    auto [stream, peer] = test::makePair(portable, test::Buffers::Small);
    const QByteArray bytes = test::pattern(2 * megabyte);
    QVERIFY(stream->write(bytes));
    QVERIFY(stream->pendingBytes() > megabyte);
    peer->setReadLimit(8 * 1024); // would take longer than maxLinger in total
    LingeringClose closing(std::move(stream), mode, patience);
    QSignalSpy finished(&closing, &LingeringClose::finished);
    const TimePoint before = Clock::now();
    closing.start();
    const bool isReset = mode == Mode::ResetWhenDelivered;
    QTRY_VERIFY_WITH_TIMEOUT(isReset ? peer->sawReset() : peer->sawFin, 30'000);
    QVERIFY(Clock::now() - before > LingeringClose::maxLinger);
    QCOMPARE(peer->receivedSize, bytes.size());
    QVERIFY(peer->received == bytes);
    peer->close();
    QTRY_COMPARE(finished.count(), 1);
}

/// It has taken nothing for more than maxLinger, and then takes all.
void TestLingeringClose::aReaderMayPause()
{
    QFETCH(bool, portable);
    QFETCH(Mode, mode);
    auto [stream, peer] = test::makePair(portable, test::Buffers::Small);
    peer->setReading(false);
    const QByteArray bytes = test::pattern(megabyte);
    QVERIFY(stream->write(bytes));
    test::waitUntilSettled([&stream = stream] { return stream->undeliveredBytes(); });
    LingeringClose closing(std::move(stream), mode, patience);
    QSignalSpy finished(&closing, &LingeringClose::finished);
    closing.start();
    QTest::qWait(std::chrono::milliseconds(LingeringClose::maxLinger + 1s).count());
    QCOMPARE(finished.count(), 0);
    peer->setReading(true);
    const bool isReset = mode == Mode::ResetWhenDelivered;
    QTRY_VERIFY(isReset ? peer->sawReset() : peer->sawFin);
    QCOMPARE(peer->receivedSize, bytes.size());
    QVERIFY(peer->received == bytes);
    peer->close();
    QTRY_COMPARE(finished.count(), 1);
}

void TestLingeringClose::givesAStuckReaderUp()
{
    QFETCH(bool, portable);
    QFETCH(Mode, mode);
    auto [stream, peer] = test::makePair(portable);
    peer->setReading(false);
    QVERIFY(stream->write(QByteArray(16 * megabyte, 'x')));
    test::waitUntilSettled([&stream = stream] { return stream->undeliveredBytes(); });
    LingeringClose closing(std::move(stream), mode, patience);
    QSignalSpy finished(&closing, &LingeringClose::finished);
    const TimePoint before = Clock::now();
    closing.start();
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 10'000);
    QVERIFY(Clock::now() - before > patience - 200ms);
}

void TestLingeringClose::letsNoCutLookWhole()
{
    QFETCH(bool, portable);
    QFETCH(Mode, mode);
    auto [stream, peer] = test::makePair(portable);
    peer->setReading(false);
    QVERIFY(stream->write(QByteArray(16 * megabyte, 'x')));
    auto closing = std::make_unique<LingeringClose>(std::move(stream), mode, patience);
    closing->start();
    closing.reset(); // the proxy cuts what is left
    peer->setReading(true);
    QTRY_VERIFY(peer->sawReset());
    QVERIFY(!peer->sawFin);
}

void TestLingeringClose::keepsItsResetWhenCut()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    QVERIFY(stream->write("the first half"));
    auto closing =
        std::make_unique<LingeringClose>(std::move(stream), Mode::ResetWhenDelivered, patience);
    closing->start();
    closing.reset();
    QTRY_VERIFY(peer->sawReset());
    QVERIFY(!peer->sawFin);
}

void TestLingeringClose::endsWhenThePeerResets()
{
    QFETCH(bool, portable);
    QFETCH(Mode, mode);
    auto [stream, peer] = test::makePair(portable);
    peer->setReading(false);
    QVERIFY(stream->write(QByteArray(16 * megabyte, 'x')));
    LingeringClose closing(std::move(stream), mode, patience);
    QSignalSpy finished(&closing, &LingeringClose::finished);
    const TimePoint before = Clock::now();
    closing.start();
    peer->sendReset();
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(Clock::now() - before < 1s);
}

QTEST_GUILESS_MAIN(TestLingeringClose)
#include "tst_lingeringclose.moc"
