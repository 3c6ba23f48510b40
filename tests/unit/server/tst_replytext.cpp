// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/reply.h"
#include "server/replytext.h"

#include <QHash>
#include <QTest>

#include <algorithm>

using namespace sami;
using namespace sami::server;
using namespace std::chrono_literals;

namespace {

/// The answers for all values of an enum, which start at `first` without gaps.
template <typename Enum> QList<ReplyText> allOf(int first = 0)
{
    QList<ReplyText> all;
    for (int value = first;; ++value) {
        ReplyText text = replyText(static_cast<Enum>(value));
        if (text.status == 0)
            return all;
        all.append(text);
    }
}

struct Part
{
    const char *name;
    qsizetype atLeast;
    QList<ReplyText> texts;
};

QList<Part> wholeTable()
{
    return {
        { "own replies", 14, allOf<OwnReply>() },
        { "refusals", 11, allOf<policy::Refusal>(1) }, // None is not a refusal
        { "dial faults", 11, allOf<net::DialFault>() },
        { "head faults", 16, allOf<http::HeadFault>() },
        { "target faults", 7, allOf<http::TargetFault>() },
        { "framing faults", 8, allOf<http::FramingFault>() },
        { "body faults", 7, allOf<http::BodyFault>() },
        { "foreign protocols", 6, allOf<http::ForeignProtocol>() },
    };
}

bool isPlain(char c)
{
    return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != ';';
}

} // namespace

class TestReplyText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyAnswerHasItsWords_data();
    void everyAnswerHasItsWords();
    void noTwoAnswersReadAlike();
    void saysItInEveryPlace();
    void theFigureIsTheLimits_data();
    void theFigureIsTheLimits();
};

void TestReplyText::everyAnswerHasItsWords_data()
{
    QTest::addColumn<int>("part");
    const QList<Part> table = wholeTable();
    for (int part = 0; part < table.size(); ++part)
        QTest::addRow("B§7: %s have their words", table[part].name) << part;
}

void TestReplyText::everyAnswerHasItsWords()
{
    QFETCH(int, part);
    const Part whole = wholeTable().at(part);
    QVERIFY2(whole.texts.size() >= whole.atLeast, qPrintable(QString::number(whole.texts.size())));
    for (const ReplyText &text : whole.texts) {
        const char *const phrase = text.phrase.constData();
        QVERIFY2(text.status >= 400 && text.status < 600, phrase);
        QVERIFY2(!text.phrase.isEmpty() && text.phrase.size() <= 60, phrase);
        QVERIFY2(std::all_of(text.phrase.cbegin(), text.phrase.cend(), isPlain), phrase);
        QVERIFY2(text.phrase.front() >= 'A' && text.phrase.front() <= 'Z', phrase);
        QVERIFY2(qstrlen(text.reason.code()) > 0, phrase);
        QVERIFY2(text.text.endsWith("\n"), phrase);
        // RFC 9209: a page of our own is an origin's answer.
        QCOMPARE(qstrlen(text.errorType) == 0, text.status == 404 || text.status == 405);
    }
}

void TestReplyText::noTwoAnswersReadAlike()
{
    QHash<QByteArray, QByteArray> seen;
    for (const Part &part : wholeTable()) {
        for (const ReplyText &text : part.texts) {
            QVERIFY2(!seen.contains(text.phrase), text.phrase.constData());
            seen.insert(text.phrase, text.reason.code());
        }
    }
}

void TestReplyText::saysItInEveryPlace()
{
    for (const Part &part : wholeTable()) {
        for (const ReplyText &text : part.texts) {
            const Reply reply = errorReply(text, 2s);
            const QByteArray phrase = QByteArray(text.phrase).replace("%1", "2 s");
            const QByteArray octets = reply.write(false, false);
            QVERIFY2(octets.startsWith("HTTP/1.1 " + QByteArray::number(text.status) + ' ' + phrase
                                       + "\r\n"),
                     octets.constData());
            if (qstrlen(text.errorType) > 0)
                QVERIFY2(
                    octets.contains("\r\nProxy-Status: sami; error=" + QByteArray(text.errorType)
                                    + "; details=\"" + phrase + "\"\r\n"),
                    octets.constData());
            QVERIFY(octets.endsWith("\r\n\r\n" + text.text));
            QCOMPARE(reply.reason, text.reason);
            QCOMPARE(reply.fields.contains("Retry-After"), text.status == 503);
        }
    }
}

void TestReplyText::theFigureIsTheLimits_data()
{
    QTest::addColumn<std::chrono::milliseconds>("limit");
    QTest::addColumn<QByteArray>("phrase");
    QTest::newRow("B§7: whole seconds")
        << std::chrono::milliseconds(15s) << QByteArray("No answer within 15 s");
    QTest::newRow("B§7: less than a second")
        << std::chrono::milliseconds(250ms) << QByteArray("No answer within 0.25 s");
    QTest::newRow("B§7: a second and a half")
        << std::chrono::milliseconds(1500ms) << QByteArray("No answer within 1.5 s");
    QTest::newRow("B§7: a day") << std::chrono::milliseconds(86'400s)
                                << QByteArray("No answer within 86400 s");
}

void TestReplyText::theFigureIsTheLimits()
{
    QFETCH(std::chrono::milliseconds, limit);
    QFETCH(QByteArray, phrase);
    QCOMPARE(dialErrorReply({ net::DialFault::ConnectTimeout, {} }, limit).phrase, phrase);
}

QTEST_GUILESS_MAIN(TestReplyText)
#include "tst_replytext.moc"
