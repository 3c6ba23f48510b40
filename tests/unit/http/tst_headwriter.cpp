// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/bodyreader.h"
#include "http/headparser.h"
#include "http/headwriter.h"

#include <QTest>

using namespace sami::http;
using namespace Qt::StringLiterals;

class TestHeadWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesRequests();
    void writesResponses_data();
    void writesResponses();
    void writesChunks();
    void writesWhatTheReaderReads();
    void writesDates_data();
    void writesDates();
};

void TestHeadWriter::writesRequests()
{
    QByteArray out = "before|";
    writeRequestHead(out, { "POST", "/p?a=1", Version::Http11, { { "B", "1" }, { "b", "" } } });
    QCOMPARE(out, "before|POST /p?a=1 HTTP/1.1\r\nB: 1\r\nb: \r\n\r\n");
}

void TestHeadWriter::writesResponses_data()
{
    QTest::addColumn<ResponseHead>("head");
    QTest::addColumn<QByteArray>("octets");
    QTest::newRow("M§4: version, status, reason")
        << ResponseHead { Version::Http11, 404, "Not Found", { { "A", "b" } } }
        << "HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n"_ba;
    QTest::newRow("M§4: the SP stays before an empty reason")
        << ResponseHead { Version::Http11, 100, "", {} } << "HTTP/1.1 100 \r\n\r\n"_ba;
}

void TestHeadWriter::writesResponses()
{
    QFETCH(ResponseHead, head);
    QByteArray out;
    writeResponseHead(out, head);
    QTEST(out, "octets");
}

void TestHeadWriter::writesChunks()
{
    QByteArray out;
    writeChunk(out, "abc");
    writeChunk(out, "");
    writeChunk(out, QByteArray(255, 'x'));
    QCOMPARE(out, "3\r\nabc\r\nff\r\n" + QByteArray(255, 'x') + "\r\n");
    QByteArray last;
    writeLastChunk(last, {});
    QCOMPARE(last, "0\r\n\r\n");
    last.clear();
    writeLastChunk(last, { { "Digest", "x" } });
    QCOMPARE(last, "0\r\nDigest: x\r\n\r\n");
}

void TestHeadWriter::writesWhatTheReaderReads()
{
    QByteArray out;
    const RequestHead head { "PUT", "http://h/", Version::Http11, { { "A", "b" }, { "A", "c" } } };
    writeRequestHead(out, head);
    RequestHeadParser parser;
    QCOMPARE(parser.feed(out).status, HeadProgress::Status::Complete);
    QVERIFY(parser.take().fields == head.fields);

    QByteArray body;
    writeChunk(body, "content");
    writeLastChunk(body, head.fields);
    BodyReader reader({ BodyKind::Chunked });
    const BodyReader::Step data = reader.next(body);
    QCOMPARE(data.data.toByteArray(), "content");
    QCOMPARE(reader.next(QByteArrayView(body).sliced(data.consumed)).status,
             BodyReader::Status::Done);
    QVERIFY(reader.trailers() == head.fields);
}

void TestHeadWriter::writesDates_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QByteArray>("date");
    const auto row = [](const char *name, qint64 seconds, const QByteArray &date) {
        QTest::newRow(name) << seconds << date;
    };
    row("S§5.6.7: the epoch", 0, "Thu, 01 Jan 1970 00:00:00 GMT");
    row("S§5.6.7: the RFC's own example", 784111777, "Sun, 06 Nov 1994 08:49:37 GMT");
    row("S§5.6.7: a leap day", 1709251199, "Thu, 29 Feb 2024 23:59:59 GMT");
    row("S§5.6.7: the day after it", 1709251200, "Fri, 01 Mar 2024 00:00:00 GMT");
    row("S§5.6.7: a century that has a leap day", 951782400, "Tue, 29 Feb 2000 00:00:00 GMT");
    row("S§5.6.7: the last second of a year", 1798761599, "Thu, 31 Dec 2026 23:59:59 GMT");
    row("S§5.6.7: behind 32 bits", 4294967296, "Sun, 07 Feb 2106 06:28:16 GMT");
    row("S§5.6.7: before the epoch", -1, "Wed, 31 Dec 1969 23:59:59 GMT");
}

void TestHeadWriter::writesDates()
{
    QFETCH(qint64, seconds);
    QTEST(imfDate(seconds), "date");
}

QTEST_APPLESS_MAIN(TestHeadWriter)
#include "tst_headwriter.moc"
