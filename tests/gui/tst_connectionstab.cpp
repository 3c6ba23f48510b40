// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "answers.h"
#include "gui/control/logtap.h"
#include "gui/models/connectionsmodel.h"
#include "gui/models/hosttotals.h"
#include "gui/models/traffichistory.h"
#include "gui/text/formatting.h"
#include "gui/widgets/appactions.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/deniedpage.h"
#include "gui/widgets/detailspane.h"
#include "gui/widgets/elidedlabel.h"
#include "gui/widgets/hostspane.h"
#include "gui/widgets/logpage.h"
#include "gui/widgets/mainwindow.h"
#include "gui/widgets/recentpane.h"
#include "gui/widgets/trafficchart.h"
#include "guirig.h"

#include <QAbstractItemModelTester>
#include <QImage>
#include <QLabel>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;

class ConnectionsTabTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void detailsFollowOneConnection();
    void detailsSayWhyItEnded();
    void detailsAreRightAfterASuspend();
    void detailsNameTheBalancer();
    void detailsNameTheServer();
    void recentOutlivesAStop();
    void recentRowInViewStays();
    void octetsAreCountedOnce();
    void hostsOfAnEarlierRunCountFully();
    void hostsAreBounded();
    void historyGoesOnWhileHidden();
    void axisEndsRound_data();
    void axisEndsRound();
    void chartSaysItsValues();
    void chartLinesDifferByMoreThanColour();
    void onlyWhatIsSeenWorks();
    void layoutIsKept();

private:
    static QString allText(const QWidget *widget)
    {
        QString text;
        const QList<QLabel *> labels = widget->findChildren<QLabel *>();
        for (const QLabel *label : labels) {
            const auto *elided = qobject_cast<const ElidedLabel *>(label);
            if (!label->isHidden())
                text += (elided ? elided->wholeText() : label->text()) + QLatin1Char('\n');
        }
        return text;
    }
    static QModelIndex rowOf(const QTableView *table, const QString &text, int column = 0)
    {
        const QModelIndexList found = table->model()->match(
            table->model()->index(0, column), Qt::DisplayRole, text, 1, Qt::MatchStartsWith);
        return found.isEmpty() ? QModelIndex() : found.first();
    }
    static Dialogs noDialogs() { return {}; }
};

void ConnectionsTabTest::detailsFollowOneConnection()
{
    GuiRig rig;
    rig.engine->addConnections(20);
    ConnectionsTab tab(rig.controller, noDialogs());
    tab.show();
    rig.controller.tick();
    account::ConnectionSnapshot &row = rig.engine->connection(3);
    tab.page()->table()->setCurrentIndex(rowOf(tab.page()->table(), QStringLiteral("192.0.2.3:")));
    QVERIFY(allText(tab.details()).contains(QStringLiteral("192.0.2.3:1027")));
    QVERIFY(allText(tab.details()).contains(QStringLiteral("chat.example.com:443")));
    QVERIFY(allText(tab.details()).contains(QStringLiteral("after 20 ms")));

    row.sinceDown = 500s;
    row.sinceUp = 192s;
    row.endpoint.host = "other.example.org";
    rig.engine->end(1);
    rig.controller.tick();
    const QString text = allText(tab.details());
    QVERIFY2(text.contains(QStringLiteral("other.example.org:443")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("waiting 3m 12s")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("timing alone")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("8m 20s ago")), qPrintable(text));
}

void ConnectionsTabTest::detailsSayWhyItEnded()
{
    GuiRig rig;
    rig.engine->addConnections(20);
    ConnectionsTab tab(rig.controller, noDialogs());
    tab.show();
    rig.controller.tick();
    tab.page()->table()->setCurrentIndex(rowOf(tab.page()->table(), QStringLiteral("192.0.2.3:")));
    auto earlier = FakeEngine::makeWork(3, "of.an.earlier.run");
    earlier.duration = 999s;
    rig.engine->finished = { earlier };
    rig.engine->end(3);
    rig.controller.tick();
    QVERIFY(allText(tab.details()).contains(QStringLiteral("This connection is gone.")));
    auto work = FakeEngine::makeWork(3, "api.example.com");
    work.finishedAt = WallClock::now();
    work.duration = 242s;
    rig.engine->finished.append(work);
    rig.controller.tick();
    const QString text = allText(tab.details());
    QVERIFY2(text.contains(QStringLiteral("The server closed the connection after 4m 02s")),
             qPrintable(text));
    QVERIFY(text.contains(QStringLiteral("192.0.2.3:1027"))); // the client remains shown
}

