// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/headparser.h"
#include "pieces.h"

#include <QTest>

using namespace sami::http;
using namespace Qt::StringLiterals;
using Progress = HeadProgress::Status;

class TestResponseHeadParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsAndMends_data();
    void acceptsAndMends();
    void marksWhatIsMended_data();
    void marksWhatIsMended();
    void refuses_data();
    void refuses();
    void enforcesLimits();
    void servesInterimAndFinalHeads();
};

void TestResponseHeadParser::acceptsAndMends_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<Version>("version");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<qsizetype>("rest");

    const auto row = [](const char *name, const QByteArray &input, const QByteArray &fields,
                        int status = 200, const QByteArray &reason = "OK",
                        Version version = Version::Http11, qsizetype rest = 0) {
        QTest::newRow(name) << input << version << status << reason << fields << rest;
    };
    row("M§4: a status line and its fields are read", "HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "A: b\n");
    row("M§4: the reason may hold blanks and any text", "HTTP/1.1 404 Not \xc3\xa9 Found\r\n\r\n",
        "", 404, "Not \xc3\xa9 Found");
    row("M§4: the reason may be empty", "HTTP/1.1 200 \r\n\r\n", "", 200, "");
    row("M§4: the SP before an empty reason may be missing", "HTTP/1.1 204\r\n\r\n", "", 204, "");
    row("M§2.3: an HTTP/1.0 origin is understood", "HTTP/1.0 200 OK\r\n\r\n", "", 200, "OK",
        Version::Http10);
    row("S§2.5: a higher minor version is read as 1.1", "HTTP/1.9 200 OK\r\n\r\n", "");
    row("S§15: the highest status", "HTTP/1.1 599 x\r\n\r\n", "", 599, "x");
    row("S§15: LinkedIn's status", "HTTP/1.1 999 x\r\n\r\n", "", 999, "x");
    row("M§4: a control octet stays in the reason", "HTTP/1.1 200 O\x01K\x7f\r\n\r\n", "", 200,
        "O\x01K\x7f");
    row("S§5.5: a control octet stays in a value", "HTTP/1.1 200 OK\r\nA: \x01 b\x0b \r\n\r\n",
        "A: \x01 b\x0b\n");
    row("S§5.5: a control octet stays in a folded value",
        "HTTP/1.1 200 OK\r\nA: b\r\n \x01\r\nTE: c\r\n\r\n", "A: b \x01\nTE: c\n");
    row("M§6: what follows the empty line is not of the head", "HTTP/1.1 200 OK\r\n\r\nbody", "",
        200, "OK", Version::Http11, 4);
    row("M§5.1: blank before the colon is mended", "HTTP/1.1 200 OK\r\nA \t: b\r\n\r\n", "A: b\n");
    row("M§5.2: a folded line becomes one SP and its text",
        "HTTP/1.1 200 OK\r\nA: b  \r\n \t c\r\n\td\r\nE: f\r\n\r\n", "A: b c d\nE: f\n");
    row("M§5.2: a folded line of blanks adds nothing",
        "HTTP/1.1 200 OK\r\nA: b\r\n  \r\n c\r\n\r\n", "A: b c\n");
    row("M§5.2: a value that begins on the folded line", "HTTP/1.1 200 OK\r\nA:\r\n b\r\n\r\n",
        "A: b\n");
    row("M§2.2: bare LF ends a line", "HTTP/1.1 200 OK\nA: b\n c\nD: e\n\n", "A: b c\nD: e\n");
    row("M§2.2: bare LF and CRLF may be mixed", "HTTP/1.1 200\nA: b\r\nD: e\n\r\n", "A: b\nD: e\n",
        200, "");
    row("B§5: Set-Cookie lines stay apart",
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\n",
        "Set-Cookie: a=1\nset-cookie: b=2\n");
}

void TestResponseHeadParser::acceptsAndMends()
{
    QFETCH(QByteArray, input);
    QFETCH(Version, version);
    QFETCH(int, status);
    QFETCH(QByteArray, reason);
    QFETCH(QByteArray, fields);
    QFETCH(qsizetype, rest);
    for (const pieces::Cutting &cutting : pieces::cuttings(input)) {
        ResponseHeadParser parser;
        const HeadProgress progress = pieces::feed(parser, cutting);
        QCOMPARE(progress.status, Progress::Complete);
        QCOMPARE(progress.consumed, input.size() - rest);
        const ResponseHead head = parser.take();
        QCOMPARE(head.version, version);
        QCOMPARE(head.status, status);
        QCOMPARE(head.reason, reason);
        QCOMPARE(pieces::linesOf(head.fields), fields);
    }
}

