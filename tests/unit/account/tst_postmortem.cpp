// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/books.h"
#include "account/postmortem.h"
#include "logrig.h"

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::account;
using namespace std::chrono_literals;

namespace {

const SocketAddress client { QHostAddress(u"192.0.2.7"_s), 40'000 };
/// The address with the longest text.
const SocketAddress longClient { QHostAddress(u"2001:db8:1111:2222:3333:4444:5555:6666"_s),
                                 40'000 };
const TimePoint start { 1'000'000s };
/// How much log a connection's own answers may use before it has sent anything: three lines.
constexpr qsizetype freeOctets = 1120;

/// The books of a proxy with one connection, and that connection's account.
struct Account
{
    explicit Account(const SocketAddress &peer = client) : record(books.registry.add(peer, start))
    {}

    Books books;
    Registration record;
    PostMortem postMortem { books.ledger, *record };

    [[nodiscard]] FinishedWork last() const
    {
        const QList<FinishedWork> recent = books.finished->recent();
        return recent.isEmpty() ? FinishedWork() : recent.last();
    }
    [[nodiscard]] ConnectionSnapshot live() const { return record->snapshot(start); }

    /// A CONNECT that the proxy answers itself.
    void answerOne(EndedHow how = EndedHow::Refused)
    {
        postMortem.begin(start);
        postMortem.describe({}, "CONNECT", "a.test:443", { "a.test", 443 });
        postMortem.close(403, { EndedBy::Proxy, how, policy::Refusal::HostNotListed }, start);
    }
};

QList<QJsonObject> linesOf(const QList<QJsonObject> &lines, const QString &level,
                           const QString &message = u"closed"_s)
{
    QList<QJsonObject> found;
    for (const QJsonObject &line : lines) {
        if (line.value(u"level"_s) == level && line.value(u"message"_s) == message)
            found.append(line);
    }
    return found;
}

const QString leftOutMessage =
    u"lines of own pages and refusals were left out: LOG_LEVEL=debug has them"_s;

} // namespace

class TestPostMortem : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNumbersOfAWork();
    void theNumbersOfTheNextWork();
    void theSilenceThatEndsIt();
    void aConnectionWithoutARequest();
    void closesOncePerBegin();
    void describesTheLiveConnection();
    void refusals_data();
    void refusals();
    void reports();
    void refusedHeads_data();
    void refusedHeads();
    void aLongRefusedTarget_data();
    void aLongRefusedTarget();
    void threeLinesAreFree();
    void linesArePaidForByWhatWasSent();
    void whatNeedsNoPayment_data();
    void whatNeedsNoPayment();
    void hostileTextsTakeNoMore_data();
    void hostileTextsTakeNoMore();
    void whatIsLeftOutIsSaidOnce();
    void unservedConnections();
};

void TestPostMortem::theNumbersOfAWork()
{
    Account account;
    QVERIFY(!account.postMortem.isOpen());
    const WallTime first = WallClock::now();
    account.postMortem.begin(start + 10s);
    QVERIFY(account.postMortem.isOpen());
    account.postMortem.describe("sami", "CONNECT", "a.test:443", { "a.test", 443 });
    QCOMPARE(account.postMortem.user(), "sami"_ba);
    account.postMortem.setDial(31ms);
    account.record->traffic.countUp(100, start + 11s);
    account.record->traffic.countDown(30, start + 13s);
    account.record->traffic.countDown(7, start + 20s);
    const WallTime before = WallClock::now();
    account.postMortem.close(200, { EndedBy::Upstream, EndedHow::Fin, Cause::ResponseCut },
                             start + 21s);

    QVERIFY(!account.postMortem.isOpen());
    const FinishedWork work = account.last();
    QCOMPARE(work.id, account.record->id);
    QCOMPARE(work.client, client.address);
    QCOMPARE(work.user, "sami"_ba);
    QCOMPARE(work.method, "CONNECT"_ba);
    QCOMPARE(work.target, "a.test:443"_ba);
    QCOMPARE(work.endpoint, (Endpoint { "a.test", 443 }));
    QCOMPARE(work.status, 200);
    QCOMPARE(work.up, 100ULL);
    QCOMPARE(work.down, 37ULL);
    QVERIFY(work.dial == 31ms);
    QVERIFY(work.firstByte == 3s);
    QVERIFY(work.silence == 7s);
    QVERIFY(work.duration == 11s);
    QCOMPARE(rig::name(work.ending.by), rig::name(EndedBy::Upstream));
    QCOMPARE(rig::name(work.ending.how), rig::name(EndedHow::Fin));
    QCOMPARE(rig::code(work.ending.reason), "response_incomplete"_ba);
    QCOMPARE(rig::name(work.wouldRefuse), rig::name(policy::Refusal::None));
    QVERIFY(work.beganAt >= first && work.beganAt <= before);
    QVERIFY(work.finishedAt >= before && work.finishedAt <= WallClock::now());
}

/// Each request of a kept connection has its own counts and none of the previous one's texts.
void TestPostMortem::theNumbersOfTheNextWork()
{
    Account account;
    account.postMortem.begin(start);
    account.postMortem.describe("sami", "GET", "http://a/", { "a", 80 });
    account.postMortem.setDial(31ms);
    account.postMortem.report(policy::Refusal::HostNotListed);
    account.record->traffic.countUp(100, start + 1s);
    account.record->traffic.countDown(1000, start + 50s);
    account.postMortem.close(200, { EndedBy::Upstream, EndedHow::Complete, Cause::ResponseCut },
                             start + 50s);

    account.postMortem.begin(start + 100s);
    account.record->traffic.countUp(20, start + 101s);
    account.postMortem.close(0, { EndedBy::Client, EndedHow::Fin }, start + 102s);
    const FinishedWork work = account.last();
    QCOMPARE(account.books.finished->total(), 2ULL);
    QCOMPARE(work.up, 20ULL);
    QCOMPARE(work.down, 0ULL);
    QVERIFY(!work.firstByte);
    QVERIFY(!work.dial);
    QVERIFY(work.silence == 1s);
    QVERIFY(work.duration == 2s);
    QVERIFY(work.user.isEmpty() && work.method.isEmpty() && work.target.isEmpty());
    QVERIFY(work.endpoint.host.isEmpty());
    QVERIFY(work.ending.reason.isNone() && work.wouldRefuse == policy::Refusal::None);
    QCOMPARE(work.client, client.address);
}

void TestPostMortem::theSilenceThatEndsIt()
{
    Account account;
    account.postMortem.begin(start);
    account.record->traffic.countUp(1, start + 5s);
    account.postMortem.close(200, { EndedBy::Proxy, EndedHow::TimeoutSilence }, start + 605s);
    QVERIFY(account.last().silence == 600s);
}

/// A bare probe is logged only at debug level; a request that has begun is no bare probe.
void TestPostMortem::aConnectionWithoutARequest()
{
    rig::Log log;
    Account account;
    account.postMortem.begin(start);
    account.postMortem.close(0, { EndedBy::Client, EndedHow::Fin }, start + 1s);
    QCOMPARE(account.books.finished->total(), 1ULL);
    QCOMPARE(account.live().requests, 0U);
    QCOMPARE(linesOf(log.objects(), u"debug"_s).size(), 1);
    account.postMortem.begin(start);
    account.postMortem.close(0, { EndedBy::Client, EndedHow::Fin, Cause::RequestCut }, start + 1s);
    QVERIFY2(linesOf(log.objects(), u"info"_s).size() == 1, "what was begun is");
}

void TestPostMortem::closesOncePerBegin()
{
    rig::Log log;
    Account account;
    account.postMortem.close(403, { EndedBy::Proxy, EndedHow::Refused, policy::Refusal::Loop },
                             start);
    QCOMPARE(account.books.finished->total(), 0ULL);
    QCOMPARE(account.books.refusals.total(), 0ULL);
    account.answerOne();
    account.postMortem.close(0, { EndedBy::Client, EndedHow::Reset }, start + 1s);
    QCOMPARE(account.books.finished->total(), 1ULL);
    QCOMPARE(rig::name(account.last().ending.how), rig::name(EndedHow::Refused));
    QCOMPARE(log.lines().size(), 1);
}

void TestPostMortem::describesTheLiveConnection()
{
    Account account;
    account.postMortem.begin(start);
    account.postMortem.describe({}, "GET", "http://a/", { "a", 80 });
    QCOMPARE(account.live().method, "GET"_ba);
    QCOMPARE(account.live().target, "http://a/"_ba);
    QCOMPARE(account.live().endpoint, (Endpoint { "a", 80 }));
    QCOMPARE(account.live().user, ""_ba);
    QCOMPARE(account.live().requests, 1U);
    account.postMortem.setUser("sami");
    QCOMPARE(account.live().user, "sami"_ba);
    QCOMPARE(account.live().requests, 1U);
    account.postMortem.setDial(5ms);
    QVERIFY(account.live().dial == 5ms);
    account.record->traffic.countDown(1, start + 2s);
    QVERIFY(account.live().firstByte == 2s);
    account.postMortem.close(200, { EndedBy::Proxy, EndedHow::Complete }, start);
    QCOMPARE(account.last().user, "sami"_ba);

    account.postMortem.begin(start);
    account.postMortem.describe({}, "CONNECT", "b:443", { "b", 443 });
    QCOMPARE(account.live().requests, 2U);
    QCOMPARE(account.live().user, ""_ba);
    QVERIFY(!account.live().dial);
}

void TestPostMortem::refusals_data()
{
    QTest::addColumn<EndedHow>("how");
    QTest::addColumn<bool>("isTold");
    for (int value = 0; *toString(EndedHow(value)) != '\0'; ++value) {
        const auto how = EndedHow(value);
        QTest::addRow("%s", toString(how)) << how << (how == EndedHow::Refused);
    }
}

/// The table gets what the access rules refused, and nothing else.
void TestPostMortem::refusals()
{
    QFETCH(EndedHow, how);
    QFETCH(bool, isTold);
    Account account;
    account.answerOne(how);
    QCOMPARE(account.books.refusals.total(), isTold ? 1ULL : 0ULL);
    QCOMPARE(account.books.reports.total(), 0ULL);
    QCOMPARE(account.books.finished->total(), 1ULL);
    if (!isTold)
        return;
    const RefusalRow row = account.books.refusals.rows().constFirst();
    QCOMPARE(row.client, client.address);
    QCOMPARE(row.destination, (Endpoint { "a.test", 443 }));
    QCOMPARE(rig::name(row.reason), "host_not_listed"_ba);
    QVERIFY(!row.isReported);
    QVERIFY(row.last == account.last().finishedAt);
}

void TestPostMortem::reports()
{
    rig::Log log;
    Account account;
    account.postMortem.begin(start);
    account.postMortem.describe({}, "CONNECT", "a.test:443", { "a.test", 443 });
    account.postMortem.report(policy::Refusal::HostNotListed);
    const QList<RefusalRow> rows = account.books.reports.rows();
    QVERIFY2(rows.size() == 1, "B§2: at once, for a tunnel may last for hours");
    QCOMPARE(rows.first().client, client.address);
    QCOMPARE(rows.first().destination, (Endpoint { "a.test", 443 }));
    QCOMPARE(rig::name(rows.first().reason), "host_not_listed"_ba);
    QVERIFY(rows.first().isReported);

    account.postMortem.close(200, { EndedBy::Client, EndedHow::Fin }, start);
    QCOMPARE(rig::name(account.last().wouldRefuse), "host_not_listed"_ba);
    QCOMPARE(account.books.refusals.total(), 0ULL);
    QCOMPARE(account.books.reports.total(), 1ULL);
    QCOMPARE(log.objects().constFirst().value(u"would_refuse"_s), u"host_not_listed"_s);
}

void TestPostMortem::refusedHeads_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<bool>("isWhole");
    QTest::addColumn<QByteArray>("shown");
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("B§8: nothing was read") << ""_ba
                                           << ""_ba << false << ""_ba
                                           << ""_ba;
    QTest::newRow("B§8: without a method nothing is known") << ""_ba
                                                            << "http://a/"_ba << true << ""_ba
                                                            << ""_ba;
    QTest::newRow("B§8: a method, and a target of which nothing was read")
        << "GET"_ba
        << ""_ba << false << "..."_ba
        << ""_ba;
    QTest::newRow("B§8: a target that is understood has no query")
        << "GET"_ba
        << "http://u:p@a.test/b?c"_ba << true << "http://a.test/b"_ba
        << "a.test"_ba;
    QTest::newRow("B§8: a CONNECT's") << "CONNECT"_ba
                                      << "a.test:443"_ba << true << "a.test:443"_ba
                                      << "a.test"_ba;
    QTest::newRow("B§8: one that nobody understands is shown without secrets")
        << "GET"_ba
        << "gopher://u:p@a.test/b?c"_ba << true << "gopher://***@a.test/b"_ba
        << ""_ba;
    QTest::newRow("B§8: of one that is cut only what is no secret")
        << "GET"_ba
        << "http://u:p"_ba << false << "http://..."_ba
        << ""_ba;
    QTest::newRow("B§8: one that is cut is not taken for a whole one")
        << "CONNECT"_ba
        << "a.test:443"_ba << false << "..."_ba
        << ""_ba;
}

