// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "everywindow.h"
#include "gui/app/language.h"
#include "gui/models/connectionsmodel.h"
#include "gui/models/deniedmodel.h"
#include "gui/models/recentmodel.h"
#include "gui/widgets/columnfit.h"
#include "gui/widgets/connectionspage.h"
#include "gui/widgets/connectionstab.h"
#include "gui/widgets/deniedpage.h"
#include "gui/widgets/hostspane.h"
#include "gui/widgets/recentpane.h"

#include <QHeaderView>
#include <QMenu>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

#include <numeric>

using namespace sami;
using namespace sami::gui;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(QList<sami::gui::ColumnRoom>)

/// Columns are as wide as the table, and no value in them is cut.
class TstColumnFit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void widthIsDivided_data();
    void widthIsDivided();
    void columnsFillEveryTable_data();
    void columnsFillEveryTable();
    void wordsStretchWithTheWindow();
    void widthOfTheUserStays();
    void draggedBorderStaysUnderThePointer();
    void valueIsNeverNarrowerThanItNeeds();
    void layoutBringsTheUsersWidthsBack();
    void widthsCanBeReset();

private:
    struct Table
    {
        QTabWidget *tabs;
        QWidget *page;
        QTableView *table;
    };
    static QList<Table> tables(EveryWindow &windows);
    static int shownWidth(const QTableView &table);
    static QStringList cutValues(const QTableView &table);
    static void makeLong(FakeEngine &engine);
};

QList<TstColumnFit::Table> TstColumnFit::tables(EveryWindow &windows)
{
    MainWindow &main = windows.main();
    ConnectionsTab *tab = main.connections();
    return { { main.tabs(), tab, tab->page()->table() },
             { tab->lower(), tab->recent(), tab->recent()->table() },
             { tab->lower(), tab->hosts(), tab->hosts()->table() },
             { main.tabs(), main.denied(), main.denied()->table() } };
}

int TstColumnFit::shownWidth(const QTableView &table)
{
    int width = 0;
    for (int column = 0; column < table.model()->columnCount(); ++column)
        width += table.columnWidth(column); // 0 if it is hidden
    return width;
}

QStringList TstColumnFit::cutValues(const QTableView &table)
{
    const QStringList words { ConnectionsModel::tr("Client"), ConnectionsModel::tr("User"),
                              ConnectionsModel::tr("Destination"), DeniedModel::tr("Reason"),
                              RecentModel::tr("Why it ended") };
    QStringList cut;
    const QAbstractItemModel &model = *table.model();
    for (int column = 0; column < model.columnCount(); ++column) {
        const QString title = model.headerData(column, Qt::Horizontal).toString();
        if (table.isColumnHidden(column))
            continue;
        if (table.columnWidth(column) < table.horizontalHeader()->sectionSizeHint(column))
            cut.append(u"the title “%1”"_s.arg(title));
        for (int row = 0; row < model.rowCount() && !words.contains(title); ++row) {
            const QModelIndex cell = model.index(row, column);
            const int wanted = table.sizeHintForIndex(cell).width();
            if (wanted > table.columnWidth(column))
                cut.append(u"%1: “%2” wants %3, has %4"_s.arg(title, cell.data().toString())
                               .arg(wanted)
                               .arg(table.columnWidth(column)));
        }
    }
    return cut;
}

void TstColumnFit::makeLong(FakeEngine &engine)
{
    quint64 amount = 9'940;
    for (auto &row : engine.connections) {
        row.endpoint.host = "a-very-long-name-of-a-host.with.many.parts.in.some.region.example.com";
        row.up = row.down = amount - 1;
        row.age = 800 * 24h + 23h + 59min + std::chrono::hours(row.id);
        row.sinceUp = row.sinceDown = 23h + 59min;
        row.longestSilence = 59min + 59s;
        row.firstByte = 9900ms;
        amount = amount > 5'000'000'000'000'000 ? 999'400 : amount * 100;
    }
    for (auto &work : engine.finished) {
        work.up = work.down = amount;
        work.silence = 59min + 59s;
        work.duration = 800 * 24h + 23h;
        work.firstByte = 999ms;
        amount = amount > 5'000'000'000'000'000 ? 999'400 : amount * 10;
    }
    for (auto &row : engine.refused)
        row.count = 999'999;
}

