// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What a client's bytes, its end and its silence lead to before there is a request. On a simulated
// wire; time is up when the test says so.
#include "../../fuzz/fakewire.h"
#include "server/clientleg.h"
#include "server/headreading.h"
#include "serverrig.h"

#include <QTest>

#include <memory>

using namespace sami;
using namespace sami::server;
using fuzzing::FakeStream;
using fuzzing::Wire;
using fuzzing::WirePtr;

namespace {

constexpr char request[] = "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n";

QByteArray name(const HeadOutcome &outcome)
{
    if (const auto *head = std::get_if<http::RequestHead>(&outcome))
        return "head of " + head->method;
    if (std::holds_alternative<http::HeadFault>(outcome))
        return "fault";
    const auto *drained = std::get_if<reading::Drained>(&outcome);
    if (drained && drained->isAmidAnswer)
        return "drained amid an answer";
    constexpr const char *names[] = { "waiting", "",        "",     "ended",
                                      "spent",   "expired", "idle", "drained" };
    return names[outcome.index()];
}

/// The leg's session, which receives deferred calls.
class Listener : public QObject
{
public:
    int continues = 0;

protected:
    void customEvent(QEvent *event) override
    {
        continues += static_cast<FrontNote *>(event)->event == FrontEvent::Continue;
    }
};

class Rig
{
public:
    explicit Rig(const config::Settings &settings = {}) : m_proxy(settings)
    {
        m_proxy.shared.places.setLimits({ 10, 0 });
        m_context = { &m_proxy.shared, std::make_shared<const ActiveSettings>(m_proxy.active),
                      &m_pool };
        net::StreamPtr stream(new FakeStream(client, m_proxy.shared.budgets));
        auto record = m_proxy.shared.books.registry.add(stream->peerAddress(), Clock::now());
        auto place = m_proxy.shared.places.take(record->client().address);
        leg = std::make_unique<ClientLeg>(std::move(stream), std::move(record), std::move(place),
                                          m_context, &listener);
        reading = std::make_unique<HeadReading>(*leg);
    }

    QByteArray say(const QByteArray &octets)
    {
        client->sent += octets;
        return name(reading->handle(FrontEvent::ClientReadable));
    }
    QByteArray hear(FrontEvent event) { return name(reading->handle(event)); }
    /// The deadline has expired: its owner has consumed it.
    QByteArray expire()
    {
        leg->deadline.cancel();
        return hear(FrontEvent::DeadlineExpired);
    }
    /// Begins after an answer that the client has not taken.
    void answer(bool isForwarded)
    {
        client->isBlocked = true;
        QVERIFY(leg->stream->write("the last answer"));
        reading->begin(isForwarded);
    }
    void takeAnswer()
    {
        client->isBlocked = false;
        static_cast<FakeStream *>(leg->stream.get())->turn();
    }
    void beginDrain() { m_proxy.shared.draining.store(true); }
    [[nodiscard]] QByteArray phase() const { return toString(leg->record->phase.load()); }
    void spendBudget() { static_cast<void>(m_spent.hold(m_proxy.shared.bounds.keptInputBytes)); }

    WirePtr client = std::make_shared<Wire>();
    Listener listener;

private:
    rig::Proxy m_proxy;
    route::UpstreamPool m_pool;
    WorkerContext m_context;
    OctetBudget::Share m_spent { m_proxy.shared.keptInput };

public:
    std::unique_ptr<ClientLeg> leg;
    std::unique_ptr<HeadReading> reading;
};

} // namespace

class TestHeadReading : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesAHeadOctetByOctet();
    void leavesWhatFollowsInTheInput();
    void looksOnceMoreWhenTheTimeIsOver_data();
    void looksOnceMoreWhenTheTimeIsOver();
    void endsWithTheClient_data();
    void endsWithTheClient();
    void drainsWhoAsksNothing_data();
    void drainsWhoAsksNothing();
    void readsNothingBeforeTheLastAnswerIsTaken();
    void awaitsARequestOnceTheAnswerIsTaken();
    void aSlowReaderGetsMoreTime_data();
    void aSlowReaderGetsMoreTime();
    void aDrainWaitsForAProvidersAnswer_data();
    void aDrainWaitsForAProvidersAnswer();
    void refusesWhatTheBudgetHasNoRoomFor();
    void keepsTheFirstOctetsOfWhatItRefuses();
};

