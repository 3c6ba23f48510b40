// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/parenturl.h"
#include "gui/models/recentmodel.h"
#include "gui/models/wordfilter.h"
#include "gui/widgets/recentpane.h"
#include "guirig.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;

class RecentTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyWhatIsNewComesIn();
    void lastThousandAreKept();
    void restartAddsToWhatWasThere();
    void gapThatNobodySawIsNoTrouble();
    void columnsAreOrderedByTheirValues_data();
    void columnsAreOrderedByTheirValues();
    void whyItEndedIsSaid();
    void numbersOfAnEarlierRunAreOthers();
    void exportIsTheShownRows();
    void exportThatFailsIsSaid();
    void copyIsAsSeen();
    void layoutIsKept();
    void newestIsFirst();

private:
    static QList<account::FinishedWork> works(quint64 first, quint64 last)
    {
        QList<account::FinishedWork> works;
        for (quint64 id = first; id <= last; ++id)
            works.append(FakeEngine::makeWork(id, "api.example.com"));
        return works;
    }
    [[nodiscard]] Dialogs dialogs()
    {
        return { [](QWidget *, const Question &) { return std::optional(0); },
                 [this](QWidget *, const QString &, const QString &) { return m_path; },
                 [this](QWidget *, const QString &, const QString &text) {
                     m_complaints.append(text);
                 } };
    }

    GuiRig m_rig;
    QString m_path;
    QStringList m_complaints;
};

void RecentTest::onlyWhatIsNewComesIn()
{
    RecentModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.merge(works(1, 5));
    model.merge(works(1, 5));
    QCOMPARE(inserted.size(), 1);
    model.merge(works(3, 8));
    QCOMPARE(model.rowCount(), 8);
    for (int row = 0; row < 8; ++row)
        QCOMPARE(model.at(row).id, quint64(row + 1));
    model.merge({});
    QCOMPARE(model.rowCount(), 8);
}

void RecentTest::lastThousandAreKept()
{
    RecentModel model;
    model.merge(works(1, 1000));
    model.merge(works(301, 1300));
    QCOMPARE(model.rowCount(), 1000);
    QCOMPARE(model.at(0).id, 301u);
    QCOMPARE(model.at(999).id, 1300u);
    model.merge(works(2000, 3500));
    QCOMPARE(model.rowCount(), 1000);
    QCOMPARE(model.at(999).id, 3500u);
}

void RecentTest::restartAddsToWhatWasThere()
{
    RecentModel model;
    model.merge(works(1, 3));
    QList<account::FinishedWork> after = works(1, 3); // the ids start again
    for (auto &work : after)
        work.finishedAt += 1h;
    model.merge(after);
    QCOMPARE(model.rowCount(), 6);
    QCOMPARE(model.at(3).id, 1u);
}

void RecentTest::gapThatNobodySawIsNoTrouble()
{
    RecentModel model;
    model.merge(works(1, 10));
    model.merge(works(500, 600));
    QCOMPARE(model.rowCount(), 111);
    QCOMPARE(model.at(9).id, 10u);
    QCOMPARE(model.at(10).id, 500u);
}

void RecentTest::columnsAreOrderedByTheirValues_data()
{
    QTest::addColumn<int>("column");
    QTest::newRow("times") << int(RecentModel::Time);
    QTest::newRow("clients as numbers") << int(RecentModel::Client);
    QTest::newRow("users in any case") << int(RecentModel::User);
    QTest::newRow("status") << int(RecentModel::Status);
    QTest::newRow("sent octets") << int(RecentModel::Up);
    QTest::newRow("received octets") << int(RecentModel::Down);
    QTest::newRow("a first byte that never came is last") << int(RecentModel::FirstByte);
    QTest::newRow("silences") << int(RecentModel::Silence);
    QTest::newRow("durations") << int(RecentModel::Duration);
}

void RecentTest::columnsAreOrderedByTheirValues()
{
    QFETCH(int, column);
    // Every column grows with the id, but its texts would sort differently.
    QList<account::FinishedWork> rows = works(1, 4);
    const QList<quint64> octets { 999, 9'000, 80'000, 1'000'000 };
    const QList<const char *> clients { "192.0.2.9", "192.0.2.10", "192.0.2.100", "2001:db8::1" };
    const QList<const char *> users { "alice", "Bob", "carol", "Dan" };
    for (qsizetype i = 0; i < 4; ++i) {
        rows[i].client = QHostAddress(QString::fromLatin1(clients.at(i)));
        rows[i].user = users.at(i);
        rows[i].status = QList<int> { 0, 200, 403, 502 }.at(i);
        rows[i].up = rows[i].down = octets.at(i);
        rows[i].firstByte = rows[i].silence = rows[i].duration =
            QList<std::chrono::milliseconds> { 500ms, 4s, 61s, 2h }.at(i);
    }
    rows[3].firstByte.reset();
    std::swap(rows[0], rows[2]);
    RecentModel model;
    model.merge(rows);
    WordFilter filter;
    filter.setSourceModel(&model);
    filter.sort(column, Qt::AscendingOrder);
    QList<quint64> ids;
    for (int row = 0; row < 4; ++row)
        ids.append(model.at(filter.mapToSource(filter.index(row, 0)).row()).id);
    QCOMPARE(ids, (QList<quint64> { 1, 2, 3, 4 }));
}

