// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/bodyframing.h"

#include <QTest>

using namespace sami::http;

using Framing = sami::Result<BodyFraming, FramingFault>;

namespace {

QByteArray describe(const Framing &framing)
{
    if (!framing)
        return QByteArray("refused: ") + toString(framing.error());
    QByteArray text = toString(framing->kind);
    if (framing->kind == BodyKind::Length)
        text += ' ' + QByteArray::number(framing->length);
    return framing->isMended ? text + ", mended" : text;
}

Framing refused(FramingFault fault)
{
    return sami::Unexpected(fault);
}

Framing none()
{
    return BodyFraming {};
}

Framing length(quint64 octets)
{
    return BodyFraming { BodyKind::Length, octets };
}

Framing chunked()
{
    return BodyFraming { BodyKind::Chunked };
}

Framing untilClose()
{
    return BodyFraming { BodyKind::UntilClose };
}

Framing mended(Framing framing)
{
    framing->isMended = true;
    return framing;
}

} // namespace

class TestBodyFraming : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requests_data();
    void requests();
    void connectHasNone();
    void responses_data();
    void responses();
    void answersWithStatus();
};

void TestBodyFraming::requests_data()
{
    QTest::addColumn<Version>("version");
    QTest::addColumn<HeaderList>("fields");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const HeaderList &fields, const Framing &framing,
                        Version version = Version::Http11) {
        QTest::newRow(name) << version << fields << describe(framing);
    };
    const auto cl = [](const QByteArray &value) { return Field { "Content-Length", value }; };
    const auto te = [](const QByteArray &value) { return Field { "transfer-encoding", value }; };

    row("M§6.3: neither field is no body", { { "Host", "h" } }, none());
    row("M§6.3: neither field is no body in HTTP/1.0 either", {}, none(), Version::Http10);
    row("M§6.3: Content-Length 0 is no body", { cl("0") }, none());
    row("M§6.3: Content-Length is the length", { cl("42") }, length(42));
    row("M§6.3: Content-Length works in HTTP/1.0", { cl("42") }, length(42), Version::Http10);
    row("S§8.6: leading zeros do not matter", { cl("0042") }, length(42));
    row("B§4: the largest length of 63 bits", { cl("9223372036854775807") },
        length(9223372036854775807));
    row("B§4: a length over 63 bits is refused", { cl("9223372036854775808") },
        refused(FramingFault::BadLength));
    row("B§4: a length over 64 bits is refused", { cl("18446744073709551621") },
        refused(FramingFault::BadLength));
    row("M§6.3: an empty length is refused", { cl("") }, refused(FramingFault::BadLength));
    row("S§8.6: a signed length is refused", { cl("+5") }, refused(FramingFault::BadLength));
    row("S§8.6: a negative length is refused", { cl("-1") }, refused(FramingFault::BadLength));
    row("S§8.6: a hexadecimal length is refused", { cl("0x5") }, refused(FramingFault::BadLength));
    row("S§8.6: a blank in a length is refused", { cl("1 0") }, refused(FramingFault::BadLength));
    row("M§6.3: two unequal Content-Length fields are refused", { cl("5"), cl("6") },
        refused(FramingFault::SeveralLengths));
    row("B§4: two equal Content-Length fields are refused", { cl("5"), cl("5") },
        refused(FramingFault::SeveralLengths));
    row("B§4: a list of equal lengths is refused", { cl("5, 5") },
        refused(FramingFault::SeveralLengths));
    row("B§4: a length and a comma are refused", { cl("5,") },
        refused(FramingFault::SeveralLengths));
    row("M§6.3: chunked", { te("chunked") }, chunked());
    row("M§7: the coding's name ignores case", { te("cHuNkEd") }, chunked());
    row("M§6.3: an empty element before chunked is refused", { te(",chunked") },
        refused(FramingFault::EmptyTransferEncoding));
    row("M§6.3: an empty element behind chunked is refused", { te("chunked ,") },
        refused(FramingFault::EmptyTransferEncoding));
    row("M§6.3: an empty field beside chunked is refused", { te(""), te("chunked") },
        refused(FramingFault::EmptyTransferEncoding));
    row("M§6.1: both fields are refused", { cl("5"), te("chunked") },
        refused(FramingFault::LengthAndTransferEncoding));
    row("M§6.1: both fields are refused in any order", { te("chunked"), cl("0") },
        refused(FramingFault::LengthAndTransferEncoding));
    row("M§6.1: an unknown coding beside a length is refused", { te("x"), cl("5") },
        refused(FramingFault::LengthAndTransferEncoding));
    row("M§6.1: HTTP/1.0 knows no Transfer-Encoding", { te("chunked") },
        refused(FramingFault::TransferEncodingInHttp10), Version::Http10);
    row("M§6.1: chunked twice is refused", { te("chunked, chunked") },
        refused(FramingFault::ChunkedTwice));
    row("M§6.1: chunked twice over two fields is refused", { te("chunked"), te("chunked") },
        refused(FramingFault::ChunkedTwice));
    row("M§6.3: chunked is not the last coding", { te("chunked, gzip") },
        refused(FramingFault::ChunkedNotLast));
    row("M§6.3: chunked is not the last coding of two fields", { te("chunked"), te("identity") },
        refused(FramingFault::ChunkedNotLast));
    row("M§6.3: no chunked at all", { te("gzip") }, refused(FramingFault::ChunkedNotLast));
    row("M§6.1: an unknown coding before chunked is 501", { te("gzip, chunked") },
        refused(FramingFault::UnknownCoding));
    row("M§6.1: an unknown coding in a field before is 501", { te("cow"), te("chunked") },
        refused(FramingFault::UnknownCoding));
    row("M§7: chunked takes no parameters", { te("chunked;q=1") },
        refused(FramingFault::ChunkedNotLast));
    row("M§6.1: a name that only looks like chunked", { te("xchunked") },
        refused(FramingFault::ChunkedNotLast));
    row("M§6.1: a quoted chunked is no chunked", { te("\"chunked\"") },
        refused(FramingFault::ChunkedNotLast));
    row("M§6.1: an empty Transfer-Encoding is refused", { te("") },
        refused(FramingFault::EmptyTransferEncoding));
    row("M§6.1: a Transfer-Encoding of commas is refused", { te(" , ,") },
        refused(FramingFault::EmptyTransferEncoding));
}

