// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/bodyreader.h"
#include "pieces.h"

#include <QTest>

using namespace sami::http;
using namespace Qt::StringLiterals;
using Status = BodyReader::Status;

namespace {

/// What a reader returned for all pieces.
struct Outcome
{
    Status status = Status::NeedMore;
    BodyFault fault {};
    QByteArray content;
    qsizetype consumed = 0;
    QByteArray trailers;
};

Outcome read(BodyReader &reader, const pieces::Cutting &cutting)
{
    Outcome outcome;
    for (const pieces::Piece &piece : cutting) {
        QByteArrayView rest = pieces::viewOf(piece);
        while (true) {
            const BodyReader::Step step = reader.next(rest);
            outcome.status = step.status;
            outcome.consumed += step.consumed;
            rest = rest.sliced(step.consumed);
            if (step.status != Status::Data) {
                outcome.fault = step.fault;
                break;
            }
            outcome.content += step.data;
        }
        if (outcome.status != Status::NeedMore)
            break;
    }
    outcome.trailers = pieces::linesOf(reader.trailers());
    return outcome;
}

} // namespace

class TestBodyReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsNothing();
    void readsLengths();
    void readsUntilClose();
    void readsChunks_data();
    void readsChunks();
    void refusesChunks_data();
    void refusesChunks();
    void noticesTruncation_data();
    void noticesTruncation();
    void givesDataInPlace();
    void limitsTrailers_data();
    void limitsTrailers();
    void staysFailed();
};

void TestBodyReader::readsNothing()
{
    BodyReader reader;
    QVERIFY(reader.isDone());
    const BodyReader::Step step = reader.next("next");
    QCOMPARE(step.status, Status::Done);
    QCOMPARE(step.consumed, 0);
    QVERIFY(reader.finish());
}

void TestBodyReader::readsLengths()
{
    for (const pieces::Cutting &cutting : pieces::cuttings("12345next")) {
        BodyReader reader({ BodyKind::Length, 5 });
        QVERIFY(!reader.isDone());
        const Outcome outcome = read(reader, cutting);
        QCOMPARE(outcome.status, Status::Done);
        QCOMPARE(outcome.content, "12345");
        QCOMPARE(outcome.consumed, 5);
        QCOMPARE(reader.contentBytes(), 5U);
        QVERIFY(reader.isDone());
    }
    BodyReader reader({ BodyKind::Length, 2 });
    QCOMPARE(reader.next("12").status, Status::Data);
    QVERIFY(reader.isDone()); // with its last byte, not with the next call
}

void TestBodyReader::readsUntilClose()
{
    for (const pieces::Cutting &cutting : pieces::cuttings("12345")) {
        BodyReader reader({ BodyKind::UntilClose });
        const Outcome outcome = read(reader, cutting);
        QCOMPARE(outcome.status, Status::NeedMore);
        QCOMPARE(outcome.content, "12345");
        QVERIFY(!reader.isDone());
        QVERIFY(reader.finish());
        QVERIFY(reader.isDone());
        QCOMPARE(reader.next({}).status, Status::Done);
    }
}

void TestBodyReader::readsChunks_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("trailers");
    QTest::addColumn<qsizetype>("rest");
    const auto row = [](const char *name, const QByteArray &input, const QByteArray &content,
                        const QByteArray &trailers = {}, qsizetype rest = 0) {
        QTest::newRow(name) << input << content << trailers << rest;
    };
    row("M§7.1: the last chunk alone is an empty body", "0\r\n\r\n", "");
    row("M§7.1: chunks are put together", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde");
    row("M§7.1: sizes are hexadecimal in either case",
        "A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n", "01234567890123456789a");
    row("M§7.1: zeros before a size", "0003\r\nabc\r\n000\r\n\r\n", "abc");
    row("M§7.1: CRLF in a chunk is data", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n");
    row("M§7.1: what follows the body is not of it", "1\r\na\r\n0\r\n\r\nGET /", "a", {}, 5);
    row("M§7.1.1: extensions are skipped", "1;a=b;c=\"d;e\"\r\nx\r\n0;last\r\n\r\n", "x");
    row("M§7.1.1: an extension of exactly 4 KiB of line",
        "1;" + QByteArray(4093, 'e') + "\r\nx\r\n0\r\n\r\n", "x");
    row("M§7.1.2: trailers are read", "1\r\nx\r\n0\r\nDigest: abc\r\nB:  d \r\n\r\nrest", "x",
        "Digest: abc\nB: d\n", 4);
}

void TestBodyReader::readsChunks()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, trailers);
    QFETCH(qsizetype, rest);
    for (const pieces::Cutting &cutting : pieces::cuttings(input)) {
        BodyReader reader({ BodyKind::Chunked });
        const Outcome outcome = read(reader, cutting);
        QCOMPARE(outcome.status, Status::Done);
        QCOMPARE(outcome.content, content);
        QCOMPARE(outcome.trailers, trailers);
        QCOMPARE(outcome.consumed, input.size() - rest);
        QCOMPARE(reader.contentBytes(), quint64(content.size()));
        QVERIFY(reader.isDone());
        QVERIFY(reader.finish());
    }
}

