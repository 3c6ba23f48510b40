// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "everywindow.h"
#include "gui/models/hosttotals.h"
#include "gui/text/formatting.h"
#include "gui/text/plaintext.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/detailspane.h"
#include "gui/widgets/elidedlabel.h"
#include "gui/widgets/hostspane.h"
#include "gui/widgets/recentpane.h"
#include "guirig.h"
#include "presses.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// Totals since the program started, the commands for a destination, and the details.
class TstHostsPane : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QApplication::setEffectEnabled(Qt::UI_AnimateMenu, false); }

    void totalsGoOnThroughStops();
    void totalsOfADrainedRunAreKept();
    void statusLineSaysSinceWhen();
    void hostsGoOnThroughStops();
    void hostsForgetNothingThatHasFinished();
    void hostsCountWhileNobodyLooks();
    void whatNobodyFetchedInTimeIsSaid();
    void aFloodIsFetchedBetweenTheTicks();
    void hostsBeyondTheBoundChangeNothing();
    void keptConnectionIsCountedOnceForLong();
    void menuFilters();
    void menuCopies();
    void mnemonicsOfTheMenuAreUnique();
    void onlyThisHostIsAskedFirst_data();
    void onlyThisHostIsAskedFirst();
    void ruleIsOfferedWhereItHelps_data();
    void ruleIsOfferedWhereItHelps();
    void longNamesMoveNothing();
    void longNameCanBeReadAndCopied();
    void detailsOfAConnectionStayWithTheUser();

private:
    [[nodiscard]] Dialogs dialogs()
    {
        return { [this](QWidget *, const Question &question) {
                    m_asked.append(question.text);
                    return m_agrees ? std::optional(0) : std::nullopt;
                },
                 {},
                 [this](QWidget *, const QString &, const QString &text) {
                     m_complaints.append(text);
                 } };
    }
    void showHosts(ConnectionsTab &tab, ProxyController &controller);
    static QModelIndex rowOf(const QTableView *table, const QString &host);
    static QMenu *openMenu(ConnectionsTab &tab, const QString &host);
    static QAction *action(const QMenu *menu, const QString &words);
    static HostRow totalsOf(const HostTotals &totals, const QByteArray &host);
    static ElidedLabel *value(const DetailsPane &pane, const QString &name);

    QStringList m_asked;
    QStringList m_complaints;
    bool m_agrees = true;
};

void TstHostsPane::showHosts(ConnectionsTab &tab, ProxyController &controller)
{
    m_asked.clear();
    m_complaints.clear();
    tab.resize(1000, 700);
    tab.lower()->setCurrentWidget(tab.hosts());
    tab.show();
    controller.tick();
}

QModelIndex TstHostsPane::rowOf(const QTableView *table, const QString &host)
{
    return table->model()
        ->match(table->model()->index(0, 0), Qt::DisplayRole, host, 1, Qt::MatchExactly)
        .value(0);
}

QMenu *TstHostsPane::openMenu(ConnectionsTab &tab, const QString &host)
{
    QTableView *table = tab.hosts()->table();
    const QModelIndex row = rowOf(table, host);
    table->setCurrentIndex(row);
    Q_EMIT table->customContextMenuRequested(table->visualRect(row).center());
    return tab.hosts()->findChild<QMenu *>();
}

QAction *TstHostsPane::action(const QMenu *menu, const QString &words)
{
    const QList<QAction *> actions = menu->actions();
    for (QAction *one : actions) {
        if (one->text().remove(u'&').contains(words))
            return one;
    }
    qFatal("the menu has no such action");
}

HostRow TstHostsPane::totalsOf(const HostTotals &totals, const QByteArray &host)
{
    for (int row = 0; row < totals.rowCount(); ++row) {
        if (totals.at(row).host == host)
            return totals.at(row);
    }
    return {};
}

ElidedLabel *TstHostsPane::value(const DetailsPane &pane, const QString &name)
{
    const QList<ElidedLabel *> values = pane.findChildren<ElidedLabel *>();
    for (ElidedLabel *one : values) {
        if (one->accessibleName() == name)
            return one;
    }
    qFatal("the details have no such value");
}

