// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// tst_replytext checks the words of all answers.
#include "http/headparser.h"
#include "server/reply.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::server;
using namespace std::chrono_literals;
using policy::Refusal;

namespace {

struct Sent
{
    http::ResponseHead head;
    QByteArray body;

    [[nodiscard]] QByteArray field(QByteArrayView name) const
    {
        return head.fields.count(name) == 1 ? head.fields.value(name)->toByteArray() : QByteArray();
    }
};

Sent read(const QByteArray &octets)
{
    http::ResponseHeadParser parser;
    const http::HeadProgress progress = parser.feed(octets);
    if (progress.status != http::HeadProgress::Status::Complete)
        return {};
    return { parser.take(), octets.sliced(progress.consumed) };
}

Reply page()
{
    Reply reply = okReply();
    reply.contentType = "application/json";
    reply.body = "{}\n";
    reply.fields.append("Cache-Control", "no-store");
    return reply;
}

} // namespace

class TestReply : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void octets_data();
    void octets();
    void nothingToSay();
    void refusals_data();
    void refusals();
    void dialErrors_data();
    void dialErrors();
    void aParentsWordsStayAsTheyAre();
};

void TestReply::octets_data()
{
    QTest::addColumn<bool>("keepsConnection");
    QTest::addColumn<bool>("isHead");
    QTest::addColumn<QByteArray>("keepAlive");
    QTest::addColumn<QByteArray>("connection");
    QTest::newRow("B§6: a kept client is told its time") << true << false << "timeout=70"_ba
                                                         << "keep-alive"_ba;
    QTest::newRow("B§6: a kept client without a time") << true << false << ""_ba
                                                       << "keep-alive"_ba;
    QTest::newRow("B§6: one that is not kept is told of no time")
        << false << false << "timeout=70"_ba
        << "close"_ba;
    QTest::newRow("S§9.3.2: HEAD has the fields and no body") << true << true << "timeout=70"_ba
                                                              << "keep-alive"_ba;
}

void TestReply::octets()
{
    QFETCH(bool, keepsConnection);
    QFETCH(bool, isHead);
    QFETCH(QByteArray, keepAlive);
    QFETCH(QByteArray, connection);
    const Sent sent = read(page().write(keepsConnection, isHead, keepAlive));
    QCOMPARE(sent.head.status, 200);
    QCOMPARE(sent.head.reason, "OK"_ba);
    QVERIFY(!sent.head.isMended);
    QCOMPARE(sent.field("Content-Type"), "application/json"_ba);
    QCOMPARE(sent.field("Content-Length"), "3"_ba);
    QCOMPARE(sent.field("Cache-Control"), "no-store"_ba);
    QVERIFY2(sent.field("Date").endsWith(" GMT"), sent.field("Date").constData());
    QCOMPARE(sent.field("Connection"), connection);
    QCOMPARE(sent.field("Keep-Alive"), keepsConnection ? keepAlive : ""_ba);
    QCOMPARE(sent.body, isHead ? ""_ba : "{}\n"_ba);
}

void TestReply::nothingToSay()
{
    const Sent sent = read(okReply().write(false, false));
    QCOMPARE(sent.head.status, 200);
    QCOMPARE(sent.field("Content-Length"), "0"_ba);
    QVERIFY(sent.body.isEmpty());
    QVERIFY(okReply().reason.isNone());
}

