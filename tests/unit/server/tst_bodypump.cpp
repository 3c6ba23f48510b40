// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/bodypump.h"
#include "serverrig.h"

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::http;
using namespace sami::server;
using Status = BodyPump::Status;

namespace {

const BodyFraming none {};
const BodyFraming chunked { BodyKind::Chunked };
const BodyFraming untilClose { BodyKind::UntilClose };

BodyFraming length(quint64 octets)
{
    return { BodyKind::Length, octets };
}

/// A chunked body, decoded.
struct Chunked
{
    QByteArray content;
    HeaderList trailers;
    bool isWhole = false;
    bool isGood = true;
    QByteArray rest; ///< what follows its end
};

Chunked readChunked(QByteArrayView octets)
{
    Chunked read;
    BodyReader reader(chunked);
    while (!reader.isDone()) {
        const BodyReader::Step step = reader.next(octets);
        octets = octets.sliced(step.consumed);
        read.content += step.data;
        read.isGood = step.status != BodyReader::Status::Failed;
        if (!read.isGood || step.status == BodyReader::Status::NeedMore)
            break;
    }
    read.isWhole = reader.isDone();
    read.trailers = reader.trailers();
    read.rest = octets.toByteArray();
    return read;
}

/// Feeds the input in pieces of `piece` bytes, and the unconsumed rest of a piece again, as a
/// session does.
BodyPump::Progress feed(BodyPump &pump, QByteArrayView input, qsizetype piece,
                        rig::SinkStream &sink)
{
    BodyPump::Progress all;
    while (all.consumed < input.size() && all.status == Status::NeedMore) {
        QByteArrayView waiting =
            input.sliced(all.consumed).first(std::min(piece, input.size() - all.consumed));
        while (!waiting.isEmpty() && all.status == Status::NeedMore) {
            const BodyPump::Progress progress = pump.feed(waiting, {}, sink);
            waiting = waiting.sliced(progress.consumed);
            all.consumed += progress.consumed;
            all.status = progress.status;
        }
    }
    return all;
}

} // namespace

Q_DECLARE_METATYPE(sami::http::BodyFraming)

class TestBodyPump : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bodies_data();
    void bodies();
    void octets_data();
    void octets();
    void holdsNothingBack();
    void aHeadAndTheFirstOfItsBodyAreOneWrite_data();
    void aHeadAndTheFirstOfItsBodyAreOneWrite();
    void writesNothingWhereThereIsNothing();
    void trailers();
    void faults_data();
    void faults();
    void theSinkIsGone_data();
    void theSinkIsGone();
    void theSenderEnds_data();
    void theSenderEnds();
    void theLastChunkIsWrittenOnce();
    void countsWhatItHolds();
};

/// The output must not depend on how the input is split: each row runs with every piece size.
void TestBodyPump::bodies_data()
{
    QTest::addColumn<BodyFraming>("in");
    QTest::addColumn<BodyFraming>("out");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("following"); // not part of this body
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("isDone");
    QTest::newRow("B§4: a length") << length(5) << length(5) << "hello"_ba
                                   << ""_ba
                                   << "hello"_ba << true;
    QTest::newRow("B§4: a length, followed by the next request")
        << length(5) << length(5) << "hello"_ba
        << "GET / HT"_ba
        << "hello"_ba << true;
    QTest::newRow("B§4: a length, and not all of it yet") << length(9) << length(9) << "hello"_ba
                                                          << ""_ba
                                                          << "hello"_ba << false;
    QTest::newRow("B§5: a length that ends by the close for the client")
        << length(5) << untilClose << "hello"_ba
        << "HTTP"_ba
        << "hello"_ba << true;
    QTest::newRow("B§4: chunked stays chunked")
        << chunked << chunked << "5\r\nhello\r\n0\r\n\r\n"_ba
        << ""_ba
        << "hello"_ba << true;
    QTest::newRow("B§4: chunked, followed by the next request")
        << chunked << chunked << "2\r\nhe\r\n003\r\nllo\r\n0\r\n\r\n"_ba
        << "GET / HT"_ba
        << "hello"_ba << true;
    QTest::newRow("B§4: chunked with extensions and trailers")
        << chunked << chunked << "5;a=\"b\"\r\nhello\r\n00;x\r\nX: y\r\n\r\n"_ba
        << "0\r\n\r\n"_ba
        << "hello"_ba << true;
    QTest::newRow("B§4: chunked, and not all of it yet")
        << chunked << chunked << "5\r\nhello\r\n0\r\n\r"_ba
        << ""_ba
        << "hello"_ba << false;
    QTest::newRow("B§4: chunked without content") << chunked << chunked << "0\r\n\r\n"_ba
                                                  << "0\r\n\r\n"_ba
                                                  << ""_ba << true;
    QTest::newRow("B§4: an HTTP/1.0 client gets neither chunks nor trailers")
        << chunked << untilClose << "2\r\nhe\r\n3\r\nllo\r\n0\r\nX: y\r\n\r\n"_ba
        << "HTTP"_ba
        << "hello"_ba << true;
    QTest::newRow("B§5: until the close") << untilClose << untilClose << "hello"_ba
                                          << ""_ba
                                          << "hello"_ba << false;
}