void TestPostMortem::refusedHeads()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(bool, isWhole);
    QFETCH(QByteArray, shown);
    QFETCH(QByteArray, host);
    Account account;
    account.postMortem.begin(start);
    account.postMortem.describeRefused(method, target, isWhole);
    account.postMortem.close(
        400, { EndedBy::Proxy, EndedHow::BadRequest, http::HeadFault::BadTarget }, start);
    QCOMPARE(account.last().method, method);
    QCOMPARE(account.last().target, shown);
    QCOMPARE(account.last().endpoint.host, host);
    QVERIFY2(account.live().requests == 0, "it is no request");
}

void TestPostMortem::aLongRefusedTarget_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<qsizetype>("sent");
    QTest::addColumn<bool>("isCut");
    const QByteArray path = '/' + QByteArray(200, 'p');
    const QByteArray hostile = '/' + QByteArray(200, '\x01');
    QTest::newRow("what fits into the free lines stays") << path << qsizetype(0) << false;
    QTest::newRow("what takes more of the log than was sent is cut")
        << hostile << qsizetype(200) << true;
    QTest::newRow("unless enough was sent") << hostile << qsizetype(1000) << false;
}

void TestPostMortem::aLongRefusedTarget()
{
    QFETCH(QByteArray, target);
    QFETCH(qsizetype, sent);
    QFETCH(bool, isCut);
    Account account;
    account.postMortem.begin(start);
    account.postMortem.addLogCredit(sent);
    account.postMortem.describeRefused("GET", target, true);
    account.postMortem.close(
        400, { EndedBy::Proxy, EndedHow::BadRequest, http::HeadFault::BadTarget }, start);
    QCOMPARE(account.last().target, isCut ? target.first(64) + "..." : target);
}

