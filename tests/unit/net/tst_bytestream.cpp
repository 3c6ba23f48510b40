// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "dispatchers.h"
#include "net/bytestream.h"
#include "rawpeer.h"
#include "streamear.h"

#include <QAbstractEventDispatcher>
#include <QTest>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace sami;
using namespace sami::net;
using sami::test::RawPeer;
using sami::test::Reader;
using sami::test::StreamEar;
using Status = ByteStream::ReadResult::Status;

namespace {

constexpr qsizetype megabyte = 1024 * 1024;

/// How often the event loop wakes up in a period in which nothing should happen.
int wakeUps()
{
    int count = 0;
    QObject context;
    QObject::connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::awake,
                     &context, [&count] { ++count; });
    QTest::qWait(100);
    return count;
}
constexpr int fewWakeUps = 60; // qWait() itself makes some

/// Rows for both kinds of stream; the sentence says what holds.
void addKinds(const char *rule = "")
{
    QTest::addColumn<bool>("portable");
    QTest::addRow("%son a descriptor", rule) << false;
    QTest::addRow("%son Qt's socket", rule) << true;
}

} // namespace

class TestByteStream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatThePeerSends_data() { addKinds(); }
    void readsWhatThePeerSends();
    void readableComesAgainUntilAllIsRead_data() { addKinds(); }
    void readableComesAgainUntilAllIsRead();
    void isSilentWhileReadingIsDisabled_data() { addKinds(); }
    void isSilentWhileReadingIsDisabled();
    void boundsWhatWaitsUnread_data() { addKinds("B§4: bodies stream with bounded memory: "); }
    void boundsWhatWaitsUnread();
    void keepsWhatTheKernelDoesNotTake_data() { addKinds(); }
    void keepsWhatTheKernelDoesNotTake();
    void tellsWhatIsUndelivered_data() { addKinds(); }
    void tellsWhatIsUndelivered();
    void deliversEverythingBeforeFin_data() { addKinds("B§5: nothing that arrived is lost: "); }
    void deliversEverythingBeforeFin();
    void sendsFinBehindWhatIsPending_data() { addKinds("B§6: FIN passes as a half-close: "); }
    void sendsFinBehindWhatIsPending();
    void writesAfterThePeersFin_data() { addKinds(); }
    void writesAfterThePeersFin();
    void noticesResetWhileReading_data() { addKinds(); }
    void noticesResetWhileReading();
    void noticesResetWhilePaused_data() { addKinds(); }
    void noticesResetWhilePaused();
    void noticesResetDespiteUrgentData_data();
    void noticesResetDespiteUrgentData();
    void noticesResetAfterFin();
    void noticesResetWithOctetsPending_data() { addKinds(); }
    void noticesResetWithOctetsPending();
    void writeTellsThatThePeerIsGone_data() { addKinds(); }
    void writeTellsThatThePeerIsGone();
    void resetSendsRst_data() { addKinds(); }
    void resetSendsRst();
    void closeSendsFin_data() { addKinds(); }
    void closeSendsFin();
    void mayBeLetGoByItsListener_data();
    void mayBeLetGoByItsListener();
    void tellsNothingFromInsideCalls_data() { addKinds(); }
    void tellsNothingFromInsideCalls();
    void doesNotSpin_data();
    void doesNotSpin();
    void keepsUrgentOctetsInTheStream();
    void setsSocketOptions_data() { addKinds("B§6: "); }
    void setsSocketOptions();
    void knowsItsAddresses_data() { addKinds(); }
    void knowsItsAddresses();
    void refusesWhatIsNotConnected_data() { addKinds(); }
    void refusesWhatIsNotConnected();
};

void TestByteStream::readsWhatThePeerSends()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    Reader reader(stream);
    peer->send("hello");
    QTRY_COMPARE(reader.received, "hello");
    QVERIFY(stream->write("hi"));
    QTRY_COMPARE(peer->received, "hi");
    QCOMPARE(test::named(stream->end()), test::named(StreamEnd::None));
    QVERIFY(!reader.hasEnded);
}