void TestBodyPump::bodies()
{
    QFETCH(BodyFraming, in);
    QFETCH(BodyFraming, out);
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, following);
    QFETCH(QByteArray, content);
    QFETCH(bool, isDone);

    const QByteArray all = input + following;
    for (qsizetype piece = 1; piece <= all.size(); ++piece) {
        BodyPump pump(in, out);
        rig::SinkStream sink;
        const BodyPump::Progress progress = feed(pump, all, piece, sink);
        QCOMPARE(progress.status, isDone ? Status::Done : Status::NeedMore);
        QCOMPARE(progress.consumed, input.size());
        QCOMPARE(pump.isDone(), isDone);
        QCOMPARE(pump.framing(), in);
        if (out.kind != BodyKind::Chunked) {
            QCOMPARE(sink.octets(), content);
            continue;
        }
        const Chunked sent = readChunked(sink.octets());
        QVERIFY2(sent.isGood, sink.octets().constData());
        QCOMPARE(sent.content, content);
        QCOMPARE(sent.isWhole, isDone);
        QCOMPARE(sent.rest, ""_ba);
    }
}

/// The exact bytes that one read becomes.
void TestBodyPump::octets_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("output");
    QTest::newRow("B§4: chunks keep their borders") << "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"_ba
                                                    << "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"_ba;
    QTest::newRow("B§4: a size is made again") << "000B\r\nhello world\r\n0000\r\n\r\n"_ba
                                               << "b\r\nhello world\r\n0\r\n\r\n"_ba;
    QTest::newRow("B§4: extensions are for one hop") << "2;secret=1\r\nhe\r\n0;secret\r\n\r\n"_ba
                                                     << "2\r\nhe\r\n0\r\n\r\n"_ba;
    QTest::newRow("B§4: trailers stay trailers") << "0\r\nX: y\r\nx: Z\r\n\r\n"_ba
                                                 << "0\r\nX: y\r\nx: Z\r\n\r\n"_ba;
}

void TestBodyPump::octets()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, output);
    BodyPump pump(chunked, chunked);
    rig::SinkStream sink;
    QCOMPARE(pump.feed(input, {}, sink).status, Status::Done);
    QCOMPARE(sink.octets(), output);
    QCOMPARE(sink.writes.size(), 1);
}

/// After each byte, all content so far has been written.
void TestBodyPump::holdsNothingBack()
{
    BodyPump plain(length(5), length(5));
    BodyPump chunks(chunked, chunked);
    rig::SinkStream plainSink;
    rig::SinkStream chunkSink;
    static_cast<void>(chunks.feed("5\r\n", {}, chunkSink));
    const QByteArray content = "hello";
    for (qsizetype i = 0; i < content.size(); ++i) {
        const QByteArrayView octet = QByteArrayView(content).sliced(i, 1);
        static_cast<void>(plain.feed(octet, {}, plainSink));
        static_cast<void>(chunks.feed(octet, {}, chunkSink));
        QCOMPARE(plainSink.octets(), content.first(i + 1));
        QCOMPARE(readChunked(chunkSink.octets()).content, content.first(i + 1));
    }
}

