// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/syntax.h"

#include <QTest>

#include <limits>

using namespace sami::http;
using namespace Qt::StringLiterals;

class TestSyntax : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsTokens();
    void knowsFieldContent();
    void comparesAsciiOnly();
    void parsesNumbers_data();
    void parsesNumbers();
    void splitsLists_data();
    void splitsLists();
};

void TestSyntax::knowsTokens()
{
    const QByteArray tchars =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (int octet = 0; octet < 256; ++octet) {
        const char c = static_cast<char>(octet);
        QCOMPARE(isTokenChar(c), tchars.contains(c));
    }
    QVERIFY(isToken(tchars));
    QVERIFY(!isToken(""));
    QVERIFY(!isToken("a b"));
    QVERIFY(!isToken("a\0"_ba));
}

void TestSyntax::knowsFieldContent()
{
    for (int octet = 0; octet < 256; ++octet) {
        const bool allowed = octet == 9 || (octet >= 32 && octet != 127);
        QCOMPARE(isFieldContentChar(static_cast<char>(octet)), allowed);
    }
}

void TestSyntax::comparesAsciiOnly()
{
    QVERIFY(equalsIgnoringCase("Content-Length", "cONTENT-lENGTH"));
    QVERIFY(equalsIgnoringCase("", ""));
    QVERIFY(!equalsIgnoringCase("a", "ab"));
    QVERIFY(!equalsIgnoringCase("@", "`")); // they differ by 0x20 but are no letters
    QVERIFY(!equalsIgnoringCase("\xc4", "\xe4"));
}

void TestSyntax::parsesNumbers_data()
{
    QTest::addColumn<QByteArray>("digits");
    QTest::addColumn<std::optional<quint64>>("decimal");
    QTest::addColumn<std::optional<quint64>>("hex");
    using Number = std::optional<quint64>;
    QTest::newRow("S§8.6: zero") << "0"_ba << Number(0) << Number(0);
    QTest::newRow("S§8.6: leading zeros") << "0010"_ba << Number(10) << Number(16);
    QTest::newRow("M§7.1: HEXDIG of both cases") << "aF"_ba << Number() << Number(0xaf);
    QTest::newRow("S§8.6: nothing is no number") << ""_ba << Number() << Number();
    QTest::newRow("S§8.6: a sign") << "+1"_ba << Number() << Number();
    QTest::newRow("S§8.6: minus") << "-1"_ba << Number() << Number();
    QTest::newRow("S§8.6: a blank") << " 1"_ba << Number() << Number();
    QTest::newRow("M§7.1: 0x is no prefix") << "0x10"_ba << Number() << Number();
    QTest::newRow("S§8.6: the largest of 64 bits")
        << "18446744073709551615"_ba << Number(std::numeric_limits<quint64>::max()) << Number();
    QTest::newRow("S§8.6: one more overflows") << "18446744073709551616"_ba << Number() << Number();
    QTest::newRow("M§7.1: the largest of 63 bits in hex")
        << "7fffffffffffffff"_ba << Number() << Number(quint64(std::numeric_limits<qint64>::max()));
    QTest::newRow("M§7.1: 64 bits in hex overflow")
        << "8000000000000000"_ba << Number(8000000000000000) << Number();
}

void TestSyntax::parsesNumbers()
{
    QFETCH(QByteArray, digits);
    QFETCH(std::optional<quint64>, decimal);
    QFETCH(std::optional<quint64>, hex);
    QVERIFY(parseDecimal(digits) == decimal);
    QVERIFY(parseHex(digits) == hex);
}

void TestSyntax::splitsLists_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArrayList>("elements");
    QTest::newRow("S§5.6.1: elements are trimmed")
        << " a ,\tb,c d "_ba << QByteArrayList { "a", "b", "c d" };
    QTest::newRow("S§5.6.1: empty elements do not count")
        << ",, a, ,b,"_ba << QByteArrayList { "a", "b" };
    QTest::newRow("S§5.6.1: nothing is no element") << ""_ba << QByteArrayList {};
    QTest::newRow("S§5.6.4: a comma in a quoted string does not split")
        << R"(a="x,y", b)"_ba << QByteArrayList { R"(a="x,y")", "b" };
    QTest::newRow("S§5.6.4: an escaped quote does not end the string")
        << R"(a="x\",y", b)"_ba << QByteArrayList { R"(a="x\",y")", "b" };
    QTest::newRow("S§5.6.4: an open string reaches to the end")
        << R"(a, "b, c)"_ba << QByteArrayList { "a", R"("b, c)" };
}

void TestSyntax::splitsLists()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArrayList, elements);
    QByteArrayList found;
    for (const QByteArrayView element : listElements(value))
        found.append(element.toByteArray());
    QCOMPARE(found, elements);
}

QTEST_APPLESS_MAIN(TestSyntax)
#include "tst_syntax.moc"