void TstHostsPane::totalsGoOnThroughStops()
{
    GuiRig rig;
    rig.engine->sums = { .connections = 7, .requests = 5, .refused = 2, .up = 1000, .down = 2000 };
    rig.controller.tick();
    // Traffic since the tick counts too, and stop() turns what it cuts into finished work.
    rig.engine->sums.up += 500;
    rig.engine->addConnections(2);
    const quint64 up = rig.engine->totals().up;
    rig.controller.stop();
    rig.controller.tick();
    QCOMPARE(rig.controller.totals().up, up);
    QCOMPARE(rig.controller.totals().requests, 7u);
    QCOMPARE(rig.controller.totals().live, 0u);
    start(rig.controller);
    rig.controller.tick();
    QCOMPARE(rig.controller.totals().up, up);
    rig.engine->sums = { .connections = 1, .requests = 1, .refused = 1, .up = 10, .down = 20 };
    rig.controller.tick();
    QCOMPARE(rig.controller.totals().up, up + 10);
    QCOMPARE(rig.controller.totals().requests, 8u);
    QCOMPARE(rig.controller.totals().connections, 10u);
    QCOMPARE(rig.controller.totals().refused, 3u);
    // No counter has gone backwards, so the rate is the new run's.
    QVERIFY(rig.controller.traffic().up >= 0);
}

void TstHostsPane::totalsOfADrainedRunAreKept()
{
    GuiRig rig;
    rig.engine->addConnections(1);
    rig.engine->sums.down = 5000;
    rig.controller.tick();
    const quint64 down = rig.controller.totals().down;
    rig.controller.drain();
    QCOMPARE(rig.controller.state(), ProxyState::Draining);
    rig.controller.tick();
    rig.engine->stop(); // the last stream has ended
    rig.controller.tick();
    settle();
    QCOMPARE(rig.controller.state(), ProxyState::Stopped);
    rig.controller.tick();
    QCOMPARE(rig.controller.totals().down, down);
}

void TstHostsPane::statusLineSaysSinceWhen()
{
    EveryWindow windows;
    windows.main().show();
    windows.engine().sums.up = 5'000'000;
    windows.engine().connections.clear();
    windows.controller().tick();
    const auto words = [&] {
        QString all;
        for (const QLabel *label : windows.main().statusBar()->findChildren<QLabel *>())
            all += label->text() + u'\n';
        return all;
    };
    QVERIFY2(words().contains(u"↑ 5.0 MB"_s), qPrintable(words()));
    QVERIFY2(words().contains(Formatting::time(windows.controller().totalsBegan())),
             qPrintable(words()));
    windows.controller().stop();
    windows.controller().tick();
    QVERIFY2(words().contains(u"↑ 5.0 MB"_s), qPrintable(words()));
}

void TstHostsPane::hostsGoOnThroughStops()
{
    GuiRig rig;
    ConnectionsTab tab(rig.controller, dialogs());
    showHosts(tab, rig.controller);
    auto work = FakeEngine::makeWork(1, "a.example");
    rig.engine->finished = { work };
    rig.controller.tick();
    rig.controller.stop();
    start(rig.controller);
    work.finishedAt += 1h;
    work.up = 50;
    rig.engine->finished = { work };
    rig.controller.tick();
    const QModelIndex row = rowOf(tab.hosts()->table(), u"a.example"_s);
    QCOMPARE(row.siblingAtColumn(HostTotals::Requests).data().toInt(), 2);
    QCOMPARE(row.siblingAtColumn(HostTotals::Up).data().toString(), u"150 B"_s);
}

void TstHostsPane::hostsForgetNothingThatHasFinished()
{
    HostTotals totals;
    totals.add({ FakeEngine::makeWork(1, "rare.example") });
    for (quint64 round = 0; round < 30; ++round) {
        QList<account::FinishedWork> works;
        for (quint64 id = 1; id <= 100; ++id)
            works.append(FakeEngine::makeWork(round * 100 + id + 1, "busy.example"));
        totals.add(works);
    }
    totals.synchronize({});
    QCOMPARE(totalsOf(totals, "rare.example").requests, 1u);
    QCOMPARE(totalsOf(totals, "busy.example").requests, 3000u);
}

