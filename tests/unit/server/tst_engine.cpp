// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What a shell may rely on in an engine's answers, checked against the in-process proxy.
#include "server/machinebounds.h"
#include "server/proxyserver.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

#include <limits>
#include <memory>

#if defined(Q_OS_LINUX)
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::server;

namespace {

config::Settings smallSettings()
{
    config::Settings settings;
    settings.listen = { QHostAddress(QHostAddress::LocalHost), 0 };
    settings.limits.threads = 1;
    settings.limits.maxConnections = 50;
    return settings;
}

/// Answers in order of arrival: the settings in force, or the error.
struct Heard
{
    QStringList errors; ///< empty for a success
    QList<Effective> effective;

    Engine::Answer listener()
    {
        return [this](const Engine::Outcome &outcome) {
            errors.append(outcome ? QString() : outcome.error());
            if (outcome)
                effective.append(*outcome);
        };
    }
};

} // namespace

class TstEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStartIsAnsweredOnceAndLater();
    void theAnswerIsWhatIsInForce();
    void applyAnswersWhatIsInForceByThen();
    void whatCannotBeIsAnsweredWithTheReason();
    void aLostAddressIsBoundByTheNextApply();
    void adminDoorsTakeTheirPartOfConnections();
    void answersKeepTheOrderOfTheCommands();
    void aContextThatIsGoneHearsNothing();
    void anEngineThatIsGoneSaysNothing();
    void aStopIsToldLater();
    void aDrainWithoutWorkStops();
    void aDrainThatEndsStopsNoLaterRun();
    void whereNothingRunsOrdersAreHarmless();
    void differencesAreToldLater();
    void anotherRunIsToldAsAWhole();
    void theServersAreThoseInForce();
};

void TstEngine::aStartIsAnsweredOnceAndLater()
{
    ProxyServer engine;
    Heard heard;
    engine.start(smallSettings(), this, heard.listener());
    QVERIFY2(heard.errors.isEmpty(), "answered from inside the call");
    QTRY_COMPARE(heard.errors.size(), 1);
    QTest::qWait(0);
    QCOMPARE(heard.errors, QStringList { QString() });
}

void TstEngine::theAnswerIsWhatIsInForce()
{
    ProxyServer engine;
    Heard heard;
    config::Settings settings = smallSettings();
    settings.limits.maxConnections = std::numeric_limits<int>::max();
    engine.start(settings, this, heard.listener());
    QTRY_COMPARE(heard.effective.size(), 1);
    const Effective &effective = heard.effective.first();
    QVERIFY2(effective.settings.listen.port != 0, "the real port, not the 0 that was asked for");
    QCOMPARE(effective.listening.port, effective.settings.listen.port);
    QCOMPARE(effective.settings.limits.threads, 1);
    QVERIFY2(effective.settings.limits.maxConnections < std::numeric_limits<int>::max(),
             "as many as the limit on open files allows");
    QVERIFY(effective.settings.timeouts == settings.timeouts);
    QVERIFY(engine.effective());
    QCOMPARE(engine.effective()->listening.port, effective.listening.port);
}

void TstEngine::applyAnswersWhatIsInForceByThen()
{
    ProxyServer engine;
    Heard heard;
    engine.start(smallSettings(), this, heard.listener());
    config::Settings wanted = smallSettings();
    wanted.limits.maxConnections = 20;
    wanted.limits.threads = 3;
    engine.apply(wanted, this, heard.listener());
    QTRY_COMPARE(heard.effective.size(), 2);
    const Effective &effective = heard.effective.last();
    QCOMPARE(effective.settings.limits.maxConnections, 20);
    QVERIFY2(effective.settings.limits.threads == 1, "threads are made at the start");
    QVERIFY2(effective.listening.port == heard.effective.first().listening.port,
             "port 0 again is the port of before");
}

