// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/requestreader.h"

#include <QTest>

using namespace sami;
using namespace sami::admin;
using Status = RequestReader::Status;

namespace {

/// The outcome of these bytes, fed in pieces of that size: 0 for a complete request, -1 if more
/// must come, otherwise the status of the answer.
int outcomeOf(RequestReader &reader, const QByteArray &octets, qsizetype piece)
{
    QByteArray left = octets;
    for (;;) {
        const QByteArray part = left.first(std::min(piece, left.size()));
        const RequestReader::Step step = reader.feed(part);
        left.remove(0, step.consumed);
        if (step.status == Status::Complete)
            return 0;
        if (step.status == Status::Failed)
            return reader.fault().status;
        if (step.status == Status::NeedMore && left.isEmpty())
            return -1;
    }
}

} // namespace

class TstRequestReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requests_data();
    void requests();
    void theHeadIsToldBeforeTheBody();
    void oneRequestAfterTheOther();
};

void TstRequestReader::requests_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<int>("outcome");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *sentence, const QByteArray &octets, int outcome,
                        const QByteArray &body = {}) {
        QTest::newRow(sentence) << octets << outcome << body;
    };
    const QByteArray post = "POST / HTTP/1.1\r\nHost: a\r\n";
    row("B§18: a request without a body", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0);
    row("B§18: one with a length", post + "Content-Length: 2\r\n\r\n{}", 0, "{}");
    row("B§18: one in chunks",
        post + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", 0, "{}");
    row("B§18: half of it", post + "Content-Length: 2\r\n\r\n{", -1);
    row("B§18: a head without its end", "GET / HTTP/1.1\r\nHost: a\r\n", -1);
    row("B§18: two lengths", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400);
    row("B§18: a length and chunks",
        post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
    row("B§18: a coding that is none of ours", post + "Transfer-Encoding: gzip, chunked\r\n\r\n",
        501);
    row("B§18: a bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400);
    row("B§18: a folded field", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400);
    row("B§18: HTTP/2", "GET / HTTP/2.0\r\n", 505);
    row("B§18: a body of 8 KB", post + "Content-Length: 8192\r\n\r\n" + QByteArray(8192, 'a'), 0,
        QByteArray(8192, 'a'));
    row("B§18: a body over 8 KB is refused before it is read",
        post + "Content-Length: 8193\r\n\r\n", 413);
    row("B§18: so are chunks that make one",
        post + "Transfer-Encoding: chunked\r\n\r\n2001\r\n" + QByteArray(0x2001, 'a'), 413);
    row("B§18: a head over 8 KB", "GET / HTTP/1.1\r\nA: " + QByteArray(8192, 'a') + "\r\n\r\n",
        431);
    row("B§18: over 64 fields", "GET / HTTP/1.1\r\n" + QByteArray("A: b\r\n").repeated(65) + "\r\n",
        431);
    row("B§18: a target over 2 KB", "GET /" + QByteArray(2048, 'a') + " HTTP/1.1\r\n\r\n", 414);
}

void TstRequestReader::requests()
{
    QFETCH(QByteArray, octets);
    QFETCH(int, outcome);
    QFETCH(QByteArray, body);
    for (const qsizetype piece : { qsizetype(1), qsizetype(7), octets.size() }) {
        RequestReader reader;
        QCOMPARE(outcomeOf(reader, octets, piece), outcome);
        if (outcome == 0)
            QCOMPARE(reader.body(), body);
    }
}

void TstRequestReader::theHeadIsToldBeforeTheBody()
{
    RequestReader reader;
    const QByteArray octets = "POST /x HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
    const RequestReader::Step head = reader.feed(octets);
    QCOMPARE(int(head.status), int(Status::Head));
    QCOMPARE(head.consumed, octets.size() - 2);
    QCOMPARE(reader.head().target, "/x");
    const RequestReader::Step whole = reader.feed(octets.sliced(head.consumed));
    QCOMPARE(int(whole.status), int(Status::Complete));
    QVERIFY(reader.keepsConnection());
}

void TstRequestReader::oneRequestAfterTheOther()
{
    RequestReader reader;
    QCOMPARE(outcomeOf(reader, "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", 100), 0);
    reader.reset();
    QVERIFY(!reader.hasStarted());
    QCOMPARE(outcomeOf(reader, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 100), 0);
    QVERIFY(reader.body().isEmpty());
    QVERIFY(!reader.keepsConnection());
}

QTEST_GUILESS_MAIN(TstRequestReader)
#include "tst_requestreader.moc"
