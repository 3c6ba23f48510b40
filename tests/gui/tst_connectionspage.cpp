// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/parenturl.h"
#include "gui/models/connectionsfilter.h"
#include "gui/models/connectionsmodel.h"
#include "gui/widgets/connectionspage.h"
#include "guirig.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>

#include <functional>
#include <optional>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(QList<sami::account::ConnectionPhase>)

class ConnectionsPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void whatIsChosenSurvivesChurn_data();
    void whatIsChosenSurvivesChurn();
    void rowsInViewStayWhereTheyAre_data();
    void rowsInViewStayWhereTheyAre();
    void goneCurrentRowPassesToNoOther();
    void openMenuKnowsConnectionsNotRows();
    void menuForWhatIsGoneDoesNothing();
    void nothingHappensWhileNobodyLooks_data();
    void nothingHappensWhileNobodyLooks();
    void showingCatchesUp();
    void pauseHoldsStillAndCounts();
    void columnsComeAndGo();
    void layoutIsKept();
    void theWayOutIsShownWhereThereAreServers();
    void layoutOfAnotherVersionIsLeftAlone();
    void copies_data();
    void copies();
    void closingAsksWhileAnyStreams_data();
    void closingAsksWhileAnyStreams();
    void closingSparesWhoCameMeanwhile();
    void filterByDestinationOfTheMenu();