void TestByteStream::readableComesAgainUntilAllIsRead()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    StreamEar ear(stream);
    stream->setReadEnabled(true);
    peer->send("abc");
    QTRY_VERIFY(ear.readables >= 3); // nobody reads
    char octet = 0;
    QCOMPARE(stream->read(&octet, 1).status, Status::Data);
    ear.readables = 0;
    QTRY_VERIFY(ear.readables >= 3); // two are left
    char rest[8];
    QCOMPARE(stream->read(rest, sizeof rest).size, 2);
    QCOMPARE(stream->read(rest, sizeof rest).status, Status::WouldBlock);
    QCoreApplication::processEvents(); // delivers what was queued
    ear.readables = 0;
    QVERIFY(wakeUps() < fewWakeUps);
    QCOMPARE(ear.readables, 0);
}

void TestByteStream::isSilentWhileReadingIsDisabled()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    StreamEar ear(stream);
    stream->setReadEnabled(true);
    peer->send("x");
    QTRY_VERIFY(ear.readables > 0);
    stream->setReadEnabled(false);
    ear.readables = 0;
    QVERIFY(wakeUps() < fewWakeUps);
    QCOMPARE(ear.readables, 0);
    stream->setReadEnabled(true);
    QTRY_VERIFY(ear.readables > 0);
}

void TestByteStream::boundsWhatWaitsUnread()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    stream->setReadEnabled(false);
    const qsizetype offered = 50 * megabyte;
    peer->send(QByteArray(offered, 'x'));
    test::waitUntilSettled([&peer = peer] { return peer->unsent(); });
    QVERIFY2(peer->unsent() > offered - 16 * megabyte, "more than the kernel's buffers is gone");
}

void TestByteStream::keepsWhatTheKernelDoesNotTake()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    StreamEar ear(stream);
    peer->setReading(false);
    const QByteArray bytes = test::pattern(16 * megabyte);
    QVERIFY(stream->write(bytes));
    QVERIFY(stream->pendingBytes() > 0);
    QVERIFY(stream->write("and more"));
    QCOMPARE(ear.drains, 0);
    peer->setReading(true);
    QTRY_COMPARE(ear.drains, 1);
    QCOMPARE(stream->pendingBytes(), 0);
    QTRY_COMPARE(peer->receivedSize, bytes.size() + 8);
    QVERIFY(peer->received == bytes + "and more");
    QCOMPARE(ear.drains, 1);
}

void TestByteStream::tellsWhatIsUndelivered()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    peer->setReading(false);
    const qsizetype size = 16 * megabyte;
    QVERIFY(stream->write(QByteArray(size, 'x')));
    QVERIFY(stream->undeliveredBytes() > stream->pendingBytes());
    QVERIFY(stream->undeliveredBytes() <= size);
    peer->setReading(true);
    QTRY_COMPARE(stream->undeliveredBytes(), 0);
}

void TestByteStream::deliversEverythingBeforeFin()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    Reader reader(stream, 1000);
    const QByteArray bytes = test::pattern(4 * megabyte);
    peer->send(bytes);
    peer->sendFin();
    QTRY_VERIFY(reader.hasEnded);
    QVERIFY(reader.received == bytes);
    QCOMPARE(test::named(stream->end()), test::named(StreamEnd::Fin));
}

void TestByteStream::sendsFinBehindWhatIsPending()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    Reader reader(stream);
    peer->setReading(false);
    const QByteArray bytes = test::pattern(8 * megabyte);
    QVERIFY(stream->write(bytes));
    stream->shutdownWrite();
    QVERIFY2(!stream->write("late"), "nothing comes behind a FIN");
    peer->setReading(true);
    QTRY_VERIFY(peer->sawFin);
    QVERIFY(peer->received == bytes);
    QCOMPARE(reader.drains, 1);
    peer->send("the other half is open");
    QTRY_COMPARE(reader.received, "the other half is open");
    peer->sendFin();
    QTRY_VERIFY(reader.hasEnded);
    QCOMPARE(test::named(stream->end()), test::named(StreamEnd::Fin));
}