/// The monotonic clock stops during a suspend.
void ConnectionsTabTest::detailsAreRightAfterASuspend()
{
    GuiRig rig;
    rig.engine->addConnections(3);
    const WallTime evening = WallClock::now() - 8h;
    account::ConnectionSnapshot &row = rig.engine->connection(3);
    row.connectedAt = evening;
    row.age = 5min;
    ConnectionsTab tab(rig.controller, noDialogs());
    tab.show();
    rig.controller.tick();
    tab.page()->table()->setCurrentIndex(rowOf(tab.page()->table(), QStringLiteral("192.0.2.3:")));
    const QString live = allText(tab.details());
    QVERIFY2(live.contains(Formatting::time(evening) + QStringLiteral(", 8h 00m")),
             qPrintable(live));

    // Its end is found, though it came before what the monotonic clock takes for its beginning.
    auto work = FakeEngine::makeWork(3, "api.example.com");
    work.beganAt = evening;
    work.finishedAt = evening + 6min;
    work.duration = 5min;
    rig.engine->finished = { work };
    rig.engine->end(3);
    rig.controller.tick();
    QVERIFY2(!allText(tab.details()).contains(QStringLiteral("is gone")),
             qPrintable(allText(tab.details())));

    work.finishedAt = evening + 8h;
    tab.details()->setFinished(work);
    QVERIFY2(allText(tab.details()).contains(Formatting::time(evening) + QStringLiteral(", for")),
             qPrintable(allText(tab.details())));
}

void ConnectionsTabTest::detailsNameTheBalancer()
{
    GuiRig rig;
    rig.engine->addConnections(20);
    rig.engine->connection(3).via = QHostAddress(QStringLiteral("198.51.100.1"));
    ConnectionsTab tab(rig.controller, noDialogs());
    tab.show();
    rig.controller.tick();
    const QString balancer = QStringLiteral("through the balancer");
    tab.page()->table()->setCurrentIndex(rowOf(tab.page()->table(), QStringLiteral("192.0.2.4:")));
    QVERIFY2(!allText(tab.details()).contains(balancer), "this client came by itself");
    tab.page()->table()->setCurrentIndex(rowOf(tab.page()->table(), QStringLiteral("192.0.2.3:")));
    QVERIFY(allText(tab.details())
                .contains(QStringLiteral("192.0.2.3:1027, through the balancer 198.51.100.1")));
    auto work = FakeEngine::makeWork(3, "example.com");
    work.client = QHostAddress(QStringLiteral("192.0.2.9"));
    work.via = QHostAddress(QStringLiteral("198.51.100.1"));
    tab.details()->setFinished(work);
    QVERIFY(allText(tab.details())
                .contains(QStringLiteral("192.0.2.9, through the balancer 198.51.100.1")));
}

void ConnectionsTabTest::detailsNameTheServer()
{
    GuiRig rig;
    rig.engine->addConnections(20);
    rig.engine->connection(3).route = "fra";
    ConnectionsTab tab(rig.controller, noDialogs());
    tab.show();
    rig.controller.tick();
    const auto says = [&tab](const char *words) {
        return allText(tab.details()).contains(QString::fromLatin1(words));
    };
    tab.page()->table()->setCurrentIndex(rowOf(tab.page()->table(), QStringLiteral("192.0.2.4:")));
    QVERIFY2(!says("through the server") && !says("directly"),
             "without servers there is no way to tell");
    tab.page()->table()->setCurrentIndex(rowOf(tab.page()->table(), QStringLiteral("192.0.2.3:")));
    QVERIFY2(says(", through the server fra"), qPrintable(allText(tab.details())));
    auto work = FakeEngine::makeWork(3, "example.com");
    work.route = "<b>%1";
    tab.details()->setFinished(work);
    QVERIFY2(says(", through the server <b>%1"), qPrintable(allText(tab.details())));
    work.route = "direct";
    tab.details()->setFinished(work);
    QVERIFY2(says(", directly"), qPrintable(allText(tab.details())));
}

void ConnectionsTabTest::recentOutlivesAStop()
{
    GuiRig rig;
    ConnectionsTab tab(rig.controller, noDialogs()); // not even shown
    rig.engine->finished = { FakeEngine::makeWork(1, "a.example"),
                             FakeEngine::makeWork(2, "b.example") };
    rig.controller.stop();
    QCOMPARE(rig.controller.state(), ProxyState::Stopped);
    QCOMPARE(tab.recent()->table()->model()->rowCount(), 2);
    start(rig.controller);
    auto work = FakeEngine::makeWork(1, "c.example");
    work.finishedAt += 1h;
    rig.engine->finished = { work };
    tab.lower()->setCurrentWidget(tab.recent());
    tab.show();
    rig.controller.tick();
    QCOMPARE(tab.recent()->table()->model()->rowCount(), 3);
}

