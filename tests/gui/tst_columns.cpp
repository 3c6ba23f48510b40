// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/blocksmodel.h"
#include "gui/models/connectionsmodel.h"
#include "gui/models/deniedmodel.h"
#include "gui/models/hosttotals.h"
#include "gui/models/recentmodel.h"

#include <QSet>
#include <QTest>

using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

struct Fruit
{
    QByteArray name;
    int weight = 0;

    [[nodiscard]] const QByteArray &key() const { return name; }
    friend bool operator==(const Fruit &, const Fruit &) = default;
};

constexpr TableColumn<Fruit> fruitColumns[] = {
    { .id = 0,
      .title = "Fruit",
      .titleTip = "What grows",
      .text = [](const Fruit &row) { return QString::fromUtf8(row.name); },
      .toolTip = [](const Fruit &row) { return u"<b>"_s + QString::fromUtf8(row.name); } },
    { .title = "Weight",
      .width = ColumnWidth::count,
      .isNumber = true,
      .text = [](const Fruit &row) { return QString::number(row.weight) + u" g"_s; },
      .raw = [](const Fruit &row) { return QVariant(row.weight); },
      .csvTitle = "Weight (g)",
      .csv = [](const Fruit &row) { return QString::number(row.weight); } },
    { .title = "Half", .raw = [](const Fruit &row) { return QVariant(row.weight / 2); } },
};

class Basket : public KeyedTable<Fruit>
{
public:
    Basket() : KeyedTable(fruitColumns, nullptr) { assign({ { "apple", 182 } }); }
    [[nodiscard]] QVariant cell(int column, int role) const { return data(index(0, column), role); }
};

/// Faults in the column table of a model.
template <typename Columns> QStringList faultsOf(const Columns &columns)
{
    QStringList faults;
    QSet<QByteArray> titles;
    for (const auto &column : columns) {
        if (QByteArray(column.title).isEmpty() || titles.contains(column.title))
            faults.append(u"a title is missing or there twice: "_s
                          + QString::fromUtf8(column.title));
        titles.insert(column.title);
        if (!column.text && !column.raw)
            faults.append(QString::fromUtf8(column.title) + u" says nothing"_s);
    }
    return faults;
}

} // namespace

class TstColumns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyColumnSaysSomething();
    void everyLiveColumnCanBeSortedBy();
    void liveColumnsThatChangeTogetherStandTogether();
    void whatIsLeftOutHasItsMeaning();
    void aSpreadsheetHasItsOwnTitlesAndValues();
    void noCellIsAFormula_data();
    void noCellIsAFormula();
    void aNameStandsAtItsPlace();
};

void TstColumns::everyColumnSaysSomething()
{
    QCOMPARE(faultsOf(BlocksModel::columns()), QStringList());
    QCOMPARE(faultsOf(ConnectionsModel::columns()), QStringList());
    QCOMPARE(faultsOf(DeniedModel::columns()), QStringList());
    QCOMPARE(faultsOf(HostTotals::columns()), QStringList());
    QCOMPARE(faultsOf(RecentModel::columns()), QStringList());
    QCOMPARE(ConnectionsModel().columnCount(), int(ConnectionsModel::columns().size()));
}

void TstColumns::everyLiveColumnCanBeSortedBy()
{
    for (const auto &column : ConnectionsModel::columns())
        QVERIFY2(column.order, column.title);
}

void TstColumns::liveColumnsThatChangeTogetherStandTogether()
{
    // A model signals a block of columns as its first and its last.
    int blocks = 0;
    auto before = TableColumn<LiveConnection>::Changes::Never;
    for (const auto &column : ConnectionsModel::columns()) {
        if (column.changes != before)
            ++blocks;
        before = column.changes;
    }
    QCOMPARE(blocks, 3); // with requests, with ticks, and the age, which changes by itself
}

