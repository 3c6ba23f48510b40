// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/headparser.h"
#include "pieces.h"

#include <QTest>

using namespace sami::http;
using namespace Qt::StringLiterals;
using Progress = HeadProgress::Status;

class TestRequestHeadParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsWellFormedHeads_data();
    void acceptsWellFormedHeads();
    void takesAConnectLeniently_data();
    void takesAConnectLeniently();
    void refusesAtTheOffendingOctet_data();
    void refusesAtTheOffendingOctet();
    void needsMore_data();
    void needsMore();
    void enforcesLimits_data();
    void enforcesLimits();
    void answersWithStatus_data();
    void answersWithStatus();
    void servesPipelinedHeads();
    void knowsWhetherItHasStarted();
    void tellsWhatItHolds();
    void isNewAfterAReset();
    void costsTheSameOctetByOctet();
};

void TestRequestHeadParser::acceptsWellFormedHeads_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<qsizetype>("rest");

    const auto row = [](const char *name, const QByteArray &input, const QByteArray &line,
                        const QByteArray &fields, qsizetype rest = 0) {
        QTest::newRow(name) << input << line << fields << rest;
    };
    row("M§3: a request line and its fields are read", "GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET http://h/ HTTP/1.1", "Host: h\n");
    row("M§2.1: a head without fields is complete", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0", "");
    row("M§6: what follows the empty line is not of the head", "GET / HTTP/1.1\r\n\r\nbody",
        "GET / HTTP/1.1", "", 4);
    row("M§2.2: empty lines before the request line are skipped",
        "\r\n\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n", "GET / HTTP/1.1", "A: b\n");
    row("B§4: eight empty lines are still a few",
        "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1", "");
    row("S§9.1: an unknown method is a method", "M-SEARCH * HTTP/1.1\r\n\r\n",
        "M-SEARCH * HTTP/1.1", "");
    row("B§4: the target is kept octet for octet",
        "GET http://h/%7e/./..//?a=1&&b=\"<>\\^`{|}'\xc3\xa9 HTTP/1.1\r\n\r\n",
        "GET http://h/%7e/./..//?a=1&&b=\"<>\\^`{|}'\xc3\xa9 HTTP/1.1", "");
    row("B§4: order, case and duplicates of fields survive",
        "GET / HTTP/1.1\r\nx-B: 1\r\nX-A: 2\r\nX-b: 3\r\nx-B: 1\r\n\r\n", "GET / HTTP/1.1",
        "x-B: 1\nX-A: 2\nX-b: 3\nx-B: 1\n");
    row("S§5.5: blanks around a value are not of it",
        "GET / HTTP/1.1\r\nA: \t b \t c\t \r\nB:x\r\n\r\n", "GET / HTTP/1.1", "A: b \t c\nB: x\n");
    row("S§5.5: a value may be empty or all blank", "GET / HTTP/1.1\r\nA:\r\nB: \t \r\n\r\n",
        "GET / HTTP/1.1", "A: \nB: \n");
    row("S§5.5: octets above 0x7f are data in a value", "GET / HTTP/1.1\r\nA: \xc3\xa9\xff\r\n\r\n",
        "GET / HTTP/1.1", "A: \xc3\xa9\xff\n");
    row("S§5.6.2: every tchar may stand in a field name",
        "GET / HTTP/1.1\r\n!#$%&'*+-.^_`|~09azAZ: v\r\n\r\n", "GET / HTTP/1.1",
        "!#$%&'*+-.^_`|~09azAZ: v\n");
    row("S§5.5: a colon in a value is data", "GET / HTTP/1.1\r\nA: b:c\r\n\r\n", "GET / HTTP/1.1",
        "A: b:c\n");
}

void TestRequestHeadParser::acceptsWellFormedHeads()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, fields);
    QFETCH(qsizetype, rest);

    for (const pieces::Cutting &cutting : pieces::cuttings(input)) {
        RequestHeadParser parser;
        const HeadProgress progress = pieces::feed(parser, cutting);
        QCOMPARE(progress.status, Progress::Complete);
        QCOMPARE(progress.consumed, input.size() - rest);
        const RequestHead head = parser.take();
        QCOMPARE(head.method + ' ' + head.target + ' ' + toString(head.version), line);
        QCOMPARE(pieces::linesOf(head.fields), fields);
        QVERIFY(!head.isLenient);
    }
}