void TestPostMortem::threeLinesAreFree()
{
    rig::Log log;
    Account account;
    for (int i = 0; i < 10; ++i)
        account.answerOne();
    QCOMPARE(linesOf(log.objects(), u"info"_s).size(), 3);
    QCOMPARE(linesOf(log.objects(), u"debug"_s).size(), 7);
    QVERIFY2(account.books.finished->total() == 10, "only the log has a bound");
    QCOMPARE(account.books.refusals.total(), 10ULL);
}

void TestPostMortem::linesArePaidForByWhatWasSent()
{
    rig::Log log;
    Account account;
    for (int i = 0; i < 20; ++i) {
        account.postMortem.addLogCredit(400);
        account.answerOne();
    }
    QCOMPARE(linesOf(log.objects(), u"info"_s).size(), 20);
    account.postMortem.endConnection();
    QVERIFY(linesOf(log.objects(), u"info"_s, leftOutMessage).isEmpty());
}

void TestPostMortem::whatNeedsNoPayment_data()
{
    QTest::addColumn<EndedBy>("by");
    QTest::addColumn<EndedHow>("how");
    QTest::addColumn<bool>("isDialled");
    QTest::addColumn<bool>("isSentOn");
    QTest::addColumn<bool>("needsPayment");
    for (int value = 0; *toString(EndedHow(value)) != '\0'; ++value) {
        const auto how = EndedHow(value);
        const bool isOwnAnswer = how == EndedHow::Complete || how == EndedHow::Refused
            || how == EndedHow::Drained || how == EndedHow::Limit;
        QTest::addRow("B§8: the line of work that ended with %s by the proxy", toString(how))
            << EndedBy::Proxy << how << false << false << isOwnAnswer;
        QTest::addRow("B§8: the line of work that ended with %s by the proxy after a dial",
                      toString(how))
            << EndedBy::Proxy << how << true << false << false;
        QTest::addRow(
            "B§8: the line of work that ended with %s by the proxy, sent on over a kept connection",
            toString(how))
            << EndedBy::Proxy << how << false << true << false;
        QTest::addRow("B§8: the line of work that ended with %s by the upstream", toString(how))
            << EndedBy::Upstream << how << false << false << false;
        QTest::addRow("B§8: the line of work that ended with %s by the client", toString(how))
            << EndedBy::Client << how << false << false << false;
    }
}

