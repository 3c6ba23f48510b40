// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/headerlist.h"
#include "pieces.h"

#include <QTest>

using namespace sami::http;

class TestHeaderList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsOrderCaseAndDuplicates();
    void looksUpIgnoringCase();
    void combinesLists();
    void setsInPlace();
    void removes();
    void continuesTheLastField();

private:
    const HeaderList m_list { { "b", "1" }, { "A", "2, x" }, { "B", "3" }, { "a", "Y,\"z,z\"" } };
};

void TestHeaderList::keepsOrderCaseAndDuplicates()
{
    QCOMPARE(pieces::linesOf(m_list), "b: 1\nA: 2, x\nB: 3\na: Y,\"z,z\"\n");
    QCOMPARE(m_list.size(), 4);
    QVERIFY(!m_list.isEmpty());
    QCOMPARE(m_list.at(2).name, "B");
}

void TestHeaderList::looksUpIgnoringCase()
{
    QVERIFY(m_list.contains("B"));
    QVERIFY(!m_list.contains("c"));
    QCOMPARE(m_list.count("b"), 2);
    QCOMPARE(m_list.count("c"), 0);
    QCOMPARE(m_list.value("B").value().toByteArray(), "1");
    QVERIFY(!m_list.value("c").has_value());
    QCOMPARE(m_list.values("B").size(), 2);
    QCOMPARE(m_list.values("B").last().toByteArray(), "3");
}

void TestHeaderList::combinesLists()
{
    const QList<QByteArrayView> elements = m_list.listElements("A");
    QCOMPARE(elements.size(), 4);
    QCOMPARE(elements.at(2).toByteArray(), "Y");
    QVERIFY(m_list.listContains("a", "y"));
    QVERIFY(m_list.listContains("a", "2"));
    QVERIFY(!m_list.listContains("a", "z"));
    QVERIFY(!m_list.listContains("c", "z"));
}

void TestHeaderList::setsInPlace()
{
    HeaderList list = m_list;
    list.set("B", "new");
    QCOMPARE(pieces::linesOf(list), "b: new\nA: 2, x\na: Y,\"z,z\"\n");
    list.set("C", "4");
    QCOMPARE(list.at(list.size() - 1).name, "C");
}

void TestHeaderList::removes()
{
    HeaderList list = m_list;
    QCOMPARE(list.removeAll("a"), 2);
    QCOMPARE(pieces::linesOf(list), "b: 1\nB: 3\n");
    QCOMPARE(list.removeIf([](const Field &field) { return field.value == "3"; }), 1);
    QCOMPARE(list.removeAll("a"), 0);
    QCOMPARE(pieces::linesOf(list), "b: 1\n");
    list.clear();
    QVERIFY(list.isEmpty());
}

void TestHeaderList::continuesTheLastField()
{
    HeaderList list { { "a", "" } };
    list.continueLast("b");
    list.continueLast("");
    list.continueLast("c");
    QCOMPARE(pieces::linesOf(list), "a: b c\n");
}

QTEST_APPLESS_MAIN(TestHeaderList)
#include "tst_headerlist.moc"
