// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A session whose front speaks no protocol: it does what the test says next.
#include "../../fuzz/fakewire.h"
#include "logrig.h"
#include "server/clientsession.h"
#include "serverrig.h"

#include <QCoreApplication>
#include <QTest>

#include <deque>
#include <memory>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::account;
using namespace sami::server;
using fuzzing::FakeDialer;
using fuzzing::FakeStream;
using fuzzing::Wire;
using fuzzing::WirePtr;

namespace {

const Endpoint destination { "a.test", 443 };

const char *name(FrontEvent event)
{
    switch (event) {
    case FrontEvent::ClientReadable:
        return "readable";
    case FrontEvent::ClientDrained:
        return "drained";
    case FrontEvent::ClientFailed:
        return "failed";
    case FrontEvent::Continue:
        return "continue";
    case FrontEvent::DeadlineExpired:
        return "expired";
    case FrontEvent::ExchangeFinished:
        return "exchange finished";
    case FrontEvent::PasswordJudged:
        return "password judged";
    case FrontEvent::RecordBudgetSpent:
        return "input spent";
    case FrontEvent::DrainBegan:
        return "drain";
    case FrontEvent::SettingsChanged:
        return "settings";
    }
    return "";
}

/// What the front and its test share; outlives the front.
struct Script
{
    std::deque<Step> steps; ///< if empty, the front waits
    Front::Standing standing;
    QByteArrayList heard;
    ClientLeg *leg = nullptr;
    net::StreamPtr upstream; ///< of the last dial
    bool isGone = false;

    [[nodiscard]] Step next()
    {
        if (steps.empty())
            return step::Stay {};
        Step step = std::move(steps.front());
        steps.pop_front();
        return step;
    }
};

class ScriptedFront final : public Front
{
public:
    ScriptedFront(Script &script, ClientLeg &leg) : m_script(script) { script.leg = &leg; }
    ~ScriptedFront() override { m_script.isGone = true; }

    [[nodiscard]] Step start() override
    {
        m_script.leg->stream->setReadEnabled(true);
        return hear("start");
    }
    [[nodiscard]] Step handle(FrontEvent event) override { return hear(name(event)); }
    [[nodiscard]] Step dialled(Result<route::Dialled, net::DialError> result,
                               const policy::Decision &refusal) override
    {
        if (!result) {
            return hear("dial: " + QByteArray(net::toString(result.error().fault)) + ' '
                        + toString(refusal.refusal));
        }
        m_script.upstream = std::move(result->stream);
        Step step = hear("dialled");
        if (auto *tunnel = std::get_if<step::Tunnel>(&step))
            tunnel->upstream = std::move(m_script.upstream);
        return step;
    }
    [[nodiscard]] Standing standing() const override { return m_script.standing; }

private:
    [[nodiscard]] Step hear(const QByteArray &what)
    {
        m_script.heard.append(what);
        return m_script.next();
    }

    Script &m_script;
};

Journey journey(Journey::Kind kind = Journey::Kind::Tunnel)
{
    return { destination, kind };
}

class Rig
{
public:
    explicit Rig(const config::Settings &settings = {}) : m_proxy(settings)
    {
        dialer->resolved = QHostAddress(0x08080808);
        dialer->isForTunnel = [] { return true; };
        dialer->waits = true;
        m_proxy.active.dialer = dialer;
        m_proxy.shared.places.setLimits({ 10, 0 });
        m_context = { &m_proxy.shared, std::make_shared<const ActiveSettings>(m_proxy.active),
                      &m_pool };
        net::StreamPtr stream(new FakeStream(client, m_proxy.shared.budgets));
        auto row = m_proxy.shared.books.registry.add(stream->peerAddress(), Clock::now());
        record = &*row;
        session = std::make_unique<ClientSession>(
            std::move(stream), std::move(row), m_proxy.shared.places.take(record->client().address),
            m_context,
            [this](ClientLeg &leg) { return std::make_unique<ScriptedFront>(script, leg); },
            [this] { ++closed; });
    }

