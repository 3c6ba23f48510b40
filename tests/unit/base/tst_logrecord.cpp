// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/logrecord.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace sami;
using namespace std::chrono_literals;

namespace {

WallTime at(const char *iso)
{
    const qint64 ms =
        QDateTime::fromString(QString::fromLatin1(iso), Qt::ISODateWithMs).toMSecsSinceEpoch();
    return WallTime(std::chrono::milliseconds(ms));
}

LogRecord record(std::vector<LogField> fields = {})
{
    return { .time = at("2026-11-22T23:30:00.123Z"),
             .level = LogLevel::Info,
             .unit = "server.accesslog",
             .message = "closed",
             .fields = std::move(fields) };
}

/// Without the line ending, which must be there.
QByteArray asText(const LogRecord &line)
{
    QByteArray text;
    appendText(text, line);
    return text.endsWith('\n') ? text.chopped(1) : "no line end: " + text;
}

QByteArray asJson(const LogRecord &line)
{
    QByteArray text;
    appendJson(text, line);
    return text.endsWith('\n') ? text.chopped(1) : "no line end: " + text;
}

} // namespace

class TestLogRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void timestamps_data();
    void timestamps();
    void durations_data();
    void durations();
    void textValues_data();
    void textValues();
    void textLine();
    void debugNamesItsUnit();
    void jsonLine();
    void jsonSurvivesHostileText_data();
    void jsonSurvivesHostileText();
};

void TestLogRecord::timestamps_data()
{
    QTest::addColumn<QByteArray>("iso");
    for (const char *iso : { "2026-11-22T23:30:00.123Z", "2026-01-02T03:04:05.006Z",
                             "2028-02-29T00:00:00.000Z", "2026-12-31T23:59:59.999Z" })
        QTest::addRow("B§8: %s", iso) << QByteArray(iso);
}

void TestLogRecord::timestamps()
{
    QFETCH(QByteArray, iso);
    LogRecord line = record();
    line.time = at(iso.constData());
    QCOMPARE(asText(line).first(24), iso);
    QCOMPARE(QJsonDocument::fromJson(asJson(line)).object().value(QStringLiteral("time")),
             QString::fromLatin1(iso));
}