void TestResponseHeadParser::marksWhatIsMended_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<bool>("mended");
    const auto row = [](const char *name, const QByteArray &input, bool mended) {
        QTest::newRow(name) << input << mended;
    };
    const QByteArray line = "HTTP/1.1 200 OK\r\n";
    row("B§5: nothing is mended", line + "A: b\r\nC:\td \xff\r\n\r\n", false);
    row("B§5: a missing reason needs no mending", "HTTP/1.1 200\r\n\r\n", false);
    row("B§5: a bare LF behind the status line", "HTTP/1.1 200 OK\nA: b\r\n\r\n", true);
    row("B§5: a bare LF behind a field", line + "A: b\n\r\n", true);
    row("B§5: a bare LF at the end", line + "A: b\r\n\n", true);
    row("B§5: a fold", line + "A: b\r\n c\r\n\r\n", true);
    row("B§5: a blank before the colon", line + "A : b\r\n\r\n", true);
    row("B§5: a control octet in a value", line + "A: b\x01\r\n\r\n", true);
    row("B§5: a control octet in the reason", "HTTP/1.1 200 \x01\r\n\r\n", true);
}

void TestResponseHeadParser::marksWhatIsMended()
{
    QFETCH(QByteArray, input);
    QFETCH(bool, mended);
    for (const pieces::Cutting &cutting : pieces::cuttings(input)) {
        ResponseHeadParser parser;
        QCOMPARE(pieces::feed(parser, cutting).status, Progress::Complete);
        const ResponseHead head = parser.take();
        QCOMPARE(head.isMended, mended);
        QCOMPARE(head.keepsControls, input.contains('\x01'));
        // The mark belongs to the head, not to the parser.
        QCOMPARE(parser.feed("HTTP/1.1 200 OK\r\nA: b\r\n\r\n").status, Progress::Complete);
        QVERIFY(!parser.take().isMended);
    }
}

void TestResponseHeadParser::refuses_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<HeadFault>("fault");
    QTest::addColumn<qsizetype>("offset");

    const QByteArray line = "HTTP/1.1 200 OK\r\n";
    const auto row = [](const char *name, const QByteArray &input, HeadFault fault,
                        qsizetype offset) { QTest::newRow(name) << input << fault << offset; };
    row("B§5: garbage", "garbage", HeadFault::BadStatusLine, 0);
    row("M§4: an empty line is no status line", "\r\nHTTP/1.1 200 OK", HeadFault::BadStatusLine, 0);
    row("M§4: another protocol", "ICY 200 OK", HeadFault::BadStatusLine, 0);
    row("M§2.3: another major version", "HTTP/2.0 200 OK", HeadFault::BadStatusLine, 5);
    row("M§2.3: a version without a minor", "HTTP/1 200 OK", HeadFault::BadStatusLine, 6);
    row("M§4: two SP before the status", "HTTP/1.1  200 OK", HeadFault::BadStatusLine, 9);
    row("S§15: a status below 100", "HTTP/1.1 099 x", HeadFault::BadStatusLine, 9);
    row("S§15: a status of 000", "HTTP/1.1 000 x", HeadFault::BadStatusLine, 9);
    row("S§15: a status of two digits", "HTTP/1.1 20 OK", HeadFault::BadStatusLine, 11);
    row("S§15: a status of four digits", "HTTP/1.1 2000 OK", HeadFault::BadStatusLine, 12);
    row("S§15: a status with a sign", "HTTP/1.1 +20 OK", HeadFault::BadStatusLine, 9);
    row("M§4: NUL in the reason", "HTTP/1.1 200 O\0K\r\n"_ba, HeadFault::ControlCharacter, 14);
    row("M§2.2: bare CR in the reason", "HTTP/1.1 200 O\rK\r\n", HeadFault::BareCr, 14);
    row("M§2.2: bare CR in a value", line + "A: b\rc\r\n", HeadFault::BareCr, 21);
    row("M§2.2: two CR", line + "A: b\r\r\n", HeadFault::BareCr, 21);
    row("S§5.5: NUL in a value", line + "A: b\0c\r\n"_ba, HeadFault::ControlCharacter, 21);
    row("S§5.5: NUL behind another control in a value", line + "A: b\x01\0c\r\n"_ba,
        HeadFault::ControlCharacter, 22);
    row("M§2.2: bare CR behind a control in a value", line + "A: b\x01\rc\r\n", HeadFault::BareCr,
        22);
    row("S§5.5: a control in a name", line + "A\x01: b\r\n", HeadFault::ControlCharacter, 18);
    row("S§5.5: a control in a field that is read", line + "connection: b\x01\r\n",
        HeadFault::ControlCharacter, 30);
    row("S§5.5: a control in the folded part of a field that is read",
        line + "Connection: b\r\n \x01\r\n", HeadFault::ControlCharacter, 33);
    row("S§5.1: a field name that is no token", line + "A[: b\r\n", HeadFault::BadFieldName, 18);
    row("M§5.1: a blank within a field name", line + "A b: c\r\n", HeadFault::BadFieldName, 19);
    row("M§5: an empty field name", line + ": c\r\n", HeadFault::BadFieldName, 17);
    row("M§5: a line without a colon", line + "Abc\r\n", HeadFault::MissingColon, 20);
    row("M§5: a line without a colon, ended by LF", line + "Abc\n", HeadFault::MissingColon, 20);
    row("M§5: a name, a blank and no colon", line + "Abc \r\n", HeadFault::MissingColon, 21);
    row("M§2.2: blank before the first field", line + " A: b\r\n", HeadFault::LeadingBlankLine, 17);
}

