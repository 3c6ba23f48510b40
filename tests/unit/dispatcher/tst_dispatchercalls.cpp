// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The system calls of the dispatcher and its streams: this program's own epoll_ctl() and
// getsockopt() shadow those of the C library, and count.
#include "dispatchers.h"
#include "net/bytestream.h"
#include "net/descriptorwatch.h"
#include "net/epolldispatcher.h"
#include "net/fdconnector.h"
#include "rawpeer.h"

#include <QTest>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

using namespace sami;
using namespace sami::test;
using Type = QSocketNotifier::Type;

namespace {

struct Calls
{
    int add = 0;
    int modify = 0;
    int remove = 0;
    int socketError = 0;

    friend bool operator==(const Calls &, const Calls &) = default;
};

Calls calls;

/// With which the next attempts to watch a descriptor fail, and how many of them.
int refusal = ENOSPC;
int refusals = 0;

QByteArray text(const Calls &of)
{
    return QByteArray("add ") + QByteArray::number(of.add) + ", modify "
        + QByteArray::number(of.modify) + ", remove " + QByteArray::number(of.remove)
        + ", SO_ERROR " + QByteArray::number(of.socketError);
}

/// The calls in `action` and in the following pass of the loop.
QByteArray callsOf(const std::function<void()> &action)
{
    turn();
    calls = {};
    action();
    turn();
    return text(calls);
}

/// Reads one byte when told to.
struct Reader final : net::StreamListener
{
    explicit Reader(bool close) : closes(close) {}
    void handleReadable(net::ByteStream &stream) override
    {
        ++told;
        char octet = 0;
        last = stream.read(&octet, 1).status;
        if (closes)
            stream.close();
    }
    void handleDrained(net::ByteStream &) override {}
    void handleFailed(net::ByteStream &) override { ++failures; }

    const bool closes;
    int told = 0;
    int failures = 0;
    net::ByteStream::ReadResult::Status last {};
};

} // namespace

extern "C" int epoll_ctl(int epoll, int operation, int descriptor, epoll_event *event) noexcept
{
    calls.add += operation == EPOLL_CTL_ADD ? 1 : 0;
    calls.modify += operation == EPOLL_CTL_MOD ? 1 : 0;
    calls.remove += operation == EPOLL_CTL_DEL ? 1 : 0;
    if (operation == EPOLL_CTL_ADD && refusals > 0) {
        --refusals;
        errno = refusal;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_epoll_ctl, epoll, operation, descriptor, event));
}

extern "C" int getsockopt(int descriptor, int level, int name, void *value,
                          socklen_t *size) noexcept
{
    calls.socketError += level == SOL_SOCKET && name == SO_ERROR ? 1 : 0;
    return static_cast<int>(::syscall(SYS_getsockopt, descriptor, level, name, value, size));
}

class TestDispatcherCalls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNotifierThatEndsIsTakenBack();
    void aStreamThatClosesIsNot();
    void aStreamThatEndsAndClosesIsNot_data();
    void aStreamThatEndsAndClosesIsNot();
    void itsNumberCanBeSomebodyElses();
    void aDuplicateDoesNotMakeItSpin();
    void onAndOffAgainCostsNothing();
    void connectingAsksForNoError();
    void aRefusalIsAskedFor();
    void nothingIsSoundOutsideOfACall();
    void aStreamThatCannotBeWatchedFails_data();
    void aStreamThatCannotBeWatchedFails();
    void anAttemptThatCannotBeWatchedFails();
    void aNotifierIsTriedAgain();
    void whoeverHasGoneIsNotTold();
    void aThreadThatNobodyCouldWakeDoesNotRun();
};

void TestDispatcherCalls::aNotifierThatEndsIsTakenBack()
{
    const Ends ends = tcpPair();
    auto watch = std::make_unique<test::Watch>(ends.near, Type::Read);
    QCOMPARE(callsOf([&] { watch.reset(); }), text({ .remove = 1 }));
}

void TestDispatcherCalls::aStreamThatClosesIsNot()
{
    test::RawListener listener;
    const Descriptor peer(test::connectRaw(listener.address()));
    const net::StreamPtr stream = net::adoptDescriptor(listener.accept(), false, test::budgets());
    QCOMPARE(callsOf([&] { stream->setReadEnabled(true); }), text({ .add = 1 }));
    QCOMPARE(callsOf([&] { stream->setReadEnabled(false); }), text({ .modify = 1 }));
    QCOMPARE(callsOf([&] { stream->close(); }), text({}));
}