void TestByteStream::writesAfterThePeersFin()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    Reader reader(stream);
    peer->sendFin();
    QTRY_VERIFY(reader.hasEnded);
    // Qt closes a socket at the peer's FIN: canHalfClose() reports that difference.
    QCOMPARE(stream->canHalfClose(), !portable);
    QCOMPARE(stream->write("answer"), !portable);
    QTRY_COMPARE(peer->received, portable ? "" : "answer");
}

void TestByteStream::noticesResetWhileReading()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    Reader reader(stream);
    peer->sendReset();
    QTRY_VERIFY(reader.hasEnded);
    // Qt reports "remote host closed" for both ends.
    QCOMPARE(test::named(stream->end()), test::named(portable ? StreamEnd::Fin : StreamEnd::Reset));
    QCOMPARE(reader.failures, 0);
    QVERIFY(!stream->write("x"));
}

void TestByteStream::noticesResetWhilePaused()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    StreamEar ear(stream);
    stream->setReadEnabled(false);
    peer->send("last words");
    QTRY_COMPARE(peer->unsent(), 0);
    peer->sendReset();
    if (!portable) {
        QTRY_COMPARE(ear.failures, 1);
        QCOMPARE(test::named(stream->end()), test::named(StreamEnd::Reset));
        QVERIFY(wakeUps() < fewWakeUps);
    }
    // Data that had arrived is not lost.
    ear.startReading();
    QTRY_VERIFY(ear.hasEnded);
    QCOMPARE(ear.received, "last words");
    QCOMPARE(test::named(stream->end()), test::named(portable ? StreamEnd::Fin : StreamEnd::Reset));
    QCOMPARE(ear.failures, portable ? 0 : 1);
}

void TestByteStream::noticesResetDespiteUrgentData_data()
{
    QTest::addColumn<bool>("isReadSince");
    QTest::newRow("that waits unread") << false;
    QTest::newRow("that was read when reading resumed") << true;
}

/// RFC 6093 §2: whether data is urgent says nothing about the connection.
void TestByteStream::noticesResetDespiteUrgentData()
{
    QFETCH(bool, isReadSince);
    if (!isReadSince && test::runsOnQt())
        QSKIP("Qt's dispatcher does not tell urgent data from a hang-up");
    auto [stream, peer] = test::makePair(false);
    StreamEar ear(stream);
    stream->setReadEnabled(false);
    QCOMPARE(::send(peer->descriptor(), "!", 1, MSG_OOB), 1);
    QVERIFY(wakeUps() < fewWakeUps);
    if (isReadSince) {
        ear.startReading();
        QTRY_COMPARE(ear.received, "!");
        stream->setReadEnabled(false);
        QVERIFY(wakeUps() < fewWakeUps);
    }
    QCOMPARE(ear.failures, 0);
    peer->sendReset();
    QTRY_COMPARE(ear.failures, 1);
    QCOMPARE(test::named(stream->end()), test::named(StreamEnd::Reset));
}

void TestByteStream::noticesResetAfterFin()
{
    auto [stream, peer] = test::makePair(false);
    Reader reader(stream);
    peer->sendFin();
    QTRY_VERIFY(reader.hasEnded);
    QCOMPARE(test::named(stream->end()), test::named(StreamEnd::Fin));
    peer->sendReset();
    QTRY_COMPARE(reader.failures, 1);
    QCOMPARE(test::named(stream->end()), test::named(StreamEnd::Reset));
}