void TestHeadReading::takesAHeadOctetByOctet()
{
    Rig rig;
    rig.reading->begin(false);
    QVERIFY(rig.leg->stream->isReadEnabled());
    const QByteArray octets(request);
    for (const char octet : octets.chopped(1)) {
        QCOMPARE(rig.say(QByteArray(1, octet)), "waiting");
        QVERIFY(rig.reading->hasStarted());
    }
    QCOMPARE(rig.say("\n"), "head of GET");
}

void TestHeadReading::leavesWhatFollowsInTheInput()
{
    Rig rig;
    rig.reading->begin(false);
    QCOMPARE(rig.say(QByteArray(request) + "GET"), "head of GET");
    QCOMPARE(rig.leg->input, "GET");
    rig.reading->begin(false);
    QVERIFY(!rig.leg->stream->isReadEnabled()); // the next head is checked first
    QCoreApplication::sendPostedEvents();
    QCOMPARE(rig.listener.continues, 1);
    QCOMPARE(rig.hear(FrontEvent::Continue), "waiting");
    QVERIFY(rig.leg->stream->isReadEnabled());
}

void TestHeadReading::looksOnceMoreWhenTheTimeIsOver_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("inTheSocket");
    QTest::addColumn<QByteArray>("outcome");

    QTest::newRow("nothing was ever said") << QByteArray() << QByteArray() << QByteArray("idle");
    QTest::newRow("a head that is late")
        << QByteArray("GET") << QByteArray() << QByteArray("expired");
    QTest::newRow("a late head goes on, too late")
        << QByteArray("GET") << QByteArray(" http") << QByteArray("expired");
    QTest::newRow("the rest of a head was there in time")
        << QByteArray("GET") << QByteArray(request).sliced(3) << QByteArray("head of GET");
    QTest::newRow("a head begins in time")
        << QByteArray() << QByteArray("GET") << QByteArray("waiting");
    QTest::newRow("a whole request is there in time")
        << QByteArray() << QByteArray(request) << QByteArray("head of GET");
    QTest::newRow("only empty lines, which are no head")
        << QByteArray("\r\n") << QByteArray("\r\n") << QByteArray("idle");
}

void TestHeadReading::looksOnceMoreWhenTheTimeIsOver()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, inTheSocket);
    Rig rig;
    rig.reading->begin(false);
    if (!before.isEmpty())
        QCOMPARE(rig.say(before), "waiting");
    rig.client->sent += inTheSocket;
    QTEST(rig.expire(), "outcome");
}

void TestHeadReading::endsWithTheClient_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<bool>("hasStarted");

    QTest::newRow("at once") << QByteArray() << false;
    QTest::newRow("after an empty line") << QByteArray("\r\n") << false;
    QTest::newRow("inside a head") << QByteArray("GET http") << true;
}

void TestHeadReading::endsWithTheClient()
{
    QFETCH(const QByteArray, said);
    Rig rig;
    rig.reading->begin(false);
    if (!said.isEmpty())
        QCOMPARE(rig.say(said), "waiting");
    rig.client->peerFin = true;
    QCOMPARE(rig.hear(FrontEvent::ClientReadable), "ended");
    QTEST(rig.reading->hasStarted(), "hasStarted");
}

void TestHeadReading::drainsWhoAsksNothing_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("inTheSocket");
    QTest::addColumn<QByteArray>("outcome");

    QTest::newRow("silent") << QByteArray() << QByteArray() << QByteArray("drained");
    QTest::newRow("inside a head") << QByteArray("GET") << QByteArray() << QByteArray("waiting");
    QTest::newRow("a request waits in the socket")
        << QByteArray() << QByteArray(request) << QByteArray("head of GET");
    QTest::newRow("a head begins in the socket")
        << QByteArray() << QByteArray("GET") << QByteArray("waiting");
}

void TestHeadReading::drainsWhoAsksNothing()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, inTheSocket);
    Rig rig;
    rig.reading->begin(false);
    if (!before.isEmpty())
        QCOMPARE(rig.say(before), "waiting");
    rig.client->sent += inTheSocket;
    QTEST(rig.hear(FrontEvent::DrainBegan), "outcome");
}

void TestHeadReading::readsNothingBeforeTheLastAnswerIsTaken()
{
    Rig rig;
    rig.leg->input = request;
    rig.answer(true);
    QVERIFY(!rig.leg->stream->isReadEnabled());
    QCOMPARE(rig.hear(FrontEvent::Continue), "waiting");
    rig.takeAnswer();
    QCOMPARE(rig.hear(FrontEvent::ClientDrained), "head of GET");
}

