// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "dispatchers.h"
#include "net/descriptorwatch.h"

#include <QTest>

#include <optional>
#include <sys/socket.h>
#include <utility>
#include <vector>

using namespace sami;
using namespace sami::test;
using namespace std::chrono_literals;

namespace {

using Heard = std::vector<net::DescriptorEvent>;

/// Listens to one descriptor, and runs a handler.
class Ear final : private net::DescriptorListener
{
    Q_DISABLE_COPY_MOVE(Ear)

public:
    explicit Ear(int descriptor) : m_watch(descriptor, *this) {}

    void want(quint8 happenings) { m_watch.want(happenings); }
    void endWithClose() { m_watch.endWithClose(); }

    Heard heard;
    std::function<void()> handler;

private:
    void handleDescriptorEvent(net::DescriptorEvent what) override
    {
        heard.push_back(what);
        if (handler)
            handler();
    }

    net::DescriptorWatch m_watch;
};

/// A few passes, in which every pending event is delivered.
void passes()
{
    for (int i = 0; i < 3; ++i)
        turn();
}

} // namespace

/// What a DescriptorWatch reports, over each dispatcher (dispatchers.h).
class TestDescriptorWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatHappens_data();
    void tellsWhatHappens();
    void tellsAgainAndAgainOfWhatIsNotTaken();
    void tellsNothingThatIsNotWanted();
    void whatIsNotWantedAnyMoreIsNotToldThough_data();
    void whatIsNotWantedAnyMoreIsNotToldThough();
    void wantsChangeInACall();
    void somebodyElseTakesOver();
    void whoeverTookOverKeepsIt();
    void aNumberThatIsUsedAgainIsHeardByItsNewOwner_data();
    void aNumberThatIsUsedAgainIsHeardByItsNewOwner();
    void standsBesideANotifier();
    void standsBesideANotifierOfTheSameKind();
    void manyChangesLeaveTheLast();
};

void TestDescriptorWatch::tellsWhatHappens_data()
{
    QTest::addColumn<int>("wanted");
    QTest::addColumn<std::function<void(Ends &)>>("doing");
    QTest::addColumn<int>("told");

    using Doing = std::function<void(Ends &)>;
    const Doing nothing = [](Ends &) {};
    const Doing octets = [](Ends &ends) { ends.far.write("x"); };
    const Doing fin = [](Ends &ends) { ::shutdown(ends.far.number(), SHUT_WR); };
    const Doing rst = [](Ends &ends) { ends.far.reset(); };
    const Doing urgent = [](Ends &ends) { ::send(ends.far.number(), "!", 1, MSG_OOB); };
    const Doing full = [](Ends &ends) { ends.near.fill(); };
    const int all = net::Readable | net::Writable | net::HungUp;

    QTest::newRow("octets are readable") << int(net::Readable) << octets << int(net::Readable);
    QTest::newRow("an end is readable") << int(net::Readable) << fin << int(net::Readable);
    QTest::newRow("nothing came") << int(net::Readable) << nothing << 0;
    QTest::newRow("there is room") << int(net::Writable) << nothing << int(net::Writable);
    QTest::newRow("there is no room") << int(net::Writable) << full << 0;
    QTest::newRow("octets are no hang-up") << int(net::HungUp) << octets << 0;
    QTest::newRow("nor is an end") << int(net::HungUp) << fin << 0;
    QTest::newRow("nor is urgent data, but Qt's dispatcher cannot tell")
        << int(net::HungUp) << urgent << (runsOnQt() ? int(net::HungUp) : 0);
    QTest::newRow("a reset is") << int(net::HungUp) << rst << int(net::HungUp);
    QTest::newRow("a reset is each of them") << all << rst << all;
    QTest::newRow("octets and room")
        << int(net::Readable | net::Writable) << octets << int(net::Readable | net::Writable);
}

void TestDescriptorWatch::tellsWhatHappens()
{
    QFETCH(const int, wanted);
    QFETCH(const std::function<void(Ends &)>, doing);
    QFETCH(const int, told);
    Ends ends = tcpPair();
    Ear ear(ends.near.number());
    ear.want(static_cast<quint8>(wanted));
    doing(ends);
    int heard = 0;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            passes();
            for (const net::DescriptorEvent what : std::exchange(ear.heard, {}))
                heard |= what;
            return (heard & told) == told;
        }(),
        int(std::chrono::milliseconds(patience).count()));
    passes();
    for (const net::DescriptorEvent what : ear.heard)
        heard |= what;
    QCOMPARE(heard, told);
}

void TestDescriptorWatch::tellsAgainAndAgainOfWhatIsNotTaken()
{
    const Ends ends = socketPair();
    Ear ear(ends.near.number());
    ear.want(net::Readable);
    ends.far.write("x");
    QVERIFY(loopUntil([&] { return ear.heard.size() >= 3; }));
    ends.near.readAll();
    ear.heard.clear();
    passes();
    QVERIFY(ear.heard.empty());
}

void TestDescriptorWatch::tellsNothingThatIsNotWanted()
{
    const Ends ends = socketPair();
    Ear ear(ends.near.number());
    ends.far.write("x");
    passes();
    ear.want(net::Readable);
    ear.want(0);
    passes();
    QVERIFY(ear.heard.empty());
    QVERIFY(wakeUpsDuring(50ms) <= fewWakeUps);
}

void TestDescriptorWatch::whatIsNotWantedAnyMoreIsNotToldThough_data()
{
    QTest::addColumn<int>("wantedThen");
    QTest::newRow("nothing is wanted") << 0;
    QTest::newRow("something else is") << int(net::HungUp);
}