void ConnectionsTabTest::recentRowInViewStays()
{
    GuiRig rig;
    for (quint64 id = 1; id <= 500; ++id)
        rig.engine->finished.append(FakeEngine::makeWork(id, "a.example"));
    ConnectionsTab tab(rig.controller, noDialogs());
    tab.resize(900, 700);
    tab.lower()->setCurrentWidget(tab.recent());
    tab.show();
    rig.controller.tick();
    const QTableView *table = tab.recent()->table();
    QCoreApplication::processEvents();
    table->verticalScrollBar()->setValue(100);
    const QString top = table->indexAt({ 1, 1 }).data().toString();
    for (quint64 id = 501; id <= 600; ++id) {
        rig.engine->finished.append(FakeEngine::makeWork(id, "a.example"));
        rig.controller.tick();
    }
    QCOMPARE(table->indexAt({ 1, 1 }).data().toString(), top);
    QCOMPARE(table->verticalScrollBar()->value(), 200);
}

void ConnectionsTabTest::octetsAreCountedOnce()
{
    HostTotals totals;
    const QAbstractItemModelTester tester(&totals,
                                          QAbstractItemModelTester::FailureReportingMode::Fatal);
    auto first = FakeEngine::makeWork(1, "a.example");
    first.up = 100;
    account::ConnectionSnapshot live = FakeEngine::makeConnection(1);
    live.age = 10s;
    live.endpoint = { "B.example", 443 };
    live.up = 130; // includes the finished request's
    totals.add({ first });
    totals.synchronize({ live });
    QCOMPARE(totals.rowCount(), 2);
    for (int row = 0; row < 2; ++row)
        QCOMPARE(totals.at(row).up, totals.at(row).host == "a.example" ? 100u : 30u);
    live.up = 150;
    const QSignalSpy changed(&totals, &QAbstractItemModel::dataChanged);
    totals.synchronize({ live });
    QCOMPARE(changed.size(), 1);
}

void ConnectionsTabTest::hostsOfAnEarlierRunCountFully()
{
    HostTotals totals;
    auto earlier = FakeEngine::makeWork(1, "a.example");
    account::ConnectionSnapshot live = FakeEngine::makeConnection(1);
    live.endpoint = { "a.example", 443 };
    live.up = 5000;
    totals.add({ earlier });
    totals.forgetConnections();
    totals.synchronize({ live });
    QCOMPARE(totals.rowCount(), 1);
    QCOMPARE(totals.at(0).up, 5100u);
    QCOMPARE(totals.at(0).live, 1u);
    QCOMPARE(totals.at(0).requests, 1u);
}