void TstColumns::whatIsLeftOutHasItsMeaning()
{
    const Basket basket;
    QCOMPARE(basket.cell(0, Qt::DisplayRole), QVariant(u"apple"_s));
    QCOMPARE(basket.cell(0, RawRole), QVariant(u"apple"_s));
    QCOMPARE(basket.cell(1, Qt::DisplayRole), QVariant(u"182 g"_s));
    QCOMPARE(basket.cell(1, RawRole), QVariant(182));
    QCOMPARE(basket.cell(2, Qt::DisplayRole), QVariant(91));
    QVERIFY(!basket.cell(0, Qt::ToolTipRole).toString().contains(u"<b>"_s)); // no HTML
    QCOMPARE(basket.cell(1, Qt::ToolTipRole).toString(), QString());
    QVERIFY(basket.cell(0, Qt::TextAlignmentRole).toInt() & Qt::AlignLeft);
    QVERIFY(basket.cell(1, Qt::TextAlignmentRole).toInt() & Qt::AlignRight);
    QCOMPARE(basket.headerData(0, Qt::Horizontal, Qt::ToolTipRole).toString(), u"What grows"_s);
    QVERIFY(!basket.headerData(1, Qt::Horizontal, Qt::ToolTipRole).isValid());
    QVERIFY(!basket.headerData(3, Qt::Horizontal, Qt::DisplayRole).isValid());
    QCOMPARE(basket.widths().size(), 3);
    QVERIFY(!basket.widths().at(1).longest.isEmpty());
}

void TstColumns::aSpreadsheetHasItsOwnTitlesAndValues()
{
    const Basket basket;
    QCOMPARE(basket.rowText(0), u"apple\t182 g\t91"_s);
    QCOMPARE(basket.csvHeader(), u"\"Fruit\",\"Weight (g)\",\"Half\""_s);
    QCOMPARE(basket.csvLine(0), u"\"apple\",\"182\",\"91\""_s);
}

void TstColumns::noCellIsAFormula_data()
{
    QTest::addColumn<QString>("cell");
    QTest::addColumn<QString>("inCsv");
    QTest::addColumn<QString>("inTabs");
    const auto disarmed = [](const char *name, const QString &cell) {
        QTest::newRow(name) << cell << u"\"'"_s + cell + u'"' << u'\'' + cell;
    };
    disarmed("an equals sign", u"=1+1"_s);
    disarmed("a plus", u"+1"_s);
    disarmed("a minus", u"-1"_s);
    disarmed("an at sign", u"@SUM(1)"_s);
    disarmed("a full-width equals sign", u"\uff1d1"_s);
    disarmed("blanks before it, which spreadsheets drop", u"  =1"_s);
    QTest::newRow("a tab before it") << u"\t=1"_s << u"\"'\t=1\""_s << u"' =1"_s;
    QTest::newRow("a line end before it") << u"\r\n=1"_s << u"\"'\r\n=1\""_s << u"'  =1"_s;
    QTest::newRow("a tab inside, which begins no other cell")
        << u"a\t=1"_s << u"\"a\t=1\""_s << u"a =1"_s;
    QTest::newRow("a line end inside, which begins no other row")
        << u"a\n=1"_s << u"\"a\n=1\""_s << u"a =1"_s;
    QTest::newRow("a dash") << u"\u2013"_s << u"\"\u2013\""_s << u"\u2013"_s;
    QTest::newRow("an ordinary text") << u"a=b"_s << u"\"a=b\""_s << u"a=b"_s;
    QTest::newRow("nothing") << QString() << u"\"\""_s << QString();
}

void TstColumns::noCellIsAFormula()
{
    QFETCH(const QString, cell);
    QFETCH(const QString, inCsv);
    QFETCH(const QString, inTabs);
    QCOMPARE(Wording::joinedCells({ u"x"_s, cell }, u','), u"\"x\","_s + inCsv);
    QCOMPARE(Wording::joinedCells({ u"x"_s, cell }, u'\t'), u"x\t"_s + inTabs);
}

void TstColumns::aNameStandsAtItsPlace()
{
    static constexpr TableColumn<Fruit> shifted[] = { { .title = "New" }, { .id = 0 } };
    QVERIFY(areInOrder(fruitColumns));
    QVERIFY(!areInOrder(shifted));
}

QTEST_GUILESS_MAIN(TstColumns)
#include "tst_columns.moc"