void TestRequestHeadParser::takesAConnectLeniently_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<bool>("isLenient");
    QTest::addColumn<qsizetype>("rest");

    const auto row = [](const char *name, const QByteArray &input, const QByteArray &fields,
                        bool isLenient = true, qsizetype rest = 0) {
        QTest::newRow(name) << input << fields << isLenient << rest;
    };
    const QByteArray line = "CONNECT h:1 HTTP/1.1\r\n";
    row("B§4: a proper CONNECT is not lenient", line + "A: b\r\n\r\n", "A: b\n", false);
    row("B§4: LF behind the request line of a CONNECT", "CONNECT h:1 HTTP/1.0\nA: b\r\n\r\n",
        "A: b\n");
    row("B§4: LF behind a field of a CONNECT", line + "A: b\n\r\n", "A: b\n");
    row("B§4: LF behind an empty value of a CONNECT", line + "A:\n\r\n", "A: \n");
    row("B§4: LF as the empty line of a CONNECT", line + "A: b\r\n\n", "A: b\n");
    row("B§4: LF everywhere in a CONNECT", "CONNECT h:1 HTTP/1.1\nA: b \nC: d\n\n", "A: b\nC: d\n");
    row("B§4: a CONNECT of LF without fields", "CONNECT h:1 HTTP/1.1\n\n", "");
    row("B§4: the head of a CONNECT ends with the first empty line of LF",
        line + "A: b\n\nC: d\r\n\r\n", "A: b\n", true, 8);
    row("B§4: empty lines before a lenient CONNECT", "\r\n\r\n" + line + "\n", "");
    row("B§4: controls in a value that nobody reads of a CONNECT",
        line + "A: \x01 b\x7f\x0b\x1b[0m \r\n\r\n", "A: \x01 b\x7f\x0b\x1b[0m\n");
    row("B§4: a longer name is another field", line + "Connection2: \x01\r\nVi: \x02\r\n\r\n",
        "Connection2: \x01\nVi: \x02\n");
}

void TestRequestHeadParser::takesAConnectLeniently()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, fields);
    QFETCH(bool, isLenient);
    QFETCH(qsizetype, rest);

    for (const pieces::Cutting &cutting : pieces::cuttings(input)) {
        RequestHeadParser parser;
        const HeadProgress progress = pieces::feed(parser, cutting);
        QCOMPARE(progress.status, Progress::Complete);
        QCOMPARE(progress.consumed, input.size() - rest);
        const RequestHead head = parser.take();
        QCOMPARE(head.method, "CONNECT");
        QCOMPARE(pieces::linesOf(head.fields), fields);
        QCOMPARE(head.isLenient, isLenient);

        // The next head is parsed as strictly as ever.
        QCOMPARE(parser.feed("GET / HTTP/1.1\r\nA: b\n").error.code, HeadFault::BareLf);
        parser.reset();
        QCOMPARE(parser.feed("CONNECT h:1 HTTP/1.1\r\n\r\n").status, Progress::Complete);
        QVERIFY(!parser.take().isLenient);
    }
}