/// The end of a tunnel: the peer's FIN after ours, then close().
void TestDispatcherCalls::aStreamThatEndsAndClosesIsNot()
{
    test::RawListener listener;
    Descriptor peer(test::connectRaw(listener.address()));
    const net::StreamPtr stream = net::adoptDescriptor(listener.accept(), false, test::budgets());
    QFETCH(bool, closesAtOnce);
    QFETCH(int, removed);
    Reader reader(closesAtOnce);
    stream->setListener(&reader);
    stream->setReadEnabled(true);
    stream->shutdownWrite();
    turn();
    calls = {};
    peer.close();
    QVERIFY(loopUntil([&] { return reader.told > 0; }));
    turn();
    turn();
    QCOMPARE(reader.told, 1);
    QVERIFY(reader.last == net::ByteStream::ReadResult::Status::Ended);
    QCOMPARE(text(calls), text({ .remove = removed }));
    QVERIFY(wakeUpsDuring(std::chrono::milliseconds(100)) <= fewWakeUps);
}

void TestDispatcherCalls::aStreamThatEndsAndClosesIsNot_data()
{
    QTest::addColumn<bool>("closesAtOnce");
    QTest::addColumn<int>("removed");
    QTest::newRow("closed in the slot that hears of it") << true << 0;
    QTest::newRow("kept open, it is taken back before it makes the loop spin") << false << 1;
}

void TestDispatcherCalls::itsNumberCanBeSomebodyElses()
{
    test::RawListener listener;
    const Descriptor peer(test::connectRaw(listener.address()));
    const int number = listener.accept();
    const net::StreamPtr stream = net::adoptDescriptor(number, false, test::budgets());
    stream->setReadEnabled(true);
    turn();
    Ends ends = tcpPair();
    stream->close();
    QCOMPARE(::dup3(ends.near.number(), number, O_CLOEXEC), number);
    const Descriptor next(number);
    test::Watch watch(next, Type::Read);
    QCOMPARE(callsOf([] {}), text({}));
    QCOMPARE(watch.count, 0);
    ends.far.write("x");
    QVERIFY(loopUntil([&] { return watch.count > 0; }));
}

void TestDispatcherCalls::aDuplicateDoesNotMakeItSpin()
{
    test::RawListener listener;
    const Descriptor peer(test::connectRaw(listener.address()));
    const int number = listener.accept();
    const Descriptor duplicate(::fcntl(number, F_DUPFD_CLOEXEC, 0));
    const net::StreamPtr stream = net::adoptDescriptor(number, false, test::budgets());
    stream->setReadEnabled(true);
    const Ends ends = tcpPair();
    test::Watch other(ends.near, Type::Read);
    turn();
    stream->close();
    peer.write("nobody reads this");
    QVERIFY(wakeUpsDuring(std::chrono::milliseconds(200)) <= fewWakeUps);
    ends.far.write("x");
    QVERIFY(loopUntil([&] { return other.count > 0; }));
}

void TestDispatcherCalls::onAndOffAgainCostsNothing()
{
    const Ends ends = tcpPair();
    const test::Watch watch(ends.near, Type::Read);
    const test::Watch second(ends.near, Type::Write);
    second.notifier->setEnabled(false);
    QCOMPARE(callsOf([&] {
                 second.notifier->setEnabled(true);
                 second.notifier->setEnabled(false);
             }),
             text({}));
}

void TestDispatcherCalls::connectingAsksForNoError()
{
    test::RawListener listener;
    net::FdConnector connector(listener.address());
    bool isConnected = false;
    turn();
    calls = {};
    connector.start([&](const auto &error) { isConnected = !error; });
    QVERIFY(loopUntil([&] { return isConnected; }));
    QCOMPARE(calls.socketError, 0);
}

void TestDispatcherCalls::aRefusalIsAskedFor()
{
    auto listener = std::make_unique<test::RawListener>();
    const SocketAddress nobody = listener->address();
    listener.reset();
    net::FdConnector connector(nobody);
    QList<net::DialFault> faults;
    calls = {};
    connector.start([&](const auto &error) {
        if (error)
            faults.append(error->fault);
    });
    QVERIFY(loopUntil([&] { return !faults.isEmpty(); }));
    QVERIFY(faults.first() == net::DialFault::ConnectionRefused);
    QCOMPARE(calls.socketError, 1);
}

void TestDispatcherCalls::nothingIsSoundOutsideOfACall()
{
    const Ends ends = tcpPair();
    struct Ears final : net::DescriptorListener
    {
        explicit Ears(const Ends &watched) : ends(watched), watch(ends.near.number(), *this) {}

        void handleDescriptorEvent(net::DescriptorEvent) override
        {
            sound.push_back(watch.isKnownHealthy());
            ends.near.readAll();
        }

        const Ends &ends;
        net::DescriptorWatch watch;
        std::vector<bool> sound;
    } ears(ends);
    std::vector<bool> &sound = ears.sound;
    ears.watch.want(net::Readable);
    ends.far.write("x");
    QVERIFY(loopUntil([&] { return sound.size() == 1; }));
    QVERIFY(sound[0]);
    QVERIFY(!ears.watch.isKnownHealthy());
    // When both directions are shut down, the kernel reports a hang-up together with the data.
    ::shutdown(ends.near.number(), SHUT_WR);
    ends.far.write("y");
    ::shutdown(ends.far.number(), SHUT_WR);
    QVERIFY(loopUntil([&] { return sound.size() == 2; }));
    QVERIFY(!sound[1]);
}

