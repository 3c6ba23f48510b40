// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "blackhole.h"
#include "rawpeer.h"
#include "route/layereddial.h"

#include <QPointer>
#include <QTest>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>

using namespace sami;
using namespace sami::net;
using namespace sami::route;
using namespace std::chrono_literals;
using sami::test::BlackHole;
using sami::test::RawListener;

namespace {

QHostAddress loopback(quint32 number)
{
    return QHostAddress(0x7f000000 + number);
}

/// How the layers of one kind behave, and what became of them. The recipe's host names the kind.
struct Script
{
    enum class Act { SucceedAtOnce, SucceedLater, FailAtOnce, FailLater, FailBefore, Hang };

    Act act = Act::SucceedLater;
    int failures = 1000; ///< the number of failures; later layers succeed
    DialError error { DialFault::TlsCertificate, "it is scripted" };
    QByteArray adds; ///< to the bytes that came early
    std::optional<std::chrono::milliseconds> share;

    int made = 0;
    int started = 0;
    int ended = 0; ///< by abort()
    QByteArray heardEarly;
    std::function<void()> onStart = [] {};
};

class ScriptedLayer final : public Layer
{
public:
    explicit ScriptedLayer(Script &script) : m_script(script) { ++script.made; }

    void start(Way below) override
    {
        ++m_script.started;
        m_script.heardEarly = below.early;
        m_way = std::move(below);
        m_script.onStart();
        switch (m_script.act) {
        case Script::Act::SucceedAtOnce:
        case Script::Act::FailAtOnce:
            act();
            break;
        case Script::Act::SucceedLater:
        case Script::Act::FailLater:
            QMetaObject::invokeMethod(
                this, [this] { act(); }, Qt::QueuedConnection);
            break;
        case Script::Act::FailBefore:
        case Script::Act::Hang:
            break;
        }
    }
    DialError late() const override { return { DialFault::ConnectTimeout, "the script is late" }; }
    std::chrono::milliseconds share(std::chrono::milliseconds whole) const override
    {
        return m_script.share.value_or(whole);
    }

protected:
    void prepare() override
    {
        if (m_script.act == Script::Act::FailBefore)
            QMetaObject::invokeMethod(
                this, [this] { fail(m_script.error); }, Qt::QueuedConnection);
    }
    void abort() override
    {
        ++m_script.ended;
        m_way.stream.reset();
    }

private:
    void act()
    {
        const bool fails =
            m_script.act == Script::Act::FailAtOnce || m_script.act == Script::Act::FailLater;
        if (fails && m_script.failures-- > 0) {
            fail(m_script.error);
            return;
        }
        m_way.early += m_script.adds;
        succeed(std::move(m_way));
    }

    Script &m_script;
    Way m_way;
};

class ScriptedMaker final : public LayerMaker
{
public:
    explicit ScriptedMaker(std::map<QByteArray, Script> &scripts) : m_scripts(scripts) {}

    LayerPtr make(const Recipe &recipe) const override
    {
        return LayerPtr(new ScriptedLayer(m_scripts[std::get<TlsRecipe>(recipe).host]));
    }

private:
    std::map<QByteArray, Script> &m_scripts;
};

/// A dial through layers that the test scripts.
struct Rig
{
    Rig()
    {
        tools.resolver = std::make_shared<Resolver>(
            [home = home](const QByteArray &) {
                return ResolveAnswer { { loopback(*home) }, false, {} };
            },
            [seconds = seconds] { return TimePoint() + std::chrono::seconds(*seconds); });
        wish.endpoint = { "destination.example", 443 };
        wish.budgets = &test::budgets();
        wish.timeout = 5s;
    }
    Q_DISABLE_COPY_MOVE(Rig)

    /// Sets a route through layers of these kinds.
    void setRoute(quint16 port, const QList<QByteArray> &kinds)
    {
        std::vector<Recipe> recipes;
        for (const QByteArray &kind : kinds)
            recipes.emplace_back(TlsRecipe { kind });
        wish.route = Route("scripted", { "parent.example", port }, std::move(recipes));
    }
    void start() { make()->start(); }
    /// Over a stream on which the route's leading TLS stands.
    void startOver(StreamPtr stream) { make()->startOver(std::move(stream)); }
    [[nodiscard]] LayeredDial *make()
    {
        auto *dial = new LayeredDial(
            wish,
            [this](Result<Dialled, DialError> result) {
                ++count;
                if (result)
                    dialled = std::move(result).value();
                else
                    error = std::move(result).error();
                whenOver();
            },
            tools, std::make_shared<const ScriptedMaker>(scripts));
        operation.reset(dial);
        return dial;
    }
    [[nodiscard]] QByteArray outcome() const
    {
        return dialled ? QByteArray("dialled") : error ? error->detail : QByteArray("nothing");
    }