private:
    void tick() { m_rig->controller.tick(); }
    [[nodiscard]] QTableView *table() const { return m_page->table(); }
    [[nodiscard]] ConnectionsFilter *filter() const
    {
        return qobject_cast<ConnectionsFilter *>(table()->model());
    }
    [[nodiscard]] QModelIndex indexOf(quint64 id) const
    {
        for (int row = 0; row < filter()->rowCount(); ++row) {
            const QModelIndex index = filter()->index(row, 0);
            if (filter()->connection(index).values.id == id)
                return index;
        }
        return {};
    }
    void choose(const QList<quint64> &ids)
    {
        table()->clearSelection();
        for (const quint64 id : ids)
            table()->selectionModel()->select(
                indexOf(id), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
    [[nodiscard]] QSet<quint64> chosen() const
    {
        QSet<quint64> ids;
        const QModelIndexList rows = table()->selectionModel()->selectedRows();
        for (const QModelIndex &row : rows)
            ids.insert(filter()->connection(row).values.id);
        return ids;
    }
    [[nodiscard]] quint64 idAtTop() const
    {
        return filter()->connection(table()->indexAt({ 1, 1 })).values.id;
    }
    QMenu *openMenu(quint64 id)
    {
        table()->scrollTo(indexOf(id));
        Q_EMIT table()->customContextMenuRequested(table()->visualRect(indexOf(id)).center());
        return m_page->findChild<QMenu *>();
    }
    static QAction *action(const QMenu *menu, const char *words)
    {
        for (QAction *action : menu->actions()) {
            if (action->text().remove(QLatin1Char('&')).contains(QLatin1String(words)))
                return action;
        }
        qFatal("the menu has no such action");
    }

    /// Answers every question with its first action, or with Cancel.
    [[nodiscard]] Dialogs dialogs()
    {
        return { [this](QWidget *, const Question &question) {
                    m_asked.append(question.text);
                    if (m_whileAsked)
                        m_whileAsked();
                    return m_agrees ? std::optional(0) : std::nullopt;
                },
                 {},
                 {} };
    }

    QStringList m_asked;
    bool m_agrees = true;
    std::function<void()> m_whileAsked;
    std::unique_ptr<GuiRig> m_rig;
    std::unique_ptr<ConnectionsPage> m_page;
};

void ConnectionsPageTest::init()
{
    m_rig = std::make_unique<GuiRig>();
    m_asked.clear();
    m_agrees = true;
    m_whileAsked = nullptr;
    m_page = std::make_unique<ConnectionsPage>(m_rig->controller, dialogs());
    m_page->resize(900, 400);
    m_rig->engine->addConnections(300);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    tick();
}

void ConnectionsPageTest::cleanup()
{
    m_page.reset();
    m_rig.reset();
}

void ConnectionsPageTest::whatIsChosenSurvivesChurn_data()
{
    QTest::addColumn<int>("column");
    QTest::newRow("sorted by what never changes") << int(ConnectionsModel::Age);
    QTest::newRow("sorted by what changes all the time") << int(ConnectionsModel::Rate);
}

void ConnectionsPageTest::whatIsChosenSurvivesChurn()
{
    QFETCH(int, column);
    table()->sortByColumn(column, Qt::DescendingOrder);
    const QList<account::ConnectionSnapshot> kept = m_rig->engine->connections.mid(100, 3);
    choose({ 101, 102, 103 });
    table()->selectionModel()->setCurrentIndex(indexOf(102), QItemSelectionModel::NoUpdate);
    table()->verticalScrollBar()->setValue(40);
    const QSignalSpy current(m_page.get(), &ConnectionsPage::currentChanged);
    QMenu *menu = openMenu(102);
    QVERIFY(menu);
    table()->verticalScrollBar()->setValue(40);
    const QModelIndex atTop = table()->indexAt({ 1, 1 });

    for (int second = 0; second < 100; ++second) {
        m_rig->engine->churn(10);
        for (auto row : kept) {
            row.age += std::chrono::seconds(second + 1);
            row.down += quint64(second + 1) * 1000;
            m_rig->engine->put(row);
        }
        tick();
        QCoreApplication::processEvents();
    }
    QCOMPARE(chosen(), (QSet<quint64> { 101, 102, 103 }));
    QCOMPARE(table()->currentIndex().row(), indexOf(102).row());
    QCOMPARE(current.size(), 0);
    QVERIFY(menu->isVisible());
    if (column == ConnectionsModel::Rate)
        QCOMPARE(table()->verticalScrollBar()->value(), 40);
    else
        QVERIFY(atTop.isValid() && table()->verticalScrollBar()->value() < 60);
}

void ConnectionsPageTest::rowsInViewStayWhereTheyAre_data()
{
    QTest::addColumn<int>("place");
    QTest::newRow("in the middle") << 50;
    QTest::newRow("at the end, where the scroll bar has to grow first") << 1000;
}

void ConnectionsPageTest::rowsInViewStayWhereTheyAre()
{
    QFETCH(int, place);
    QCoreApplication::processEvents();
    // Newest first, so that each new row pushes the others down.
    table()->sortByColumn(ConnectionsModel::Age, Qt::AscendingOrder);
    table()->verticalScrollBar()->setValue(place);
    QVERIFY(table()->verticalScrollBar()->value() >= 50);
    const quint64 atTop = idAtTop();
    for (int second = 0; second < 20; ++second) {
        m_rig->engine->ageAll(1s);
        m_rig->engine->addConnections(3);
        m_rig->engine->end(m_rig->engine->connections.last().id - 1);
        tick();
        QCOMPARE(idAtTop(), atTop);
    }
    // At the very top the user wants to see new rows.
    table()->verticalScrollBar()->setValue(0);
    m_rig->engine->ageAll(1s);
    m_rig->engine->addConnections(1);
    tick();
    QCOMPARE(idAtTop(), m_rig->engine->connections.last().id);
}

void ConnectionsPageTest::goneCurrentRowPassesToNoOther()
{
    table()->setCurrentIndex(indexOf(150));
    table()->verticalScrollBar()->setValue(20);
    const QSignalSpy current(m_page.get(), &ConnectionsPage::currentChanged);
    m_rig->engine->end(150);
    tick();
    QCOMPARE(current.size(), 0); // the details keep what they show
    QVERIFY(!table()->currentIndex().isValid());
    QCOMPARE(chosen(), QSet<quint64> {});
    QCOMPARE(table()->verticalScrollBar()->value(), 20);
    table()->setCurrentIndex(indexOf(151));
    QCOMPARE(current.size(), 1);
    QCOMPARE(current.first().first().toULongLong(), 151u);
}

void ConnectionsPageTest::openMenuKnowsConnectionsNotRows()
{
    table()->sortByColumn(ConnectionsModel::Down, Qt::DescendingOrder);
    choose({ 200, 201 });
    QMenu *menu = openMenu(200);
    QVERIFY(menu);
    m_rig->engine->connection(7).down = 1'000'000'000;
    for (quint64 id = 290; id <= 300; ++id)
        m_rig->engine->end(id);
    tick();
    action(menu, "Close 2")->trigger();
    QCOMPARE(QSet<quint64>(m_rig->engine->closed.begin(), m_rig->engine->closed.end()),
             (QSet<quint64> { 200, 201 }));
}

void ConnectionsPageTest::menuForWhatIsGoneDoesNothing()
{
    choose({ 5 });
    QMenu *menu = openMenu(5);
    QVERIFY(menu);
    QApplication::clipboard()->setText(QStringLiteral("as it was"));
    m_rig->engine->end(5);
    tick();
    action(menu, "Copy")->trigger();
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("as it was"));
    action(menu, "Close")->trigger();
    QCOMPARE(m_rig->engine->closed, QList<quint64> {});
}