void TestRequestHeadParser::refusesAtTheOffendingOctet_data()
{
    QTest::addColumn<QByteArray>("good");
    QTest::addColumn<QByteArray>("bad"); // its first octet offends
    QTest::addColumn<HeadFault>("fault");
    QTest::addColumn<qsizetype>("back"); // a CR is known to be bare one octet later

    const auto row = [](const char *name, const QByteArray &good, const QByteArray &bad,
                        HeadFault fault, qsizetype back = 0) {
        QTest::newRow(name) << good << bad << fault << back;
    };
    const QByteArray line = "GET / HTTP/1.1\r\n";

    row("B§4: a TLS ClientHello fails at its first octet", "", "\x16\x03\x01"_ba,
        HeadFault::BadMethod);
    row("B§4: a SOCKS greeting fails at its first octet", "", "\x05\x01\x00"_ba,
        HeadFault::BadMethod);
    row("B§4: NUL fails at once", "", "\0\0"_ba, HeadFault::BadMethod);
    row("B§4: HTTP/2's preface is refused", "PRI * HTTP/2.", "0\r\n", HeadFault::BadRequestLine);
    row("M§3: blank before the method", "", " GET / HTTP/1.1", HeadFault::BadMethod);
    row("S§9.1: a method that is no token", "GE", "(T / HTTP/1.1", HeadFault::BadMethod);
    row("M§3: a method without a target", "GET", "\r\n", HeadFault::BadMethod);
    row("M§3: HTAB is no SP behind the method", "GET", "\t/ HTTP/1.1", HeadFault::BadMethod);
    row("M§3: two SP behind the method", "GET ", " / HTTP/1.1", HeadFault::BadTarget);
    row("M§3.2: a control in the target", "GET /a",
        "\x01"
        "b HTTP/1.1",
        HeadFault::BadTarget);
    row("M§3.2: NUL in the target", "GET /a", "\0b HTTP/1.1"_ba, HeadFault::BadTarget);
    row("M§3.2: DEL in the target", "GET /a", "\x7f HTTP/1.1", HeadFault::BadTarget);
    row("M§3.2: HTAB in the target", "GET /a", "\t HTTP/1.1", HeadFault::BadTarget);
    row("M§3: a request line without a version", "GET /", "\r\n", HeadFault::BadRequestLine);
    row("M§3: SP in the target", "GET /a ", "b HTTP/1.1", HeadFault::BadVersion);
    row("M§2.3: the version's name is case-sensitive", "GET / ", "http/1.1", HeadFault::BadVersion);
    row("M§2.3: a version of two digits", "GET / HTTP/1.1", "1\r\n", HeadFault::BadRequestLine);
    row("M§2.3: a version without a minor", "GET / HTTP/1", "\r\n", HeadFault::BadVersion);
    row("B§4: version 1.2", "GET / HTTP/1.", "2\r\n", HeadFault::BadVersion);
    row("B§4: version 2.0", "GET / HTTP/2.", "0\r\n", HeadFault::UnsupportedVersion);
    row("B§4: version 0.9", "GET / HTTP/0.", "9\r\n", HeadFault::UnsupportedVersion);
    row("M§3: blank behind the version", "GET / HTTP/1.1", " \r\n", HeadFault::BadRequestLine);
    row("M§2.2: bare LF behind the request line", "GET / HTTP/1.1", "\n", HeadFault::BareLf);
    row("M§2.2: bare CR behind the request line", "GET / HTTP/1.1\r", "X", HeadFault::BareCr, 1);
    row("M§2.2: blank before the first field", line, " A: b\r\n", HeadFault::LeadingBlankLine);
    row("M§2.2: bare LF behind a field", line + "A: b", "\nB: c\r\n", HeadFault::BareLf);
    row("M§2.2: bare LF as the empty line", line, "\n", HeadFault::BareLf);
    row("M§2.2: bare CR in a value", line + "A: b\r", "c\r\n", HeadFault::BareCr, 1);
    row("M§2.2: bare CR as the empty line", line + "\r", "\r\n", HeadFault::BareCr, 1);
    row("M§5.1: blank before the colon", line + "Content-Length", " : 5\r\n",
        HeadFault::BlankBeforeColon);
    row("M§5.1: HTAB before the colon", line + "A", "\t: 5\r\n", HeadFault::BlankBeforeColon);
    row("M§5.2: obs-fold with SP", line + "A: b\r\n", " c\r\n", HeadFault::ObsFold);
    row("M§5.2: obs-fold with HTAB", line + "A: b\r\n", "\tc\r\n", HeadFault::ObsFold);
    row("B§4: a line without a colon", line + "Host", "\r\n", HeadFault::MissingColon);
    row("M§5: an empty field name", line, ": v\r\n", HeadFault::BadFieldName);
    row("S§5.1: a field name that is no token", line + "A", "(b: c\r\n", HeadFault::BadFieldName);
    row("S§5.1: an octet above 0x7f in a field name", line + "A", "\xc3: c\r\n",
        HeadFault::BadFieldName);
    row("S§5.5: NUL in a field name", line + "A", "\0: b\r\n"_ba, HeadFault::ControlCharacter);
    row("S§5.5: a control as a field name", line, "\x01: b\r\n", HeadFault::ControlCharacter);
    row("S§5.5: NUL in a value", line + "A: b", "\0c\r\n"_ba, HeadFault::ControlCharacter);
    row("S§5.5: a control in a value", line + "A: b", "\x0b\r\n", HeadFault::ControlCharacter);
    row("S§5.5: DEL in a value", line + "A: b", "\x7f\r\n", HeadFault::ControlCharacter);

    const QByteArray connect = "CONNECT h:1 HTTP/1.1\r\n";
    row("S§9.1: connect is not CONNECT", "connect h:1 HTTP/1.1", "\n", HeadFault::BareLf);
    row("S§9.1: CONNECTX is not CONNECT", "CONNECTX h:1 HTTP/1.1", "\n", HeadFault::BareLf);
    row("S§9.1: CONNEC is not CONNECT", "CONNEC h:1 HTTP/1.1", "\n", HeadFault::BareLf);
    row("M§3: LF instead of a CONNECT's version", "CONNECT h:1", "\n", HeadFault::BadRequestLine);
    row("M§3: two SP in a CONNECT", "CONNECT ", " h:1 HTTP/1.1", HeadFault::BadTarget);
    row("M§2.2: bare CR behind a CONNECT's request line", "CONNECT h:1 HTTP/1.1\r", "X",
        HeadFault::BareCr, 1);
    row("M§2.2: bare CR in a CONNECT's value", connect + "A: b\r", "c\n", HeadFault::BareCr, 1);
    row("M§2.2: bare CR as a CONNECT's empty line", connect + "\r", "\r\n", HeadFault::BareCr, 1);
    row("S§5.5: NUL in a CONNECT's value", connect + "A: b", "\0c\r\n"_ba,
        HeadFault::ControlCharacter);
    row("B§4: a control in a CONNECT's field name", connect + "A", "\x01: b\r\n",
        HeadFault::ControlCharacter);
    row("B§4: a line of a CONNECT without a colon", connect + "A", "\nB: c\n",
        HeadFault::MissingColon);
    row("M§5.1: blank before a CONNECT's colon", connect + "A", " : b\r\n",
        HeadFault::BlankBeforeColon);
    row("M§5.2: obs-fold in a CONNECT", connect + "A: b\r\n", " c\r\n", HeadFault::ObsFold);
    row("M§5.2: obs-fold behind LF in a CONNECT", connect + "A: b\n", "\tc\r\n",
        HeadFault::ObsFold);
    row("M§2.2: blank before a CONNECT's first field", connect, " A: b\r\n",
        HeadFault::LeadingBlankLine);
    for (const char *name : { "Proxy-Authorization", "proxy-connection", "CONNECTION", "via" }) {
        const QByteArray sentence = QByteArray("B§4: a control in a CONNECT's ") + name;
        row(sentence.constData(), connect + name + ": b", "\x01\r\n", HeadFault::ControlCharacter);
    }
}