void TstEngine::whatCannotBeIsAnsweredWithTheReason()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    ProxyServer engine;
    Heard heard;
    engine.apply(smallSettings(), this, heard.listener());
    config::Settings taken = smallSettings();
    taken.listen.port = other.serverPort();
    engine.start(taken, this, heard.listener());
    engine.start(smallSettings(), this, heard.listener());
    engine.start(smallSettings(), this, heard.listener());
    engine.apply(taken, this, heard.listener());
    QTRY_COMPARE(heard.errors.size(), 5);
    QCOMPARE(heard.errors.at(0), u"the proxy is not running"_s);
    QVERIFY2(heard.errors.at(1).contains(QString::number(other.serverPort())),
             qPrintable(heard.errors.at(1)));
    QCOMPARE(heard.errors.at(2), QString());
    QCOMPARE(heard.errors.at(3), u"the proxy is running already"_s);
    QVERIFY2(heard.errors.at(4).contains(QString::number(other.serverPort())),
             qPrintable(heard.errors.at(4)));
    QVERIFY2(engine.effective()->listening.port != other.serverPort(), "nothing has changed");
}

#if defined(Q_OS_LINUX)

namespace {

/// Holds a port of this machine, such that others can bind it until it is barred.
class PortHolder
{
    Q_DISABLE_COPY_MOVE(PortHolder)

public:
    PortHolder()
    {
        allowOthers(true);
        sockaddr_in where {};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        if (::bind(m_socket, reinterpret_cast<sockaddr *>(&where), size) != 0
            || ::getsockname(m_socket, reinterpret_cast<sockaddr *>(&where), &size) != 0)
            qFatal("cannot bind");
        port = ntohs(where.sin_port);
    }
    ~PortHolder() { ::close(m_socket); }

    void allowOthers(bool allowed)
    {
        const int value = allowed;
        ::setsockopt(m_socket, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value);
    }

    quint16 port = 0;

private:
    const int m_socket = ::socket(AF_INET, SOCK_STREAM, 0);
};

bool isReachable(quint16 port)
{
    QTcpSocket client;
    client.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    return client.waitForConnected(2000);
}

} // namespace

/// The address made way for one that cannot be bound, and could not be had back.
void TstEngine::aLostAddressIsBoundByTheNextApply()
{
    ProxyServer engine;
    Heard heard;
    PortHolder holder;
    config::Settings settings = smallSettings();
    settings.listen.port = holder.port;
    engine.start(settings, this, heard.listener());
    QTRY_COMPARE(heard.errors, QStringList { QString() });
    holder.allowOthers(false);
    config::Settings elsewhere = settings;
    elsewhere.listen.address = QHostAddress(u"203.0.113.7"_s); // no address of ours
    engine.apply(elsewhere, this, heard.listener());
    QTRY_COMPARE(heard.errors.size(), 2);
    QVERIFY2(heard.errors.last().contains(u"and the old address is lost"),
             qPrintable(heard.errors.last()));
    QVERIFY(!isReachable(holder.port));

    engine.apply(settings, this, heard.listener());
    QTRY_COMPARE(heard.errors.size(), 3);
    QVERIFY2(!heard.errors.last().isEmpty(), "still nothing listens: that is no success");
    holder.allowOthers(true);
    engine.apply(settings, this, heard.listener());
    QTRY_COMPARE(heard.errors.size(), 4);
    QCOMPARE(heard.errors.last(), QString());
    QVERIFY(isReachable(holder.port));
}

#else

void TstEngine::aLostAddressIsBoundByTheNextApply() {}

#endif

void TstEngine::adminDoorsTakeTheirPartOfConnections()
{
    ProxyServer engine;
    Heard heard;
    config::Settings without = smallSettings();
    without.limits.maxConnections = std::numeric_limits<int>::max();
    config::Settings with = without;
    with.admin.metrics.emplace();
    engine.start(without, this, heard.listener());
    engine.apply(with, this, heard.listener());
    engine.apply(without, this, heard.listener());
    QTRY_COMPARE(heard.effective.size(), 3);
    const auto connections = [&heard](int at) {
        return heard.effective.at(at).settings.limits.maxConnections;
    };
    QCOMPARE(connections(1), connections(0) - MachineBounds::adminDescriptors / 2);
    QCOMPARE(connections(2), connections(0));
}

