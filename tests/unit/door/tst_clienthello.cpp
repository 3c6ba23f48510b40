// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/clienthello.h"

#include <QByteArray>
#include <QTest>

using sami::door::ClientHello;
using Verdict = ClientHello::Verdict;

Q_DECLARE_METATYPE(sami::door::ClientHello::Verdict)

namespace {

QByteArray number(qsizetype value, int octets)
{
    QByteArray text;
    for (int i = octets - 1; i >= 0; --i)
        text.append(static_cast<char>(value >> (8 * i)));
    return text;
}

QByteArray message(char type, qsizetype announced, qsizetype size)
{
    return type + number(announced, 3) + QByteArray(size, 'x');
}

QByteArray record(char type, const QByteArray &content)
{
    return type + QByteArray("\x03\x01") + number(content.size(), 2) + content;
}

/// A message, divided into records of that size.
QByteArray records(const QByteArray &whole, qsizetype each)
{
    QByteArray text;
    for (qsizetype at = 0; at < whole.size(); at += each)
        text += record(22, whole.mid(at, each));
    return text;
}

const QByteArray hello = record(22, message(1, 300, 300));
const QByteArray changeCipherSpec = record(20, "\x01");

} // namespace

class TestClientHello : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judges_data();
    void judges();
    void isWholeWithItsLastOctet_data();
    void isWholeWithItsLastOctet();
};

void TestClientHello::judges_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<Verdict>("verdict");
    const auto row = [](const char *title, const QByteArray &octets, Verdict verdict) {
        QTest::newRow(title) << octets << verdict;
    };
    const qsizetype most = ClientHello::maxOctets;
    row("nothing", {}, Verdict::NeedMore);
    row("a first octet", "\x16", Verdict::NeedMore);
    row("all but the last octet", hello.chopped(1), Verdict::NeedMore);
    row("a hello", hello, Verdict::Whole);
    row("a hello of which more comes in another record", records(message(1, 300, 299), 100),
        Verdict::NeedMore);
    row("a hello without content", record(22, message(1, 0, 0)), Verdict::Whole);
    row("one that says it is long", record(22, message(1, most + 1, 0)), Verdict::TooLong);
    row("one that says it is as long as can be", record(22, message(1, 0xffffff, 0)),
        Verdict::TooLong);
    row("one that says it is long, its length in records of one octet",
        records(message(1, 0xffffff, 0), 1), Verdict::TooLong);
    row("one that is as long as may be, and not whole", records(message(1, most, most - 1), 16000),
        Verdict::TooLong);
    row("a usual one in so many records that they are long", records(message(1, 3000, 2950), 1),
        Verdict::TooLong);
    row("another message", record(22, message(2, 300, 0)), Verdict::Whole);
    row("another record", record(23, "x"), Verdict::Whole);
    row("a record without content", record(22, {}), Verdict::Whole);
    row("a change of ciphers before anything", changeCipherSpec, Verdict::Whole);
    row("no TLS at all", "\x16 is the first octet of this", Verdict::Whole);
    row("a second hello", hello + changeCipherSpec + hello, Verdict::Whole);
    row("a part of a second hello", hello + hello.first(50), Verdict::Whole);
    row("a second one that says it is long", hello + record(22, message(1, most + 1, 0)),
        Verdict::TooLong);
    row("the same after a change of ciphers",
        hello + changeCipherSpec + record(22, message(1, most + 1, 0)), Verdict::TooLong);
    row("a third one", hello + hello + record(22, message(1, most + 1, 0)), Verdict::Whole);
    row("a key exchange, and something encrypted that looks like a long hello",
        hello + record(22, message(16, 66, 66)) + changeCipherSpec
            + record(22, message(1, 0xffffff, 40)),
        Verdict::Whole);
    row("what is encrypted after the hello",
        hello + changeCipherSpec + record(23, QByteArray(20'000, 1)), Verdict::Whole);
}

void TestClientHello::judges()
{
    QFETCH(QByteArray, octets);
    QFETCH(Verdict, verdict);
    ClientHello whole;
    QCOMPARE(int(whole.feed(octets)), int(verdict));
    ClientHello single;
    Verdict last = single.feed({});
    for (const char octet : octets)
        last = single.feed(QByteArrayView(&octet, 1));
    QCOMPARE(int(last), int(verdict));
    for (qsizetype cut = 0; cut <= qMin<qsizetype>(octets.size(), 400); ++cut) {
        ClientHello split;
        static_cast<void>(split.feed(octets.first(cut)));
        QCOMPARE(int(split.feed(octets.sliced(cut))), int(verdict));
    }
}

void TestClientHello::isWholeWithItsLastOctet_data()
{
    QTest::addColumn<int>("each");
    QTest::newRow("in one record") << 16'000;
    QTest::newRow("in records of seven octets") << 7;
    QTest::newRow("in records of one octet") << 1;
}

void TestClientHello::isWholeWithItsLastOctet()
{
    QFETCH(int, each);
    const QByteArray octets = records(message(1, 500, 500), each);
    ClientHello hello;
    for (qsizetype i = 0; i < octets.size(); ++i) {
        const Verdict verdict = hello.feed(QByteArrayView(octets).sliced(i, 1));
        QCOMPARE(int(verdict), int(i + 1 == octets.size() ? Verdict::Whole : Verdict::NeedMore));
    }
}

QTEST_GUILESS_MAIN(TestClientHello)
#include "tst_clienthello.moc"