/// Both events were collected at once; the first call withdraws interest in the second.
void TestDescriptorWatch::whatIsNotWantedAnyMoreIsNotToldThough()
{
    QFETCH(const int, wantedThen);
    const Ends ends = socketPair();
    ends.far.write("x");
    Ear ear(ends.near.number());
    ear.want(net::Readable | net::Writable);
    ear.handler = [&] { ear.want(static_cast<quint8>(wantedThen)); };
    QVERIFY(loopUntil([&] { return !ear.heard.empty(); }));
    passes();
    QCOMPARE(ear.heard.size(), size_t(1));
}

void TestDescriptorWatch::wantsChangeInACall()
{
    const Ends ends = socketPair();
    ends.far.write("x");
    Ear ear(ends.near.number());
    ear.want(net::Readable);
    ear.handler = [&] {
        if (ear.heard.back() == net::Readable)
            ear.want(net::Writable);
        else
            ear.want(0);
    };
    QVERIFY(loopUntil([&] { return ear.heard.size() == 2; }));
    passes();
    QVERIFY(ear.heard == Heard({ net::Readable, net::Writable }));
}

/// As a stream takes over the descriptor of its connector.
void TestDescriptorWatch::somebodyElseTakesOver()
{
    const Ends ends = socketPair();
    Ear first(ends.near.number());
    Ear second(ends.near.number());
    first.want(net::Writable);
    first.handler = [&] {
        second.want(net::Readable);
        first.want(0);
    };
    QVERIFY(loopUntil([&] { return !first.heard.empty(); }));
    passes();
    QCOMPARE(first.heard.size(), size_t(1));
    ends.far.write("x");
    QVERIFY(loopUntil([&] { return !second.heard.empty(); }));
    QCOMPARE(second.heard.front(), net::Readable);
}

void TestDescriptorWatch::whoeverTookOverKeepsIt()
{
    if (runsOnQt())
        QSKIP("two notifiers of one kind on one descriptor: Qt has one of them");
    const Ends ends = socketPair();
    Ear second(ends.near.number());
    {
        Ear first(ends.near.number());
        first.want(net::Readable);
        second.want(net::Readable);
        first.endWithClose();
        first.want(net::Writable);
        second.want(net::Readable | net::HungUp);
    } // and its watch with it
    ends.far.write("x");
    QVERIFY(loopUntil([&] { return !second.heard.empty(); }));
}

void TestDescriptorWatch::aNumberThatIsUsedAgainIsHeardByItsNewOwner_data()
{
    QTest::addColumn<bool>("isAnnounced");
    QTest::newRow("the close was announced") << true;
    QTest::newRow("nothing was wanted any more") << false;
}

/// Events of the old descriptor, collected or still to come, belong to nobody.
void TestDescriptorWatch::aNumberThatIsUsedAgainIsHeardByItsNewOwner()
{
    QFETCH(const bool, isAnnounced);
    Ends old = socketPair();
    const Ends fresh = socketPair();
    const int number = old.near.number();
    std::optional<Ear> second;
    Ear first(number);
    first.want(net::Readable | net::Writable);
    old.far.write("x");
    first.handler = [&] {
        if (isAnnounced)
            first.endWithClose();
        else
            first.want(0);
        old.near.becomes(fresh.near);
        second.emplace(number);
        second->want(net::Readable);
    };
    QVERIFY(loopUntil([&] { return second.has_value(); }));
    passes();
    QCOMPARE(first.heard.size(), size_t(1));
    QVERIFY(second->heard.empty());
    fresh.far.write("y");
    QVERIFY(loopUntil([&] { return !second->heard.empty(); }));
    second->endWithClose();
}

void TestDescriptorWatch::standsBesideANotifier()
{
    const Ends ends = socketPair();
    Ear ear(ends.near.number());
    ear.want(net::Writable);
    Watch notifier(ends.near, QSocketNotifier::Read, [&] { ends.near.readAll(); });
    ends.far.write("x");
    QVERIFY(loopUntil([&] { return notifier.count > 0 && !ear.heard.empty(); }));
    ear.want(0);
    notifier.count = 0;
    ends.far.write("x");
    QVERIFY(loopUntil([&] { return notifier.count > 0; }));
}

void TestDescriptorWatch::standsBesideANotifierOfTheSameKind()
{
    if (runsOnQt())
        QSKIP("two notifiers of one kind on one descriptor: Qt has one of them");
    const Ends ends = socketPair();
    Ear ear(ends.near.number());
    ear.want(net::Readable);
    const Watch notifier(ends.near, QSocketNotifier::Read);
    ends.far.write("x");
    QVERIFY(loopUntil([&] { return notifier.count >= 3 && ear.heard.size() >= 3; }));
}

void TestDescriptorWatch::manyChangesLeaveTheLast()
{
    const Ends ends = socketPair();
    ends.far.write("x");
    Ear ear(ends.near.number());
    for (int i = 0; i < 100; ++i)
        ear.want(static_cast<quint8>(i % 8));
    ear.want(net::HungUp);
    passes();
    QVERIFY(ear.heard.empty());
    ear.want(net::Readable);
    QVERIFY(loopUntil([&] { return !ear.heard.empty(); }));
    QCOMPARE(ear.heard.front(), net::Readable);
}

SAMI_DISPATCHER_TEST_MAIN(TestDescriptorWatch)
#include "tst_descriptorwatch.moc"