/// Work that reached an upstream always has its log line, and so does the end of a connection.
void TestPostMortem::whatNeedsNoPayment()
{
    QFETCH(EndedBy, by);
    QFETCH(EndedHow, how);
    QFETCH(bool, isDialled);
    QFETCH(bool, isSentOn);
    QFETCH(bool, needsPayment);
    rig::Log log;
    Account account;
    for (int i = 0; i < 10; ++i) {
        account.postMortem.begin(start);
        account.postMortem.describe({}, "CONNECT", "a.test:443", { "a.test", 443 });
        if (isDialled)
            account.postMortem.setDial(1ms);
        if (isSentOn)
            account.record->traffic.countUp(1, start);
        account.postMortem.close(200, { by, how }, start);
    }
    QCOMPARE(linesOf(log.objects(), u"info"_s).size(), needsPayment ? 3 : 10);
}

void TestPostMortem::hostileTextsTakeNoMore_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("B§8: a short one") << "p"_ba.repeated(10);
    QTest::newRow("B§8: plain") << "p"_ba.repeated(120);
    QTest::newRow("B§8: quotes") << "\""_ba.repeated(120);
    QTest::newRow("B§8: backslashes") << "\\"_ba.repeated(120);
    QTest::newRow("B§8: controls") << "\x01"_ba.repeated(120);
    QTest::newRow("B§8: no UTF-8") << "\xff"_ba.repeated(120);
    QTest::newRow("B§8: what turns text around") << "\u202e"_ba.repeated(40);
}