void TestBodyReader::refusesChunks_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<BodyFault>("fault");
    const auto row = [](const char *name, const QByteArray &input, BodyFault fault) {
        QTest::newRow(name) << input << fault;
    };
    row("M§7.1: no size", "\r\n", BodyFault::BadChunkSize);
    row("M§7.1: an extension without a size", ";a\r\n", BodyFault::BadChunkSize);
    row("M§7.1: a size that is no number", "x\r\n", BodyFault::BadChunkSize);
    row("M§7.1: a signed size", "-1\r\n", BodyFault::BadChunkSize);
    row("M§7.1: a size with 0x", "0x3\r\nabc\r\n", BodyFault::BadChunkSize);
    row("M§7.1: a blank before the size", " 3\r\nabc\r\n", BodyFault::BadChunkSize);
    row("M§7.1: a blank behind the size", "3 \r\nabc\r\n", BodyFault::BadChunkSize);
    row("M§7.1.1: a blank before an extension", "3 ;a\r\nabc\r\n", BodyFault::BadChunkSize);
    row("M§7.1: a size over 63 bits", "8000000000000000\r\n", BodyFault::BadChunkSize);
    row("M§7.1: a size that wraps 64 bits", "10000000000000003\r\nabc\r\n",
        BodyFault::BadChunkSize);
    row("M§7.1: a size of endless zeros", QByteArray(17, '0'), BodyFault::BadChunkSize);
    row("M§7.1: bare LF behind the size", "3\nabc\r\n", BodyFault::BadChunkExtension);
    row("M§7.1: bare CR behind the size", "3\rabc\r\n", BodyFault::BadChunkExtension);
    row("M§7.1.1: bare LF in an extension", "3;a\nabc\r\n", BodyFault::BadChunkExtension);
    row("M§7.1.1: bare CR in an extension", "3;a\rb\r\n", BodyFault::BadChunkExtension);
    row("M§7.1.1: NUL in an extension", "3;a\0\r\nabc\r\n"_ba, BodyFault::BadChunkExtension);
    row("M§7.1.1: an extension that does not end", "3;" + QByteArray(4095, 'e'),
        BodyFault::ChunkLineTooLong);
    row("M§7.1: data longer than its size", "3\r\nabcd\r\n", BodyFault::MissingCrlf);
    row("M§7.1: bare LF behind the data", "3\r\nabc\n0\r\n\r\n", BodyFault::MissingCrlf);
    row("M§7.1: bare CR behind the data", "3\r\nabc\r0\r\n\r\n", BodyFault::MissingCrlf);
    row("M§7.1.2: a trailer without a colon", "0\r\nabc\r\n\r\n", BodyFault::BadTrailer);
    row("M§7.1.2: blank before a trailer's colon", "0\r\nA : b\r\n\r\n", BodyFault::BadTrailer);
    row("M§7.1.2: a folded trailer", "0\r\nA: b\r\n c\r\n\r\n", BodyFault::BadTrailer);
    row("M§7.1.2: a control in a trailer", "0\r\nA: \x01\r\n\r\n", BodyFault::BadTrailer);
    row("M§7.1.2: bare LF in a trailer", "0\r\nA: b\n\r\n", BodyFault::BadTrailer);
    row("M§7.1.2: bare LF as the end of the trailers", "0\r\n\n", BodyFault::BadTrailer);
    row("B§4: 65 trailer fields", "0\r\n" + QByteArray("A: b\r\n").repeated(65),
        BodyFault::TrailersTooLarge);
}

