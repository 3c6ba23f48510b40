// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "blackhole.h"
#include "net/happyeyeballs.h"
#include "rawpeer.h"
#include "route/layereddialer.h"

#include <QScopeGuard>
#include <QTest>

#include <algorithm>
#include <fcntl.h>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

using namespace sami;
using namespace sami::net;
using namespace sami::route;
using namespace std::chrono_literals;
using sami::test::BlackHole;
using sami::test::RawListener;
using sami::test::RawPeer;

namespace {

/// 127.0.0.N, so that a test can have several hosts on one port.
QHostAddress loopback(quint32 number)
{
    return QHostAddress(0x7f000000 + number);
}

/// One dial and what became of it.
struct Call
{
    Call() = default;
    Q_DISABLE_COPY_MOVE(Call)

    void start(Dialer &dialer, const DialRequest &request)
    {
        operation = dialer.dial(request, [this](Result<Dialled, DialError> result) {
            ++count;
            if (result) {
                dialled = std::move(result).value();
                return;
            }
            error = std::move(result).error();
        });
    }

    int count = 0;
    std::optional<Dialled> dialled;
    std::optional<DialError> error;
    DialPtr operation;
};

struct Fixture
{
    explicit Fixture(bool portable, QList<QHostAddress> addresses = {}, QByteArray error = {})
        : resolver(std::make_shared<Resolver>([addresses, error](const QByteArray &) {
              ResolveAnswer answer { addresses, !error.isEmpty(), error };
              answer.isUnknownName = error == "no such host";
              return answer;
          })),
          dialer(resolver, nullptr, portable)
    {}

    std::shared_ptr<Resolver> resolver;
    LayeredDialer dialer;
};

DialRequest request(const QByteArray &host, quint16 port)
{
    DialRequest result;
    result.endpoint = { host, port };
    result.budgets = &test::budgets();
    result.timeout = 5s;
    return result;
}

void addKinds(const char *rule = "")
{
    QTest::addColumn<bool>("portable");
    QTest::addRow("%son descriptors", rule) << false;
    QTest::addRow("%son Qt's sockets", rule) << true;
}

/// A loopback port on which nobody listens.
quint16 closedPort()
{
    return RawListener().port();
}

} // namespace

class TestLayeredDialer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void connectsToALiteral_data();
    void connectsToALiteral();
    void connectsToAName_data() { addKinds(); }
    void connectsToAName();
    void setsTheConnectionUp_data() { addKinds("B§6: Nagle is off, keepalive is on "); }
    void setsTheConnectionUp();
    void filtersEachAddress_data()
    {
        addKinds("only an address that passed the rules is dialled: ");
    }
    void filtersEachAddress();
    void filtersLiteralsToo_data();
    void filtersLiteralsToo();
    void refusesWhenNoAddressPasses();
    void tellsRefused_data() { addKinds(); }
    void tellsRefused();
    void tellsResolverFailures();
    void tellsAnUnknownName();
    void tellsTheMostTellingFailure_data() { addKinds(); }
    void tellsTheMostTellingFailure();
    void tellsExhaustion();
    void doesNotTakeAConnectionToItself();
    void racesPastABlackHole_data() { addKinds("RFC 8305 §5: the next attempt after 250 ms "); }
    void racesPastABlackHole();
    void triesTheNextAtOnceAfterAFailure_data()
    {
        addKinds("RFC 8305 §5: a failed attempt starts the next at once ");
    }
    void triesTheNextAtOnceAfterAFailure();
    void walksOnWithoutExtraDescriptors_data();
    void walksOnWithoutExtraDescriptors();
    void givesExtraDescriptorsBack();
    void losersAreClosed_data() { addKinds("RFC 8305 §5: the losers are closed "); }
    void losersAreClosed();
    void timesOut_data();
    void timesOut();
    void cancelledDialCallsNobody_data() { addKinds(); }
    void cancelledDialCallsNobody();
    void callbackMayLetTheOperationGo_data() { addKinds(); }
    void callbackMayLetTheOperationGo();
    void ignoresTheSystemsProxy_data() { addKinds("http_proxy is not for us: "); }
    void ignoresTheSystemsProxy();
};