void TstColumnFit::widthIsDivided_data()
{
    using Rooms = QList<ColumnRoom>;
    QTest::addColumn<QList<ColumnRoom>>("columns");
    QTest::addColumn<int>("room");
    QTest::addColumn<QList<int>>("widths");
    const Rooms three { { 50, 50, 0 }, { 60, 100, 1 }, { 40, 100, 2 } };
    QTest::newRow("just enough") << three << 250 << QList<int> { 50, 100, 100 };
    QTest::newRow("the rest goes by shares") << three << 280 << QList<int> { 50, 110, 120 };
    QTest::newRow("to the pixel") << three << 252 << QList<int> { 50, 100, 102 };
    QTest::newRow("too little: who has most to give gives most")
        << three << 200 << QList<int> { 50, 80, 70 };
    QTest::newRow("too little, to the pixel") << three << 249 << QList<int> { 50, 100, 99 };
    QTest::newRow("the least") << three << 150 << QList<int> { 50, 60, 40 };
    QTest::newRow("less than the least: one scrolls") << three << 100 << QList<int> { 50, 60, 40 };
    QTest::newRow("nothing at all") << three << 0 << QList<int> { 50, 60, 40 };
    QTest::newRow("nobody stretches")
        << Rooms { { 50, 50, 0 }, { 60, 60, 0 } } << 200 << QList<int> { 50, 60 };
    QTest::newRow("no column") << Rooms {} << 200 << QList<int> {};
}

void TstColumnFit::widthIsDivided()
{
    QFETCH(const QList<ColumnRoom>, columns);
    QFETCH(const int, room);
    QFETCH(const QList<int>, widths);
    QCOMPARE(dividedWidth(columns, room), widths);
}

void TstColumnFit::columnsFillEveryTable_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("points");
    for (const QString &language : { u"en"_s, u"ru"_s }) {
        for (const int width : { 700, 960, 1024, 1900 }) {
            for (const int points : { 9, 14, 22 })
                QTest::addRow("%s, %d wide, %d points", qPrintable(language), width, points)
                    << language << width << points;
        }
    }
}

void TstColumnFit::columnsFillEveryTable()
{
    QFETCH(const QString, language);
    QFETCH(const int, width);
    QFETCH(const int, points);
    Language texts;
    texts.use(language);
    EveryWindow windows;
    makeLong(windows.engine());
    MainWindow &main = windows.main();
    main.resize(width, 700);
    main.show();
    // In mid-life: a desktop's font can change at any time.
    QFont font = main.font();
    font.setPointSize(points);
    for (const Table &shown : tables(windows)) {
        shown.tabs->setCurrentWidget(shown.page);
        shown.table->setFont(font);
        shown.table->horizontalHeader()->setFont(font);
        windows.controller().tick();
        for (auto &row : windows.engine().connections)
            row.down += 988'000;
        windows.controller().tick();
        QCoreApplication::processEvents();
        QVERIFY(shown.table->isVisible());
        QVERIFY(shown.table->model()->rowCount() > 0);
        QCOMPARE(cutValues(*shown.table).join(u'\n'), QString());
        const int room = shown.table->viewport()->width();
        QVERIFY2(shownWidth(*shown.table) >= room,
                 qPrintable(u"%1 of %2: %3"_s.arg(shownWidth(*shown.table))
                                .arg(room)
                                .arg(shown.table->accessibleName())));
        main.tabs()->setCurrentIndex(0);
    }
}

void TstColumnFit::wordsStretchWithTheWindow()
{
    EveryWindow windows;
    MainWindow &main = windows.main();
    main.resize(1100, 700);
    main.show();
    main.connections()->lower()->setCurrentWidget(main.connections()->recent());
    QCoreApplication::processEvents();
    const QTableView *live = main.connections()->page()->table();
    const QTableView *recent = main.connections()->recent()->table();
    const int host = live->columnWidth(ConnectionsModel::Host);
    const int octets = live->columnWidth(ConnectionsModel::Down);
    const int recentHost = recent->columnWidth(RecentModel::Host);
    const int why = recent->columnWidth(RecentModel::Why);
    main.resize(1800, 700);
    QCoreApplication::processEvents();
    QCOMPARE(live->columnWidth(ConnectionsModel::Host), host + 700);
    QCOMPARE(live->columnWidth(ConnectionsModel::Down), octets);
    QVERIFY(recent->columnWidth(RecentModel::Host) > recentHost);
    QVERIFY(recent->columnWidth(RecentModel::Why) > why);
    QCOMPARE(shownWidth(*recent), recent->viewport()->width());
    main.resize(1100, 700);
    QCoreApplication::processEvents();
    QCOMPARE(live->columnWidth(ConnectionsModel::Host), host);
}