    // Shared with the lookup threads.
    std::shared_ptr<std::atomic<quint32>> home = std::make_shared<std::atomic<quint32>>(1);
    std::shared_ptr<std::atomic<int>> seconds = std::make_shared<std::atomic<int>>(1000);
    std::map<QByteArray, Script> scripts;
    ReachTools tools;
    DialRequest wish;
    DialPtr operation;
    int count = 0;
    std::optional<Dialled> dialled;
    std::optional<DialError> error;
    std::function<void()> whenOver = [] {};
};

} // namespace

Q_DECLARE_METATYPE(Script::Act)
Q_DECLARE_METATYPE(sami::net::Blame)

class TestLayeredDial : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesEachLayerItsTurn_data();
    void givesEachLayerItsTurn();
    void reachesNobodyOverAStandingConnection();
    void handsEarlyOctetsOn();
    void tellsAFailure_data();
    void tellsAFailure();
    void failsBeforeALayersTurn();
    void saysWhomAFailureSpeaksOf_data();
    void saysWhomAFailureSpeaksOf();
    void asksForTheNameAgain();
    void hasOneDeadlineOverAll();
    void aLayerHasItsShareOfTime();
    void isLetGoInEachStep_data();
    void isLetGoInEachStep();
    void callbackMayLetItGo();
};

void TestLayeredDial::givesEachLayerItsTurn_data()
{
    QTest::addColumn<Script::Act>("act");
    QTest::newRow("layers that have nothing to wait for") << Script::Act::SucceedAtOnce;
    QTest::newRow("layers that have") << Script::Act::SucceedLater;
}

void TestLayeredDial::givesEachLayerItsTurn()
{
    QFETCH(Script::Act, act);
    RawListener parent;
    Rig rig;
    QByteArray order;
    for (const char *kind : { "first", "second", "destination.example" }) {
        rig.scripts[kind].act = act;
        rig.scripts[kind].onStart = [&order, kind] { order += QByteArray(kind) + ' '; };
    }
    rig.wish.tls = true;
    rig.setRoute(parent.port(), { "first", "second" });
    rig.start();
    QCOMPARE(rig.count, 0);
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(rig.outcome(), "dialled");
    QCOMPARE(order, "first second destination.example ");
    QCOMPARE(rig.dialled->stream->peerAddress(), parent.address());
    QVERIFY(!rig.dialled->stream->isReadEnabled());
    QVERIFY(rig.dialled->route == rig.wish.route);
    QVERIFY(rig.dialled->early.isEmpty());
    const DialTimings &timings = rig.dialled->timings;
    QVERIFY(timings.resolved <= timings.connected && timings.connected <= timings.encrypted);
    QVERIFY(timings.resolved.count() > 0);
    QVERIFY(timings.first && *timings.first >= timings.connected && *timings.first <= timings.led);
}

void TestLayeredDial::reachesNobodyOverAStandingConnection()
{
    auto [stream, peer] = test::makePair(false);
    Rig rig;
    rig.scripts["destination.example"].act = Script::Act::SucceedLater;
    rig.wish.tls = true;
    rig.setRoute(1, { "first" });
    rig.startOver(std::move(stream));
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(rig.outcome(), "dialled");
    const DialTimings &timings = rig.dialled->timings;
    QVERIFY2(!timings.first, "that was not done for this dial");
    QVERIFY(timings.led.count() > 0 && timings.led <= timings.encrypted);
}

void TestLayeredDial::handsEarlyOctetsOn()
{
    RawListener parent;
    Rig rig;
    rig.scripts["first"].adds = "220 ";
    rig.scripts["second"].adds = "ready";
    rig.setRoute(parent.port(), { "first", "second" });
    rig.start();
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(rig.scripts["first"].heardEarly, "");
    QCOMPARE(rig.scripts["second"].heardEarly, "220 ");
    QCOMPARE(rig.dialled->early, "220 ready");
    QCOMPARE(rig.dialled->timings.encrypted.count(), 0);
}