void TestBodyReader::refusesChunks()
{
    QFETCH(QByteArray, input);
    QFETCH(BodyFault, fault);
    for (const pieces::Cutting &cutting : pieces::cuttings(input)) {
        BodyReader reader({ BodyKind::Chunked });
        const Outcome outcome = read(reader, cutting);
        QCOMPARE(outcome.status, Status::Failed);
        QCOMPARE(outcome.fault, fault);
        QVERIFY(!reader.isDone());
        QVERIFY(!reader.finish());
        QVERIFY(qstrlen(toString(fault)) > 0);
    }
}

void TestBodyReader::noticesTruncation_data()
{
    QTest::addColumn<BodyFraming>("framing");
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("M§8: a length cut short") << BodyFraming { BodyKind::Length, 5 } << "1234"_ba;
    QTest::newRow("M§8: cut within a chunk") << BodyFraming { BodyKind::Chunked } << "5\r\nab"_ba;
    QTest::newRow("M§8: cut behind a chunk")
        << BodyFraming { BodyKind::Chunked } << "2\r\nab\r\n"_ba;
    QTest::newRow("M§8: the last chunk without its empty line")
        << BodyFraming { BodyKind::Chunked } << "0\r\n"_ba;
    QTest::newRow("M§8: the last chunk without its last LF")
        << BodyFraming { BodyKind::Chunked } << "0\r\n\r"_ba;
}

void TestBodyReader::noticesTruncation()
{
    QFETCH(BodyFraming, framing);
    QFETCH(QByteArray, input);
    for (const pieces::Cutting &cutting : pieces::cuttings(input)) {
        BodyReader reader(framing);
        QCOMPARE(read(reader, cutting).status, Status::NeedMore);
        QVERIFY(!reader.isDone());
        QVERIFY(!reader.finish());
    }
}

void TestBodyReader::givesDataInPlace()
{
    const QByteArray input = "3\r\nabc\r\n";
    BodyReader reader({ BodyKind::Chunked });
    const BodyReader::Step step = reader.next(input);
    QCOMPARE(step.status, Status::Data);
    QCOMPARE(step.data.data(), input.constData() + 3); // no copy
    QCOMPARE(step.consumed, 6);
}

void TestBodyReader::limitsTrailers_data()
{
    QTest::addColumn<qsizetype>("octets");
    QTest::addColumn<Status>("status");
    QTest::newRow("B§4: trailers of exactly 16 KiB") << qsizetype(16384) << Status::Done;
    QTest::newRow("B§4: trailers of one octet more") << qsizetype(16385) << Status::Failed;
}

void TestBodyReader::limitsTrailers()
{
    QFETCH(qsizetype, octets);
    QFETCH(Status, status);
    const QByteArray end = "\r\n\r\n";
    const QByteArray trailers = "A: " + QByteArray(octets - 3 - end.size(), 'x') + end;
    QCOMPARE(trailers.size(), octets);
    // Only whole and byte by byte: 16,000 splits would take minutes.
    const QByteArray input = "0\r\n" + trailers;
    for (const pieces::Cutting &cutting :
         { pieces::Cutting { pieces::pieceOf(input) }, pieces::perOctet(input) }) {
        BodyReader reader({ BodyKind::Chunked });
        const Outcome outcome = read(reader, cutting);
        QCOMPARE(outcome.status, status);
        if (status == Status::Failed)
            QCOMPARE(outcome.fault, BodyFault::TrailersTooLarge);
    }
}

void TestBodyReader::staysFailed()
{
    BodyReader reader({ BodyKind::Chunked });
    QCOMPARE(reader.next("x").status, Status::Failed);
    const BodyReader::Step again = reader.next("0\r\n\r\n");
    QCOMPARE(again.status, Status::Failed);
    QCOMPARE(again.fault, BodyFault::BadChunkSize);
    QCOMPARE(again.consumed, 0);
}

QTEST_APPLESS_MAIN(TestBodyReader)
#include "tst_bodyreader.moc"
