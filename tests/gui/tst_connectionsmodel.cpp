// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "fakeengine.h"
#include "gui/models/connectionsmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;

class ConnectionsModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void churnIsToldRight_data();
    void churnIsToldRight();
    void whatIsSeenLateComesInByItsId();
    void nothingIsSaidWhenNothingChanged();
    void plainTickTouchesNoStaticColumn();
    void otherRequestIsToldInItsColumns();
    void numbersThatBeganAnewAreOtherConnections();
    void rateIsOfTheTimeBetween();
    void oneRowIsOneRange();

private:
    void synchronize(std::chrono::milliseconds later = 1s)
    {
        m_now += later;
        m_model->synchronize(m_engine.connections, m_now);
    }
    [[nodiscard]] QString cell(int row, int column) const
    {
        return m_model->index(row, column).data().toString();
    }
    [[nodiscard]] QList<quint64> ids() const
    {
        QList<quint64> ids;
        for (int row = 0; row < m_model->rowCount(); ++row)
            ids.append(m_model->at(row).values.id);
        return ids;
    }

    FakeEngine m_engine;
    std::unique_ptr<ConnectionsModel> m_model;
    TimePoint m_now { 1000s };
};

void ConnectionsModelTest::init()
{
    m_engine.stop();
    m_model = std::make_unique<ConnectionsModel>();
}

void ConnectionsModelTest::churnIsToldRight_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("ticks");
    QTest::addColumn<bool>("isTested");
    // The model tester checks each row at each signal, which takes minutes with thousands of rows.
    QTest::newRow("a hundred rows before a model tester") << 100 << 30 << true;
    QTest::newRow("ten thousand rows") << 10'000 << 20 << false;
}