    void start(Step step = step::Stay {})
    {
        script.steps.push_back(std::move(step));
        session->start();
        script.heard.clear();
    }
    /// Enters Dial with such a journey.
    void dial(Journey::Kind kind = Journey::Kind::Tunnel) { start(step::Dial { journey(kind) }); }
    /// Enters Tunnel, having read `early` ahead.
    void tunnel(const QByteArray &early = {})
    {
        dial();
        say(early);
        script.steps.push_back(step::Tunnel { nullptr, 207 });
        dialer->answer();
        turn();
    }
    void say(const QByteArray &octets)
    {
        client->sent += octets;
        turn();
    }
    /// Runs both peers and the event loop until all are quiet.
    void turn()
    {
        for (int quiet = 0; quiet < 2; ++quiet) {
            QCoreApplication::sendPostedEvents();
            bool isBusy = client->stream && client->stream->turn();
            for (const WirePtr &wire : dialer->wires)
                isBusy = (wire->stream && wire->stream->turn()) || isBusy;
            if (isBusy)
                quiet = -1;
        }
    }

    [[nodiscard]] Books &books() { return m_proxy.shared.books; }
    [[nodiscard]] QList<FinishedWork> finished() { return books().finished->recent(); }
    [[nodiscard]] QByteArray phase() const { return toString(record->phase.load()); }
    [[nodiscard]] Wire &upstream() const { return *dialer->wires.back(); }

    std::shared_ptr<FakeDialer> dialer = std::make_shared<FakeDialer>();
    WirePtr client = std::make_shared<Wire>();
    Script script;
    ConnectionRecord *record = nullptr; ///< the session's
    int closed = 0;

private:
    rig::Proxy m_proxy;
    route::UpstreamPool m_pool;
    WorkerContext m_context;

public:
    std::unique_ptr<ClientSession> session; ///< declared after what it borrows
};

QByteArray endOf(const FinishedWork &work)
{
    return QByteArray::number(work.status) + ' ' + toString(work.ending.by) + ' '
        + toString(work.ending.how) + ' ' + work.ending.reason.code();
}

} // namespace

class TestClientSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFrontHearsWhatHappens();
    void stayChangesNothing();
    void dropEndsItAtOnce_data();
    void dropEndsItAtOnce();
    void overLeavesTheAccountAlone();
    void lingerWaitsForTheClient();
    void lingerMayReset();
    void dialAsksForTheJourney();
    void aDialReadsAhead();
    void aFailedDialIsTheFrontsToTell_data();
    void aFailedDialIsTheFrontsToTell();
    void aClientThatEndsDuringADial_data();
    void aClientThatEndsDuringADial();
    void whatTheFrontHearsDuringADial();
    void aTunnel();
    void theEndOfATunnel_data();
    void theEndOfATunnel();
    void cut_data();
    void cut();
};

void TestClientSession::theFrontHearsWhatHappens()
{
    Rig rig;
    rig.session->start();
    QCOMPARE(rig.script.heard, QByteArrayList { "start" });
    rig.session->drain();
    rig.session->settingsChanged();
    rig.script.leg->tellLater(FrontEvent::Continue);
    QCOMPARE(rig.script.heard, (QByteArrayList { "start", "drain", "settings" }));
    rig.turn();
    QCOMPARE(rig.script.heard.last(), "continue"_ba);
    rig.script.leg->stream->setReadEnabled(false);
    rig.client->isBlocked = true;
    rig.script.leg->stream->write("octets");
    rig.client->isBlocked = false;
    rig.turn();
    QCOMPARE(rig.script.heard.last(), "drained"_ba);
    rig.script.leg->deadline.arm(std::chrono::milliseconds(1));
    QTRY_COMPARE(rig.script.heard.last(), "expired"_ba);
    rig.client->peerReset = true;
    rig.turn();
    QCOMPARE(rig.script.heard.last(), "failed"_ba);
    QCOMPARE(rig.script.heard.size(), 7);
    QCOMPARE(rig.closed, 0);
}

