// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "blackhole.h"
#include "fakedns.h"
#include "rawpeer.h"
#include "route/layereddialer.h"

#include <QElapsedTimer>
#include <QTest>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

using namespace sami;
using namespace sami::net;
using namespace sami::route;
using namespace std::chrono_literals;
using sami::test::BlackHole;
using sami::test::RawListener;

namespace {

/// 127.0.0.N, so that a test can have several hosts on one port.
QHostAddress loopback(quint32 number)
{
    return QHostAddress(0x7f000000 + number);
}

const QHostAddress oldHome = loopback(2);
const QHostAddress newHome = loopback(3);

/// The only name, and where it points. Shared with the lookup threads.
class Directory
{
public:
    explicit Directory(ResolveAnswer answer) : m_answer(std::move(answer)) {}

    ResolveAnswer lookup()
    {
        std::unique_lock lock(m_mutex);
        ++m_asked;
        m_changed.wait(lock, [this] { return !m_isSilent; });
        return m_answer;
    }
    void change(const ResolveAnswer &answer)
    {
        const std::lock_guard lock(m_mutex);
        m_answer = answer;
    }
    void setSilent(bool isSilent)
    {
        const std::lock_guard lock(m_mutex);
        m_isSilent = isSilent;
        m_changed.notify_all();
    }
    int asked()
    {
        const std::lock_guard lock(m_mutex);
        return m_asked;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    ResolveAnswer m_answer;
    bool m_isSilent = false;
    int m_asked = 0;
};

struct Call
{
    Call() = default;
    Q_DISABLE_COPY_MOVE(Call)

    void start(Dialer &dialer, const DialRequest &request)
    {
        operation = dialer.dial(request, [this](Result<Dialled, DialError> result) {
            if (result)
                dialled = std::move(result).value();
            else
                error = std::move(result).error();
            isOver = true;
        });
    }
    [[nodiscard]] QByteArray fault() const
    {
        return error ? QByteArray(toString(error->fault)) : QByteArray("none");
    }

    bool isOver = false;
    std::optional<Dialled> dialled;
    std::optional<DialError> error;
    DialPtr operation;
};

/// A dialer whose cache has had `oldHome` for the name for two seconds.
struct Fixture
{
    explicit Fixture(bool portable, quint16 usedPort)
        : port(usedPort), dialer(resolver, nullptr, portable)
    {
        test::Asker asker;
        asker.ask(*resolver, "moved.example");
        if (!QTest::qWaitFor([&asker] { return asker.count == 1; }))
            qFatal("no answer");
        *seconds += 2;
    }
    ~Fixture() { directory->setSilent(false); }
    Q_DISABLE_COPY_MOVE(Fixture)

    [[nodiscard]] DialRequest request(std::chrono::milliseconds timeout = 5s) const
    {
        DialRequest result;
        result.endpoint = { "moved.example", port };
        result.client = test::client;
        result.budgets = &test::budgets();
        result.timeout = timeout;
        return result;
    }

    quint16 port;
    std::shared_ptr<Directory> directory =
        std::make_shared<Directory>(ResolveAnswer { { oldHome }, false, {} });
    std::shared_ptr<std::atomic<qint64>> seconds = std::make_shared<std::atomic<qint64>>(1000);
    std::shared_ptr<Resolver> resolver = std::make_shared<Resolver>(
        [directory = directory](const QByteArray &) { return directory->lookup(); },
        [seconds = seconds] { return TimePoint() + std::chrono::seconds(seconds->load()); });
    LayeredDialer dialer;
};

} // namespace

class TestMovedHost : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isFoundWhenTheOldAddressRefuses_data() { addKinds(); }
    void isFoundWhenTheOldAddressRefuses();
    void isFoundWhenTheOldAddressIsSilent_data() { addKinds(); }
    void isFoundWhenTheOldAddressIsSilent();
    void endsInOneWay_data();
    void endsInOneWay();
    void isNotDialledWhereTheRulesForbid();
    void isNotLookedUpAgainForAnAnswerOfThisDial();
    void deadHostsCauseOneLookUpASecond();
    void dialsThatFailTogetherShareALookUp();
    void aSilentNameServerDelaysNoFailure();

private:
    static void addKinds()
    {
        QTest::addColumn<bool>("portable");
        QTest::newRow("B§6: a name that has moved is looked up again, on descriptors") << false;
        QTest::newRow("B§6: a name that has moved is looked up again, on Qt's sockets") << true;
    }
};

void TestMovedHost::isFoundWhenTheOldAddressRefuses()
{
    QFETCH(bool, portable);
    RawListener listener(newHome);
    Fixture fixture(portable, listener.port());
    fixture.directory->change({ { newHome }, false, {} });
    Call call;
    call.start(fixture.dialer, fixture.request());
    QTRY_VERIFY(call.isOver);
    QCOMPARE(call.fault(), "none");
    QCOMPARE(call.dialled->stream->peerAddress(), listener.address());
    QCOMPARE(fixture.directory->asked(), 2);
    // The next dial uses what was learned.
    Call next;
    next.start(fixture.dialer, fixture.request());
    QTRY_VERIFY(next.isOver);
    QCOMPARE(next.fault(), "none");
    QCOMPARE(fixture.directory->asked(), 2);
}

