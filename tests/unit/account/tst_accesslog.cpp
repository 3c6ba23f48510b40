// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/accesslog.h"
#include "logrig.h"

#include <limits>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::account;
using namespace std::chrono_literals;

namespace {

FinishedWork tunnel()
{
    FinishedWork work;
    work.id = 17;
    work.client = QHostAddress(u"192.0.2.7"_s);
    work.user = "sami";
    work.method = "CONNECT";
    work.target = "api.test:443";
    work.endpoint = { "api.test", 443 };
    work.status = 200;
    work.up = 1842;
    work.down = 48211;
    work.dial = 31ms;
    work.firstByte = 412ms;
    work.silence = 242s;
    work.duration = 251s;
    work.ending = { EndedBy::Upstream, EndedHow::Fin };
    return work;
}

/// A connection that sent no request.
FinishedWork probe()
{
    FinishedWork work;
    work.id = 18;
    work.client = QHostAddress(u"192.0.2.7"_s);
    work.ending = { EndedBy::Client, EndedHow::Fin };
    return work;
}

void write(FinishedWork work, bool isPaidFor)
{
    work.hasLogBudget = isPaidFor;
    AccessLog().closed(work);
}

QByteArray lineOf(const FinishedWork &work, LogFormat format, bool isPaidFor = true)
{
    rig::Log log(format);
    write(work, isPaidFor);
    const QList<QByteArray> lines = log.lines();
    return lines.size() == 1 ? lines.first() : QByteArray::number(lines.size()) + " lines";
}

/// The line without its time.
QByteArray textOf(const FinishedWork &work)
{
    return lineOf(work, LogFormat::Text).mid(qsizetype(sizeof "2026-11-22T23:30:00.123Z"));
}

/// An answer of our own, whose log line must be paid for, with every part at its longest.
FinishedWork longest()
{
    FinishedWork work = tunnel();
    work.id = std::numeric_limits<quint32>::max();
    work.client = QHostAddress(u"2001:db8:1111:2222:3333:4444:5555:6666"_s);
    work.up = work.down = 0; // nothing is forwarded
    work.dial.reset();
    work.firstByte.reset();
    work.silence = work.duration = 30s; // the head timeout
    work.ending = { EndedBy::Proxy, EndedHow::Refused };
    work.ending.reason = policy::Refusal::CredentialsMissing;
    work.entrance = { FrontKind::Socks5, TlsVersion::Tls13 };
    work.via = work.client;
    return work;
}

} // namespace

class TestAccessLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textLines_data();
    void textLines();
    void jsonLine();
    void fieldsThatSayNothingAreLeftOut();
    void levels_data();
    void levels();
    void theLevelBelowWritesNothing();
    void hostileTexts_data();
    void hostileTexts();
    void theCostIsNoLessThanTheLine_data();
    void theCostIsNoLessThanTheLine();
    void leftOut();
};

void TestAccessLog::textLines_data()
{
    QTest::addColumn<FinishedWork>("work");
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("B§8: a tunnel")
        << tunnel()
        << "INFO  closed id=17 client=192.0.2.7 user=sami CONNECT api.test:443 status=200 up=1842 "
           "down=48211 dial=31ms first_byte=412ms silence=4m02s duration=4m11s by=upstream how=fin "
           "front=http tls=-"_ba;
    FinishedWork refused = probe();
    refused.method = "GET";
    refused.target = "http://a/";
    refused.status = 403;
    refused.ending = { EndedBy::Proxy, EndedHow::Refused };
    refused.ending.reason = policy::Refusal::PortNotListed;
    refused.wouldRefuse = policy::Refusal::HostNotListed;
    QTest::newRow("B§8: a refusal, and what is only reported")
        << refused
        << "INFO  closed id=18 client=192.0.2.7 GET http://a/ status=403 up=0 down=0 silence=0ms "
           "duration=0ms by=proxy how=refused reason=port_not_listed "
           "would_refuse=host_not_listed front=http tls=-"_ba;
    FinishedWork late = probe();
    late.method = "GET";
    late.ending = { EndedBy::Proxy, EndedHow::TimeoutHead };
    late.status = 408;
    late.ending.reason = http::HeadFault::HeadTooLarge;
    QTest::newRow("B§8: a head that never became a request")
        << late
        << "INFO  closed id=18 client=192.0.2.7 GET status=408 up=0 down=0 silence=0ms "
           "duration=0ms by=proxy how=timeout:head reason=\"the header section is too large\" "
           "front=http tls=-"_ba;
    FinishedWork beheaded = probe();
    beheaded.target = "secret";
    beheaded.ending.reason = Cause::RequestCut;
    QTest::newRow("B§8: without a method there is no target")
        << beheaded
        << "INFO  closed id=18 client=192.0.2.7 up=0 down=0 silence=0ms duration=0ms by=client "
           "how=fin reason=request_incomplete front=http tls=-"_ba;
    FinishedWork passedOn = tunnel();
    passedOn.via = QHostAddress(u"198.51.100.1"_s);
    QTest::newRow("B§8: whom a balancer passed on, and which")
        << passedOn
        << "INFO  closed id=17 client=192.0.2.7 user=sami CONNECT api.test:443 status=200 up=1842 "
           "down=48211 dial=31ms first_byte=412ms silence=4m02s duration=4m11s by=upstream how=fin "
           "front=http tls=- via=198.51.100.1"_ba;
    FinishedWork socks = tunnel();
    socks.entrance = { FrontKind::Socks5, TlsVersion::Tls13 };
    QTest::newRow("B§8: by SOCKS5 within TLS")
        << socks
        << "INFO  closed id=17 client=192.0.2.7 user=sami CONNECT api.test:443 status=200 up=1842 "
           "down=48211 dial=31ms first_byte=412ms silence=4m02s duration=4m11s by=upstream how=fin "
           "front=socks5 tls=1.3"_ba;
}