void TestClientSession::stayChangesNothing()
{
    Rig rig;
    rig.start();
    for (int i = 0; i < 3; ++i)
        rig.session->drain();
    QCOMPARE(rig.script.heard.size(), 3);
    QCOMPARE(rig.closed, 0);
    QVERIFY(rig.finished().isEmpty());
    QVERIFY(rig.client->accepted.isEmpty());
    QCOMPARE(rig.phase(), "awaiting_request"_ba);
    QCOMPARE(int(rig.client->proxyEnd), int(Wire::ProxyEnd::Open));
}

void TestClientSession::dropEndsItAtOnce_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("needsReset");
    QTest::newRow("nothing was said") << 0 << false;
    QTest::newRow("an answer is out") << 200 << false;
    QTest::newRow("an answer is cut") << 206 << true;
}

void TestClientSession::dropEndsItAtOnce()
{
    QFETCH(int, status);
    QFETCH(bool, needsReset);
    Rig rig;
    rig.start();
    rig.script.standing = { status, needsReset };
    rig.script.steps.push_back(
        step::Drop { { EndedBy::Client, EndedHow::Reset, Cause::RequestCut } });
    rig.session->drain();
    QCOMPARE(rig.closed, 1);
    QVERIFY(rig.script.isGone);
    QCOMPARE(rig.finished().size(), 1);
    QCOMPARE(endOf(rig.finished().constFirst()),
             QByteArray::number(status) + " client reset request_incomplete");
    QCOMPARE(int(rig.client->proxyEnd),
             int(needsReset ? Wire::ProxyEnd::Reset : Wire::ProxyEnd::Closed));
    rig.session->drain();
    rig.session->cut(EndedHow::Closed);
    QVERIFY2(rig.closed == 1 && rig.finished().size() == 1, "what is over absorbs all");
}

void TestClientSession::overLeavesTheAccountAlone()
{
    Rig rig;
    rig.start();
    rig.script.leg->postMortem.close(200, { EndedBy::Proxy, EndedHow::Complete }, Clock::now());
    rig.script.steps.push_back(step::Over {});
    rig.session->drain();
    QCOMPARE(rig.closed, 1);
    QCOMPARE(rig.finished().size(), 1);
    QCOMPARE(int(rig.client->proxyEnd), int(Wire::ProxyEnd::Closed));
}

void TestClientSession::lingerWaitsForTheClient()
{
    Rig rig;
    rig.start();
    rig.script.leg->stream->write("bye");
    rig.script.leg->postMortem.close(400, { EndedBy::Proxy, EndedHow::BadRequest }, Clock::now());
    rig.script.steps.push_back(step::Linger {});
    rig.session->drain();
    QVERIFY(rig.script.isGone);
    QCOMPARE(rig.phase(), "closing"_ba);
    QCOMPARE(rig.closed, 0);
    rig.say("what nobody reads any more");
    QCOMPARE(int(rig.client->proxyEnd), int(Wire::ProxyEnd::Fin));
    QCOMPARE(rig.client->accepted, "bye"_ba);
    rig.client->peerFin = true;
    rig.turn();
    QCOMPARE(rig.closed, 1);
    QCOMPARE(rig.finished().size(), 1);
}

void TestClientSession::lingerMayReset()
{
    Rig rig;
    rig.start();
    rig.script.leg->stream->write("half");
    rig.script.steps.push_back(step::Linger { net::LingeringClose::Mode::ResetWhenDelivered });
    rig.session->drain();
    QTRY_COMPARE(rig.closed, 1);
    QCOMPARE(int(rig.client->proxyEnd), int(Wire::ProxyEnd::Reset));
    QCOMPARE(rig.client->accepted, "half"_ba);
}

