// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/bodydiscard.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::http;
using namespace sami::server;
using Status = BodyDiscard::Status;

namespace {

const BodyFraming chunked { BodyKind::Chunked };

BodyFraming length(quint64 octets)
{
    return { BodyKind::Length, octets };
}

struct Fed
{
    Status status = Status::NeedMore;
    QByteArray rest; ///< of the input, after the end of the body
};

/// Feeds `octets` in pieces of that size until the body ends.
Fed feed(const BodyFraming &framing, const QByteArray &octets, qsizetype piece)
{
    BodyDiscard discard(framing);
    QByteArray input;
    Fed fed { discard.feed(input), {} }; // a body may end before any of it has come
    qsizetype at = 0;
    while (fed.status == Status::NeedMore && at < octets.size()) {
        const qsizetype size = std::min(piece, octets.size() - at);
        input += octets.sliced(at, size);
        at += size;
        fed.status = discard.feed(input);
        if (fed.status == Status::NeedMore && !input.isEmpty())
            qFatal("it left %lld octets", qlonglong(input.size()));
    }
    fed.rest = input + octets.sliced(at);
    return fed;
}

} // namespace

class TestBodyDiscard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anySplit_data();
    void anySplit();
    void theLimit_data();
    void theLimit();
};

void TestBodyDiscard::anySplit_data()
{
    QTest::addColumn<BodyFraming>("framing");
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<Status>("status");
    QTest::addColumn<QByteArray>("rest");
    const auto row = [](const char *name, const BodyFraming &framing, const QByteArray &octets,
                        Status status, const QByteArray &rest = {}) {
        QTest::newRow(name) << framing << octets << status << rest;
    };
    row("no body", BodyFraming(), "GET / HTTP/1.1\r\n"_ba, Status::Done, "GET / HTTP/1.1\r\n"_ba);
    row("a length", length(5), "hello"_ba, Status::Done);
    row("a length, and what follows", length(5), "helloGET "_ba, Status::Done, "GET "_ba);
    row("a length that has not come", length(5), "hell"_ba, Status::NeedMore);
    row("chunks", chunked, "3\r\nabc\r\n0\r\n\r\n"_ba, Status::Done);
    row("chunks with an extension and trailers, and what follows", chunked,
        "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\n\r\nGET "_ba, Status::Done, "GET "_ba);
    row("chunks without an end", chunked, "3\r\nabc\r\n0\r\n"_ba, Status::NeedMore);
    row("a chunk size that is none", chunked, "3\r\nabc\r\nxyz\r\n"_ba, Status::GiveUp);
    row("a chunk longer than it says", chunked, "3\r\nabcd\r\n0\r\n\r\n"_ba, Status::GiveUp);
    row("a malformed trailer", chunked, "0\r\nno colon\r\n\r\n"_ba, Status::GiveUp);
}

/// It takes all of the body and nothing after it, however it is split.
void TestBodyDiscard::anySplit()
{
    QFETCH(BodyFraming, framing);
    QFETCH(QByteArray, octets);
    QFETCH(Status, status);
    QFETCH(QByteArray, rest);
    for (qsizetype piece = 1; piece <= octets.size(); ++piece) {
        const Fed fed = feed(framing, octets, piece);
        QCOMPARE(int(fed.status), int(status));
        if (status == Status::Done)
            QCOMPARE(fed.rest, rest);
    }
}

void TestBodyDiscard::theLimit_data()
{
    QTest::addColumn<BodyFraming>("framing");
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<Status>("status");
    constexpr qsizetype most = BodyDiscard::maxBytes;
    QTest::newRow("as much as is read") << length(most) << QByteArray(most, 'x') << Status::Done;
    QTest::newRow("an octet more")
        << length(most + 1) << QByteArray(most + 1, 'x') << Status::GiveUp;
    QTest::newRow("more, of which that much has not come")
        << length(most + 1) << QByteArray(most, 'x') << Status::NeedMore;
    const QByteArray chunk = "1\r\nx\r\n";
    const qsizetype room = (most - 5) / chunk.size();
    QTest::newRow("chunks, counted as received") << chunked << chunk.repeated(room) + "0\r\n\r\n"
                                                 << Status::Done;
    QTest::newRow("chunks of which the framing is too much")
        << chunked << chunk.repeated(room + 2) + "0\r\n\r\n"
        << Status::GiveUp;
}

void TestBodyDiscard::theLimit()
{
    QFETCH(BodyFraming, framing);
    QFETCH(QByteArray, octets);
    QFETCH(Status, status);
    for (const qsizetype piece : { qsizetype(1), qsizetype(4096), octets.size() })
        QCOMPARE(int(feed(framing, octets, piece).status), int(status));
}

QTEST_APPLESS_MAIN(TestBodyDiscard)
#include "tst_bodydiscard.moc"