void TestByteStream::noticesResetWithOctetsPending()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    StreamEar ear(stream);
    peer->setReading(false);
    QVERIFY(stream->write(QByteArray(16 * megabyte, 'x')));
    QVERIFY(stream->pendingBytes() > 0);
    peer->sendReset();
    QTRY_COMPARE(ear.failures, 1);
    QVERIFY(stream->end() != StreamEnd::None);
    QCOMPARE(stream->pendingBytes(), 0);
    QVERIFY(!stream->write("x"));
    QVERIFY(wakeUps() < fewWakeUps);
    QCOMPARE(ear.failures, 1);
    QCOMPARE(ear.drains, 0);
}

void TestByteStream::writeTellsThatThePeerIsGone()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    StreamEar ear(stream);
    peer->sendReset();
    // On loopback the RST has arrived by now, but the event loop has not run.
    QVERIFY(!stream->write("x"));
    QCOMPARE(test::named(stream->end()), test::named(StreamEnd::Reset));
    QVERIFY(!stream->write("x"));
    ear.startReading();
    QTRY_VERIFY(ear.hasEnded);
    QCOMPARE(test::named(stream->end()), test::named(StreamEnd::Reset));
    QCOMPARE(ear.failures, 0); // the return value has reported it
}

void TestByteStream::resetSendsRst()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    stream->setReadEnabled(true);
    stream->reset();
    QVERIFY(!stream->isOpen());
    QTRY_VERIFY(peer->sawReset());
    stream->reset();
    stream->close();
}

void TestByteStream::closeSendsFin()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    stream->setReadEnabled(true);
    QVERIFY(stream->write("bye"));
    stream->close();
    QVERIFY(!stream->isOpen());
    QTRY_VERIFY(peer->sawFin);
    QCOMPARE(peer->received, "bye");
    char octet = 0;
    QCOMPARE(stream->read(&octet, 1).status, Status::Ended);
    QVERIFY(!stream->write("x"));
}

void TestByteStream::mayBeLetGoByItsListener_data()
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<QByteArray>("call");
    for (const bool portable : { false, true }) {
        const char *kind = portable ? "on Qt's socket" : "on a descriptor";
        for (const char *call : { "readable", "drained", "failed" })
            QTest::addRow("in %s, %s", call, kind) << portable << QByteArray(call);
    }
}

void TestByteStream::mayBeLetGoByItsListener()
{
    QFETCH(bool, portable);
    QFETCH(QByteArray, call);
    auto [pairStream, peer] = test::makePair(portable);
    StreamPtr stream = std::move(pairStream);
    StreamEar ear(stream);
    ear.whenTold = [&stream] { stream.reset(); };
    const int &calls = call == "readable" ? ear.readables
        : call == "drained"               ? ear.drains
                                          : ear.failures;
    peer->setReading(false);
    if (call == "readable") {
        stream->setReadEnabled(true);
        peer->send("x");
    } else {
        stream->write(QByteArray(16 * megabyte, 'x'));
        if (call == "drained")
            peer->setReading(true);
        else
            peer->sendReset();
    }
    QTRY_COMPARE(calls, 1);
    if (call != "failed") {
        peer->setReading(true);
        QTRY_VERIFY(peer->sawFin || peer->sawReset());
    }
}

void TestByteStream::tellsNothingFromInsideCalls()
{
    QFETCH(bool, portable);
    auto [stream, peer] = test::makePair(portable);
    bool isInside = false;
    int fromInside = 0;
    int fromOutside = 0;
    const auto count = [&] { isInside ? ++fromInside : ++fromOutside; };
    StreamEar ear(stream);
    ear.whenTold = count;
    peer->setReading(false);
    peer->send("x");
    const auto call = [&isInside](auto function) {
        isInside = true;
        function();
        isInside = false;
    };
    call([&stream = stream] { stream->setReadEnabled(true); });
    QTRY_VERIFY(fromOutside > 0);
    call([&stream = stream] {
        char block[8];
        (void)stream->read(block, sizeof block);
        stream->write(QByteArray(16 * megabyte, 'x'));
        stream->setReadEnabled(false);
    });
    peer->sendReset();
    call([&stream = stream] {
        stream->write("y");
        stream->write("z");
        stream->setReadEnabled(true);
        stream->shutdownWrite();
        stream->close();
    });
    QVERIFY(wakeUps() < fewWakeUps);
    QCOMPARE(fromInside, 0);
}