void TestResponseHeadParser::refuses()
{
    QFETCH(QByteArray, input);
    QFETCH(HeadFault, fault);
    QFETCH(qsizetype, offset);
    for (const pieces::Cutting &cutting : pieces::cuttings(input)) {
        ResponseHeadParser parser;
        const HeadProgress progress = pieces::feed(parser, cutting);
        QCOMPARE(progress.status, Progress::Failed);
        QCOMPARE(progress.error.code, fault);
        QCOMPARE(progress.error.offset, offset);
    }
}

void TestResponseHeadParser::enforcesLimits()
{
    const QByteArray head = "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n";
    ResponseHeadParser fits({ head.size(), 2, 0 });
    QCOMPARE(fits.feed(head).status, Progress::Complete);
    ResponseHeadParser bytes({ head.size() - 1, 2, 0 });
    QCOMPARE(bytes.feed(head).error.code, HeadFault::HeadTooLarge);
    ResponseHeadParser fields({ head.size(), 1, 0 });
    QCOMPARE(fields.feed(head).error.code, HeadFault::TooManyFields);
    ResponseHeadParser manyFields;
    QCOMPARE(manyFields.feed("HTTP/1.1 200 OK\r\n" + QByteArray("a:\r\n").repeated(16000) + "\r\n")
                 .status,
             Progress::Complete);
    QCOMPARE(manyFields.take().fields.size(), 16000);
    // Folded lines are one field, but their octets count.
    ResponseHeadParser folds({ 100, 1, 0 });
    QCOMPARE(
        folds.feed("HTTP/1.1 200 OK\r\nA: b\r\n" + QByteArray(" c\r\n").repeated(50)).error.code,
        HeadFault::HeadTooLarge);
}

void TestResponseHeadParser::servesInterimAndFinalHeads()
{
    const QByteArray input =
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";
    ResponseHeadParser parser;
    const HeadProgress first = parser.feed(input);
    QCOMPARE(first.status, Progress::Complete);
    QVERIFY(parser.take().isInterim());
    const HeadProgress second = parser.feed(QByteArrayView(input).sliced(first.consumed));
    QCOMPARE(second.status, Progress::Complete);
    const ResponseHead final = parser.take();
    QCOMPARE(final.status, 200);
    QVERIFY(!final.isInterim());
    QVERIFY(final.fields.isEmpty());
}

QTEST_APPLESS_MAIN(TestResponseHeadParser)
#include "tst_responseheadparser.moc"