void TestAccessLog::textLines()
{
    QFETCH(FinishedWork, work);
    QFETCH(QByteArray, line);
    QCOMPARE(textOf(work), line);
}

void TestAccessLog::jsonLine()
{
    const QJsonObject line = QJsonDocument::fromJson(lineOf(tunnel(), LogFormat::Json)).object();
    QCOMPARE(line.value(u"level"_s), u"info"_s);
    QCOMPARE(line.value(u"unit"_s), u"server.accesslog"_s);
    QCOMPARE(line.value(u"message"_s), u"closed"_s);
    QCOMPARE(line.value(u"id"_s).toInteger(), 17);
    QCOMPARE(line.value(u"client"_s), u"192.0.2.7"_s);
    QCOMPARE(line.value(u"user"_s), u"sami"_s);
    QCOMPARE(line.value(u"method"_s), u"CONNECT"_s);
    QCOMPARE(line.value(u"target"_s), u"api.test:443"_s);
    QCOMPARE(line.value(u"status"_s).toInteger(), 200);
    QCOMPARE(line.value(u"up"_s).toInteger(), 1842);
    QCOMPARE(line.value(u"down"_s).toInteger(), 48211);
    QCOMPARE(line.value(u"dial"_s).toInteger(), 31);
    QCOMPARE(line.value(u"first_byte"_s).toInteger(), 412);
    QCOMPARE(line.value(u"silence"_s).toInteger(), 242'000);
    QCOMPARE(line.value(u"duration"_s).toInteger(), 251'000);
    QCOMPARE(line.value(u"by"_s), u"upstream"_s);
    QCOMPARE(line.value(u"how"_s), u"fin"_s);
    QCOMPARE(line.value(u"front"_s), u"http"_s);
    QCOMPARE(line.value(u"tls"_s), u"-"_s);
    QVERIFY(!line.contains(u"reason"_s));
    QVERIFY(!line.contains(u"would_refuse"_s));
}

void TestAccessLog::fieldsThatSayNothingAreLeftOut()
{
    const QJsonObject line = QJsonDocument::fromJson(lineOf(probe(), LogFormat::Json)).object();
    for (const QString &name : { u"user"_s, u"method"_s, u"target"_s, u"status"_s, u"dial"_s,
                                 u"first_byte"_s, u"reason"_s, u"would_refuse"_s })
        QVERIFY2(!line.contains(name), qPrintable(name));
    for (const QString &name : { u"id"_s, u"client"_s, u"up"_s, u"down"_s, u"silence"_s,
                                 u"duration"_s, u"by"_s, u"how"_s, u"front"_s, u"tls"_s })
        QVERIFY2(line.contains(name), qPrintable(name));
}

void TestAccessLog::levels_data()
{
    QTest::addColumn<FinishedWork>("work");
    QTest::addColumn<bool>("isPaidFor");
    QTest::addColumn<QByteArray>("level");
    QTest::newRow("B§8: a request") << tunnel() << true << "info"_ba;
    QTest::newRow("B§8: one whose line is not paid for") << tunnel() << false << "debug"_ba;
    QTest::newRow("B§8: a bare probe") << probe() << true << "debug"_ba;
    FinishedWork answered = probe();
    answered.status = 503;
    QTest::newRow("B§8: one that was turned away") << answered << true << "info"_ba;
    FinishedWork broken = probe();
    broken.ending.reason = Cause::RequestCut;
    QTest::newRow("B§8: one that began to ask") << broken << true << "info"_ba;
}

void TestAccessLog::levels()
{
    QFETCH(FinishedWork, work);
    QFETCH(bool, isPaidFor);
    QFETCH(QByteArray, level);
    const QByteArray line = lineOf(work, LogFormat::Json, isPaidFor);
    QCOMPARE(QJsonDocument::fromJson(line).object().value(u"level"_s).toString().toLatin1(), level);
}

void TestAccessLog::theLevelBelowWritesNothing()
{
    rig::Log log;
    logging::setLevel(LogLevel::Info);
    write(tunnel(), false);
    write(probe(), true);
    QVERIFY(log.lines().isEmpty());
    write(tunnel(), true);
    QCOMPARE(log.lines().size(), 1);
    logging::setLevel(LogLevel::Error);
    write(tunnel(), true);
    QCOMPARE(log.lines().size(), 1);
}

void TestAccessLog::hostileTexts_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("B§8: nothing special") << "p"_ba.repeated(300);
    QTest::newRow("B§8: line ends") << "\r\n"_ba.repeated(100);
    QTest::newRow("B§8: quotes") << "\""_ba.repeated(300);
    QTest::newRow("B§8: backslashes") << "\\"_ba.repeated(300);
    QTest::newRow("B§8: what a terminal obeys") << "\x1b[2J"_ba.repeated(100);
    QTest::newRow("B§8: NUL") << QByteArray(300, '\0');
    QTest::newRow("B§8: no UTF-8") << "\xff\xfe"_ba.repeated(100);
    QTest::newRow("B§8: UTF-8 that cannot be seen") << "\u200b"_ba.repeated(100);
    QTest::newRow("B§8: UTF-8 that can be read") << "Пётр"_ba.repeated(50);
    QTest::newRow("B§8: blanks and equals signs") << " ="_ba.repeated(100);
    QTest::newRow("B§8: a forged field") << "a how=fin by=client"_ba;
}

/// The text stays on one line and forges no field.
void TestAccessLog::hostileTexts()
{
    QFETCH(QByteArray, text);
    FinishedWork work = tunnel();
    work.user = work.method = work.target = text;
    work.ending.reason = Cause::RequestCut;
    for (const LogFormat format : { LogFormat::Json, LogFormat::Text }) {
        const QByteArray line = lineOf(work, format);
        for (const char c : line)
            QVERIFY(uchar(c) >= ' ' && uchar(c) != 0x7f);
        if (format == LogFormat::Text) {
            QVERIFY(line.contains("duration=4m11s by=upstream how=fin reason="));
            continue;
        }
        const QJsonObject fields = QJsonDocument::fromJson(line).object();
        QCOMPARE(fields.value(u"how"_s), u"fin"_s);
        QCOMPARE(fields.value(u"user"_s), fields.value(u"target"_s));
        QCOMPARE(fields.value(u"user"_s).toString().toUtf8(), escaped(text));
    }
}

void TestAccessLog::theCostIsNoLessThanTheLine_data()
{
    hostileTexts_data();
    QTest::newRow("B§8: none") << ""_ba;
    QTest::newRow("B§8: an octet") << "\x01"_ba;
}

/// Each text is the hostile one in turn, then all of them are.
void TestAccessLog::theCostIsNoLessThanTheLine()
{
    QFETCH(QByteArray, text);
    QList<FinishedWork> works { longest() };
    for (QByteArray FinishedWork::*const member :
         { &FinishedWork::user, &FinishedWork::method, &FinishedWork::target }) {
        FinishedWork work = longest();
        work.*member = text;
        works.append(work);
    }
    FinishedWork all = longest();
    all.user = all.method = all.target = text;
    works.append(all);
    all.wouldRefuse = policy::Refusal::HostNotListed;
    works.append(all);
    for (const FinishedWork &work : std::as_const(works)) {
        const qsizetype cost = accessLineCost(work);
        for (const LogFormat format : { LogFormat::Json, LogFormat::Text }) {
            const QByteArray line = lineOf(work, format);
            QVERIFY2(line.size() + 1 <= cost, line.constData());
        }
    }
}

void TestAccessLog::leftOut()
{
    rig::Log log;
    logging::setLevel(LogLevel::Info);
    AccessLog().leftOut(tunnel(), 12);
    const QJsonObject line = log.objects().constFirst();
    QCOMPARE(line.value(u"level"_s), u"info"_s);
    QCOMPARE(line.value(u"lines"_s).toInteger(), 12);
    QCOMPARE(line.value(u"id"_s).toInteger(), 17);
    QCOMPARE(line.value(u"client"_s), u"192.0.2.7"_s);
    QVERIFY(!line.contains(u"target"_s));
}

QTEST_APPLESS_MAIN(TestAccessLog)
#include "tst_accesslog.moc"