void ConnectionsTabTest::hostsAreBounded()
{
    HostTotals totals;
    QList<account::ConnectionSnapshot> live;
    for (quint64 id = 1; id <= 1500; ++id) {
        account::ConnectionSnapshot row = FakeEngine::makeConnection(id);
        row.endpoint.host = "h" + QByteArray::number(id) + ".example";
        row.down = id * 1000;
        live.append(row);
    }
    totals.synchronize(live);
    QCOMPARE(totals.rowCount(), int(HostTotals::capacity));
    for (int row = 0; row < totals.rowCount(); ++row)
        QVERIFY(totals.at(row).down > 500'000);
}

void ConnectionsTabTest::historyGoesOnWhileHidden()
{
    GuiRig rig;
    TrafficHistory history(rig.controller);
    for (int second = 0; second < 700; ++second) {
        rig.engine->sums.down += 1'000'000;
        rig.controller.tick();
    }
    QCOMPARE(history.size(), TrafficHistory::capacity);
    QVERIFY(history.peak() > 0);
    QVERIFY(history.at(TrafficHistory::capacity - 1).down > 0);
}

void ConnectionsTabTest::axisEndsRound_data()
{
    QTest::addColumn<double>("peak");
    QTest::addColumn<double>("end");
    QTest::newRow("nothing") << 0.0 << 1000.0;
    QTest::newRow("little") << 999.0 << 1000.0;
    QTest::newRow("just above") << 1001.0 << 2000.0;
    QTest::newRow("between") << 3'100'000.0 << 5'000'000.0;
    QTest::newRow("the next power") << 5'100.0 << 10'000.0;
    QTest::newRow("exactly") << 2'000.0 << 2'000.0;
}

void ConnectionsTabTest::axisEndsRound()
{
    QFETCH(double, peak);
    QFETCH(double, end);
    QCOMPARE(TrafficChart::axisEnd(peak), end);
}

void ConnectionsTabTest::chartSaysItsValues()
{
    GuiRig rig;
    ConnectionsTab tab(rig.controller, noDialogs());
    tab.lower()->setCurrentWidget(tab.chart());
    tab.show();
    rig.controller.tick();
    QCOMPARE(tab.chart()->accessibleDescription(), QStringLiteral("Up: 0 B/s, Down: 0 B/s"));
    rig.engine->sums.up += 1'000'000'000;
    rig.controller.tick();
    QVERIFY2(tab.chart()->accessibleDescription().contains(QStringLiteral("B/s, Down: 0 B/s"))
                 && !tab.chart()->accessibleDescription().startsWith(QStringLiteral("Up: 0")),
             qPrintable(tab.chart()->accessibleDescription()));
}

void ConnectionsTabTest::chartLinesDifferByMoreThanColour()
{
    for (const bool isDark : { false, true }) {
        GuiRig rig;
        TrafficHistory history(rig.controller);
        TrafficChart chart(history);
        QPalette palette = chart.palette();
        palette.setColor(QPalette::Base, isDark ? QColor(0x20, 0x20, 0x20) : QColor(Qt::white));
        palette.setColor(QPalette::Text, isDark ? QColor(Qt::white) : QColor(Qt::black));
        chart.setPalette(palette);
        chart.resize(640, 200);
        for (int second = 0; second < 600; ++second) {
            rig.engine->sums.up += 1'000'000;
            rig.controller.tick();
        }
        // Only one direction moves; the other's line runs along the bottom, unbroken.
        const QImage image = chart.grab().toImage().convertToFormat(QImage::Format_RGB32);
        QSet<QRgb> colours;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                colours.insert(image.pixel(x, y));
        }
        const auto has = [&](QRgb wanted) {
            return std::any_of(colours.begin(), colours.end(), [wanted](QRgb colour) {
                return qAbs(qRed(colour) - qRed(wanted)) < 70
                    && qAbs(qGreen(colour) - qGreen(wanted)) < 70
                    && qAbs(qBlue(colour) - qBlue(wanted)) < 70;
            });
        };
        QVERIFY(has(isDark ? qRgb(0x6c, 0xb6, 0xff) : qRgb(0x0b, 0x5c, 0xad)));
        QVERIFY(has(isDark ? qRgb(0xff, 0xb0, 0x5c) : qRgb(0xb3, 0x54, 0x00)));
    }
}

void ConnectionsTabTest::onlyWhatIsSeenWorks()
{
    GuiRig rig;
    rig.engine->addConnections(10);
    LogTap tap;
    AppActions actions(rig.controller);
    MainWindow window(rig.controller, actions, tap, noDialogs());
    const auto counts = [&] {
        return QList<int> { rig.engine->snapshotsTaken, rig.engine->finishedReads,
                            rig.engine->refusalReads };
    };
    const auto tick = [&] {
        const QList<int> before = counts();
        rig.controller.tick();
        QList<int> done = counts();
        for (qsizetype i = 0; i < done.size(); ++i)
            done[i] -= before.at(i);
        return done;
    };
    QCOMPARE(tick(), (QList<int> { 0, 0, 0 }));
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QCOMPARE(tick(), (QList<int> { 1, 1, 0 }));
    window.connections()->lower()->setCurrentWidget(window.connections()->chart());
    QCOMPARE(tick(), (QList<int> { 1, 0, 0 }));
    window.tabs()->setCurrentWidget(window.denied());
    QCOMPARE(tick(), (QList<int> { 0, 0, 1 }));
    window.tabs()->setCurrentWidget(window.log());
    QCOMPARE(tick(), (QList<int> { 0, 0, 0 }));
    window.tabs()->setCurrentWidget(window.denied());
    window.showMinimized();
    QCOMPARE(tick(), (QList<int> { 0, 0, 0 }));
}

void ConnectionsTabTest::layoutIsKept()
{
    GuiRig rig;
    ConnectionsTab tab(rig.controller, noDialogs());
    tab.resize(800, 800);
    tab.show();
    auto *splitter = tab.findChild<QSplitter *>();
    splitter->setSizes({ 200, 600 });
    const QList<int> sizes = splitter->sizes();
    Preferences preferences;
    tab.storePreferences(preferences);

    ConnectionsTab other(rig.controller, noDialogs());
    other.resize(800, 800);
    other.restorePreferences(preferences);
    other.show();
    QCOMPARE(other.findChild<QSplitter *>()->sizes(), sizes);
    other.restorePreferences({}); // a first start has none
}

QTEST_MAIN(ConnectionsTabTest)
#include "tst_connectionstab.moc"