void TestLogRecord::durations_data()
{
    QTest::addColumn<qint64>("milliseconds");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << qint64(0) << QByteArray("0ms");
    QTest::newRow("B§8: milliseconds") << qint64(31) << QByteArray("31ms");
    QTest::newRow("just under a second") << qint64(999) << QByteArray("999ms");
    QTest::newRow("seconds are cut, not rounded") << qint64(4'299) << QByteArray("4.2s");
    QTest::newRow("just under a minute") << qint64(59'999) << QByteArray("59.9s");
    QTest::newRow("B§8: minutes") << qint64(242'000) << QByteArray("4m02s");
    QTest::newRow("hours") << qint64(3'900'000) << QByteArray("1h05m");
    QTest::newRow("days stay hours") << qint64(90'000'000) << QByteArray("25h00m");
}

void TestLogRecord::durations()
{
    QFETCH(qint64, milliseconds);
    QFETCH(QByteArray, text);
    QCOMPARE(formatDuration(std::chrono::milliseconds(milliseconds)), text);
}

void TestLogRecord::textValues_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("bare");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("one word") << QByteArray("admin") << false << QByteArray("user=admin");
    QTest::newRow("a blank") << QByteArray("a b") << false << QByteArray("user=\"a b\"");
    QTest::newRow("nothing") << QByteArray("") << false << QByteArray("user=\"\"");
    QTest::newRow("a quote") << QByteArray("a\"b") << false << QByteArray("user=\"a\\\"b\"");
    QTest::newRow("a quote and a backslash")
        << QByteArray("a\"\\") << false << QByteArray("user=\"a\\\"\\\\\"");
    QTest::newRow("an equals sign") << QByteArray("a=b") << false << QByteArray("user=\"a=b\"");
    QTest::newRow("an equals sign in a bare value")
        << QByteArray("/p?a=b") << true << QByteArray("/p?a=b");
    QTest::newRow("a blank in a bare value") << QByteArray("a b") << true << QByteArray("\"a b\"");
    QTest::newRow("B§8: a line feed is escaped")
        << QByteArray("a\nb") << false << QByteArray("user=a\\x0ab");
    QTest::newRow("B§8: a terminal's escape is escaped")
        << QByteArray("\x1b[2J") << false << QByteArray("user=\\x1b[2J");
    QTest::newRow("B§8: a C1 control is escaped")
        << QByteArray("\xc2\x9b") << false << QByteArray("user=\\xc2\\x9b");
    const auto escapes = [](const char *name, const QByteArray &value, const QByteArray &text) {
        QTest::newRow(name) << "a" + value + "b" << false << "user=a" + text + "b";
    };
    escapes("B§8: a Hangul filler, which shows nothing, is escaped", "\u3164", "\\xe3\\x85\\xa4");
    escapes("B§8: a blank Braille pattern is escaped", "\u2800", "\\xe2\\xa0\\x80");
    escapes("B§8: a right-to-left override is escaped", "\u202e", "\\xe2\\x80\\xae");
    escapes("B§8: a directional isolate is escaped", "\u2066", "\\xe2\\x81\\xa6");
    escapes("B§8: a right-to-left mark is escaped", "\u200f", "\\xe2\\x80\\x8f");
    escapes("B§8: a zero width space is escaped", "\u200b", "\\xe2\\x80\\x8b");
    escapes("B§8: a byte order mark is escaped", "\ufeff", "\\xef\\xbb\\xbf");
    escapes("B§8: a tag character is escaped", "\U000e0041", "\\xf3\\xa0\\x81\\x81");
    escapes("B§8: a line separator is escaped", "\u2028", "\\xe2\\x80\\xa8");
    escapes("B§8: a paragraph separator is escaped", "\u2029", "\\xe2\\x80\\xa9");
    escapes("B§8: a no-break space is escaped", "\u00a0", "\\xc2\\xa0");
    escapes("B§8: an ideographic space is escaped", "\u3000", "\\xe3\\x80\\x80");
    escapes("B§8: a private-use character is escaped", "\ue000", "\\xee\\x80\\x80");
    escapes("B§8: an unassigned code point is escaped", "\u0378", "\\xcd\\xb8");
    escapes("B§8: a noncharacter is escaped", "\uffff", "\\xef\\xbf\\xbf");
    escapes("B§8: a lone surrogate is escaped", "\xed\xa0\x80", "\\xed\\xa0\\x80");
    escapes("B§8: an overlong slash is escaped", "\xc0\xaf", "\\xc0\\xaf");
    escapes("B§8: the joiner of an emoji is escaped, its parts stay", "👩\u200d💻",
            "👩\\xe2\\x80\\x8d💻");
    for (const char *readable : { "Пётр", "é e\u0301 ß", "日本語 한국어", "עברית", "عربي", "नमस्ते",
                                  "👍🏽 ❤\ufe0f", "\ufffd" }) {
        const QByteArray text(readable);
        QTest::addRow("B§8: stays readable: %s", readable)
            << text << true << (text.contains(' ') ? '"' + text + '"' : text);
    }
    QTest::newRow("invalid UTF-8 is escaped")
        << QByteArray("\xff\xfe") << false << QByteArray("user=\\xff\\xfe");
}

void TestLogRecord::textValues()
{
    QFETCH(QByteArray, value);
    QFETCH(bool, bare);
    QFETCH(QByteArray, text);
    QCOMPARE(asText(record({ { "user", value, bare } })),
             "2026-11-22T23:30:00.123Z INFO  closed " + text);
}

void TestLogRecord::textLine()
{
    QCOMPARE(asText(record({ { "id", qint64(17) },
                             { "method", QByteArray("CONNECT"), true },
                             { "target", QByteArray("api.example:443"), true },
                             { "up", qint64(-1) },
                             { "silence", Clock::duration(242s) } })),
             "2026-11-22T23:30:00.123Z INFO  closed id=17 CONNECT api.example:443 up=-1 "
             "silence=4m02s");
}

void TestLogRecord::debugNamesItsUnit()
{
    LogRecord line = record();
    line.level = LogLevel::Debug;
    QCOMPARE(asText(line), "2026-11-22T23:30:00.123Z DEBUG closed unit=server.accesslog");
}

void TestLogRecord::jsonLine()
{
    LogRecord line = record({ { "id", qint64(17) }, { "silence", Clock::duration(242s) } });
    line.level = LogLevel::Error;
    QCOMPARE(asJson(line),
             "{\"time\":\"2026-11-22T23:30:00.123Z\",\"level\":\"error\","
             "\"unit\":\"server.accesslog\",\"message\":\"closed\",\"id\":17,\"silence\":242000}");
}

void TestLogRecord::jsonSurvivesHostileText_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("quotes and backslashes") << QByteArray(R"("\"\\","a":"b)");
    QTest::newRow("B§8: controls") << QByteArray("a\r\n\t\x7f\x01 b");
    QTest::newRow("invalid UTF-8") << QByteArray("\xc3(\xff");
    QTest::newRow("NUL") << QByteArray("a\0b", 3);
    QTest::newRow("Cyrillic") << QByteArray("пароль");
    QTest::newRow("B§8: what turns the direction of text") << QByteArray("a\u202eb");
    QTest::newRow("B§8: what some readers take for a line end") << QByteArray("a\u2028b");
}

void TestLogRecord::jsonSurvivesHostileText()
{
    QFETCH(QByteArray, value);
    LogRecord line = record({ { "user", value } });
    line.message = value;
    const QByteArray json = asJson(line);
    QVERIFY(!json.contains('\n'));
    QVERIFY(!json.contains("\u202e") && !json.contains("\u2028"));
    QJsonParseError error;
    const QJsonObject object = QJsonDocument::fromJson(json, &error).object();
    QCOMPARE(error.error, QJsonParseError::NoError);
    QCOMPARE(object.value(QStringLiteral("user")), QString::fromUtf8(escaped(value)));
    QCOMPARE(object.value(QStringLiteral("message")), QString::fromUtf8(escaped(value)));
    QCOMPARE(object.size(), 5);
}

QTEST_GUILESS_MAIN(TestLogRecord)
#include "tst_logrecord.moc"