void TestBodyPump::aHeadAndTheFirstOfItsBodyAreOneWrite_data()
{
    QTest::addColumn<BodyFraming>("in");
    QTest::addColumn<BodyFraming>("out");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("no body") << none << none << "GET /"_ba
                             << ""_ba;
    QTest::newRow("a length") << length(5) << length(5) << "helloGET /"_ba
                              << "hello"_ba;
    QTest::newRow("the first of a length") << length(9) << length(9) << "hello"_ba
                                           << "hello"_ba;
    QTest::newRow("nothing of it yet") << length(9) << length(9) << ""_ba
                                       << ""_ba;
    QTest::newRow("until the close") << untilClose << untilClose << "hello"_ba
                                     << "hello"_ba;
    QTest::newRow("several chunks") << chunked << chunked << "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"_ba
                                    << "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"_ba;
    QTest::newRow("several chunks until the close")
        << chunked << untilClose << "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"_ba
        << "hello"_ba;
    QTest::newRow("a good chunk and a bad one") << chunked << chunked << "2\r\nhe\r\nx"_ba
                                                << "2\r\nhe\r\n"_ba;
}

void TestBodyPump::aHeadAndTheFirstOfItsBodyAreOneWrite()
{
    QFETCH(BodyFraming, in);
    QFETCH(BodyFraming, out);
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, body);
    const QByteArray head = "POST / HTTP/1.1\r\n\r\n";
    BodyPump pump(in, out);
    rig::SinkStream sink;
    const BodyPump::Progress progress = pump.feed(input, head, sink);
    QCOMPARE(sink.writes, QByteArrayList { head + body });
    QVERIFY(progress.consumed <= input.size());
    QCOMPARE(progress.status == Status::Done, pump.isDone());
}

void TestBodyPump::writesNothingWhereThereIsNothing()
{
    rig::SinkStream sink;
    BodyPump plain(length(5), length(5));
    QCOMPARE(plain.feed({}, {}, sink).status, Status::NeedMore);
    BodyPump chunks(chunked, chunked);
    QCOMPARE(chunks.feed("5;ext", {}, sink).status, Status::NeedMore);
    BodyPump bodiless(none, none);
    const BodyPump::Progress progress = bodiless.feed("GET /", {}, sink);
    QCOMPARE(progress.status, Status::Done);
    QCOMPARE(progress.consumed, 0);
    QVERIFY(sink.writes.isEmpty());
}

void TestBodyPump::trailers()
{
    const QByteArray body = "1\r\nx\r\n0\r\nX-Checksum: 1\r\nConnection: close\r\n"
                            "Content-Length: 5\r\nProxy-Authorization: secret\r\n"
                            "Set-Cookie: a\r\nGrpc-Status: 0\r\nX-Checksum: 2\r\n\r\n";
    for (const qsizetype piece : { qsizetype(1), body.size() }) {
        BodyPump pump(chunked, chunked);
        rig::SinkStream sink;
        QCOMPARE(feed(pump, body, piece, sink).status, Status::Done);
        const Chunked sent = readChunked(sink.octets());
        QVERIFY2(sent.trailers
                     == (HeaderList {
                         { "X-Checksum", "1" }, { "Grpc-Status", "0" }, { "X-Checksum", "2" } }),
                 "B§4: hop-by-hop fields are removed in trailers, and S§6.5.1 forbids others");
    }
}

void TestBodyPump::faults_data()
{
    QTest::addColumn<BodyFraming>("out");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("good");
    QTest::addColumn<BodyFault>("fault");
    const auto row = [](const char *name, const QByteArray &input, const QByteArray &good,
                        BodyFault fault) {
        QTest::addRow("%s", name) << chunked << input << good << fault;
        QTest::addRow("%s, until the close", name) << untilClose << input << good << fault;
    };
    row("B§4: a size that is none", "3\r\nabc\r\nx\r\n", "abc", BodyFault::BadChunkSize);
    row("B§4: the first size is none", "x\r\n", "", BodyFault::BadChunkSize);
    row("B§4: no CRLF after the data", "3\r\nabcd\r\n", "abc", BodyFault::MissingCrlf);
    row("B§4: a control in an extension", "3\r\nabc\r\n3;\x01\r\n", "abc",
        BodyFault::BadChunkExtension);
    row("B§4: a trailer that is no field", "3\r\nabc\r\n0\r\nX y\r\n\r\n", "abc",
        BodyFault::BadTrailer);
    row("B§4: too many trailers", "3\r\nabc\r\n0\r\n" + "X: y\r\n"_ba.repeated(65) + "\r\n", "abc",
        BodyFault::TrailersTooLarge);
}