void TstEngine::answersKeepTheOrderOfTheCommands()
{
    ProxyServer engine;
    QObject other;
    QStringList order;
    const auto noting = [&order](const QString &name) {
        return [&order, name](const auto &) { order.append(name); };
    };
    engine.start(smallSettings(), this, noting(u"start"_s));
    engine.liftBlock(QHostAddress(u"192.0.2.1"_s), &other, noting(u"lift"_s));
    engine.apply(smallSettings(), &other, noting(u"apply"_s));
    engine.apply(smallSettings(), this, noting(u"again"_s));
    QTRY_COMPARE(order.size(), 4);
    QCOMPARE(order, QStringList({ u"start"_s, u"lift"_s, u"apply"_s, u"again"_s }));
}

void TstEngine::aContextThatIsGoneHearsNothing()
{
    ProxyServer engine;
    Heard gone;
    Heard there;
    auto context = std::make_unique<QObject>();
    engine.start(smallSettings(), context.get(), gone.listener());
    engine.apply(smallSettings(), this, there.listener());
    context.reset();
    QTRY_COMPARE(there.errors.size(), 1);
    QVERIFY(gone.errors.isEmpty());
    QVERIFY2(engine.effective(), "the order counts, whoever listens");
}

void TstEngine::anEngineThatIsGoneSaysNothing()
{
    auto engine = std::make_unique<ProxyServer>();
    Heard heard;
    bool isLater = false;
    engine->start(smallSettings(), this, heard.listener());
    engine.reset();
    QMetaObject::invokeMethod(
        this, [&isLater] { isLater = true; }, Qt::QueuedConnection);
    QTRY_VERIFY(isLater);
    QVERIFY(heard.errors.isEmpty());
}

void TstEngine::aStopIsToldLater()
{
    ProxyServer engine;
    QSignalSpy stopped(&engine, &Engine::stopped);
    engine.start(smallSettings(), this, {});
    engine.stop();
    QVERIFY(!engine.effective());
    QVERIFY2(stopped.isEmpty(), "told from inside the call");
    QTRY_COMPARE(stopped.size(), 1);
}

void TstEngine::aDrainWithoutWorkStops()
{
    ProxyServer engine;
    QSignalSpy stopped(&engine, &Engine::stopped);
    engine.start(smallSettings(), this, {});
    engine.drain(std::nullopt);
    engine.drain(std::nullopt);
    QVERIFY(engine.effective());
    QTRY_COMPARE(stopped.size(), 1);
    QVERIFY(!engine.effective());
}

/// The shell stops and starts it at the moment when the drain is over.
void TstEngine::aDrainThatEndsStopsNoLaterRun()
{
    ProxyServer engine;
    QSignalSpy stopped(&engine, &Engine::stopped);
    bool hasStarted = false;
    QTimer again;
    again.setSingleShot(true);
    connect(&again, &QTimer::timeout, this, [&] {
        engine.stop();
        engine.start(smallSettings(), this, [&](const auto &) { hasStarted = true; });
    });
    engine.start(smallSettings(), this, {});
    engine.drain(std::nullopt);
    again.start(50); // as often as the drain looks
    QTRY_VERIFY(hasStarted);
    QTest::qWait(0);
    QVERIFY(engine.effective());
    QCOMPARE(stopped.size(), 1);
}

void TstEngine::whereNothingRunsOrdersAreHarmless()
{
    ProxyServer engine;
    QSignalSpy stopped(&engine, &Engine::stopped);
    std::optional<bool> lifted;
    engine.drain(std::nullopt);
    engine.stop();
    engine.closeConnection(1);
    engine.closeAllConnections();
    engine.expectOwn({ QHostAddress(u"192.0.2.1"_s), 1 });
    engine.liftBlock(QHostAddress(u"192.0.2.1"_s), this, [&lifted](bool was) { lifted = was; });
    QTRY_VERIFY(lifted.has_value());
    QVERIFY(!*lifted);
    QVERIFY(stopped.isEmpty());
    QVERIFY(engine.snapshot().connections.isEmpty());
}

