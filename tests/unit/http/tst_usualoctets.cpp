// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/heapcost.h"
#include "http/headparser.h"
#include "http/usualoctets.h"

#include <QTest>

using namespace sami;
using namespace sami::http;

class TestUsualOctets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shares_data();
    void shares();
    void aChangedCopyLeavesTheOthers();
    void isOctetForOctet();
    void aHeadOfUsualFieldsTakesLittle();
};

void TestUsualOctets::shares_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<bool>("isShared");
    QTest::newRow("a usual name") << QByteArray("Content-Type") << true;
    QTest::newRow("the same in lower case") << QByteArray("content-type") << true;
    QTest::newRow("the same in a case of its own") << QByteArray("CoNtEnT-TyPe") << false;
    QTest::newRow("the first of the table") << QByteArray("Host") << true;
    QTest::newRow("the last of the table") << QByteArray("Service Unavailable") << true;
    QTest::newRow("the longest") << QByteArray("X-Stainless-Package-Version") << true;
    QTest::newRow("a usual value") << QByteArray("application/json") << true;
    QTest::newRow("a method") << QByteArray("POST") << true;
    QTest::newRow("a usual name and an octet more") << QByteArray("Content-Type ") << false;
    QTest::newRow("a usual name without its last octet") << QByteArray("Content-Typ") << false;
    QTest::newRow("as long as a usual name, and as it begins and ends")
        << QByteArray("CXnXeXt-Type") << false;
    QTest::newRow("a NUL behind it") << QByteArray("Host\0", 5) << false;
    QTest::newRow("a secret") << QByteArray("Bearer sk-0123456789") << false;
    QTest::newRow("longer than anything usual") << QByteArray(200, 'a') << false;
}

void TestUsualOctets::shares()
{
    QFETCH(QByteArray, octets);
    QFETCH(bool, isShared);
    const QByteArray array = octetsOf(octets);
    QCOMPARE(array, octets);
    QCOMPARE(array.constData()[array.size()], '\0'); // NUL-terminated like any array, or C code
                                                     // would read on
    QCOMPARE(octetsOf(octets).constData() == array.constData(), isShared);
    QCOMPARE(heapCost(array) == 0, isShared);
}

void TestUsualOctets::aChangedCopyLeavesTheOthers()
{
    QByteArray array = octetsOf("Accept");
    array.append("-Encoding");
    array[0] = 'a';
    QCOMPARE(array, "accept-Encoding");
    QCOMPARE(octetsOf("Accept"), "Accept");
}

void TestUsualOctets::isOctetForOctet()
{
    QVERIFY(octetsOf({}).isEmpty());
    for (int length = 1; length < 60; ++length) {
        for (const char c : { 'a', 'X', '\0', '\xff', '-' }) {
            const QByteArray octets(length, c);
            QCOMPARE(octetsOf(octets), octets);
        }
    }
}

void TestUsualOctets::aHeadOfUsualFieldsTakesLittle()
{
    const auto costOf = [](QByteArrayView head) {
        RequestHeadParser parser;
        static_cast<void>(parser.feed(head));
        return parser.heldBytes();
    };
    const qsizetype usual =
        costOf("POST / HTTP/1.1\r\nAccept: */*\r\nContent-Type: application/json\r\n");
    const qsizetype others =
        costOf("POST / HTTP/1.1\r\nAccepd: */+\r\nContent-Tipe: application/jzon\r\n");
    QVERIFY(others - usual >= 4 * 32); // four allocations
}

QTEST_GUILESS_MAIN(TestUsualOctets)
#include "tst_usualoctets.moc"