void TestClientSession::dialAsksForTheJourney()
{
    Rig rig;
    Journey asked = journey();
    asked.tls = true;
    rig.start(step::Dial { asked });
    QCOMPARE(rig.phase(), "connecting"_ba);
    QVERIFY(!rig.script.isGone);
    rig.dialer->answer();
    QCOMPARE(rig.script.heard, QByteArrayList { "dialled" });
    QCOMPARE(rig.upstream().wish.endpoint, destination);
    QVERIFY(rig.upstream().wish.tls);
    QCOMPARE(rig.upstream().wish.client, rig.record->client().address);
    QVERIFY2(rig.closed == 0, "the front has it from here");
    rig.session->drain();
    QCOMPARE(rig.script.heard.last(), "drain"_ba);
}

void TestClientSession::aDialReadsAhead()
{
    Rig rig;
    rig.dial();
    rig.say("early ");
    rig.say("octets");
    QVERIFY(rig.script.heard.isEmpty());
    QCOMPARE(rig.script.leg->input, "early octets"_ba);
    const QByteArray more(qsizetype(1) << 20, 'x');
    rig.say(more);
    QVERIFY2(rig.script.leg->input.size() < more.size(), "not without a bound");
    QVERIFY(!rig.script.leg->stream->isReadEnabled());
}

void TestClientSession::aFailedDialIsTheFrontsToTell_data()
{
    QTest::addColumn<quint32>("address");
    QTest::addColumn<QByteArray>("heard");
    QTest::newRow("nobody listens there") << 0x08080808U << "dial: connection_refused none"_ba;
    QTest::newRow("a rule lets no address pass")
        << 0x0a000001U << "dial: destination_ip_prohibited private_target"_ba;
}

void TestClientSession::aFailedDialIsTheFrontsToTell()
{
    QFETCH(quint32, address);
    QFETCH(QByteArray, heard);
    Rig rig;
    rig.dialer->resolved = QHostAddress(address);
    rig.dialer->fault = net::DialFault::ConnectionRefused;
    rig.dial();
    rig.dialer->answer();
    QCOMPARE(rig.script.heard, QByteArrayList { heard });
    QCOMPARE(rig.closed, 0);
    QVERIFY(rig.finished().isEmpty());
}

void TestClientSession::aClientThatEndsDuringADial_data()
{
    QTest::addColumn<Journey::Kind>("kind");
    QTest::addColumn<bool>("isReset");
    QTest::addColumn<QByteArray>("end"); // empty: it continues
    QTest::newRow("a FIN leaves nobody for a tunnel")
        << Journey::Kind::Tunnel << false << "0 client fin "_ba;
    QTest::newRow("a FIN may end a request that is whole")
        << Journey::Kind::Exchange << false << ""_ba;
    QTest::newRow("a reset leaves nobody for a tunnel")
        << Journey::Kind::Tunnel << true << "0 client reset "_ba;
    QTest::newRow("nor for an exchange") << Journey::Kind::Exchange << true << "0 client reset "_ba;
}

void TestClientSession::aClientThatEndsDuringADial()
{
    QFETCH(Journey::Kind, kind);
    QFETCH(bool, isReset);
    QFETCH(QByteArray, end);
    Rig rig;
    rig.dial(kind);
    (isReset ? rig.client->peerReset : rig.client->peerFin) = true;
    rig.turn();
    QCOMPARE(rig.closed, end.isEmpty() ? 0 : 1);
    if (!end.isEmpty()) {
        QCOMPARE(endOf(rig.finished().constFirst()), end);
        return;
    }
    QVERIFY(rig.script.leg->hasEnded);
    QVERIFY(!rig.script.leg->stream->isReadEnabled());
    rig.dialer->answer();
    QCOMPARE(rig.script.heard, QByteArrayList { "dialled" });
}

/// A front has nothing to do then. It only hears of new settings, in case it keeps something from
/// the old ones.
void TestClientSession::whatTheFrontHearsDuringADial()
{
    Rig rig;
    rig.dial();
    rig.session->drain();
    rig.script.leg->tellLater(FrontEvent::Continue);
    rig.turn();
    QVERIFY(rig.script.heard.isEmpty());
    rig.session->settingsChanged();
    QCOMPARE(rig.script.heard, QByteArrayList { "settings" });
    QCOMPARE(rig.phase(), "connecting"_ba);
}