void RecentTest::whyItEndedIsSaid()
{
    RecentModel model;
    auto work = FakeEngine::makeWork(242, "api.example.com");
    model.merge({ work });
    QCOMPARE(model.index(0, RecentModel::Why).data().toString(),
             QStringLiteral("The server closed the connection after 4m 02s"));
}

void RecentTest::numbersOfAnEarlierRunAreOthers()
{
    RecentModel model;
    model.merge(works(1, 3));
    const WallTime second = model.at(1).finishedAt;
    QVERIFY(model.lastOf(2, second));
    QVERIFY(!model.lastOf(2, second + 1s));
    QVERIFY(!model.lastOf(9, {}));
}

void RecentTest::exportIsTheShownRows()
{
    RecentModel model;
    QList<account::FinishedWork> rows = works(1, 3);
    rows[1].endpoint.host = "llm.example.net";
    rows[1].user = "=1+1";
    rows[1].firstByte.reset();
    model.merge(rows);
    QTemporaryDir folder;
    m_path = folder.filePath(QStringLiteral("out.csv"));
    RecentPane pane(&model, m_rig.controller, dialogs());
    pane.findChild<QLineEdit *>()->setText(QStringLiteral("LLM"));
    pane.findChild<QPushButton *>()->click();
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().split('\n');
    QCOMPARE(lines.size(), 3); // header, one row, the empty rest
    QVERIFY(lines.first().startsWith("\"Time\",\"Client\""));
    QVERIFY2(lines.at(1).contains("\"'=1+1\",\"llm.example.net:443\",\"CONNECT\",\"200\",\"200\","
                                  "\"2000\",\"\",\"2000\",\"2000\",\"The server closed"),
             lines.at(1).constData());
    QVERIFY(lines.first().endsWith(",\"Result\",\"Via\"\r"));
    QVERIFY(lines.at(1).endsWith(",\"Complete\",\"\"\r"));
}

void RecentTest::exportThatFailsIsSaid()
{
    RecentModel model;
    model.merge(works(1, 3));
    RecentPane pane(&model, m_rig.controller, dialogs());
    m_path = QString();
    pane.findChild<QPushButton *>()->click();
    QVERIFY(m_complaints.isEmpty());
    QTemporaryDir folder;
    m_path = folder.filePath(QStringLiteral("no/such/folder.csv"));
    pane.findChild<QPushButton *>()->click();
    QCOMPARE(m_complaints.size(), 1);
}

void RecentTest::copyIsAsSeen()
{
    RecentModel model;
    model.merge(works(1, 5));
    RecentPane pane(&model, m_rig.controller, dialogs());
    pane.resize(800, 300);
    pane.show();
    pane.table()->selectRow(2);
    Q_EMIT pane.table()->customContextMenuRequested(
        pane.table()->visualRect(pane.table()->model()->index(2, 0)).center());
    pane.findChild<QMenu *>()->actions().first()->trigger();
    // The visible columns in their order: who, where and why first, no user.
    QVERIFY(QApplication::clipboard()->text().endsWith(QStringLiteral(
        "192.0.2.3\tapi.example.com:443\tComplete\tThe server closed the connection after 3.0 s"
        "\tCONNECT\t200\t300 B\t3.0 kB\t100 ms\t2.0 s\t3.0 s")));
}

void RecentTest::layoutIsKept()
{
    RecentModel model;
    RecentPane pane(&model, m_rig.controller, dialogs());
    pane.table()->horizontalHeader()->resizeSection(RecentModel::Host, 321);
    RecentPane other(&model, m_rig.controller, dialogs());
    other.restoreLayout(pane.saveLayout());
    QCOMPARE(other.table()->horizontalHeader()->sectionSize(RecentModel::Host), 321);
    QVERIFY(other.table()->isColumnHidden(RecentModel::Via));
    config::Settings settings = m_rig.controller.settings();
    settings.upstream.parents.list = {
        config::parseParent("https://fra.example.com:8443").value().parent
    };
    QVERIFY(applied(m_rig.controller, settings));
    QVERIFY(!other.table()->isColumnHidden(RecentModel::Via));
    settings.upstream.parents.list.clear();
    QVERIFY(applied(m_rig.controller, settings));
    QVERIFY(other.table()->isColumnHidden(RecentModel::Via));
    other.restoreLayout("x");
    other.restoreLayout({});
}

void RecentTest::newestIsFirst()
{
    RecentModel model;
    model.merge(works(1, 200));
    RecentPane pane(&model, m_rig.controller, dialogs());
    QCOMPARE(pane.table()->model()->index(0, RecentModel::Up).data().toString(),
             QStringLiteral("20 kB"));
}

QTEST_MAIN(RecentTest)
#include "tst_recent.moc"