void TestLayeredDialer::connectsToALiteral_data()
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<QByteArray>("host");
    for (const bool portable : { false, true }) {
        const char *kind = portable ? "on Qt's sockets" : "on descriptors";
        QTest::addRow("IPv4, %s", kind) << portable << QByteArray("127.0.0.1");
        QTest::addRow("IPv6, %s", kind) << portable << QByteArray("::1");
        QTest::addRow("IPv4 mapped into IPv6, %s", kind)
            << portable << QByteArray("::ffff:127.0.0.1");
    }
}

void TestLayeredDialer::connectsToALiteral()
{
    QFETCH(bool, portable);
    QFETCH(QByteArray, host);
    const bool isIpv6 = host == "::1";
    RawListener listener(
        QHostAddress(isIpv6 ? QHostAddress::LocalHostIPv6 : QHostAddress::LocalHost));
    if (!listener.isValid())
        QSKIP("no IPv6 here");
    Fixture fixture(portable, {}, "a literal must not come here");
    Call call;
    call.start(fixture.dialer, request(host, listener.port()));
    QCOMPARE(call.count, 0);
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.dialled);
    const StreamPtr &stream = call.dialled->stream;
    QCOMPARE(stream->peerAddress(), listener.address());
    QVERIFY(!stream->isReadEnabled());
    RawPeer peer(listener.accept());
    QVERIFY(stream->write("hello"));
    QTRY_COMPARE(peer.received, "hello");
    const DialTimings &timings = call.dialled->timings;
    QVERIFY(timings.resolved.count() > 0);
    QVERIFY(timings.connected >= timings.resolved);
    QCOMPARE(timings.encrypted.count(), 0);
}

void TestLayeredDialer::connectsToAName()
{
    QFETCH(bool, portable);
    RawListener listener;
    Fixture fixture(portable, { loopback(1) });
    Call call;
    call.start(fixture.dialer, request("api.example.com", listener.port()));
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.dialled);
    QCOMPARE(call.dialled->stream->peerAddress(), listener.address());
}

void TestLayeredDialer::setsTheConnectionUp()
{
    QFETCH(bool, portable);
    RawListener listener;
    Fixture fixture(portable);
    Call call;
    DialRequest wish = request("127.0.0.1", listener.port());
    wish.tcpKeepaliveSeconds = 47;
    call.start(fixture.dialer, wish);
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.dialled);
    // The descriptor is the one whose local address is the stream's.
    int found = 0;
    for (int descriptor = 3; descriptor < 200; ++descriptor) {
        sockaddr_in native {};
        socklen_t size = sizeof native;
        if (::getsockname(descriptor, reinterpret_cast<sockaddr *>(&native), &size) != 0
            || ntohs(native.sin_port) != call.dialled->stream->localAddress().port)
            continue;
        const auto option = [descriptor](int level, int name) {
            int value = -1;
            socklen_t valueSize = sizeof value;
            ::getsockopt(descriptor, level, name, &value, &valueSize);
            return value;
        };
        ++found;
        QVERIFY(option(IPPROTO_TCP, TCP_NODELAY) != 0);
        QVERIFY(option(SOL_SOCKET, SO_KEEPALIVE) != 0);
        QCOMPARE(option(IPPROTO_TCP, TCP_KEEPIDLE), 47);
        QVERIFY2((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0, "children do not inherit it");
    }
    QCOMPARE(found, 1);
}

void TestLayeredDialer::filtersEachAddress()
{
    QFETCH(bool, portable);
    RawListener forbidden(loopback(2));
    RawListener allowed(loopback(3), 16, forbidden.port());
    Fixture fixture(portable, { loopback(2), loopback(3) });
    DialRequest wish = request("mixed.example", forbidden.port());
    wish.addressFilter = [](const QHostAddress &address) { return address != loopback(2); };
    Call call;
    call.start(fixture.dialer, wish);
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.dialled);
    QCOMPARE(call.dialled->stream->peerAddress(), allowed.address());
    QVERIFY(!forbidden.hasPending(20));
}

void TestLayeredDialer::filtersLiteralsToo_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("a plain literal") << QByteArray("127.0.0.1");
    QTest::newRow("a mapped literal is asked for as what it stands for")
        << QByteArray("::ffff:127.0.0.1");
}