void TestClientSession::aTunnel()
{
    Rig rig;
    rig.tunnel("early ");
    QVERIFY2(rig.script.isGone, "a tunnel needs no front");
    QCOMPARE(rig.phase(), "tunnel"_ba);
    rig.say("and late");
    QCOMPARE(rig.upstream().accepted, "early and late"_ba);
    rig.upstream().sent += "answer";
    rig.turn();
    QCOMPARE(rig.client->accepted, "answer"_ba);
    QCOMPARE(rig.record->traffic.up(), 14ULL);
    QCOMPARE(rig.record->traffic.down(), 6ULL);
    rig.session->drain();
    rig.session->settingsChanged();
    QVERIFY2(rig.closed == 0, "a running stream is not cut");
}

void TestClientSession::theEndOfATunnel_data()
{
    QTest::addColumn<bool>("isClients");
    QTest::addColumn<bool>("isReset");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("the client's FIN") << true << false << "207 client fin "_ba;
    QTest::newRow("the client's reset") << true << true << "207 client reset "_ba;
    QTest::newRow("the upstream's FIN") << false << false << "207 upstream fin "_ba;
    QTest::newRow("the upstream's reset") << false << true << "207 upstream reset "_ba;
}

void TestClientSession::theEndOfATunnel()
{
    QFETCH(bool, isClients);
    QFETCH(bool, isReset);
    QFETCH(QByteArray, end);
    Rig rig;
    rig.tunnel();
    Wire &first = isClients ? *rig.client : rig.upstream();
    Wire &second = isClients ? rig.upstream() : *rig.client;
    (isReset ? first.peerReset : first.peerFin) = true;
    rig.turn();
    second.peerFin = true;
    rig.turn();
    QTRY_COMPARE(rig.closed, 1);
    QCOMPARE(rig.finished().size(), 1);
    QCOMPARE(endOf(rig.finished().constFirst()), end);
}

void TestClientSession::cut_data()
{
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<QByteArray>("end"); // empty: the account is closed already
    QTest::newRow("while the front speaks") << "front"_ba
                                            << "0 proxy closed "_ba;
    QTest::newRow("during a dial") << "dial"_ba
                                   << "0 proxy closed "_ba;
    QTest::newRow("in a tunnel") << "tunnel"_ba
                                 << "207 proxy closed "_ba;
    QTest::newRow("while it lingers") << "linger"_ba
                                      << ""_ba;
}

void TestClientSession::cut()
{
    QFETCH(QByteArray, state);
    QFETCH(QByteArray, end);
    Rig rig;
    if (state == "tunnel") {
        rig.tunnel();
    } else if (state == "dial") {
        rig.dial();
    } else {
        rig.start();
    }
    if (state == "linger") {
        rig.script.leg->postMortem.close(200, { EndedBy::Proxy, EndedHow::Complete }, Clock::now());
        rig.script.steps.push_back(step::Linger {});
        rig.session->drain();
    }
    rig.script.heard.clear();
    rig.session->cut(EndedHow::Closed);
    QCOMPARE(rig.closed, 1);
    QCOMPARE(rig.finished().size(), 1);
    if (!end.isEmpty())
        QCOMPARE(endOf(rig.finished().constFirst()), end);
    QVERIFY(rig.client->proxyEnd != Wire::ProxyEnd::Open);
    if (state == "tunnel")
        QCOMPARE(int(rig.upstream().proxyEnd), int(Wire::ProxyEnd::Reset));
    rig.dialer->answer();
    rig.turn();
    QVERIFY2(rig.script.heard.isEmpty(), "a dial that is given up tells nobody");
}

QTEST_GUILESS_MAIN(TestClientSession)
#include "tst_clientsession.moc"