void TstHostsPane::hostsCountWhileNobodyLooks()
{
    GuiRig rig;
    ConnectionsTab tab(rig.controller, dialogs()); // not shown
    constexpr int all = 3000;
    for (int i = 1; i <= all; ++i) {
        rig.engine->finished.append(FakeEngine::makeWork(quint64(i), "a.example"));
        if (rig.engine->finished.size() > 1000)
            rig.engine->finished.removeFirst(); // as the core does
        ++rig.engine->sums.requests;
        if (i % 100 == 0)
            rig.controller.tick();
    }
    const int reads = rig.engine->finishedReads;
    QVERIFY2(reads <= all / 500 + 2, qPrintable(QString::number(reads)));
    showHosts(tab, rig.controller);
    const QModelIndex row = rowOf(tab.hosts()->table(), u"a.example"_s);
    QCOMPARE(row.siblingAtColumn(HostTotals::Requests).data().toInt(), all);
}

void TstHostsPane::whatNobodyFetchedInTimeIsSaid()
{
    GuiRig rig;
    ConnectionsTab tab(rig.controller, dialogs());
    showHosts(tab, rig.controller);
    quint64 number = 0;
    const auto finish = [&](int count) {
        for (int i = 0; i < count; ++i) {
            auto work = FakeEngine::makeWork(7, "a.example"); // requests of one connection
            work.number = ++number;
            rig.engine->finished.append(work);
            ++rig.engine->sums.requests;
        }
        if (const qsizetype over = rig.engine->finished.size() - 1000; over > 0)
            rig.engine->finished.remove(0, over); // as the core does
        rig.controller.tick();
    };
    const auto counted = [&] {
        return rowOf(tab.hosts()->table(), u"a.example"_s)
            .siblingAtColumn(HostTotals::Requests)
            .data()
            .toInt();
    };
    finish(1000);
    QCOMPARE(counted(), 1000);
    QVERIFY(!tab.hosts()->note()->text().contains(u"not in it"_s));
    finish(2234);
    QCOMPARE(counted(), 2000);
    QVERIFY2(tab.hosts()->note()->text().contains(u"1234 finished request"_s),
             qPrintable(tab.hosts()->note()->text()));
    QCOMPARE(tab.recent()->table()->model()->rowCount(), 1000);
    finish(10);
    QCOMPARE(counted(), 2010);
    // The next run's numbers begin again.
    rig.controller.stop();
    number = 0;
    start(rig.controller);
    finish(900);
    QCOMPARE(counted(), 2910);
    QVERIFY(tab.hosts()->note()->text().contains(u"1234 finished"_s));
}

void TstHostsPane::aFloodIsFetchedBetweenTheTicks()
{
    GuiRig rig;
    ConnectionsTab tab(rig.controller, dialogs()); // not shown
    rig.engine->sums.requests += 3000;
    rig.controller.tick();
    // Without ticks, the controller's own ones too.
    QObject::disconnect(&rig.controller, &ProxyController::ticked, nullptr, nullptr);
    const int reads = rig.engine->finishedReads;
    QTRY_VERIFY(rig.engine->finishedReads >= reads + 5);
}

void TstHostsPane::hostsBeyondTheBoundChangeNothing()
{
    HostTotals totals;
    quint64 id = 0;
    const auto addHosts = [&](int count, quint64 octets) {
        QList<account::FinishedWork> works;
        for (int i = 0; i < count; ++i) {
            ++id;
            auto work = FakeEngine::makeWork(
                id, "h" + QByteArray::number(id).rightJustified(5, '0') + ".example");
            work.up = octets;
            work.down = 0;
            works.append(work);
        }
        totals.add(works);
        totals.synchronize({});
    };
    addHosts(int(HostTotals::capacity), 7);
    QCOMPARE(totals.rowCount(), int(HostTotals::capacity));
    // Whoever looks at them sees no row come and go while others as small come in, and not either
    // when those are forgotten.
    QSignalSpy removed(&totals, &QAbstractItemModel::rowsRemoved);
    for (int tick = 0; tick < 6; ++tick)
        addHosts(500, 7);
    QCOMPARE(totals.rowCount(), int(HostTotals::capacity));
    QCOMPARE(removed.size(), 0);
    // And what is larger comes in, in the same tick.
    addHosts(1, 8);
    QCOMPARE(removed.size(), 1);
    QCOMPARE(totalsOf(totals, "h04001.example").up, 8u);
}