void ConnectionsPageTest::nothingHappensWhileNobodyLooks_data()
{
    QTest::addColumn<bool>("minimized");
    QTest::newRow("hidden") << false;
    QTest::newRow("minimised") << true;
}

void ConnectionsPageTest::nothingHappensWhileNobodyLooks()
{
    QFETCH(bool, minimized);
    if (minimized)
        m_page->showMinimized();
    else
        m_page->hide();
    QCoreApplication::processEvents();
    const int before = m_rig->engine->snapshotsTaken;
    const auto *model = filter()->sourceModel();
    const QSignalSpy changed(model, &QAbstractItemModel::dataChanged);
    const QSignalSpy inserted(model, &QAbstractItemModel::rowsInserted);
    const QSignalSpy removed(model, &QAbstractItemModel::rowsRemoved);
    const QSignalSpy layout(filter(), &QAbstractItemModel::layoutChanged);
    for (int second = 0; second < 10; ++second) {
        m_rig->engine->churn(10);
        tick();
    }
    QCOMPARE(changed.size() + inserted.size() + removed.size() + layout.size(), 0);
    QCOMPARE(m_rig->engine->snapshotsTaken, before);
}

void ConnectionsPageTest::showingCatchesUp()
{
    m_page->showMinimized();
    m_rig->engine->churn(50);
    tick();
    m_page->showNormal();
    QTRY_COMPARE(filter()->connection(indexOf(m_rig->engine->connections.last().id)).values.id,
                 m_rig->engine->connections.last().id);
    m_page->hide();
    m_rig->engine->connections.clear();
    tick();
    m_page->show();
    QCOMPARE(filter()->rowCount(), 0);
}

void ConnectionsPageTest::pauseHoldsStillAndCounts()
{
    auto *pause = m_page->findChild<QToolButton *>();
    const auto says = [this](const char *text) {
        const QList<QLabel *> labels = m_page->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->text() == QLatin1String(text);
        });
    };
    pause->click();
    QVERIFY(says("paused, 0 new"));
    m_rig->engine->addConnections(37);
    m_rig->engine->end(3);
    tick();
    QVERIFY(says("paused, 37 new"));
    QCOMPARE(filter()->rowCount(), 300);
    pause->click();
    QCOMPARE(filter()->rowCount(), 336);
}

void ConnectionsPageTest::columnsComeAndGo()
{
    QHeaderView *columns = table()->horizontalHeader();
    QVERIFY(columns->isSectionHidden(ConnectionsModel::FirstByte));
    Q_EMIT columns->customContextMenuRequested({ 5, 5 });
    auto *menu = table()->findChild<QMenu *>();
    QVERIFY(menu);
    const QList<QAction *> actions = menu->actions();
    const auto columnsOffered = std::count_if(
        actions.begin(), actions.end(), [](const QAction *one) { return one->isCheckable(); });
    // All but the way out: there are no servers.
    QCOMPARE(columnsOffered, table()->model()->columnCount() - 1);
    action(menu, "First byte")->trigger();
    QVERIFY(!columns->isSectionHidden(ConnectionsModel::FirstByte));
    menu->close();
    for (int column = 1; column < table()->model()->columnCount(); ++column)
        columns->setSectionHidden(column, true);
    delete menu;
    Q_EMIT columns->customContextMenuRequested({ 5, 5 });
    menu = table()->findChild<QMenu *>();
    QVERIFY(!action(menu, "Client")->isEnabled()); // the last one must stay
}