void TestLayeredDial::tellsAFailure_data()
{
    QTest::addColumn<Script::Act>("act");
    QTest::addColumn<QByteArray>("layer");
    for (const char *layer : { "first", "second", "destination.example" }) {
        QTest::addRow("at once, of the layer %s", layer)
            << Script::Act::FailAtOnce << QByteArray(layer);
        QTest::addRow("later, of the layer %s", layer)
            << Script::Act::FailLater << QByteArray(layer);
    }
}

void TestLayeredDial::tellsAFailure()
{
    QFETCH(Script::Act, act);
    QFETCH(QByteArray, layer);
    RawListener parent;
    Rig rig;
    rig.scripts[layer].act = act;
    rig.wish.tls = true;
    rig.setRoute(parent.port(), { "first", "second" });
    rig.start();
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(rig.outcome(), "it is scripted");
    QCOMPARE(test::named(rig.error->fault), test::named(DialFault::TlsCertificate));
    for (const auto &[kind, script] : rig.scripts)
        QCOMPARE(script.ended, script.made);
    QTest::qWait(1);
    QCOMPARE(rig.count, 1);
}

/// Without a TLS library no dial starts.
void TestLayeredDial::failsBeforeALayersTurn()
{
    BlackHole hole(loopback(1), 0);
    Rig rig;
    rig.scripts["second"].act = Script::Act::FailBefore;
    rig.setRoute(hole.port(), { "first", "second" });
    rig.start();
    QCOMPARE(rig.count, 0);
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(rig.outcome(), "it is scripted");
    QCOMPARE(rig.scripts["first"].started, 0);
}

void TestLayeredDial::saysWhomAFailureSpeaksOf_data()
{
    QTest::addColumn<bool>("direct");
    QTest::addColumn<QByteArray>("layer");
    QTest::addColumn<Blame>("told");
    QTest::addColumn<Blame>("blame");
    const QByteArray endpoint = "destination.example";
    QTest::newRow("a proxy that cannot be trusted")
        << false << QByteArray("first") << Blame::Reached << Blame::Reached;
    QTest::newRow("a destination, by a proxy's word")
        << false << QByteArray("first") << Blame::Beyond << Blame::Beyond;
    QTest::newRow("a destination that cannot be trusted, behind a proxy")
        << false << endpoint << Blame::Reached << Blame::Beyond;
    QTest::newRow("a destination that cannot be trusted, without one")
        << true << endpoint << Blame::Reached << Blame::Reached;
    QTest::newRow("this machine") << false << QByteArray("second") << Blame::Ourselves
                                  << Blame::Ourselves;
}

void TestLayeredDial::saysWhomAFailureSpeaksOf()
{
    QFETCH(bool, direct);
    QFETCH(QByteArray, layer);
    QFETCH(Blame, told);
    QFETCH(Blame, blame);
    RawListener listener;
    Rig rig;
    rig.wish.tls = true;
    if (direct)
        rig.wish.endpoint.port = listener.port();
    else
        rig.setRoute(listener.port(), { "first", "second" });
    rig.scripts[layer].act = Script::Act::FailLater;
    rig.scripts[layer].error.blame = told;
    rig.start();
    QTRY_COMPARE(rig.count, 1);
    QVERIFY(rig.error);
    QCOMPARE(int(rig.error->blame), int(blame));
}

/// The remembered address now belongs to another host.
void TestLayeredDial::asksForTheNameAgain()
{
    RawListener oldHome(loopback(2));
    RawListener newHome(loopback(3), 16, oldHome.port());
    Rig rig;
    *rig.home = 2;
    rig.setRoute(oldHome.port(), { "first", "second" });
    rig.start();
    QTRY_COMPARE(rig.outcome(), "dialled");
    QCOMPARE(rig.dialled->stream->peerAddress(), oldHome.address());
    *rig.seconds += 2; // the same name is looked up at most once a second

    Script &second = rig.scripts["second"];
    second.act = Script::Act::FailLater;
    second.failures = 1;
    const int before = rig.scripts["first"].started;
    *rig.home = 3;
    rig.dialled.reset();
    rig.start();
    QTRY_COMPARE(rig.outcome(), "dialled");
    QCOMPARE(rig.dialled->stream->peerAddress(), newHome.address());
    QCOMPARE(rig.scripts["first"].started, before + 2); // all layers are made again

    // If it fails about another host, the address is as good as any.
    *rig.seconds += 2;
    *rig.home = 2;
    second.failures = 1;
    second.error.blame = Blame::Beyond;
    rig.dialled.reset();
    rig.start();
    QTRY_COMPARE(rig.outcome(), "it is scripted");
}