void TestHeadReading::awaitsARequestOnceTheAnswerIsTaken()
{
    Rig rig;
    rig.answer(true);
    QCOMPARE(rig.phase(), "exchange");
    rig.takeAnswer();
    QCOMPARE(rig.hear(FrontEvent::ClientDrained), "waiting");
    QCOMPARE(rig.phase(), "awaiting_request");
    // What was sent ahead may be a whole request.
    rig.leg->input = "GET";
    rig.reading->begin(true);
    QCOMPARE(rig.phase(), "exchange");
    QCOMPARE(rig.hear(FrontEvent::Continue), "waiting");
    QCOMPARE(rig.phase(), "awaiting_request");
}

void TestHeadReading::aSlowReaderGetsMoreTime_data()
{
    QTest::addColumn<bool>("isForwarded");
    QTest::addColumn<int>("taken");
    QTest::addColumn<QByteArray>("outcome");

    QTest::newRow("B§6: nothing of a provider's answer was taken")
        << true << 0 << QByteArray("idle");
    QTest::newRow("B§6: some of a provider's answer was taken")
        << true << 5 << QByteArray("waiting");
    QTest::newRow("B§6: some of a page of ours was taken") << false << 5 << QByteArray("idle");
}

void TestHeadReading::aSlowReaderGetsMoreTime()
{
    QFETCH(const bool, isForwarded);
    QFETCH(const int, taken);
    QFETCH(const QByteArray, outcome);
    config::Settings settings;
    settings.timeouts.silence = 2 * net::TakingWatch::interval;
    Rig rig(settings);
    rig.answer(isForwarded);
    if (isForwarded)
        QCOMPARE(rig.expire(), "waiting");
    rig.client->delivered += taken;
    QCOMPARE(rig.expire(), outcome);
    if (outcome != "waiting")
        return;
    QVERIFY(rig.leg->deadline.isArmed());
    QCOMPARE(rig.expire(), "waiting");
    QCOMPARE(rig.expire(), "idle");
}

void TestHeadReading::aDrainWaitsForAProvidersAnswer_data()
{
    QTest::addColumn<bool>("isForwarded");
    QTest::addColumn<QByteArray>("ahead");
    QTest::addColumn<QByteArray>("atOnce");
    QTest::addColumn<QByteArray>("onceTaken");

    QTest::newRow("B§6: nothing follows")
        << true << QByteArray() << QByteArray("waiting") << QByteArray("drained amid an answer");
    QTest::newRow("B§6: the next request is there")
        << true << QByteArray(request) << QByteArray("waiting") << QByteArray("head of GET");
    QTest::newRow("B§6: a head has begun")
        << true << QByteArray("GET") << QByteArray("waiting") << QByteArray("waiting");
    QTest::newRow("B§6: a page of ours")
        << false << QByteArray() << QByteArray("drained amid an answer") << QByteArray();
}

void TestHeadReading::aDrainWaitsForAProvidersAnswer()
{
    QFETCH(const bool, isForwarded);
    QFETCH(const QByteArray, ahead);
    QFETCH(const QByteArray, onceTaken);
    Rig rig;
    rig.leg->input = ahead;
    rig.answer(isForwarded);
    rig.beginDrain();
    QTEST(rig.hear(FrontEvent::DrainBegan), "atOnce");
    if (onceTaken.isEmpty())
        return;
    QCOMPARE(rig.phase(), "exchange");
    rig.takeAnswer();
    QCOMPARE(rig.hear(FrontEvent::ClientDrained), onceTaken);
}

void TestHeadReading::refusesWhatTheBudgetHasNoRoomFor()
{
    Rig rig;
    rig.reading->begin(false);
    rig.spendBudget();
    QByteArray outcome = rig.say("GET http://a.test/ HTTP/1.1\r\n");
    for (int i = 0; outcome == "waiting" && i < 100; ++i)
        outcome = rig.say("X-Field: " + QByteArray(500, 'x') + "\r\n");
    QCOMPARE(outcome, "spent");
}

void TestHeadReading::keepsTheFirstOctetsOfWhatItRefuses()
{
    Rig rig;
    rig.reading->begin(false);
    QCOMPARE(rig.say("\x16\x03\x01 a ClientHello"), "fault");
    QVERIFY(rig.reading->firstOctets().startsWith("\x16\x03\x01"));
}

QTEST_GUILESS_MAIN(TestHeadReading)
#include "tst_headreading.moc"
