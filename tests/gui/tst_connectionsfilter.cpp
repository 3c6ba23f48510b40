// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "fakeengine.h"
#include "gui/models/connectionsfilter.h"
#include "gui/models/connectionsmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using account::ConnectionSnapshot;

using Change = std::function<void(ConnectionSnapshot &)>;
Q_DECLARE_METATYPE(Change)

class ConnectionsFilterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void eachColumnIsOrderedByItsValue_data();
    void eachColumnIsOrderedByItsValue();
    void equalRowsStayInOrder();
    void rowsHaveEachOfTheWords_data();
    void rowsHaveEachOfTheWords();
    void stateFilterFollowsTheTime();
    void requestThatChangesTheHostIsFilteredAnew();
    void orderIsMadeWhenTold();

private:
    void synchronize()
    {
        m_now += 1s;
        m_model->synchronize(m_engine.connections, m_now);
        m_filter->refresh();
    }
    [[nodiscard]] QList<quint64> ids() const
    {
        QList<quint64> ids;
        for (int row = 0; row < m_filter->rowCount(); ++row)
            ids.append(m_filter->connection(m_filter->index(row, 0)).values.id);
        return ids;
    }

    FakeEngine m_engine;
    std::unique_ptr<ConnectionsModel> m_model;
    std::unique_ptr<ConnectionsFilter> m_filter;
    TimePoint m_now { 1000s };
};

void ConnectionsFilterTest::init()
{
    m_engine.stop();
    m_filter.reset();
    m_model = std::make_unique<ConnectionsModel>();
    m_filter = std::make_unique<ConnectionsFilter>(m_model.get());
}

void ConnectionsFilterTest::eachColumnIsOrderedByItsValue_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<Change>("smallest");
    QTest::addColumn<Change>("middle");
    QTest::addColumn<Change>("largest");

    using Model = ConnectionsModel;
    const auto client = [](const char *address, quint16 port) {
        return Change([=](ConnectionSnapshot &row) {
            row.client = { QHostAddress(QString::fromLatin1(address)), port };
        });
    };
    QTest::newRow("addresses as numbers, not as texts")
        << int(Model::Client) << client("192.0.2.9", 5) << client("192.0.2.10", 3)
        << client("192.0.2.100", 1);
    QTest::newRow("ports as numbers") << int(Model::Client) << client("192.0.2.1", 999)
                                      << client("192.0.2.1", 1000) << client("192.0.2.1", 10000);
    QTest::newRow("IPv4 before IPv6") << int(Model::Client) << client("203.0.113.1", 9)
                                      << client("2001:db8::2", 8) << client("2001:db8::10", 7);
    const auto user = [](const char *name) {
        return Change([=](ConnectionSnapshot &row) { row.user = name; });
    };
    QTest::newRow("users without regard to case")
        << int(Model::User) << user("alice") << user("Bob") << user("carol");
    const auto host = [](const char *name, quint16 port) {
        return Change([=](ConnectionSnapshot &row) { row.endpoint = { name, port }; });
    };
    QTest::newRow("hosts without regard to case")
        << int(Model::Host) << host("a.example", 9) << host("B.example", 8) << host("c.example", 7);
    QTest::newRow("ports of one host as numbers")
        << int(Model::Host) << host("a.example", 80) << host("a.example", 443)
        << host("a.example", 8080);
    const auto method = [](const char *name) {
        return Change([=](ConnectionSnapshot &row) { row.method = name; });
    };
    QTest::newRow("methods") << int(Model::Method) << method("CONNECT") << method("GET")
                             << method("POST");
    const auto requests = [](quint32 number) {
        return Change([=](ConnectionSnapshot &row) { row.requests = number; });
    };
    QTest::newRow("requests as numbers")
        << int(Model::Requests) << requests(2) << requests(10) << requests(100);
    const auto silent = [](std::chrono::seconds up, std::chrono::seconds down) {
        return Change([=](ConnectionSnapshot &row) {
            row.sinceUp = up;
            row.sinceDown = down;
        });
    };
    QTest::newRow("of two waiting ones the one that waits longer is later")
        << int(Model::State) << silent(1s, 1s) << silent(9s, 500s) << silent(100s, 500s);
    const auto up = [](quint64 octets) {
        return Change([=](ConnectionSnapshot &row) { row.up = octets; });
    };
    QTest::newRow("sent octets as numbers, not as '9 kB' and '1 MB'")
        << int(Model::Up) << up(999) << up(9'000) << up(1'000'000);
    const auto down = [](quint64 octets) {
        return Change([=](ConnectionSnapshot &row) { row.down = octets; });
    };
    QTest::newRow("received octets as numbers")
        << int(Model::Down) << down(999) << down(9'000) << down(1'000'000);
    const auto first = [](std::optional<Clock::duration> time) {
        return Change([=](ConnectionSnapshot &row) { row.firstByte = time; });
    };
    QTest::newRow("a first byte that has not come is the latest")
        << int(Model::FirstByte) << first(900ms) << first(4s) << first(std::nullopt);
    const auto silence = [](std::chrono::seconds time) {
        return Change([=](ConnectionSnapshot &row) { row.longestSilence = time; });
    };
    QTest::newRow("silences as times")
        << int(Model::Silence) << silence(9s) << silence(61s) << silence(3600s);
    const auto age = [](std::chrono::seconds time) {
        return Change([=](ConnectionSnapshot &row) { row.age = time; });
    };
    QTest::newRow("ages as times") << int(Model::Age) << age(9s) << age(61s) << age(3600s);
}

void ConnectionsFilterTest::eachColumnIsOrderedByItsValue()
{
    QFETCH(int, column);
    QFETCH(Change, smallest);
    QFETCH(Change, middle);
    QFETCH(Change, largest);
    m_engine.addConnections(3);
    middle(m_engine.connections[0]);
    largest(m_engine.connections[1]);
    smallest(m_engine.connections[2]);
    synchronize();
    m_filter->sort(column, Qt::AscendingOrder);
    QCOMPARE(ids(), (QList<quint64> { 3, 1, 2 }));
    m_filter->sort(column, Qt::DescendingOrder);
    QCOMPARE(ids(), (QList<quint64> { 2, 1, 3 }));
}

void ConnectionsFilterTest::equalRowsStayInOrder()
{
    m_engine.addConnections(300);
    for (auto &row : m_engine.connections)
        row.up = row.id % 2;
    m_filter->sort(ConnectionsModel::Up, Qt::DescendingOrder);
    synchronize();
    const QList<quint64> before = ids();
    for (int second = 0; second < 10; ++second) {
        m_engine.ageAll(1s);
        synchronize();
        QCOMPARE(ids(), before);
    }
    QVERIFY(std::is_sorted(before.begin(), before.begin() + 150));
}

void ConnectionsFilterTest::rowsHaveEachOfTheWords_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QList<quint64>>("found");
    QTest::newRow("nothing: all") << QString() << QList<quint64> { 1, 2, 3 };
    QTest::newRow("blanks: all") << QStringLiteral("  ") << QList<quint64> { 1, 2, 3 };
    QTest::newRow("part of a host") << QStringLiteral("api.") << QList<quint64> { 1 };
    QTest::newRow("in any case") << QStringLiteral("API.Example") << QList<quint64> { 1 };
    QTest::newRow("a client") << QStringLiteral("192.0.2.3") << QList<quint64> { 3 };
    QTest::newRow("a user") << QStringLiteral("zoë") << QList<quint64> { 2 };
    QTest::newRow("a method") << QStringLiteral("connect") << QList<quint64> { 1, 3 };
    QTest::newRow("a port of the destination") << QStringLiteral(":8443") << QList<quint64> { 3 };
    QTest::newRow("two words in two columns")
        << QStringLiteral("connect 192.0.2.1") << QList<quint64> { 1 };
    QTest::newRow("two words that no row has both")
        << QStringLiteral("zoë connect") << QList<quint64> {};
}