void ConnectionsModelTest::churnIsToldRight()
{
    QFETCH(int, rows);
    QFETCH(int, ticks);
    QFETCH(bool, isTested);
    std::optional<QAbstractItemModelTester> tester;
    if (isTested)
        tester.emplace(m_model.get(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    const QSignalSpy resets(m_model.get(), &QAbstractItemModel::modelReset);
    m_engine.addConnections(rows);
    synchronize();
    for (int second = 0; second < ticks; ++second) {
        m_engine.churn(10);
        synchronize();
        QCOMPARE(m_model->rowCount(), m_engine.connections.size());
    }
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const account::ConnectionSnapshot &wanted = m_engine.connections.at(row);
        QCOMPARE(m_model->at(row).values.id, wanted.id);
        QCOMPARE(m_model->at(row).values.down, wanted.down);
        QCOMPARE(m_model->rowOf(wanted.id), row);
    }
    m_engine.connections.clear();
    synchronize();
    QCOMPARE(m_model->rowCount(), 0);
    QCOMPARE(m_model->rowOf(5), -1);
    QCOMPARE(resets.size(), 0);
}

void ConnectionsModelTest::whatIsSeenLateComesInByItsId()
{
    const QAbstractItemModelTester tester(m_model.get(),
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    m_engine.addConnections(9);
    const QList<account::ConnectionSnapshot> all = m_engine.connections;
    m_engine.connections = { all.at(1), all.at(4), all.at(5), all.at(8) };
    synchronize();
    m_engine.connections = { all.at(0), all.at(2), all.at(3), all.at(4), all.at(6), all.at(8) };
    synchronize();
    QCOMPARE(ids(), (QList<quint64> { 1, 3, 4, 5, 7, 9 }));
}

void ConnectionsModelTest::nothingIsSaidWhenNothingChanged()
{
    m_engine.addConnections(50);
    synchronize();
    synchronize(); // the second call knows a rate: zero
    const QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    const QSignalSpy inserted(m_model.get(), &QAbstractItemModel::rowsInserted);
    const QSignalSpy removed(m_model.get(), &QAbstractItemModel::rowsRemoved);
    const QSignalSpy layout(m_model.get(), &QAbstractItemModel::layoutChanged);
    m_engine.ageAll(1s);
    synchronize();
    QCOMPARE(changed.size() + inserted.size() + removed.size() + layout.size(), 0);
    // Its age went on nevertheless.
    QCOMPARE(cell(0, ConnectionsModel::Age), QStringLiteral("12 s"));
}

void ConnectionsModelTest::plainTickTouchesNoStaticColumn()
{
    m_engine.addConnections(1000);
    synchronize();
    const QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    for (int second = 0; second < 10; ++second) {
        m_engine.churn(10);
        synchronize();
    }
    QVERIFY(!changed.isEmpty());
    for (const QList<QVariant> &arguments : changed) {
        QVERIFY(arguments.at(0).value<QModelIndex>().column() >= ConnectionsModel::State);
        QVERIFY(arguments.at(1).value<QModelIndex>().column() <= ConnectionsModel::Silence);
    }
}

void ConnectionsModelTest::otherRequestIsToldInItsColumns()
{
    m_engine.addConnections(10);
    synchronize();
    synchronize();
    const QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    account::ConnectionSnapshot &row = m_engine.connection(4);
    row.requests = 2;
    row.method = "POST";
    row.endpoint = { "other.example.com", 8443 };
    synchronize();

    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.first().at(0).value<QModelIndex>(), m_model->index(3, ConnectionsModel::User));
    QCOMPARE(changed.first().at(1).value<QModelIndex>(),
             m_model->index(3, ConnectionsModel::Requests));
    QCOMPARE(cell(3, ConnectionsModel::Host), QStringLiteral("other.example.com:8443"));
    QCOMPARE(cell(3, ConnectionsModel::Method), QStringLiteral("POST"));
    QVERIFY(m_model->at(3).searchText.contains(QStringLiteral("other.example.com")));
}

void ConnectionsModelTest::numbersThatBeganAnewAreOtherConnections()
{
    m_engine.addConnections(3);
    for (auto &row : m_engine.connections)
        row.down = 1'000'000;
    synchronize();
    const QSignalSpy inserted(m_model.get(), &QAbstractItemModel::rowsInserted);
    // The proxy was restarted while nobody looked, so its ids start at 1 again.
    m_engine.stop();
    m_engine.addConnections(3);
    m_engine.connections[0].client.port = 9;
    m_engine.connections[0].age = 2s;
    m_engine.connections[1].age = 2s;
    m_engine.connections[1].down = 7'000'000;
    synchronize(60s);
    QCOMPARE(inserted.size(), 1);
    QCOMPARE(m_model->rowCount(), 3);
    for (int row = 0; row < 3; ++row)
        QVERIFY2(m_model->at(row).rate < 1, qPrintable(cell(row, ConnectionsModel::Rate)));
    QCOMPARE(cell(0, ConnectionsModel::Age), QStringLiteral("2 s"));
    QVERIFY(cell(0, ConnectionsModel::Client).endsWith(QStringLiteral(":9")));
}

void ConnectionsModelTest::rateIsOfTheTimeBetween()
{
    m_engine.addConnections(1);
    synchronize();
    QCOMPARE(cell(0, ConnectionsModel::Rate), QString());
    m_engine.connections[0].up += 1000;
    m_engine.connections[0].down += 3000;
    synchronize(2s);
    QCOMPARE(m_model->at(0).rate, 2000.0);
    const QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    synchronize();
    QCOMPARE(m_model->at(0).rate, 0.0);
    QCOMPARE(changed.size(), 1);
}

void ConnectionsModelTest::oneRowIsOneRange()
{
    m_engine.addConnections(100);
    synchronize();
    synchronize();
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    for (const quint64 id : { 10, 11, 12, 40 })
        m_engine.connection(id).up += 5;
    synchronize();
    QCOMPARE(changed.size(), 2);
    QCOMPARE(changed.at(0).at(0).value<QModelIndex>().row(), 9);
    QCOMPARE(changed.at(0).at(1).value<QModelIndex>().row(), 11);
    QCOMPARE(changed.at(1).at(0).value<QModelIndex>().row(), 39);
    synchronize(); // the rates of those four drop to zero
    changed.clear();
    for (int row = 0; row < 100; row += 2)
        m_engine.connections[row].up += 5;
    m_engine.connections[51].up += 5;
    synchronize();
    QCOMPARE(changed.size(), 1);
}

QTEST_GUILESS_MAIN(ConnectionsModelTest)
#include "tst_connectionsmodel.moc"