void TstEngine::differencesAreToldLater()
{
    ProxyServer engine;
    engine.start(smallSettings(), this, {});
    std::optional<account::Changes> told;
    const auto taker = [&told](const account::Changes &changes) { told = changes; };
    engine.since(0, this, taker);
    QVERIFY2(!told, "told from inside the call");
    QTRY_VERIFY(told.has_value());
    QVERIFY(told->isWhole);
    QCOMPARE(int(told->state), int(account::RunState::Running));
    QVERIFY(told->rows.isEmpty());

    QTcpSocket client;
    client.connectToHost(engine.effective()->listening.address, engine.effective()->listening.port);
    QVERIFY(client.waitForConnected());
    account::Picture picture;
    picture.take(*told);
    const auto lookAgain = [&] {
        told.reset();
        engine.since(picture.revision(), this, taker);
        QTRY_VERIFY(told.has_value());
        QVERIFY(!told->isWhole);
        picture.take(*told);
    };
    QTRY_VERIFY((lookAgain(), picture.snapshot().connections.size() == 1));
    QCOMPARE(picture.snapshot().totals.connections, 1U);
    QList<account::FinishedWork> finished;
    client.write("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    QTRY_VERIFY((lookAgain(), finished += told->finished,
                 picture.snapshot().connections.isEmpty() && !finished.isEmpty()));
    QVERIFY2(finished.size() == 1, "told once to who knows it");
    QCOMPARE(finished.first().target, "/health");
    engine.drain(std::nullopt);
    lookAgain();
    QCOMPARE(int(picture.state()), int(account::RunState::Draining));
}

void TstEngine::anotherRunIsToldAsAWhole()
{
    ProxyServer engine;
    account::Picture picture;
    std::optional<account::Changes> told;
    const auto look = [&] {
        told.reset();
        engine.since(picture.revision(), this,
                     [&told](const account::Changes &changes) { told = changes; });
        QTRY_VERIFY(told.has_value());
        picture.take(*told);
    };
    look();
    QVERIFY(told->isWhole);
    QCOMPARE(int(picture.state()), int(account::RunState::Stopped));
    engine.start(smallSettings(), this, {});
    look();
    QVERIFY(told->isWhole);
    look();
    QVERIFY(!told->isWhole);
    engine.stop();
    engine.start(smallSettings(), this, {});
    look();
    QVERIFY2(told->isWhole, "the ids of before are other connections now");
}

void TstEngine::theServersAreThoseInForce()
{
    const auto named = [](const QByteArray &name) {
        config::Parent parent;
        parent.kind = config::ParentKind::Https;
        parent.endpoint = { name + ".example.com", 8443 };
        parent.name = name;
        return parent;
    };
    ProxyServer engine;
    QVERIFY(engine.parents().parents.empty());
    Heard heard;
    config::Settings settings = smallSettings();
    engine.start(settings, this, heard.listener());
    QVERIFY(engine.parents().parents.empty());
    settings.upstream.parents.list = { named("fra"), named("ams") };
    engine.apply(settings, this, heard.listener());
    route::ParentsOverview overview = engine.parents();
    QCOMPARE(overview.parents.size(), size_t(2));
    QCOMPARE(overview.parents[0].name, "fra");
    QVERIFY(overview.parents[0].isPreferred && !overview.parents[1].isPreferred);
    QVERIFY(!overview.parents[0].latency && !overview.parents[0].certificateUntil);
    engine.stop();
    QVERIFY(engine.parents().parents.empty());
}

QTEST_GUILESS_MAIN(TstEngine)
#include "tst_engine.moc"
