// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/logtext.h"
#include "gui/text/wording.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <ctime>

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// How the log page words a line.
class TstLogText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aLineIsTakenApart();
    void aMessageMayHoldAnything_data();
    void aMessageMayHoldAnything();
    void theCauseComesFirst_data();
    void theCauseComesFirst();
    void nothingOfALineIsLost();
    void timeIsThatOfThisPlace();
    void everyMessageOfTheProgramHasWords();
};

void TstLogText::initTestCase()
{
    // UTC+3 all year, without needing a zone file.
    qputenv("TZ", "HERE-3");
#ifdef Q_OS_UNIX
    tzset();
#endif
}

void TstLogText::aLineIsTakenApart()
{
    const LogLine line = LogText::parse(
        R"(2026-11-22T23:30:00.123Z INFO  closed id=17 client=192.0.2.7 user="a \"b\" c=d" )"
        R"(CONNECT api.example.com:443 status=200 up=1842 by=upstream how=fin)");
    QVERIFY(line.time);
    QCOMPARE(line.level, LineLevel::Info);
    QCOMPARE(line.message, QByteArray("closed"));
    QCOMPARE(line.fields.size(), 9);
    QCOMPARE(line.value("id"), QByteArray("17"));
    QCOMPARE(line.value("user"), QByteArray("a \"b\" c=d"));
    QCOMPARE(line.fields.at(3).value, QByteArray("CONNECT"));
    QCOMPARE(line.fields.at(4).value, QByteArray("api.example.com:443"));
    QCOMPARE(line.value("how"), QByteArray("fin"));
    QCOMPARE(line.value("none"), QByteArray());
}

void TstLogText::aMessageMayHoldAnything_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line :
         { "", " ", "what", "2026-11-22T23:30:00.123Z", "2026-11-22T23:30:00.123Z INFO  ",
           "2026-11-22T23:30:00.123Z INFO  a=", "2026-11-22T23:30:00.123Z INFO  x a=\"",
           "2026-11-22T23:30:00.123Z INFO  x a=\"\\", "2026-99-22T23:30:00.123Z INFO  x",
           "2026-11-22T23:30:00.123Z INFO  closed by=x how=y duration=9zz",
           "2026-11-22T23:30:00.123Z INFO  closed how=fin duration=99999999999999999999h",
           R"({"time":"2026-11-26T02:00:00.000Z","level":"error"})", "<b>%1 %2</b>" })
        QTest::newRow(line) << QByteArray(line);
}

void TstLogText::aMessageMayHoldAnything()
{
    QFETCH(const QByteArray, line);
    QVERIFY(!LogText::row(line).contains(u'\n'));
    QVERIFY(!LogText::whole(line).isEmpty());
}

void TstLogText::theCauseComesFirst_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("a tunnel that the server closed")
        << QByteArray("closed id=1 client=192.0.2.7 CONNECT api.example.com:443 status=200 up=1 "
                      "down=2 silence=4m02s duration=4m11s by=upstream how=fin")
        << u"The server closed the connection after 4m 11s · CONNECT api.example.com:443 · 192.0.2.7"_s;
    QTest::newRow("a refusal") << QByteArray(
        "closed id=1 client=192.0.2.7 CONNECT 10.0.0.1:443 status=403 up=0 down=0 "
        "silence=1ms duration=2ms by=proxy how=refused reason=private_target")
                               << u"Refused: %1 · CONNECT 10.0.0.1:443 · 192.0.2.7"_s.arg(
                                      Wording::reason("private_target"));
    QTest::newRow("a target that looks like fields")
        << QByteArray("closed id=1 client=192.0.2.7 GET how=complete status=400 up=0 down=0 "
                      "silence=1ms duration=1.5s by=proxy how=timeout:dial")
        << u"The server could not be reached in time (1.5 s) · GET · 192.0.2.7"_s;
    QTest::newRow("a block") << QByteArray(
        "client blocked for guessing credentials client=192.0.2.7")
                             << u"client blocked for guessing credentials"_s;
    QTest::newRow("a start that fails")
        << QByteArray("cannot start: what nobody knows") << u"cannot start: what nobody knows"_s;
    QTest::newRow("something new") << QByteArray("what nobody knows a=1") << u"what nobody knows"_s;
}

void TstLogText::theCauseComesFirst()
{
    QFETCH(const QByteArray, line);
    QFETCH(const QString, sentence);
    QCOMPARE(LogText::sentence(LogText::parse("2026-11-22T23:30:00.123Z INFO  " + line)), sentence);
}

void TstLogText::nothingOfALineIsLost()
{
    const QByteArray line = "2026-11-22T23:30:00.123Z ERROR cannot accept: raise the limit on open "
                            "files or lower MAX_CONCURRENT_CONNECTIONS error=\"no room\" n=3";
    const QString row = LogText::row(line);
    QVERIFY2(row.endsWith(u"error=no room n=3"_s), qPrintable(row));
    QVERIFY(row.contains(LogText::level(LineLevel::Error)));
    const QString work =
        LogText::row("2026-11-22T23:30:00.123Z INFO  closed id=17 client=192.0.2.7 "
                     "GET http://a.example/ status=200 up=1 down=2 silence=1s "
                     "duration=2s by=client how=reset");
    for (const QString &part :
         { u"id=17"_s, u"status=200"_s, u"up=1"_s, u"down=2"_s, u"silence=1s"_s, u"192.0.2.7"_s })
        QVERIFY2(work.contains(part), qPrintable(work));
    QVERIFY2(!work.contains(u"by="_s) && !work.contains(u"how="_s), qPrintable(work));
}

void TstLogText::timeIsThatOfThisPlace()
{
    const QByteArray line = "2026-11-22T23:30:00.123Z INFO  started";
    QVERIFY2(LogText::whole(line).startsWith(u"2026-11-23T02:30:00.123+03:00  "_s),
             qPrintable(LogText::whole(line)));
    QVERIFY2(LogText::row(line).contains(u"02:30:00"_s), qPrintable(LogText::row(line)));
    QVERIFY(!LogText::row(line).contains(u'Z'));
}

void TstLogText::everyMessageOfTheProgramHasWords()
{
    static const QRegularExpression call(
        uR"re(\blog(?:Info|Error|Debug)\(\s*unit,\s*((?:"(?:[^"\\]|\\.)*"\s*)+)(\+?))re"_s);
    static const QRegularExpression piece(uR"re("((?:[^"\\]|\\.)*)")re"_s);
    QStringList unknown;
    int found = 0;
    for (const char *folder : { "/core", "/gui" }) {
        QDirIterator files(QStringLiteral(SAMI_SOURCE_DIR) + QLatin1StringView(folder),
                           { u"*.cpp"_s }, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString source = QString::fromUtf8(file.readAll());
            for (auto calls = call.globalMatch(source); calls.hasNext();) {
                const QRegularExpressionMatch match = calls.next();
                QString text;
                for (auto parts = piece.globalMatch(match.captured(1)); parts.hasNext();)
                    text += parts.next().captured(1);
                ++found;
                if (!LogText::messages().contains(text) && !LogText::beginsKnown(text))
                    unknown.append(text);
            }
        }
    }
    // A scan that finds nothing would pass everything.
    QVERIFY2(found > 20, qPrintable(QString::number(found)));
    QCOMPARE(unknown, QStringList());
}

QTEST_MAIN(TstLogText)
#include "tst_logtext.moc"