void TstHostsPane::keptConnectionIsCountedOnceForLong()
{
    HostTotals totals;
    account::ConnectionSnapshot live = FakeEngine::makeConnection(7);
    live.endpoint = { "a.example", 443 };
    live.up = live.down = 0;
    // More requests on one connection than any list keeps.
    for (int request = 0; request < 5000; ++request) {
        auto work = FakeEngine::makeWork(7, "a.example");
        work.up = 10;
        work.down = 20;
        totals.add({ work });
        live.up += 10;
        live.down += 20;
    }
    live.up += 3; // the running request
    totals.synchronize({ live });
    QCOMPARE(totalsOf(totals, "a.example").up, 50'003u);
    QCOMPARE(totalsOf(totals, "a.example").down, 100'000u);
    QCOMPARE(totalsOf(totals, "a.example").requests, 5000u);
}

void TstHostsPane::menuFilters()
{
    GuiRig rig;
    rig.engine->addConnections(20);
    rig.engine->finished = { FakeEngine::makeWork(1, "llm.example.net"),
                             FakeEngine::makeWork(2, "api.example.com") };
    ConnectionsTab tab(rig.controller, dialogs());
    showHosts(tab, rig.controller);
    trigger(action(openMenu(tab, u"llm.example.net"_s), u"live"_s));
    QCOMPARE(tab.page()->table()->model()->rowCount(), 4);
    trigger(action(openMenu(tab, u"llm.example.net"_s), u"finished"_s));
    QCOMPARE(tab.lower()->currentWidget(), tab.recent());
    QCOMPARE(tab.recent()->table()->model()->rowCount(), 1);
}

void TstHostsPane::menuCopies()
{
    GuiRig rig;
    rig.engine->addConnections(5);
    ConnectionsTab tab(rig.controller, dialogs());
    showHosts(tab, rig.controller);
    trigger(action(openMenu(tab, u"llm.example.net"_s), u"Copy destination"_s));
    QCOMPARE(QApplication::clipboard()->text(), u"llm.example.net"_s);
}

void TstHostsPane::mnemonicsOfTheMenuAreUnique()
{
    GuiRig rig;
    rig.engine->addConnections(5);
    ConnectionsTab tab(rig.controller, dialogs());
    showHosts(tab, rig.controller);
    const QMenu *menu = openMenu(tab, u"llm.example.net"_s);
    QVERIFY(menu);
    QStringList letters;
    const QList<QAction *> actions = menu->actions();
    for (const QAction *one : actions) {
        if (!one->isSeparator())
            letters.append(one->text().mid(one->text().indexOf(u'&') + 1, 1).toLower());
    }
    QVERIFY(letters.size() > 4);
    QCOMPARE(letters.removeDuplicates(), 0);
}

void TstHostsPane::onlyThisHostIsAskedFirst_data()
{
    QTest::addColumn<bool>("agrees");
    QTest::newRow("the user agrees") << true;
    QTest::newRow("the user does not") << false;
}

void TstHostsPane::onlyThisHostIsAskedFirst()
{
    QFETCH(const bool, agrees);
    GuiRig rig;
    rig.engine->addConnections(5);
    ConnectionsTab tab(rig.controller, dialogs());
    showHosts(tab, rig.controller);
    m_agrees = agrees;
    trigger(action(openMenu(tab, u"llm.example.net"_s), u"Allow only"_s));
    m_agrees = true;
    QCOMPARE(m_asked.size(), 1);
    // The question names the host that would be shut out.
    QVERIFY2(m_asked.first().contains(u"api.example.com"_s), qPrintable(m_asked.first()));
    QCOMPARE(rig.controller.settings().access.allowedHosts.size(), agrees ? 1 : 0);
    QCOMPARE(m_complaints, QStringList());
}

void TstHostsPane::ruleIsOfferedWhereItHelps_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<QString>("label");
    QTest::addColumn<bool>("enabled");
    QTest::newRow("no list") << QStringList {} << u"Allow only this destination…"_s << true;
    QTest::newRow("a list of the command line")
        << QStringList { u"--allowed-hosts"_s, u"other.example"_s } << u"Allow this destination"_s
        << false;
    QTest::newRow("in the list already") << QStringList { u"--allowed-hosts"_s, u"*.example.net"_s }
                                         << u"Allow this destination"_s << false;
}

void TstHostsPane::ruleIsOfferedWhereItHelps()
{
    QFETCH(const QStringList, flags);
    QFETCH(const QString, label);
    QFETCH(const bool, enabled);
    GuiRig rig(flags);
    rig.engine->addConnections(5);
    ConnectionsTab tab(rig.controller, dialogs());
    showHosts(tab, rig.controller);
    const QAction *rule = action(openMenu(tab, u"llm.example.net"_s), u"Allow"_s);
    QCOMPARE(rule->text().remove(u'&'), label);
    QCOMPARE(rule->isEnabled(), enabled);
}

void TstHostsPane::longNamesMoveNothing()
{
    GuiRig rig;
    rig.engine->addConnections(3);
    ConnectionsTab tab(rig.controller, dialogs());
    tab.resize(900, 700);
    tab.show();
    rig.controller.tick();
    tab.page()->table()->setCurrentIndex(tab.page()->table()->model()->index(0, 0));
    rig.controller.tick();
    QCoreApplication::processEvents();
    const QList<ElidedLabel *> values = tab.details()->findChildren<ElidedLabel *>();
    QVERIFY(values.size() >= 10);
    const auto places = [&] {
        QList<QRect> found;
        for (const ElidedLabel *one : values)
            found.append({ one->mapTo(tab.details(), QPoint(0, 0)), one->size() });
        return found;
    };
    const QList<QRect> before = places();
    for (auto &row : rig.engine->connections) {
        row.endpoint.host = QByteArray("name-of-a-host.").repeated(16) + "example";
        row.user = QByteArray(250, 'u');
        row.sinceUp = 192s; // another state, with a longer explanation
        row.sinceDown = 500s;
    }
    rig.controller.tick();
    QCoreApplication::processEvents();
    QVERIFY(value(*tab.details(), u"User"_s)->wholeText().size() == 250);
    QCOMPARE(places(), before);
}

void TstHostsPane::longNameCanBeReadAndCopied()
{
    const QString whole = u"<b>name</b>."_s.repeated(30) + u"example:443"_s;
    ElidedLabel label;
    label.setWholeText(whole);
    label.resize(200, label.sizeHint().height());
    label.show();
    QVERIFY(QTest::qWaitForWindowActive(&label));
    QCoreApplication::processEvents();
    QVERIFY(label.text().contains(u'…'));
    QVERIFY(label.text().startsWith(u"<b>"_s) && label.text().endsWith(u":443"_s));
    QVERIFY(!Qt::mightBeRichText(label.toolTip()));
    QVERIFY(label.toolTip().endsWith(u"example:443"_s));
    QCOMPARE(label.accessibleDescription(), PlainText::toolTip(whole));
    QTest::mouseClick(&label, Qt::LeftButton);
    label.setFocus();
    QTest::keySequence(&label, QKeySequence::Copy);
    QCOMPARE(QApplication::clipboard()->text(), whole);
    label.resize(20'000, label.height());
    QCoreApplication::processEvents();
    QCOMPARE(label.text(), whole);
    QVERIFY(label.toolTip().isEmpty());
}

void TstHostsPane::detailsOfAConnectionStayWithTheUser()
{
    GuiRig rig;
    rig.engine->addConnections(3);
    ConnectionsTab tab(rig.controller, dialogs());
    tab.show();
    rig.controller.tick();
    QTableView *table = tab.page()->table();
    table->setCurrentIndex(table->model()->index(0, 0));
    const QString user = value(*tab.details(), u"User"_s)->wholeText();
    QVERIFY(user == u"bob"_s || user == u"alice"_s);
    const quint64 id = rig.engine->connections.last().id;
    auto work = FakeEngine::makeWork(id, "api.example.com");
    work.finishedAt = WallClock::now();
    rig.engine->finished.append(work);
    rig.engine->connections.clear();
    for (int second = 0; second < 3; ++second)
        rig.controller.tick();
    QCOMPARE(value(*tab.details(), u"User"_s)->wholeText(), user);
    QVERIFY(value(*tab.details(), u"User"_s)->isVisible());
}

QTEST_MAIN(TstHostsPane)
#include "tst_hostspane.moc"
