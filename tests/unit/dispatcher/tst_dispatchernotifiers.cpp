// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "dispatchers.h"

#include <QRegularExpression>
#include <QSocketNotifier>
#include <QTemporaryFile>
#include <QTest>

#include <array>
#include <fcntl.h>
#include <map>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace sami::test;
using namespace std::chrono_literals;
using Type = QSocketNotifier::Type;

namespace {

/// Makes ends in a certain state; `near` is the watched one.
using Make = std::function<Ends()>;

Ends withOctets(Ends ends)
{
    ends.far.write("octets");
    return ends;
}

Ends full(Ends ends)
{
    ends.near.fill();
    return ends;
}

Ends farClosed(Ends ends)
{
    ends.far.close();
    return ends;
}

Ends farReset(Ends ends)
{
    ends.far.reset();
    return ends;
}

Ends withFin(Ends ends)
{
    ::shutdown(ends.far.number(), SHUT_WR);
    return ends;
}

Ends shutBothWays(Ends ends)
{
    ::shutdown(ends.near.number(), SHUT_WR);
    ::shutdown(ends.far.number(), SHUT_WR);
    return ends;
}

Ends urgent()
{
    Ends ends = tcpPair();
    ::send(ends.far.number(), "!", 1, MSG_OOB);
    return ends;
}

Ends turned(Ends ends)
{
    return { std::move(ends.far), std::move(ends.near) };
}

Ends file(const char *path, int flags)
{
    return { Descriptor(::open(path, flags | O_CLOEXEC)), Descriptor() };
}

Ends regularFile()
{
    QTemporaryFile temporary;
    if (!temporary.open())
        qFatal("no temporary file");
    return file(qPrintable(temporary.fileName()), O_RDWR);
}

Ends eventDescriptor()
{
    return { Descriptor(::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC)), Descriptor() };
}

Ends neverConnected()
{
    return { Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
             Descriptor() };
}