void TestMovedHost::isFoundWhenTheOldAddressIsSilent()
{
    QFETCH(bool, portable);
    BlackHole hole(oldHome, 0);
    RawListener listener(newHome, 16, hole.port());
    Fixture fixture(portable, listener.port());
    fixture.directory->change({ { newHome }, false, {} });
    Call call;
    QElapsedTimer clock;
    clock.start();
    call.start(fixture.dialer, fixture.request(4s));
    QTRY_VERIFY(call.isOver);
    QCOMPARE(call.fault(), "none");
    QCOMPARE(call.dialled->stream->peerAddress(), listener.address());
    QVERIFY2(clock.elapsed() >= 900, "a quarter of the time is the old address's");
}

void TestMovedHost::endsInOneWay_data()
{
    QTest::addColumn<ResolveAnswer>("second");
    QTest::addColumn<DialFault>("fault");
    QTest::newRow("B§6: the same address again: its failure stands")
        << ResolveAnswer { { oldHome }, false, {} } << DialFault::ConnectionRefused;
    QTest::newRow("B§6: another address that refuses too")
        << ResolveAnswer { { newHome }, false, {} } << DialFault::ConnectionRefused;
    QTest::newRow("B§6: the name is gone")
        << ResolveAnswer { {}, true, "no such host", false, false, true }
        << DialFault::NameNotFound;
    QTest::newRow("B§6: the name has no address of the family any more")
        << ResolveAnswer { {}, true, "no address", false, false, false, true }
        << DialFault::FamilyExcluded;
    QTest::newRow("B§6: the name server has failed")
        << ResolveAnswer { {}, true, "the name server failed" } << DialFault::DnsFailure;
    QTest::newRow("B§6: a shortage of ours tells nothing new")
        << ResolveAnswer { {}, true, "no thread", true } << DialFault::ConnectionRefused;
}

void TestMovedHost::endsInOneWay()
{
    QFETCH(ResolveAnswer, second);
    QFETCH(DialFault, fault);
    Fixture fixture(false, RawListener(loopback(4)).port());
    fixture.directory->change(second);
    Call call;
    call.start(fixture.dialer, fixture.request());
    QTRY_VERIFY(call.isOver);
    QVERIFY(call.error);
    QCOMPARE(int(call.error->fault), int(fault));
    QCOMPARE(fixture.directory->asked(), 2);
}

void TestMovedHost::isNotDialledWhereTheRulesForbid()
{
    RawListener inside(newHome);
    Fixture fixture(false, inside.port());
    fixture.directory->change({ { newHome }, false, {} });
    DialRequest request = fixture.request();
    request.addressFilter = [](const QHostAddress &address) { return address != newHome; };
    Call call;
    call.start(fixture.dialer, request);
    QTRY_VERIFY(call.isOver);
    QCOMPARE(call.fault(), "destination_ip_prohibited");
    QVERIFY(!inside.hasPending(20));
}

void TestMovedHost::isNotLookedUpAgainForAnAnswerOfThisDial()
{
    Fixture fixture(false, RawListener(loopback(4)).port());
    fixture.resolver->clearCache();
    Call call;
    call.start(fixture.dialer, fixture.request());
    QTRY_VERIFY(call.isOver);
    QCOMPARE(call.fault(), "connection_refused");
    QCOMPARE(fixture.directory->asked(), 2); // the fixture's own, and this one
}

void TestMovedHost::deadHostsCauseOneLookUpASecond()
{
    Fixture fixture(false, RawListener(loopback(4)).port());
    for (int second = 0; second < 3; ++second) {
        for (int i = 0; i < 20; ++i) {
            Call call;
            call.start(fixture.dialer, fixture.request());
            QTRY_VERIFY(call.isOver);
            QCOMPARE(call.fault(), "connection_refused");
        }
        QCOMPARE(fixture.directory->asked(), 2 + second);
        *fixture.seconds += 1;
    }
}

void TestMovedHost::dialsThatFailTogetherShareALookUp()
{
    Fixture fixture(false, RawListener(loopback(4)).port());
    std::vector<std::unique_ptr<Call>> calls(100);
    for (auto &call : calls) {
        call = std::make_unique<Call>();
        call->start(fixture.dialer, fixture.request());
    }
    for (const auto &call : calls) {
        QTRY_VERIFY(call->isOver);
        QCOMPARE(call->fault(), "connection_refused");
    }
    QCOMPARE(fixture.directory->asked(), 2);
}

void TestMovedHost::aSilentNameServerDelaysNoFailure()
{
    Fixture fixture(false, RawListener(loopback(4)).port());
    fixture.directory->setSilent(true);
    Call call;
    call.start(fixture.dialer, fixture.request(15s));
    QTRY_VERIFY(call.isOver);
    QCOMPARE(call.fault(), "connection_refused");
    Call shorter;
    shorter.start(fixture.dialer, fixture.request(500ms));
    QTRY_VERIFY(shorter.isOver);
    QCOMPARE(shorter.fault(), "connection_refused");
}

QTEST_GUILESS_MAIN(TestMovedHost)
#include "tst_movedhost.moc"