void TestRequestHeadParser::refusesAtTheOffendingOctet()
{
    QFETCH(QByteArray, good);
    QFETCH(QByteArray, bad);
    QFETCH(HeadFault, fault);
    QFETCH(qsizetype, back);

    if (!good.isEmpty()) {
        RequestHeadParser parser;
        QCOMPARE(parser.feed(good).status, Progress::NeedMore);
    }
    for (const pieces::Cutting &cutting : pieces::cuttings(good + bad)) {
        RequestHeadParser parser;
        const HeadProgress progress = pieces::feed(parser, cutting);
        QCOMPARE(progress.status, Progress::Failed);
        QCOMPARE(progress.error.code, fault);
        QCOMPARE(progress.error.offset, good.size() - back);
    }
    RequestHeadParser parser; // the offending byte is enough, whatever may follow
    QCOMPARE(parser.feed(good + bad.first(1)).status, Progress::Failed);
}

void TestRequestHeadParser::needsMore_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("M§3: half a method") << "GE"_ba;
    QTest::newRow("M§3: half a version") << "GET / HT"_ba;
    QTest::newRow("M§3: a request line without its LF") << "GET / HTTP/1.1\r"_ba;
    QTest::newRow("M§5: half a field name") << "GET / HTTP/1.1\r\nHo"_ba;
    QTest::newRow("M§5: a value without its line end") << "GET / HTTP/1.1\r\nHost: h"_ba;
    QTest::newRow("M§2.1: the empty line is missing") << "GET / HTTP/1.1\r\nHost: h\r\n"_ba;
    QTest::newRow("M§2.1: half the empty line is missing") << "GET / HTTP/1.1\r\nHost: h\r\n\r"_ba;
    QTest::newRow("M§2.2: only empty lines") << "\r\n\r\n"_ba;
}