void ConnectionsPageTest::theWayOutIsShownWhereThereAreServers()
{
    const auto isHidden = [](const ConnectionsPage &page) {
        return page.table()->isColumnHidden(ConnectionsModel::Via);
    };
    QVERIFY(isHidden(*m_page));
    const QByteArray without = m_page->saveLayout();
    config::Settings settings = m_rig->controller.settings();
    for (const char *link : { "https://fra.example.com:8443?name=fra", "direct" })
        settings.upstream.parents.list.append(config::parseParent(link).value().parent);
    QVERIFY(applied(m_rig->controller, settings));
    QVERIFY(!isHidden(*m_page));
    m_page->restoreLayout(without); // of a time when there was nothing to hide
    QVERIFY(!isHidden(*m_page));

    m_rig->engine->connection(1).route = "fra";
    m_rig->engine->connection(2).route = "direct";
    m_rig->controller.tick();
    const auto text = [this](quint64 id) {
        const ConnectionsModel &model = m_page->connections();
        return model.index(model.rowOf(id), ConnectionsModel::Via).data().toString();
    };
    QCOMPARE(text(1), QStringLiteral("fra"));
    QCOMPARE(text(2), QStringLiteral("directly"));
    QCOMPARE(text(3), QString());
    m_page->filterBy(QStringLiteral("fra"));
    QCOMPARE(filter()->rowCount(), 1);

    // Who has hidden it does not get it back with the next servers.
    table()->setColumnHidden(ConnectionsModel::Via, true);
    settings.upstream.parents.list.clear();
    QVERIFY(applied(m_rig->controller, settings));
    settings.upstream.parents.list = {
        config::parseParent("http://192.0.2.9:3128").value().parent
    };
    QVERIFY(applied(m_rig->controller, settings));
    QVERIFY(isHidden(*m_page));
    ConnectionsPage other(m_rig->controller, dialogs());
    QVERIFY(!isHidden(other));
    other.restoreLayout(m_page->saveLayout());
    QVERIFY(isHidden(other));
}

void ConnectionsPageTest::layoutIsKept()
{
    QHeaderView *columns = table()->horizontalHeader();
    columns->setSectionHidden(ConnectionsModel::User, false);
    columns->moveSection(0, 3);
    columns->resizeSection(ConnectionsModel::Host, 333);
    table()->sortByColumn(ConnectionsModel::Up, Qt::DescendingOrder);
    const QByteArray layout = m_page->saveLayout();

    ConnectionsPage other(m_rig->controller, dialogs());
    other.restoreLayout(layout);
    other.show();
    columns = other.table()->horizontalHeader();
    QVERIFY(!columns->isSectionHidden(ConnectionsModel::User));
    QCOMPARE(columns->visualIndex(0), 3);
    QCOMPARE(columns->sectionSize(ConnectionsModel::Host), 333);
    auto *sorted = qobject_cast<ConnectionsFilter *>(other.table()->model());
    QCOMPARE(sorted->sortColumn(), int(ConnectionsModel::Up));
    QCOMPARE(sorted->connection(sorted->index(0, 0)).values.id, 300u);
}

void ConnectionsPageTest::layoutOfAnotherVersionIsLeftAlone()
{
    const QByteArray before = m_page->saveLayout();
    QByteArray other = before;
    other[0] = char(99);
    m_page->restoreLayout(other);
    m_page->restoreLayout("");
    m_page->restoreLayout(QByteArray(1, before.front()) + "rubbish");
    QCOMPARE(m_page->saveLayout(), before);
}