void TestBodyFraming::requests()
{
    QFETCH(Version, version);
    QFETCH(HeaderList, fields);
    QFETCH(QByteArray, expected);
    QCOMPARE(describe(requestFraming({ "POST", "/", version, fields })), expected);
}

void TestBodyFraming::connectHasNone()
{
    for (const HeaderList &fields :
         { HeaderList {}, HeaderList { { "Content-Length", "5" } },
           HeaderList { { "content-length", "x" }, { "Content-Length", "5" } },
           HeaderList { { "Transfer-Encoding", "gzip" }, { "Content-Length", "5" } } }) {
        QCOMPARE(describe(requestFraming({ "CONNECT", "h:1", Version::Http10, fields })),
                 describe(none()));
        QCOMPARE(mentionsFraming(fields), !fields.isEmpty());
    }
    QVERIFY(!mentionsFraming({ { "Content-Lengt", "5" }, { "Trailer", "Content-Length" } }));
}

void TestBodyFraming::responses_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<int>("status");
    QTest::addColumn<Version>("version");
    QTest::addColumn<HeaderList>("fields");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const HeaderList &fields, const Framing &framing,
                        int status = 200, const QByteArray &method = "GET",
                        Version version = Version::Http11) {
        QTest::newRow(name) << method << status << version << fields << describe(framing);
    };
    const auto cl = [](const QByteArray &value) { return Field { "content-length", value }; };
    const auto te = [](const QByteArray &value) { return Field { "Transfer-Encoding", value }; };

    row("M§6.3: a HEAD answer has no body, whatever its length", { cl("5") }, none(), 200, "HEAD");
    row("M§6.3: a HEAD answer has no body, whatever its coding", { te("chunked") }, none(), 200,
        "HEAD");
    row("M§6.3: a 204 has no body", {}, none(), 204);
    row("S§8.6: a 204 with a length has no body and is mended", { cl("5") }, mended(none()), 204);
    row("M§6.3: a 304 has no body", { cl("5") }, none(), 304);
    row("M§6.3: a 100 has no body", { te("chunked") }, none(), 100);
    row("M§6.3: a 103 has no body", {}, none(), 103);
    row("B§5: a 204 with both fields has no body", { cl("5"), te("chunked") }, mended(none()), 204);
    row("B§5: a HEAD answer with both fields is mended", { cl("5"), te("chunked") }, mended(none()),
        200, "HEAD");
    row("B§5: a HEAD answer with unequal lengths is mended", { cl("5"), cl("6") }, mended(none()),
        200, "HEAD");
    row("B§5: a 304 of an unknown coding is mended", { te("gzip") }, mended(none()), 304);
    row("S§8.6: a 204 with a length of 0 announces nothing", { cl("0") }, none(), 204);
    row("M§6.1: a 204 that is chunked is mended", { te("chunked") }, mended(none()), 204);
    row("M§6.3: a 2xx to CONNECT has no body", { cl("5") }, none(), 200, "CONNECT");
    row("M§6.3: a 407 to CONNECT has one", { cl("5") }, length(5), 407, "CONNECT");
    row("S§9.1: a lower-case head is another method", { cl("5") }, length(5), 200, "head");
    row("M§6.3: a length", { cl("5") }, length(5));
    row("M§6.3: a length of 0", { cl("0") }, none());
    row("M§6.3: chunked", { te("chunked") }, chunked());
    row("M§6.3: neither field lasts until close", {}, untilClose());
    row("M§6.3: neither field lasts until close in HTTP/1.0", {}, untilClose(), 200, "GET",
        Version::Http10);
    row("M§6.3: two equal lengths are one", { cl("5"), cl("5") }, mended(length(5)));
    row("M§6.3: a list of equal lengths is one", { cl("5, 5") }, mended(length(5)));
    row("M§6.3: equal by value is equal", { cl("5"), cl("05") }, mended(length(5)));
    row("B§5: unequal lengths are refused", { cl("5"), cl("6") },
        refused(FramingFault::SeveralLengths));
    row("B§5: 0 and another length are refused", { cl("0, 6") },
        refused(FramingFault::SeveralLengths));
    row("B§5: a bad length is refused", { cl("abc") }, refused(FramingFault::BadLength));
    row("B§5: a bad length beside a good one is refused", { cl("5"), cl("x") },
        refused(FramingFault::BadLength));
    row("B§5: an empty length is refused", { cl("") }, refused(FramingFault::BadLength));
    row("B§5: lengths of commas are refused", { cl(",") }, refused(FramingFault::BadLength));
    row("M§6.3: a list of lengths with an empty element is refused", { cl("5,") },
        refused(FramingFault::BadLength));
    row("B§5: an empty element before chunked is refused", { te(",chunked") },
        refused(FramingFault::EmptyTransferEncoding));
    row("B§5: an empty element after chunked is refused", { te("chunked,") },
        refused(FramingFault::EmptyTransferEncoding));
    row("B§5: an empty field beside chunked is refused", { te("chunked"), te("") },
        refused(FramingFault::EmptyTransferEncoding));
    row("B§5: an empty element between two chunked is refused", { te("chunked,,chunked") },
        refused(FramingFault::ChunkedTwice));
    row("M§6.3: chunked counts beside a length", { cl("5"), te("chunked") }, mended(chunked()));
    row("M§6.3: chunked counts beside equal lengths", { cl("5, 5"), te("chunked") },
        mended(chunked()));
    row("B§5: unequal lengths beside chunked are refused", { cl("5, 6"), te("chunked") },
        refused(FramingFault::SeveralLengths));
    row("B§5: a bad length beside chunked is refused", { cl("+5"), te("chunked") },
        refused(FramingFault::BadLength));
    row("M§6.3: chunked twice is chunked once", { te("chunked, CHUNKED") }, mended(chunked()));
    row("M§6.3: chunked in two fields is chunked once", { te("chunked"), te("chunked") },
        mended(chunked()));
    row("M§6.3: identity lasts until close", { te("Identity") }, mended(untilClose()));
    row("M§6.3: identity twice lasts until close", { te("identity"), te("identity, identity") },
        mended(untilClose()));
    row("M§6.3: identity in HTTP/1.0 lasts until close", { te("identity") }, mended(untilClose()),
        200, "GET", Version::Http10);
    row("M§6.3: an empty Transfer-Encoding says nothing", { te("") }, mended(untilClose()));
    row("M§6.3: a length beside identity counts", { te("identity"), cl("5") }, mended(length(5)));
    row("M§6.3: a length of 0 beside identity counts", { te("identity"), cl("0") }, mended(none()));
    row("M§6.3: a length beside identity counts in HTTP/1.0", { te("identity"), cl("5") },
        mended(length(5)), 200, "GET", Version::Http10);
    row("B§5: a bad length beside identity is refused", { te("identity"), cl("-1") },
        refused(FramingFault::BadLength));
    row("B§5: unequal lengths beside identity are refused", { te("identity"), cl("5"), cl("6") },
        refused(FramingFault::SeveralLengths));
    row("B§5: identity before chunked is refused", { te("identity, chunked") },
        refused(FramingFault::UnknownCoding));
    row("B§5: identity behind chunked is refused", { te("chunked"), te("identity") },
        refused(FramingFault::ChunkedNotLast));
    row("B§5: a coding with parameters is not identity", { te("identity;q=1") },
        refused(FramingFault::ChunkedNotLast));
    row("B§5: gzip alone is refused", { te("gzip") }, refused(FramingFault::ChunkedNotLast));
    row("M§6.1: chunked beside a length from an HTTP/1.0 origin is refused",
        { cl("5"), te("chunked") }, refused(FramingFault::TransferEncodingInHttp10), 200, "GET",
        Version::Http10);
    row("M§6.1: Transfer-Encoding from an HTTP/1.0 origin is refused", { te("chunked") },
        refused(FramingFault::TransferEncodingInHttp10), 200, "GET", Version::Http10);
    row("B§5: a coding that nobody asked for is refused", { te("gzip, chunked") },
        refused(FramingFault::UnknownCoding));
    row("B§5: chunked is not the last coding", { te("chunked, gzip") },
        refused(FramingFault::ChunkedNotLast));
}

void TestBodyFraming::responses()
{
    QFETCH(QByteArray, method);
    QFETCH(int, status);
    QFETCH(Version, version);
    QFETCH(HeaderList, fields);
    QFETCH(QByteArray, expected);
    QCOMPARE(describe(responseFraming({ version, status, "x", fields }, method)), expected);
}

void TestBodyFraming::answersWithStatus()
{
    QCOMPARE(faultStatus(FramingFault::UnknownCoding), 501);
    QCOMPARE(faultStatus(FramingFault::ChunkedNotLast), 400);
    QCOMPARE(faultStatus(FramingFault::LengthAndTransferEncoding), 400);
    QCOMPARE(faultStatus(FramingFault::SeveralLengths), 400);
}

QTEST_APPLESS_MAIN(TestBodyFraming)
#include "tst_bodyframing.moc"