void TestRequestHeadParser::needsMore()
{
    QFETCH(QByteArray, input);
    for (const pieces::Cutting &cutting : pieces::cuttings(input)) {
        RequestHeadParser parser;
        const HeadProgress progress = pieces::feed(parser, cutting);
        QCOMPARE(progress.status, Progress::NeedMore);
        QCOMPARE(progress.consumed, input.size());
    }
}

void TestRequestHeadParser::enforcesLimits_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<HeadLimits>("limits");
    QTest::addColumn<bool>("passes");
    QTest::addColumn<HeadFault>("fault");
    QTest::addColumn<qsizetype>("offset");

    const auto passes = [](const char *name, const QByteArray &input, const HeadLimits &limits) {
        QTest::newRow(name) << input << limits << true << HeadFault {} << qsizetype(0);
    };
    const auto fails = [](const char *name, const QByteArray &input, const HeadLimits &limits,
                          HeadFault fault, qsizetype offset) {
        QTest::newRow(name) << input << limits << false << fault << offset;
    };
    const QByteArray head = "GET /abc HTTP/1.1\r\nA: b\r\nC: d\r\n\r\n";
    const qsizetype size = head.size();
    passes("B§1: a head of exactly the limit", head, { size, 200, 100 });
    fails("B§1: a head of one octet more is 431", head, { size - 1, 200, 100 },
          HeadFault::HeadTooLarge, size - 1);
    fails("B§1: a start line longer than a head may be is 431", head, { 12, 200, 100 },
          HeadFault::HeadTooLarge, 12);
    passes("M§2.2: skipped empty lines are not of the head", "\r\n\r\n" + head, { size, 200, 100 });
    passes("B§1: as many fields as allowed", head, { 1000, 2, 100 });
    fails("B§1: one field more is 431", head, { 1000, 1, 100 }, HeadFault::TooManyFields, 25);
    passes("B§1: a target of exactly the limit", head, { 1000, 200, 4 });
    fails("B§1: a target of one octet more is 414", head, { 1000, 200, 3 },
          HeadFault::TargetTooLong, 7);
    fails("B§1: a target that does not end is 414", "GET /" + QByteArray(50, 'a'),
          { 1000, 200, 20 }, HeadFault::TargetTooLong, 24);
    passes("M§3: a method of 64 octets", QByteArray(64, 'A') + " / HTTP/1.1\r\n\r\n",
           { 1000, 200, 100 });
    fails("M§3: a method that does not end", QByteArray(80, 'A'), { 1000, 200, 100 },
          HeadFault::BadMethod, 64);
    fails("M§2.2: nine empty lines are more than a few", QByteArray("\r\n").repeated(9),
          { 1000, 200, 100 }, HeadFault::BadRequestLine, 0);
    fails("M§2.2: bare LF is no empty line", "\nGET", {}, HeadFault::BareLf, 0);
    fails("M§2.2: bare CR is no empty line", "\rGET", {}, HeadFault::BareCr, 0);
}

void TestRequestHeadParser::enforcesLimits()
{
    QFETCH(QByteArray, input);
    QFETCH(HeadLimits, limits);
    QFETCH(bool, passes);
    QFETCH(HeadFault, fault);
    QFETCH(qsizetype, offset);
    for (const pieces::Cutting &cutting : pieces::cuttings(input)) {
        RequestHeadParser parser(limits);
        const HeadProgress progress = pieces::feed(parser, cutting);
        QCOMPARE(progress.status, passes ? Progress::Complete : Progress::Failed);
        if (!passes) {
            QCOMPARE(progress.error.code, fault);
            QCOMPARE(progress.error.offset, offset);
        }
    }
}

void TestRequestHeadParser::answersWithStatus_data()
{
    QTest::addColumn<HeadFault>("fault");
    QTest::addColumn<int>("status");
    QTest::newRow("S§15.5.15: a long target is 414") << HeadFault::TargetTooLong << 414;
    QTest::newRow("B§1: a large head is 431") << HeadFault::HeadTooLarge << 431;
    QTest::newRow("B§1: too many fields are 431") << HeadFault::TooManyFields << 431;
    QTest::newRow("B§4: another major version is 505") << HeadFault::UnsupportedVersion << 505;
    QTest::newRow("B§4: another minor version is 400") << HeadFault::BadVersion << 400;
    QTest::newRow("M§5.1: blank before the colon is 400") << HeadFault::BlankBeforeColon << 400;
    QTest::newRow("M§5.2: obs-fold is 400") << HeadFault::ObsFold << 400;
}