void ConnectionsPageTest::copies_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("first");
    QTest::newRow("as tabs") << QStringLiteral(
        "Copy") << QStringLiteral("192.0.2.4:1028\tfiles.example.net:443\tGET\tstreaming");
    QTest::newRow("as CSV")
        << QStringLiteral("Copy as CSV")
        << QStringLiteral(
               "\"192.0.2.4:1028\",\"bob\",\"files.example.net:443\",\"\",\"GET\",\"1\"");
}

void ConnectionsPageTest::copies()
{
    QFETCH(QString, words);
    QFETCH(QString, first);
    table()->sortByColumn(ConnectionsModel::Age, Qt::AscendingOrder);
    choose({ 5, 4 });
    QMenu *menu = openMenu(4);
    QVERIFY(menu);
    action(menu, words.toLatin1().constData())->trigger();
    const QStringList lines = QApplication::clipboard()->text().split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 2);
    QVERIFY2(lines.first().startsWith(first), qPrintable(lines.first()));
}

void ConnectionsPageTest::closingAsksWhileAnyStreams_data()
{
    using enum account::ConnectionPhase;
    QTest::addColumn<QList<account::ConnectionPhase>>("phases");
    QTest::addColumn<bool>("agrees");
    QTest::addColumn<QString>("question");
    QTest::addColumn<int>("closed");
    using Phases = QList<account::ConnectionPhase>;
    const QString one = QStringLiteral("1 stream(s) are running and would be cut.");
    QTest::newRow("a tunnel") << Phases { Tunnel } << true << one << 1;
    QTest::newRow("an exchange, the user keeps it") << Phases { Exchange } << false << one << 0;
    QTest::newRow("one that waits for a request")
        << Phases { AwaitingRequest } << true << QString() << 1;
    QTest::newRow("one that connects, and one that closes")
        << Phases { Connecting, Closing } << true << QString() << 2;
    QTest::newRow("a stream among others")
        << Phases { AwaitingRequest, Tunnel, Connecting } << true << one << 3;
    QTest::newRow("a stream among others, the user keeps all")
        << Phases { AwaitingRequest, Tunnel, Connecting } << false << one << 0;
    QTest::newRow("two") << Phases { Tunnel, Exchange } << true
                         << QStringLiteral("2 stream(s) are running and would be cut.") << 2;
}

void ConnectionsPageTest::closingAsksWhileAnyStreams()
{
    QFETCH(const QList<account::ConnectionPhase>, phases);
    QFETCH(const QString, question);
    QFETCH(const int, closed);
    QFETCH(const bool, agrees);
    m_agrees = agrees;
    QList<quint64> ids;
    for (const auto phase : phases) {
        ids.append(quint64(50 + ids.size()));
        m_rig->engine->connection(ids.last()).phase = phase;
    }
    tick();
    choose(ids);
    table()->setFocus();
    // The question is about the current state, not about what the paused table shows.
    m_page->findChild<QToolButton *>()->click();
    QTest::keyClick(table(), Qt::Key_Delete);
    QCOMPARE(m_asked, question.isEmpty() ? QStringList() : QStringList { question });
    QCOMPARE(m_rig->engine->closed.size(), closed);
}

void ConnectionsPageTest::closingSparesWhoCameMeanwhile()
{
    choose({ 7, 8 });
    table()->setFocus();
    // While the question is open, the proxy restarts and reuses ids.
    m_whileAsked = [this] {
        auto stranger = FakeEngine::makeConnection(7);
        stranger.client.port = 60000;
        m_rig->engine->put(stranger);
    };
    QTest::keyClick(table(), Qt::Key_Delete);
    QCOMPARE(m_asked.size(), 1);
    QCOMPARE(m_rig->engine->closed, QList<quint64> { 8 });
}

void ConnectionsPageTest::filterByDestinationOfTheMenu()
{
    choose({ 4 });
    QMenu *menu = openMenu(4);
    m_rig->engine->end(4);
    tick();
    action(menu, "Filter by")->trigger();
    QCOMPARE(m_page->findChild<QLineEdit *>()->text(), QStringLiteral("files.example.net"));
    QVERIFY(filter()->rowCount() > 0 && filter()->rowCount() < 100);
}

QTEST_MAIN(ConnectionsPageTest)
#include "tst_connectionspage.moc"