void TestLayeredDialer::filtersLiteralsToo()
{
    QFETCH(QByteArray, host);
    RawListener listener;
    Fixture fixture(false);
    DialRequest wish = request(host, listener.port());
    QList<QHostAddress> asked;
    wish.addressFilter = [&asked](const QHostAddress &address) {
        asked.append(address);
        return false;
    };
    Call call;
    call.start(fixture.dialer, wish);
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.error);
    QCOMPARE(test::named(call.error->fault), test::named(DialFault::AddressRefused));
    QCOMPARE(asked, { loopback(1) });
    QCOMPARE(asked.first().protocol(), QAbstractSocket::IPv4Protocol);
    QVERIFY(!listener.hasPending(20));
}

void TestLayeredDialer::refusesWhenNoAddressPasses()
{
    Fixture fixture(false, { loopback(1), loopback(2) });
    DialRequest wish = request("inside.example", 80);
    wish.addressFilter = [](const QHostAddress &) { return false; };
    Call call;
    call.start(fixture.dialer, wish);
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.error);
    QCOMPARE(test::named(call.error->fault), test::named(DialFault::AddressRefused));
    QVERIFY2(!call.error->detail.contains("127."), "the page must not show what is inside");
}

void TestLayeredDialer::tellsRefused()
{
    QFETCH(bool, portable);
    Fixture fixture(portable);
    Call call;
    call.start(fixture.dialer, request("127.0.0.1", closedPort()));
    QCOMPARE(call.count, 0);
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.error);
    QCOMPARE(test::named(call.error->fault), test::named(DialFault::ConnectionRefused));
    QCOMPARE(test::named(call.error->fault), "connection_refused");
}

void TestLayeredDialer::tellsResolverFailures()
{
    Fixture fixture(false, {}, "the name server does not answer");
    Call call;
    call.start(fixture.dialer, request("nowhere.example", 80));
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.error);
    QCOMPARE(test::named(call.error->fault), test::named(DialFault::DnsFailure));
    QCOMPARE(call.error->detail, "the name server does not answer");
}

void TestLayeredDialer::tellsAnUnknownName()
{
    Fixture fixture(false, {}, "no such host");
    Call call;
    call.start(fixture.dialer, request("nowhere.example", 80));
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.error);
    QVERIFY(call.error->fault == DialFault::NameNotFound);
    QCOMPARE(test::named(call.error->fault), "dns_error");
}

void TestLayeredDialer::tellsTheMostTellingFailure()
{
    QFETCH(bool, portable);
    // TCP has no multicast and no broadcast, and the kernel says so whatever network it is in. The
    // host that refuses does exist.
    Fixture fixture(portable,
                    { QHostAddress(QStringLiteral("ff02::1")), loopback(1),
                      QHostAddress(QStringLiteral("255.255.255.255")) });
    Call call;
    call.start(fixture.dialer, request("both.example", closedPort()));
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.error);
    QCOMPARE(test::named(call.error->fault), test::named(DialFault::ConnectionRefused));
}

void TestLayeredDialer::tellsExhaustion()
{
    Fixture fixture(false);
    RawListener listener;
    Call call;
    rlimit old {};
    ::getrlimit(RLIMIT_NOFILE, &old);
    const int next = ::dup(0);
    ::close(next);
    const rlimit none { static_cast<rlim_t>(next), old.rlim_max };
    ::setrlimit(RLIMIT_NOFILE, &none);
    call.start(fixture.dialer, request("127.0.0.1", listener.port()));
    QTest::qWait(1); // a literal: connects in the next turn
    ::setrlimit(RLIMIT_NOFILE, &old);
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.error);
    QCOMPARE(test::named(call.error->fault), test::named(DialFault::OutOfResources));
}