/// In both formats the lines take no more than the heads that were sent, plus three lines.
void TestPostMortem::hostileTextsTakeNoMore()
{
    QFETCH(QByteArray, text);
    for (const LogFormat format : { LogFormat::Json, LogFormat::Text }) {
        rig::Log log(format);
        Account account(longClient);
        qsizetype sent = 0;
        for (int i = 0; i < 50; ++i) {
            const qsizetype head = 20 + text.size();
            sent += head;
            account.postMortem.begin(start);
            account.postMortem.addLogCredit(head);
            account.postMortem.describe({}, "GET", '/' + text, {});
            account.postMortem.setUser(text.first(10));
            account.postMortem.close(
                407, { EndedBy::Proxy, EndedHow::Refused, policy::Refusal::CredentialsMissing },
                start);
        }
        qsizetype taken = 0;
        qsizetype lines = 0;
        for (const QByteArray &line : log.lines()) {
            if (line.contains(format == LogFormat::Json ? "\"level\":\"info\"" : " INFO ")) {
                taken += line.size() + 1;
                ++lines;
            }
        }
        QVERIFY2(lines > 0 && lines < 50, qPrintable(QString::number(lines)));
        QVERIFY2(taken <= sent + freeOctets, qPrintable(QString::number(taken)));
    }
}

void TestPostMortem::whatIsLeftOutIsSaidOnce()
{
    rig::Log log;
    Account account;
    for (int i = 0; i < 10; ++i)
        account.answerOne();
    QVERIFY(linesOf(log.objects(), u"info"_s, leftOutMessage).isEmpty());
    account.postMortem.endConnection();
    account.postMortem.endConnection();
    const QList<QJsonObject> said = linesOf(log.objects(), u"info"_s, leftOutMessage);
    QCOMPARE(said.size(), 1);
    QCOMPARE(said.first().value(u"lines"_s).toInteger(), 7);
    QCOMPARE(said.first().value(u"client"_s).toString(), u"192.0.2.7"_s);
    QCOMPARE(said.first().value(u"id"_s).toInteger(), qint64(account.record->id));
}

/// LineRate gives an account to 20 connections a second; the rest of a flood is only counted.
void TestPostMortem::unservedConnections()
{
    rig::Log log;
    Books books;
    const TimePoint began = Clock::now();
    for (int i = 0; i < 100; ++i) {
        accountForUnserved(books, client, 503,
                           { EndedBy::Proxy, EndedHow::Limit, Cause::ClientFull });
    }
    // A busy machine may take more than a second for this.
    const qint64 seconds =
        std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - began).count() + 1;
    const auto told = qint64(books.finished->total());
    QVERIFY(told >= std::min<qint64>(LineRate::linesPerSecond, 100));
    QVERIFY(told <= LineRate::linesPerSecond * (seconds + 1));
    QCOMPARE(qint64(books.boundedLines.takeLeftOut()), 100 - told);
    QCOMPARE(qint64(linesOf(log.objects(), u"info"_s).size()), told);
    QCOMPARE(books.registry.totals().live, 0U);

    const FinishedWork work = books.finished->recent().constLast();
    QVERIFY(work.id > 0);
    QCOMPARE(work.client, client.address);
    QCOMPARE(work.status, 503);
    QCOMPARE(rig::name(work.ending.by), rig::name(EndedBy::Proxy));
    QCOMPARE(rig::name(work.ending.how), rig::name(EndedHow::Limit));
    QCOMPARE(rig::code(work.ending.reason), "client_full"_ba);
    QVERIFY(work.method.isEmpty());
}

QTEST_APPLESS_MAIN(TestPostMortem)
#include "tst_postmortem.moc"