void TestLayeredDial::hasOneDeadlineOverAll()
{
    RawListener parent;
    Rig rig;
    rig.scripts["second"].act = Script::Act::Hang;
    rig.wish.timeout = 200ms;
    rig.setRoute(parent.port(), { "first", "second" });
    const TimePoint start = Clock::now();
    rig.start();
    QTRY_COMPARE(rig.count, 1);
    QVERIFY(Clock::now() - start >= 200ms);
    QCOMPARE(rig.outcome(), "the script is late");
    QCOMPARE(test::named(rig.error->fault), test::named(DialFault::ConnectTimeout));
    QCOMPARE(rig.scripts["second"].ended, 1);
}

void TestLayeredDial::aLayerHasItsShareOfTime()
{
    RawListener parent;
    Rig rig;
    rig.scripts["first"].act = Script::Act::Hang;
    rig.scripts["first"].share = 50ms;
    rig.wish.timeout = 60s;
    rig.setRoute(parent.port(), { "first", "second" });
    rig.start();
    QTRY_COMPARE(rig.count, 1);
    QCOMPARE(rig.outcome(), "the script is late");

    // The next one gets the rest of the dial's time, not what the previous one left.
    Rig patient;
    patient.scripts["first"].share = 50ms;
    patient.scripts["second"].act = Script::Act::Hang;
    patient.wish.timeout = 400ms;
    patient.setRoute(parent.port(), { "first", "second" });
    const TimePoint start = Clock::now();
    patient.start();
    QTRY_COMPARE(patient.count, 1);
    QVERIFY(Clock::now() - start >= 400ms);
}

void TestLayeredDial::isLetGoInEachStep_data()
{
    QTest::addColumn<QByteArray>("step");
    QTest::newRow("before anything happened") << QByteArray("begin");
    QTest::newRow("while the first layer starts") << QByteArray("start first");
    QTest::newRow("just before the first layer speaks") << QByteArray("speak first");
    QTest::newRow("while the first layer waits") << QByteArray("first");
    QTest::newRow("while the last layer starts") << QByteArray("start second");
    QTest::newRow("while the last layer waits") << QByteArray("second");
}

void TestLayeredDial::isLetGoInEachStep()
{
    QFETCH(QByteArray, step);
    RawListener parent;
    Rig rig;
    rig.setRoute(parent.port(), { "first", "second" });
    if (step.startsWith("start "))
        rig.scripts[step.mid(6)].onStart = [&rig] { rig.operation.reset(); };
    else if (step == "speak first")
        rig.scripts["first"].onStart = [&rig] {
            QMetaObject::invokeMethod(
                qApp, [&rig] { rig.operation.reset(); }, Qt::QueuedConnection);
        };
    else if (step != "begin")
        rig.scripts[step].act = Script::Act::Hang;
    rig.start();
    const QPointer<DialOperation> watched(rig.operation.get());
    if (step.startsWith("start ") || step.startsWith("speak ")) {
        QTRY_VERIFY(!rig.operation);
    } else {
        if (step != "begin")
            QTRY_COMPARE(rig.scripts[step].started, 1);
        rig.operation.reset();
    }
    for (const auto &[kind, script] : rig.scripts)
        QCOMPARE(script.ended, script.made);
    QTRY_VERIFY(!watched);
    QCOMPARE(rig.count, 0);
    if (step == "begin")
        return;
    // The connection is not kept.
    test::RawPeer peer(parent.accept());
    QTRY_VERIFY(peer.sawFin || peer.sawReset());
}

void TestLayeredDial::callbackMayLetItGo()
{
    RawListener parent;
    for (const Script::Act act : { Script::Act::SucceedAtOnce, Script::Act::FailAtOnce }) {
        Rig rig;
        rig.scripts["first"].act = act;
        rig.setRoute(parent.port(), { "first" });
        rig.whenOver = [&rig] { rig.operation.reset(); };
        rig.start();
        const QPointer<DialOperation> watched(rig.operation.get());
        QTRY_COMPARE(rig.count, 1);
        QTRY_VERIFY(!watched);
        QCOMPARE(rig.count, 1);
    }
}

QTEST_GUILESS_MAIN(TestLayeredDial)
#include "tst_layereddial.moc"