void TestDispatcherCalls::aStreamThatCannotBeWatchedFails_data()
{
    QTest::addColumn<int>("error");
    QTest::addColumn<bool>("isRead");
    QTest::newRow("while it is read: the user has too many watches") << ENOSPC << true;
    QTest::newRow("while it is read: the kernel has no memory") << ENOMEM << true;
    QTest::newRow("while it is paused") << ENOSPC << false;
}

/// Nothing would ever tell what becomes of it.
void TestDispatcherCalls::aStreamThatCannotBeWatchedFails()
{
    QFETCH(const int, error);
    QFETCH(const bool, isRead);
    auto [stream, peer] = makePair(false);
    Reader reader(false);
    stream->setListener(&reader);
    peer->send("octets that nobody reads any more");
    refusal = error;
    refusals = 1;
    stream->setReadEnabled(isRead);
    QCOMPARE(reader.failures, 0); // nothing is told from inside a call
    QVERIFY(loopUntil([&] { return reader.failures > 0; }));
    QCOMPARE(refusals, 0);
    QCOMPARE(named(stream->end()), named(net::StreamEnd::Unwatched));
    QVERIFY(!stream->write("x"));
    char octet = 0;
    QCOMPARE(stream->read(&octet, 1).status, net::ByteStream::ReadResult::Status::Ended);
    QVERIFY(wakeUpsDuring(std::chrono::milliseconds(50)) <= fewWakeUps);
    QCOMPARE(reader.failures, 1);
    QCOMPARE(reader.told, 0);
    stream.reset();
    QTRY_VERIFY(peer->sawReset() || peer->sawFin);
}

void TestDispatcherCalls::anAttemptThatCannotBeWatchedFails()
{
    const RawListener listener;
    net::FdConnector connector(listener.address());
    QList<net::DialError> errors;
    refusal = ENOSPC;
    refusals = 1;
    connector.start([&](const auto &error) {
        if (error)
            errors.append(*error);
    });
    QVERIFY(loopUntil([&] { return !errors.isEmpty(); }));
    turn();
    QCOMPARE(errors.size(), 1);
    QVERIFY(errors.first().fault == net::DialFault::OutOfResources);
    QVERIFY(errors.first().blame == net::Blame::Ourselves);
}

/// It may be a door's, which would otherwise be deaf until a restart.
void TestDispatcherCalls::aNotifierIsTriedAgain()
{
    const Ends ends = socketPair();
    ends.far.write("x");
    refusal = ENOSPC;
    refusals = 2;
    Watch watch(ends.near, Type::Read);
    turn();
    QVERIFY(watch.notifier->isEnabled());
    QCOMPARE(watch.count, 0);
    QVERIFY(loopUntil([&] { return watch.count > 0; }));
    QCOMPARE(refusals, 0);
}

void TestDispatcherCalls::whoeverHasGoneIsNotTold()
{
    auto [stream, peer] = makePair(false);
    auto [other, otherPeer] = makePair(false);
    // Whichever is told first closes both.
    struct Closer final : net::StreamListener
    {
        void handleReadable(net::ByteStream &) override {}
        void handleDrained(net::ByteStream &) override {}
        void handleFailed(net::ByteStream &) override
        {
            ++failures;
            for (net::StreamPtr *mine : { first, second })
                mine->reset();
        }
        int failures = 0;
        net::StreamPtr *first = nullptr;
        net::StreamPtr *second = nullptr;
    } closer;
    closer.first = &stream;
    closer.second = &other;
    refusal = ENOSPC;
    refusals = 2;
    for (net::StreamPtr *each : { &stream, &other }) {
        (*each)->setListener(&closer);
        (*each)->setReadEnabled(true);
    }
    QVERIFY(loopUntil([&] { return closer.failures > 0; }));
    turn();
    turn();
    QCOMPARE(refusals, 0);
    QCOMPARE(closer.failures, 1);
}

void TestDispatcherCalls::aThreadThatNobodyCouldWakeDoesNotRun()
{
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit noCore {};
        ::setrlimit(RLIMIT_CORE, &noCore);
        ::signal(SIGABRT, SIG_DFL); // Qt Test would report it as its own end
        qInstallMessageHandler(nullptr);
        refusal = ENOSPC;
        refusals = 1;
        const net::EpollDispatcher dispatcher(nullptr);
        ::_exit(0);
    }
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY2(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "it ends where it begins");
}

SAMI_DISPATCHER_TEST_MAIN(TestDispatcherCalls)
#include "tst_dispatchercalls.moc"