void TestBodyPump::faults()
{
    QFETCH(BodyFraming, out);
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, good);
    QFETCH(BodyFault, fault);
    for (const qsizetype piece : { qsizetype(1), qsizetype(2), qsizetype(5), input.size() }) {
        BodyPump pump(chunked, out);
        rig::SinkStream sink;
        QCOMPARE(feed(pump, input, piece, sink).status, Status::Malformed);
        QCOMPARE(rig::name(pump.fault()), rig::name(fault));
        QVERIFY(!pump.isDone());
        if (out.kind != BodyKind::Chunked) {
            QCOMPARE(sink.octets(), good);
            continue;
        }
        const Chunked sent = readChunked(sink.octets());
        QCOMPARE(sent.content, good);
        QVERIFY2(!sent.isWhole, "B§4: the request never looks complete at the upstream");
    }
}

void TestBodyPump::theSinkIsGone_data()
{
    QTest::addColumn<BodyFraming>("framing");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("prefix");
    QTest::newRow("a body of a length") << length(5) << "hello"_ba
                                        << ""_ba;
    QTest::newRow("a head and a body") << length(5) << "hello"_ba
                                       << "head"_ba;
    QTest::newRow("a head alone") << none << ""_ba
                                  << "head"_ba;
    QTest::newRow("a chunk") << chunked << "5\r\nhello\r\n"_ba
                             << ""_ba;
    QTest::newRow("the last chunk") << chunked << "0\r\n\r\n"_ba
                                    << ""_ba;
    QTest::newRow("a chunk before a fault") << chunked << "1\r\nx\r\nz"_ba
                                            << ""_ba;
    QTest::newRow("until the close") << untilClose << "hello"_ba
                                     << ""_ba;
}

void TestBodyPump::theSinkIsGone()
{
    QFETCH(BodyFraming, framing);
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, prefix);
    BodyPump pump(framing, framing);
    rig::SinkStream sink;
    sink.isGone = true;
    QCOMPARE(pump.feed(input, prefix, sink).status, Status::SinkGone);
}

void TestBodyPump::theSenderEnds_data()
{
    QTest::addColumn<BodyFraming>("framing");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<bool>("isWhole");
    QTest::newRow("B§5: that ends what lasts until the close") << untilClose << "hello"_ba << true;
    QTest::newRow("B§5: an empty one too") << untilClose << ""_ba << true;
    QTest::newRow("B§5: it cuts a length") << length(5) << "hell"_ba << false;
    QTest::newRow("B§5: a length that was whole stays so") << length(5) << "hello"_ba << true;
    QTest::newRow("B§5: it cuts chunks") << chunked << "5\r\nhello\r\n"_ba << false;
    QTest::newRow("B§5: chunks that were whole stay so") << chunked << "0\r\n\r\n"_ba << true;
    QTest::newRow("B§5: no body was whole before") << none << ""_ba << true;
}

void TestBodyPump::theSenderEnds()
{
    QFETCH(BodyFraming, framing);
    QFETCH(QByteArray, input);
    QFETCH(bool, isWhole);
    BodyPump pump(framing, framing);
    rig::SinkStream sink;
    feed(pump, input, 1, sink);
    QCOMPARE(pump.finish(), isWhole);
    QCOMPARE(pump.isDone(), isWhole);
}

void TestBodyPump::theLastChunkIsWrittenOnce()
{
    BodyPump pump(chunked, chunked);
    rig::SinkStream sink;
    QCOMPARE(pump.feed("0\r\n\r\nGET", {}, sink).consumed, 5);
    const BodyPump::Progress again = pump.feed("GET", {}, sink);
    QCOMPARE(again.status, Status::Done);
    QCOMPARE(again.consumed, 0);
    QCOMPARE(sink.octets(), "0\r\n\r\n"_ba);
}

/// Trailers are kept until they are complete; content is never kept.
void TestBodyPump::countsWhatItHolds()
{
    BodyPump pump(chunked, chunked);
    rig::SinkStream sink;
    const qsizetype atFirst = pump.heldBytes();
    static_cast<void>(pump.feed("2000\r\n" + QByteArray(0x2000, 'x'), {}, sink));
    QCOMPARE(pump.heldBytes(), atFirst);
    static_cast<void>(pump.feed("\r\n0\r\nX: " + QByteArray(4000, 'y'), {}, sink));
    QVERIFY(pump.heldBytes() >= atFirst + 4000);
}

QTEST_APPLESS_MAIN(TestBodyPump)
#include "tst_bodypump.moc"