/// The far end has a pending connect.
Ends listening(int family)
{
    Descriptor near(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    Descriptor far(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_storage address {};
    address.ss_family = sa_family_t(family);
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    if (family == AF_INET)
        reinterpret_cast<sockaddr_in *>(&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // A Unix socket bound to its family alone gets an abstract name from the kernel.
    socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sa_family_t);
    const bool isBound = ::bind(near.number(), generic, size) == 0;
    size = sizeof address;
    const bool isUp = isBound && ::listen(near.number(), 4) == 0
        && ::getsockname(near.number(), generic, &size) == 0
        && ::connect(far.number(), generic, size) == 0;
    if (!isUp)
        qFatal("no listener");
    return { std::move(near), std::move(far) };
}

Ends refused()
{
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    // Bound but not listening, so that nobody else gets the port.
    Descriptor far(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    Ends ends { Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
                std::move(far) };
    ::bind(ends.far.number(), generic, size);
    ::getsockname(ends.far.number(), generic, &size);
    ::connect(ends.near.number(), generic, size);
    return ends;
}

constexpr std::array types { QSocketNotifier::Read, QSocketNotifier::Write,
                             QSocketNotifier::Exception };

short asked(Type type)
{
    return type == QSocketNotifier::Read ? POLLIN
        : type == QSocketNotifier::Write ? POLLOUT
                                         : POLLPRI;
}

} // namespace

Q_DECLARE_METATYPE(Make)

class TestDispatcherNotifiers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void wakesUpFor_data();
    void wakesUpFor();
    void sleepsWith_data();
    void sleepsWith();
    void agreesWithPollForEverySetOfTypes_data();
    void agreesWithPollForEverySetOfTypes();
    void tellsDescriptorAndType();
    void activatesAgainUntilAllIsRead();
    void findsWhatCameWhileItWasDisabled();
    void followsEnablingAndDisablingInHandlers();
    void keepsTheOtherTypesWhenOneGoes();
    void doesNotSpinOnceNothingIsEnabled_data();
    void doesNotSpinOnceNothingIsEnabled();
    void anExceptionNotifierLearnsOfALaterReset();
    void takesTheLastOfTwoOfOneType();
    void disablesWhatIsNoDescriptor();
    void followsSetSocket();
    void refusesWhatIsAlwaysReady_data();
    void refusesWhatIsAlwaysReady();
};

void TestDispatcherNotifiers::initTestCase()
{
    QCOMPARE(QByteArray(dispatcher()->metaObject()->className()),
             QByteArray(runsOnQt() ? "QEventDispatcherUNIX" : "sami::net::EpollDispatcher"));
}

void TestDispatcherNotifiers::wakesUpFor_data()
{
    QTest::addColumn<Make>("make");
    QTest::addColumn<Type>("type");
    const auto row = [](const char *sentence, Make make, Type type) {
        QTest::newRow(sentence) << std::move(make) << type;
    };
    const Type read = QSocketNotifier::Read;
    const Type write = QSocketNotifier::Write;
    const Type exception = QSocketNotifier::Exception;
    row(
        "octets on a TCP socket", [] { return withOctets(tcpPair()); }, read);
    row(
        "octets on a unix stream", [] { return withOctets(socketPair(SOCK_STREAM)); }, read);
    row(
        "a unix datagram", [] { return withOctets(socketPair(SOCK_DGRAM)); }, read);
    row(
        "a sequenced packet", [] { return withOctets(socketPair(SOCK_SEQPACKET)); }, read);
    row(
        "octets in a pipe", [] { return withOctets(pipePair()); }, read);
    row("a counted event", eventDescriptor, read);
    row(
        "a TCP connection to accept", [] { return listening(AF_INET); }, read);
    row(
        "a unix connection to accept", [] { return listening(AF_UNIX); }, read);
    row(
        "the peer's FIN, to read", [] { return withFin(tcpPair()); }, read);
    row(
        "the peer's close, to read", [] { return farClosed(socketPair()); }, read);
    row(
        "the peer's reset, to read", [] { return farReset(tcpPair()); }, read);
    row(
        "a pipe without a writer, to read", [] { return farClosed(pipePair()); }, read);
    row("a socket that was never connected, to read", neverConnected, read);
    row(
        "room in a TCP socket", [] { return tcpPair(); }, write);
    row(
        "room in a unix socket", [] { return socketPair(); }, write);
    row(
        "room in a pipe", [] { return turned(pipePair()); }, write);
    row(
        "the peer's reset, to write", [] { return farReset(full(tcpPair())); }, write);
    row(
        "a pipe without a reader, to write", [] { return farClosed(turned(pipePair())); }, write);
    row("a connection that is refused", refused, write);
    row("an urgent octet", urgent, exception);
    row(
        "the peer's reset, as an exception", [] { return farReset(tcpPair()); }, exception);
    row(
        "both directions shut, as an exception", [] { return shutBothWays(tcpPair()); }, exception);
    row(
        "a pipe without a writer, as an exception", [] { return farClosed(pipePair()); },
        exception);
    row(
        "a pipe without a reader, as an exception", [] { return farClosed(turned(pipePair())); },
        exception);
}

void TestDispatcherNotifiers::wakesUpFor()
{
    QFETCH(Make, make);
    QFETCH(Type, type);
    const Ends ends = make();
    Watch watch(ends.near, type, [&watch] { watch.notifier->setEnabled(false); });
    QVERIFY(loopUntil([&] { return watch.count > 0; }));
    // It fires each time it is enabled, because it reports a state.
    watch.notifier->setEnabled(true);
    QVERIFY(loopUntil([&] { return watch.count > 1; }));
    QVERIFY(wakeUpsDuring(50ms) < fewWakeUps);
    QCOMPARE(watch.count, 2);
}

void TestDispatcherNotifiers::sleepsWith_data()
{
    QTest::addColumn<Make>("make");
    QTest::addColumn<Type>("type");
    const auto row = [](const char *sentence, Make make, Type type) {
        QTest::newRow(sentence) << std::move(make) << type;
    };
    const Type read = QSocketNotifier::Read;
    const Type write = QSocketNotifier::Write;
    const Type exception = QSocketNotifier::Exception;
    row(
        "nothing to read but room to write", [] { return tcpPair(); }, read);
    row(
        "octets to read but no room to write", [] { return withOctets(full(tcpPair())); }, write);
    row(
        "octets and room but no exception", [] { return withOctets(tcpPair()); }, exception);
    row(
        "a FIN, which is no exception", [] { return withFin(tcpPair()); }, exception);
    row(
        "a FIN but no room to write", [] { return withFin(full(tcpPair())); }, write);
    row(
        "an empty pipe", [] { return pipePair(); }, read);
    row(
        "a full pipe", [] { return full(turned(pipePair())); }, write);
}

void TestDispatcherNotifiers::sleepsWith()
{
    QFETCH(Make, make);
    QFETCH(Type, type);
    const Ends ends = make();
    const Watch watch(ends.near, type);
    QVERIFY(wakeUpsDuring(60ms) < fewWakeUps);
    QCOMPARE(watch.count, 0);
}

void TestDispatcherNotifiers::agreesWithPollForEverySetOfTypes_data()
{
    QTest::addColumn<Make>("make");
    const auto row = [](const char *sentence, Make make) {
        QTest::newRow(sentence) << std::move(make);
    };
    row("silent, with room", [] { return tcpPair(); });
    row("octets, with room", [] { return withOctets(tcpPair()); });
    row("silent, full", [] { return full(tcpPair()); });
    row("octets, full", [] { return withOctets(full(tcpPair())); });
    row("urgent octet", urgent);
    row("FIN", [] { return withFin(tcpPair()); });
    row("FIN, full", [] { return withFin(full(tcpPair())); });
    row("shut both ways", [] { return shutBothWays(tcpPair()); });
    row("reset", [] { return farReset(tcpPair()); });
    row("reset behind octets", [] { return farReset(withOctets(tcpPair())); });
    row("unix socket, peer gone", [] { return farClosed(socketPair()); });
    row("unix socket, peer gone unread", [] { return farClosed(full(socketPair())); });
    row("pipe with octets and no writer", [] { return farClosed(withOctets(pipePair())); });
    row("never connected", neverConnected);
}

void TestDispatcherNotifiers::agreesWithPollForEverySetOfTypes()
{
    QFETCH(Make, make);
    const Ends ends = make();
    for (unsigned set = 1; set < 1U << types.size(); ++set) {
        std::map<Type, std::unique_ptr<Watch>> watches;
        pollfd entry { ends.near.number(), 0, 0 };
        for (size_t i = 0; i < types.size(); ++i) {
            if ((set >> i & 1U) == 0)
                continue;
            watches[types[i]] = std::make_unique<Watch>(ends.near, types[i]);
            entry.events = short(entry.events | asked(types[i]));
        }
        QVERIFY(::poll(&entry, 1, 0) >= 0);
        turn();
        for (const auto &[type, watch] : watches) {
            const bool isReady = (entry.revents & (asked(type) | POLLHUP | POLLERR)) != 0;
            QVERIFY2(watch->count == (isReady ? 1 : 0),
                     qPrintable(QStringLiteral("set %1, type %2: %3 activations, poll says %4")
                                    .arg(set)
                                    .arg(type)
                                    .arg(watch->count)
                                    .arg(entry.revents)));
        }
    }
}

void TestDispatcherNotifiers::tellsDescriptorAndType()
{
    const Ends ends = withOctets(socketPair());
    for (const Type type : { QSocketNotifier::Read, QSocketNotifier::Write }) {
        QSocketNotifier notifier(ends.near.number(), type);
        int activations = 0;
        connect(&notifier, &QSocketNotifier::activated, this,
                [&](QSocketDescriptor descriptor, Type told) {
                    ++activations;
                    QCOMPARE(qintptr(descriptor), qintptr(ends.near.number()));
                    QCOMPARE(told, type);
                });
        turn();
        QCOMPARE(activations, 1);
    }
}

void TestDispatcherNotifiers::activatesAgainUntilAllIsRead()
{
    const Ends ends = socketPair();
    ends.far.write("abc");
    Watch watch(ends.near, QSocketNotifier::Read, [&] {
        char octet = 0;
        QCOMPARE(::read(ends.near.number(), &octet, 1), 1);
    });
    QVERIFY(loopUntil([&] { return watch.count == 3; }));
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(watch.count, 3);
    ends.far.write("d");
    QVERIFY(loopUntil([&] { return watch.count == 4; }));
}

void TestDispatcherNotifiers::findsWhatCameWhileItWasDisabled()
{
    const Ends ends = socketPair();
    Watch watch(ends.near, QSocketNotifier::Read, [&] { ends.near.readAll(); });
    watch.notifier->setEnabled(false);
    ends.far.write("while disabled");
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(watch.count, 0);
    watch.notifier->setEnabled(true);
    QVERIFY(loopUntil([&] { return watch.count == 1; }));
}

void TestDispatcherNotifiers::followsEnablingAndDisablingInHandlers()
{
    const Ends ends = withOctets(socketPair());
    // Reading and writing alternate, each enabling the other.
    Watch reading(ends.near, QSocketNotifier::Read);
    Watch writing(ends.near, QSocketNotifier::Write);
    writing.notifier->setEnabled(false);
    reading.handler = [&] {
        reading.notifier->setEnabled(false);
        writing.notifier->setEnabled(true);
    };
    writing.handler = [&] {
        writing.notifier->setEnabled(false);
        reading.notifier->setEnabled(true);
    };
    for (int i = 1; i <= 50; ++i) {
        turn();
        QCOMPARE(reading.count + writing.count, i);
        QCOMPARE(reading.count, (i + 1) / 2);
    }
}

void TestDispatcherNotifiers::keepsTheOtherTypesWhenOneGoes()
{
    const Ends ends = withOctets(tcpPair());
    const Watch exception(ends.near, QSocketNotifier::Exception);
    auto reading = std::make_unique<Watch>(ends.near, QSocketNotifier::Read);
    auto writing = std::make_unique<Watch>(ends.near, QSocketNotifier::Write);
    turn();
    QCOMPARE(reading->count, 1);
    QCOMPARE(writing->count, 1);
    writing.reset();
    turn();
    QCOMPARE(reading->count, 2);
    reading.reset();
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    writing = std::make_unique<Watch>(ends.near, QSocketNotifier::Write);
    turn();
    QCOMPARE(writing->count, 1);
    QCOMPARE(exception.count, 0);
}

void TestDispatcherNotifiers::doesNotSpinOnceNothingIsEnabled_data()
{
    QTest::addColumn<Make>("make");
    QTest::newRow("behind a hang-up") << Make([] { return shutBothWays(tcpPair()); });
    QTest::newRow("behind a reset") << Make([] { return farReset(tcpPair()); });
    QTest::newRow("on a pipe without a writer") << Make([] { return farClosed(pipePair()); });
    QTest::newRow("on a pipe without a reader")
        << Make([] { return farClosed(turned(pipePair())); });
    QTest::newRow("with octets unread") << Make([] { return withOctets(tcpPair()); });
}

void TestDispatcherNotifiers::doesNotSpinOnceNothingIsEnabled()
{
    QFETCH(Make, make);
    const Ends ends = make();
    Watch reading(ends.near, QSocketNotifier::Read);
    Watch writing(ends.near, QSocketNotifier::Write);
    Watch exception(ends.near, QSocketNotifier::Exception);
    turn();
    QVERIFY(reading.count + writing.count + exception.count > 0);
    for (Watch *watch : { &reading, &writing, &exception })
        watch->notifier->setEnabled(false);
    const int before = reading.count + writing.count + exception.count;
    QVERIFY(wakeUpsDuring(60ms) < fewWakeUps);
    QCOMPARE(reading.count + writing.count + exception.count, before);
}

void TestDispatcherNotifiers::anExceptionNotifierLearnsOfALaterReset()
{
    // A paused leg of a relay learns in this way that it is dead.
    Ends ends = withOctets(tcpPair());
    Watch reading(ends.near, QSocketNotifier::Read);
    Watch exception(ends.near, QSocketNotifier::Exception,
                    [&exception] { exception.notifier->setEnabled(false); });
    turn();
    QCOMPARE(reading.count, 1);
    reading.notifier->setEnabled(false);
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(exception.count, 0);
    ends.far.reset();
    QVERIFY(loopUntil([&] { return exception.count == 1; }));
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(exception.count, 1);
    QCOMPARE(reading.count, 1);
}

void TestDispatcherNotifiers::takesTheLastOfTwoOfOneType()
{
    const QRegularExpression warning(
        QStringLiteral("Multiple socket notifiers for same socket \\d+ and type Read"));
    const Ends ends = withOctets(socketPair());
    auto first = std::make_unique<Watch>(ends.near, QSocketNotifier::Read);
    QTest::ignoreMessage(QtWarningMsg, warning);
    auto second = std::make_unique<Watch>(ends.near, QSocketNotifier::Read);
    turn();
    QCOMPARE(first->count, 0);
    QCOMPARE(second->count, 1);
    // The first goes without removing the second; Qt warns once more.
    if (runsOnQt())
        QTest::ignoreMessage(QtWarningMsg, warning);
    first.reset();
    turn();
    QCOMPARE(second->count, 2);
    // The second goes before the one it replaced: nothing is left.
    first = std::move(second);
    QTest::ignoreMessage(QtWarningMsg, warning);
    second = std::make_unique<Watch>(ends.near, QSocketNotifier::Read);
    second.reset();
    const int before = first->count;
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(first->count, before);
}

void TestDispatcherNotifiers::disablesWhatIsNoDescriptor()
{
    Ends ends = socketPair();
    const int number = ends.near.number();
    ends.near.close();
    QTest::ignoreMessage(
        QtWarningMsg,
        QRegularExpression(QStringLiteral("Invalid socket %1 .*disabling").arg(number)));
    QSocketNotifier notifier(number, QSocketNotifier::Read);
    turn();
    QVERIFY(!notifier.isEnabled());
    // Nothing of it is left to block the next owner of the number.
    const Ends other = withOctets(socketPair());
    QCOMPARE(other.near.number(), number);
    const Watch watch(other.near, QSocketNotifier::Read);
    turn();
    QCOMPARE(watch.count, 1);
}

void TestDispatcherNotifiers::followsSetSocket()
{
    const Ends first = withOctets(socketPair());
    const Ends second = socketPair();
    Watch watch(first.near, QSocketNotifier::Read);
    turn();
    QCOMPARE(watch.count, 1);
    watch.notifier->setSocket(second.near.number());
    watch.notifier->setEnabled(true);
    QVERIFY(wakeUpsDuring(30ms) < fewWakeUps);
    QCOMPARE(watch.count, 1);
    second.far.write("x");
    turn();
    QCOMPARE(watch.count, 2);
}

void TestDispatcherNotifiers::refusesWhatIsAlwaysReady_data()
{
    QTest::addColumn<Make>("make");
    QTest::newRow("a regular file") << Make(regularFile);
    QTest::newRow("a directory") << Make([] { return file("/", O_RDONLY); });
    QTest::newRow("the null device") << Make([] { return file("/dev/null", O_RDWR); });
}

void TestDispatcherNotifiers::refusesWhatIsAlwaysReady()
{
    // For a file, where waiting makes no sense, poll() is ready at once and epoll returns EPERM.
    // Ours does not emulate poll() here: no proxy waits for a file, and the price would be a busy
    // loop.
    QFETCH(Make, make);
    const Ends ends = make();
    const Ends other = withOctets(socketPair());
    if (!runsOnQt())
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression(QStringLiteral("Invalid socket \\d+.*disabling")));
    const Watch watch(ends.near, QSocketNotifier::Read);
    const Watch onSocket(other.near, QSocketNotifier::Read);
    turn();
    QCOMPARE(watch.count, runsOnQt() ? 1 : 0);
    QCOMPARE(watch.notifier->isEnabled(), runsOnQt());
    QCOMPARE(onSocket.count, 1);
}

SAMI_DISPATCHER_TEST_MAIN(TestDispatcherNotifiers)
#include "tst_dispatchernotifiers.moc"