void TestRequestHeadParser::answersWithStatus()
{
    QFETCH(HeadFault, fault);
    QFETCH(int, status);
    QCOMPARE(faultStatus(fault), status);
    QVERIFY(qstrlen(toString(fault)) > 0);
}

void TestRequestHeadParser::servesPipelinedHeads()
{
    const QByteArray input = "GET /1 HTTP/1.1\r\nA: 1\r\n\r\nGET /2 HTTP/1.0\r\nB: 2\r\n\r\n";
    RequestHeadParser parser;
    const HeadProgress first = parser.feed(input);
    QCOMPARE(first.status, Progress::Complete);
    QCOMPARE(parser.take().target, "/1");
    const HeadProgress second = parser.feed(QByteArrayView(input).sliced(first.consumed));
    QCOMPARE(second.status, Progress::Complete);
    QCOMPARE(first.consumed + second.consumed, input.size());
    const RequestHead head = parser.take();
    QCOMPARE(head.target, "/2");
    QCOMPARE(head.version, Version::Http10);
    QCOMPARE(pieces::linesOf(head.fields), "B: 2\n");
}

void TestRequestHeadParser::knowsWhetherItHasStarted()
{
    RequestHeadParser parser;
    QVERIFY(!parser.hasStarted());
    QCOMPARE(parser.feed("\r\n").status, Progress::NeedMore);
    QVERIFY(!parser.hasStarted());
    QCOMPARE(parser.feed("GE").status, Progress::NeedMore);
    QVERIFY(parser.hasStarted());
    parser.reset();
    QVERIFY(!parser.hasStarted());
}

void TestRequestHeadParser::tellsWhatItHolds()
{
    // A field of five bytes is two allocations and a slot in the list.
    constexpr qsizetype leastOfAField = 100;
    constexpr int fields = 150;
    RequestHeadParser parser;
    QCOMPARE(parser.heldBytes(), 0);
    QCOMPARE(parser.feed("GET / HTTP/1.1\r\n").status, Progress::NeedMore);
    const qsizetype before = parser.heldBytes();
    for (int i = 0; i < fields; ++i)
        QCOMPARE(parser.feed("a:b\r\n").status, Progress::NeedMore);
    QVERIFY(parser.heldBytes() - before >= fields * leastOfAField);
    QCOMPARE(parser.feed("c:" + QByteArray(10'000, 'd')).status, Progress::NeedMore);
    QVERIFY(parser.heldBytes() - before >= fields * leastOfAField + 10'000);
    parser.reset();
    QCOMPARE(parser.heldBytes(), 0);
}

void TestRequestHeadParser::isNewAfterAReset()
{
    RequestHeadParser parser;
    for (const QByteArray &left : { "GE"_ba, "GET /a"_ba, "GET / HTTP/1"_ba, "\r"_ba,
                                    "GET / HTTP/1.1\r\nA: b\r\nC: d"_ba, "GET / HTTP/3.0"_ba }) {
        (void)parser.feed(left);
        parser.reset();
        QCOMPARE(parser.feed("PUT /x HTTP/1.0\r\nE: f\r\n\r\n").status, Progress::Complete);
        const RequestHead head = parser.take();
        QCOMPARE(head.method + head.target, "PUT/x");
        QCOMPARE(pieces::linesOf(head.fields), "E: f\n");
    }
}

void TestRequestHeadParser::costsTheSameOctetByOctet()
{
    // Quadratic behaviour over 60 KiB would take seconds under a sanitizer and time out.
    const QByteArray head = "GET / HTTP/1.1\r\nA: " + QByteArray(60000, 'x') + "\r\nB: c\r\n\r\n";
    for (int round = 0; round < 20; ++round) {
        RequestHeadParser parser;
        HeadProgress progress;
        for (const char &c : head)
            progress = parser.feed(QByteArrayView(&c, 1));
        QCOMPARE(progress.status, Progress::Complete);
        QCOMPARE(parser.take().fields.at(0).value.size(), 60000);
    }
}

QTEST_APPLESS_MAIN(TestRequestHeadParser)
#include "tst_requestheadparser.moc"