void TstColumnFit::widthOfTheUserStays()
{
    EveryWindow windows;
    MainWindow &main = windows.main();
    main.resize(1400, 700);
    main.show();
    QCoreApplication::processEvents();
    QTableView *table = main.connections()->page()->table();
    table->horizontalHeader()->resizeSection(ConnectionsModel::Host, 300);
    for (const int width : { 1400, 1800, 1100 }) {
        main.resize(width, 700);
        QCoreApplication::processEvents();
        QCOMPARE(table->columnWidth(ConnectionsModel::Host), 300);
        QCOMPARE(shownWidth(*table), table->viewport()->width());
    }
    table->setColumnHidden(ConnectionsModel::Client, true);
    QCoreApplication::processEvents();
    QVERIFY(shownWidth(*table) >= table->viewport()->width());
    table->setColumnHidden(ConnectionsModel::Client, false);
    QCoreApplication::processEvents();
    QCOMPARE(table->columnWidth(ConnectionsModel::Host), 300);
}

void TstColumnFit::draggedBorderStaysUnderThePointer()
{
    EveryWindow windows;
    MainWindow &main = windows.main();
    main.resize(1400, 700);
    main.show();
    QCoreApplication::processEvents();
    QTableView *table = main.connections()->page()->table();
    QHeaderView *header = table->horizontalHeader();
    const auto border = [header](int column) {
        return QPoint(header->sectionViewportPosition(column) + header->sectionSize(column) - 1,
                      header->height() / 2);
    };
    const QPoint from = border(ConnectionsModel::Up);
    QTest::mousePress(header->viewport(), Qt::LeftButton, {}, from);
    for (const int way : { 10, 25, 40 }) {
        const QPoint to = from + QPoint(way, 0);
        QMouseEvent move(QEvent::MouseMove, to, header->viewport()->mapToGlobal(to), Qt::LeftButton,
                         Qt::LeftButton, {});
        QCoreApplication::sendEvent(header->viewport(), &move);
        QCOMPARE(border(ConnectionsModel::Up), to);
    }
    QTest::mouseRelease(header->viewport(), Qt::LeftButton, {}, from + QPoint(40, 0));
    QCOMPARE(shownWidth(*table), table->viewport()->width());
}

void TstColumnFit::valueIsNeverNarrowerThanItNeeds()
{
    EveryWindow windows;
    makeLong(windows.engine());
    MainWindow &main = windows.main();
    main.resize(1400, 700);
    main.show();
    windows.controller().tick();
    QTableView *table = main.connections()->page()->table();
    table->horizontalHeader()->resizeSection(ConnectionsModel::Down, 12);
    table->horizontalHeader()->resizeSection(ConnectionsModel::State, 12);
    QCOMPARE(cutValues(*table).join(u'\n'), QString());
}

void TstColumnFit::layoutBringsTheUsersWidthsBack()
{
    Preferences preferences;
    {
        EveryWindow windows;
        MainWindow &main = windows.main();
        main.resize(1400, 700);
        main.show();
        QCoreApplication::processEvents();
        for (const Table &shown : tables(windows)) {
            shown.tabs->setCurrentWidget(shown.page);
            shown.table->horizontalHeader()->resizeSection(1, 222);
            main.tabs()->setCurrentIndex(0);
        }
        main.storePreferences(preferences);
    }
    EveryWindow windows;
    MainWindow &main = windows.main();
    main.restorePreferences(preferences);
    main.show();
    main.resize(1700, 700);
    for (const Table &shown : tables(windows)) {
        shown.tabs->setCurrentWidget(shown.page);
        QCoreApplication::processEvents();
        QVERIFY(shown.table->isVisible());
        if (!shown.table->isColumnHidden(1))
            QCOMPARE(shown.table->columnWidth(1), 222);
        QCOMPARE(shownWidth(*shown.table), shown.table->viewport()->width());
        main.tabs()->setCurrentIndex(0);
    }
}

void TstColumnFit::widthsCanBeReset()
{
    EveryWindow windows;
    MainWindow &main = windows.main();
    main.resize(1400, 700);
    main.show();
    QCoreApplication::processEvents();
    QTableView *table = main.connections()->page()->table();
    const int before = table->columnWidth(ConnectionsModel::Host);
    table->horizontalHeader()->resizeSection(ConnectionsModel::Host, 300);
    QMenu menu;
    ColumnFit::of(table)->addActions(&menu);
    QVERIFY(menu.actions().last()->isEnabled());
    menu.actions().last()->trigger();
    QCOMPARE(table->columnWidth(ConnectionsModel::Host), before);
}

QTEST_MAIN(TstColumnFit)
#include "tst_columnfit.moc"