void TestLayeredDialer::doesNotTakeAConnectionToItself()
{
    // The kernel goes through the ephemeral ports of one parity as it makes connections. When it
    // reaches the dialled port, TCP connects to itself.
    quint16 port = 0;
    for (quint16 candidate = 40'000; port == 0; candidate += 2)
        port = RawListener(loopback(1), 16, candidate).port();
    Fixture fixture(false);
    constexpr int rounds = 40;
    constexpr int dialsPerRound = 500;
    for (int round = 0; round < rounds; ++round) {
        std::vector<std::unique_ptr<Call>> calls;
        for (int i = 0; i < dialsPerRound; ++i) {
            calls.push_back(std::make_unique<Call>());
            calls.back()->start(fixture.dialer, request("127.0.0.1", port));
        }
        const bool areOver = QTest::qWaitFor([&calls] {
            return std::all_of(calls.begin(), calls.end(),
                               [](const auto &call) { return call->count == 1; });
        });
        QVERIFY(areOver);
        for (const auto &call : calls) {
            QVERIFY(!call->dialled);
            QCOMPARE(test::named(call->error->fault), test::named(DialFault::ConnectionRefused));
        }
    }
}

void TestLayeredDialer::racesPastABlackHole()
{
    QFETCH(bool, portable);
    BlackHole hole(loopback(4), 0);
    RawListener good(loopback(5), 16, hole.port());
    QVERIFY(good.isValid());
    Fixture fixture(portable, { loopback(4), loopback(5) });
    Call call;
    const TimePoint start = Clock::now();
    call.start(fixture.dialer, request("raced.example", hole.port()));
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.dialled);
    QCOMPARE(call.dialled->stream->peerAddress(), good.address());
    const Clock::duration elapsed = Clock::now() - start;
    QVERIFY(elapsed >= HappyEyeballs::attemptDelay);
    QVERIFY(elapsed < 1s); // one after the other would take over a minute
    QVERIFY(call.dialled->timings.connected >= HappyEyeballs::attemptDelay);
}

void TestLayeredDialer::triesTheNextAtOnceAfterAFailure()
{
    QFETCH(bool, portable);
    RawListener good(loopback(6));
    // Nobody listens at the first five.
    Fixture fixture(
        portable,
        { loopback(21), loopback(22), loopback(23), loopback(24), loopback(25), loopback(6) });
    Call call;
    call.start(fixture.dialer, request("mostly.example", good.port()));
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.dialled);
    QVERIFY(call.dialled->timings.connected < HappyEyeballs::attemptDelay);
}

void TestLayeredDialer::walksOnWithoutExtraDescriptors_data()
{
    QTest::addColumn<int>("limit");
    QTest::newRow("RFC 8305 §5: without an extra descriptor one attempt makes room for the next")
        << 0;
    QTest::newRow("RFC 8305 §5: with one extra descriptor two attempts race") << 1;
    QTest::newRow("RFC 8305 §5: with enough of them all attempts race") << 100;
}