void ConnectionsFilterTest::rowsHaveEachOfTheWords()
{
    QFETCH(QString, words);
    QFETCH(QList<quint64>, found);
    m_engine.addConnections(3);
    const QList<Endpoint> hosts { { "api.example.com", 443 },
                                  { "web.example.net", 443 },
                                  { "web.example.net", 8443 } };
    for (qsizetype i = 0; i < 3; ++i) {
        ConnectionSnapshot &row = m_engine.connections[i];
        row.client = { QHostAddress(quint32(0xc0000201u + quint32(i))), 50000 };
        row.method = i == 1 ? "GET" : "CONNECT";
        row.user = i == 1 ? QByteArray("Zo\xc3\xab") : QByteArray("alice");
        row.endpoint = hosts.at(i);
    }
    synchronize();
    m_filter->setText(words);
    QCOMPARE(ids(), found);
}

void ConnectionsFilterTest::stateFilterFollowsTheTime()
{
    m_engine.addConnections(2);
    m_engine.connection(1).phase = account::ConnectionPhase::Connecting;
    m_filter->setState(LiveState::Connecting);
    synchronize();
    QCOMPARE(ids(), (QList<quint64> { 1 }));
    m_engine.connection(1).phase = account::ConnectionPhase::Tunnel;
    synchronize();
    QCOMPARE(ids(), (QList<quint64> {}));
    m_filter->setState(std::nullopt);
    QCOMPARE(ids(), (QList<quint64> { 1, 2 }));
}

void ConnectionsFilterTest::requestThatChangesTheHostIsFilteredAnew()
{
    m_engine.addConnections(2);
    m_filter->setText(QStringLiteral("elsewhere"));
    synchronize();
    QCOMPARE(ids(), (QList<quint64> {}));
    m_engine.connection(2).endpoint.host = "elsewhere.example.org";
    m_engine.connection(2).requests = 2;
    synchronize();
    QCOMPARE(ids(), (QList<quint64> { 2 }));
}

void ConnectionsFilterTest::orderIsMadeWhenTold()
{
    const QAbstractItemModelTester tester(m_filter.get(),
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    m_engine.addConnections(500);
    m_filter->sort(ConnectionsModel::Rate, Qt::DescendingOrder);
    synchronize();
    m_engine.churn(10);
    m_now += 1s;
    const QSignalSpy layouts(m_filter.get(), &QAbstractItemModel::layoutChanged);
    m_model->synchronize(m_engine.connections, m_now);
    QCOMPARE(layouts.size(), 0);
    m_filter->refresh();
    QCOMPARE(layouts.size(), 1);
    for (int row = 1; row < m_filter->rowCount(); ++row)
        QVERIFY(m_filter->connection(m_filter->index(row - 1, 0)).rate
                >= m_filter->connection(m_filter->index(row, 0)).rate);
}

QTEST_GUILESS_MAIN(ConnectionsFilterTest)
#include "tst_connectionsfilter.moc"