void TestReply::refusals_data()
{
    QTest::addColumn<Refusal>("refusal");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, Refusal refusal, int status) {
        QTest::newRow(name) << refusal << status;
    };
    row("B§2: the client's address", Refusal::ClientNotListed, 403);
    row("B§2: a client that nobody names", Refusal::ClientUnknown, 403);
    row("B§2: the guard", Refusal::GuesserBlocked, 429);
    row("B§2: no credentials", Refusal::CredentialsMissing, 407);
    row("B§2: wrong credentials", Refusal::CredentialsWrong, 407);
    row("B§2: the host", Refusal::HostNotListed, 403);
    row("B§2: the port", Refusal::PortNotListed, 403);
    row("B§2: a private address", Refusal::PrivateTarget, 403);
    row("B§7: a fake-IP address", Refusal::FakeAddress, 403);
    row("B§2: an own address", Refusal::OwnAddress, 403);
    row("B§4: a loop", Refusal::Loop, 508);
    row("B§11: clear text", Refusal::TlsRequired, 403);
    row("B§17: a disabled user", Refusal::UserDisabled, 403);
    row("B§17: an expired user", Refusal::UserExpired, 403);
    row("B§17: a user's own hosts", Refusal::UserHostNotListed, 403);
}

void TestReply::refusals()
{
    QFETCH(Refusal, refusal);
    QFETCH(int, status);
    const Reply reply = refusalReply({ refusal, 61s });
    QCOMPARE(reply.status, status);
    QCOMPARE(QByteArray(reply.reason.code()), QByteArray(policy::toString(refusal)));
    const Sent sent = read(reply.write(true, false));
    QCOMPARE(sent.field("Proxy-Authenticate"),
             status == 407 ? "Basic realm=\"Sami LLM Proxy\", charset=\"UTF-8\""_ba : ""_ba);
    QCOMPARE(sent.field("Retry-After"), status == 429 ? "61"_ba : ""_ba);
    QVERIFY(sent.field("Proxy-Status").startsWith("sami; error="));
}

void TestReply::dialErrors_data()
{
    using net::DialFault;
    QTest::addColumn<DialFault>("fault");
    QTest::addColumn<QByteArray>("detail");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("isTold");
    QTest::newRow("B§7: a certificate, and what is wrong with it")
        << DialFault::TlsCertificate << "it has expired"_ba << 502 << true;
    QTest::newRow("B§7: nothing more is known")
        << DialFault::TlsCertificate << ""_ba << 502 << false;
    QTest::newRow("B§7: the words of the table say it all")
        << DialFault::ConnectionRefused << "Connection refused"_ba << 502 << false;
    QTest::newRow("B§7: a name server's failure, and which")
        << DialFault::DnsFailure << "server failure"_ba << 502 << true;
    QTest::newRow("B§7: the time that ran out, and where")
        << DialFault::ConnectTimeout << "in the TLS handshake"_ba << 504 << true;
    QTest::newRow("B§7: what is short")
        << DialFault::OutOfResources << "no descriptors"_ba << 503 << true;
}

void TestReply::dialErrors()
{
    QFETCH(net::DialFault, fault);
    QFETCH(QByteArray, detail);
    QFETCH(int, status);
    QFETCH(bool, isTold);
    const Reply reply = dialErrorReply({ fault, detail }, 15s);
    QCOMPARE(reply.status, status);
    QVERIFY(reply.body.startsWith(replyText(fault).text));
    QCOMPARE(reply.body.endsWith("Cause: " + detail + ".\n"), isTold);
    QCOMPARE(reply.body.contains("Cause:"), isTold);
    QCOMPARE(reply.fields.contains("Retry-After"), status == 503);
}

void TestReply::aParentsWordsStayAsTheyAre()
{
    net::DialError error { net::DialFault::DestinationFailed, {}, net::Blame::Beyond };
    error.phrase = "Quota at 100%1";
    error.route = "home";
    const Sent sent = read(dialErrorReply(error, 15s).write(true, false));
    QCOMPARE(sent.head.reason, "Parent proxy: Quota at 100%1"_ba);
    QVERIFY(sent.field("Proxy-Status").contains("details=\"Parent proxy: Quota at 100%1\""));
    // Where a time ran out beyond the parent, the table's phrase still has its figure.
    error.fault = net::DialFault::ConnectTimeout;
    error.phrase.clear();
    QCOMPARE(dialErrorReply(error, 15s).phrase, "No answer within 15 s"_ba);
}

QTEST_APPLESS_MAIN(TestReply)
#include "tst_reply.moc"