void TestLayeredDialer::walksOnWithoutExtraDescriptors()
{
    QFETCH(int, limit);
    test::budgets().extras.setLimit(limit);
    const auto unlimited = qScopeGuard([] { test::budgets().extras.setLimit(100'000); });
    BlackHole first(loopback(31), 0);
    BlackHole second(loopback(32), first.port());
    BlackHole third(loopback(33), first.port());
    RawListener good(loopback(34), 16, first.port());
    QVERIFY(good.isValid());
    Fixture fixture(false, { loopback(31), loopback(32), loopback(33), loopback(34) });
    Call call;
    call.start(fixture.dialer, request("mostly.example", first.port()));
    int most = 0;
    QTRY_VERIFY((most = std::max(most, test::budgets().extras.taken()), call.count == 1));
    QVERIFY(call.dialled);
    QCOMPARE(call.dialled->stream->peerAddress(), good.address());
    QVERIFY(call.dialled->timings.connected >= 3 * HappyEyeballs::attemptDelay);
    QVERIFY(most <= limit);
    QVERIFY(most >= std::min(limit, 2)); // the third one exists only for as long as a connect takes
    QCOMPARE(test::budgets().extras.taken(), 0);
}

void TestLayeredDialer::givesExtraDescriptorsBack()
{
    BlackHole first(loopback(35), 0);
    BlackHole second(loopback(36), first.port());
    Fixture fixture(false, { loopback(35), loopback(36) });
    Call cancelled;
    cancelled.start(fixture.dialer, request("holes.example", first.port()));
    QTRY_COMPARE(test::budgets().extras.taken(), 1);
    cancelled.operation.reset();
    QCOMPARE(test::budgets().extras.taken(), 0);

    Call late;
    DialRequest hurried = request("holes.example", first.port());
    hurried.timeout = 400ms;
    late.start(fixture.dialer, hurried);
    QTRY_COMPARE(test::budgets().extras.taken(), 1);
    QTRY_COMPARE(late.count, 1);
    QCOMPARE(test::budgets().extras.taken(), 0);
}

void TestLayeredDialer::losersAreClosed()
{
    QFETCH(bool, portable);
    const auto descriptors = [] {
        int count = 0;
        for (int descriptor = 0; descriptor < 500; ++descriptor)
            count += ::fcntl(descriptor, F_GETFD) == -1 ? 0 : 1;
        return count;
    };
    BlackHole hole(loopback(7), 0);
    RawListener good(loopback(8), 16, hole.port());
    QVERIFY(good.isValid());
    Fixture fixture(portable, { loopback(7), loopback(8) });
    { // after the first one, threads and the like exist
        Call call;
        call.start(fixture.dialer, request("raced.example", hole.port()));
        QTRY_COMPARE(call.count, 1);
    }
    QTest::qWait(1);
    const int before = descriptors();
    Call call;
    call.start(fixture.dialer, request("raced.example", hole.port()));
    QTRY_COMPARE(call.count, 1);
    QVERIFY(call.dialled);
    QCOMPARE(descriptors(), before + 1);
}

void TestLayeredDialer::timesOut_data()
{
    QTest::addColumn<bool>("portable");
    QTest::addColumn<bool>("resolves");
    QTest::addColumn<DialFault>("fault");
    QTest::newRow("no answer from the name server") << false << false << DialFault::DnsTimeout;
    QTest::newRow("no answer from the host, on descriptors")
        << false << true << DialFault::ConnectTimeout;
    QTest::newRow("no answer from the host, on Qt's sockets")
        << true << true << DialFault::ConnectTimeout;
}

void TestLayeredDialer::timesOut()
{
    QFETCH(bool, portable);
    QFETCH(bool, resolves);
    QFETCH(DialFault, fault);
    BlackHole hole(loopback(9), 0);
    const auto gate = std::make_shared<std::mutex>();
    const std::unique_lock closed(*gate);
    const auto resolver = std::make_shared<Resolver>([gate, resolves](const QByteArray &) {
        if (!resolves)
            const std::lock_guard waits(*gate);
        return ResolveAnswer { { loopback(9) }, false, {} };
    });
    LayeredDialer dialer(resolver, nullptr, portable);
    DialRequest wish = request("silent.example", hole.port());
    wish.timeout = 300ms;
    Call call;
    const TimePoint start = Clock::now();
    call.start(dialer, wish);
    QTRY_COMPARE(call.count, 1);
    QVERIFY(Clock::now() - start >= 300ms);
    QVERIFY(Clock::now() - start < 1s);
    QVERIFY(call.error);
    QCOMPARE(test::named(call.error->fault), test::named(fault));
}

void TestLayeredDialer::cancelledDialCallsNobody()
{
    QFETCH(bool, portable);
    RawListener listener;
    Fixture fixture(portable, { loopback(1) });
    Call byName;
    Call byLiteral;
    byName.start(fixture.dialer, request("api.example.com", listener.port()));
    byLiteral.start(fixture.dialer, request("127.0.0.1", listener.port()));
    byName.operation.reset();
    byLiteral.operation.reset();
    Call later;
    later.start(fixture.dialer, request("127.0.0.1", listener.port()));
    QCoreApplication::processEvents(); // its attempt has probably begun
    later.operation.reset();
    QTest::qWait(50);
    QCOMPARE(byName.count, 0);
    QCOMPARE(byLiteral.count, 0);
}

void TestLayeredDialer::callbackMayLetTheOperationGo()
{
    QFETCH(bool, portable);
    RawListener listener;
    Fixture fixture(portable);
    for (const quint16 port : { listener.port(), closedPort() }) {
        int count = 0;
        DialPtr operation;
        operation =
            fixture.dialer.dial(request("127.0.0.1", port), [&](Result<Dialled, DialError>) {
                ++count;
                operation.reset();
            });
        QTRY_COMPARE(count, 1);
        QVERIFY(!operation);
    }
}

void TestLayeredDialer::ignoresTheSystemsProxy()
{
    QFETCH(bool, portable);
    RawListener proxy;
    RawListener target;
    const QByteArray url = "http://127.0.0.1:" + QByteArray::number(proxy.port());
    for (const char *variable : { "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY" })
        qputenv(variable, url);
    Fixture fixture(portable);
    Call call;
    call.start(fixture.dialer, request("127.0.0.1", target.port()));
    QTRY_COMPARE(call.count, 1);
    for (const char *variable : { "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY" })
        qunsetenv(variable);
    QVERIFY(call.dialled);
    QVERIFY(target.hasPending());
    QVERIFY(!proxy.hasPending());
}

QTEST_GUILESS_MAIN(TestLayeredDialer)
#include "tst_layereddialer.moc"