void TestByteStream::doesNotSpin_data()
{
    QTest::addColumn<QByteArray>("situation");
    QTest::newRow("after the peer's FIN") << QByteArray("fin");
    QTest::newRow("after the FIN of both") << QByteArray("both");
    QTest::newRow("paused, with data waiting") << QByteArray("paused");
    QTest::newRow("paused, after a reset") << QByteArray("reset");
    QTest::newRow("paused, with urgent data waiting") << QByteArray("urgent");
}

void TestByteStream::doesNotSpin()
{
    QFETCH(QByteArray, situation);
    auto [stream, peer] = test::makePair(false);
    if (situation == "fin" || situation == "both") {
        Reader reader(stream);
        peer->sendFin();
        QTRY_VERIFY(reader.hasEnded);
        if (situation == "both") {
            stream->shutdownWrite();
            QTRY_VERIFY(peer->sawFin);
        }
    } else {
        stream->setReadEnabled(false);
        peer->send("data");
        if (situation == "urgent")
            ::send(peer->descriptor(), "!", 1, MSG_OOB);
        if (situation == "reset")
            peer->sendReset();
    }
    QVERIFY(wakeUps() < fewWakeUps);
}

void TestByteStream::keepsUrgentOctetsInTheStream()
{
    auto [stream, peer] = test::makePair(false);
    Reader reader(stream);
    peer->send("ab");
    QCOMPARE(::send(peer->descriptor(), "C", 1, MSG_OOB), 1);
    peer->send("de");
    QTRY_COMPARE(reader.received, "abCde");
}

void TestByteStream::setsSocketOptions()
{
    QFETCH(bool, portable);
    test::RawListener listener;
    const RawPeer peer(test::connectRaw(listener.address()));
    const int descriptor = listener.accept();
    const StreamPtr stream = adoptDescriptor(descriptor, portable, test::budgets());
    const auto option = [descriptor](int level, int name) {
        int value = -1;
        socklen_t size = sizeof value;
        ::getsockopt(descriptor, level, name, &value, &size);
        return value;
    };
    QVERIFY2(option(IPPROTO_TCP, TCP_NODELAY) != 0, "Nagle is off");
    stream->setTcpKeepalive(42);
    QVERIFY(option(SOL_SOCKET, SO_KEEPALIVE) != 0);
    QCOMPARE(option(IPPROTO_TCP, TCP_KEEPIDLE), 42);
    stream->setTcpKeepalive(0);
    QCOMPARE(option(SOL_SOCKET, SO_KEEPALIVE), 0);
}

void TestByteStream::knowsItsAddresses()
{
    QFETCH(bool, portable);
    test::RawListener listener;
    const RawPeer peer(test::connectRaw(listener.address()));
    const StreamPtr stream = adoptDescriptor(listener.accept(), portable, test::budgets());
    QCOMPARE(stream->localAddress(), listener.address());
    QCOMPARE(stream->peerAddress(), peer.localAddress());
}

void TestByteStream::refusesWhatIsNotConnected()
{
    QFETCH(bool, portable);
    const int unconnected = ::socket(AF_INET, SOCK_STREAM, 0);
    QVERIFY(!adoptDescriptor(unconnected, portable, test::budgets()));
    QCOMPARE(::fcntl(unconnected, F_GETFD), -1); // closed
    const int file = ::open("/dev/null", O_RDONLY);
    QVERIFY(!adoptDescriptor(file, portable, test::budgets()));
    QCOMPARE(::fcntl(file, F_GETFD), -1);
}

SAMI_DISPATCHER_TEST_MAIN(TestByteStream)
#include "tst_bytestream.moc"
