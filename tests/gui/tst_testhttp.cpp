// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/version.h"
#include "gui/control/testhttp.h"

#include <QTest>

using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

const sami::policy::Credentials ann { "ann", "correct horse" };
const QByteArray signedIn = "Proxy-Authorization: Basic YW5uOmNvcnJlY3QgaG9yc2U=\r\n";
const QByteArray who =
    "User-Agent: sami-llm-proxy-tray/" SAMI_VERSION "\r\nAccept: */*\r\nConnection: close\r\n\r\n";

/// All responses in it, fed whole or byte by byte.
QList<TestAnswer> answersIn(const QByteArray &octets, qsizetype piece)
{
    AnswerReader reader;
    QList<TestAnswer> answers;
    for (qsizetype at = 0; at < octets.size(); at += piece) {
        auto answer = reader.take(octets.mid(at, piece));
        for (; answer; answer = reader.take({})) {
            answers.append(*answer);
            if (answer->status == 0)
                return answers;
        }
    }
    return answers;
}

} // namespace

class TstTestHttp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requestsAreTheseOctets_data();
    void requestsAreTheseOctets();
    void answersAreRead_data();
    void answersAreRead();
    void aResetForgetsHalfAHead();
};

void TstTestHttp::requestsAreTheseOctets_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("opensTunnel");
    QTest::addColumn<bool>("signsIn");
    QTest::addColumn<QByteArray>("octets");
    QTest::newRow("a tunnel")
        << u"https://example.org/a"_s << true << false
        << "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n"_ba;
    QTest::newRow("a tunnel with a password")
        << u"https://user:word@example.org:8443/"_s << true << true
        << "CONNECT example.org:8443 HTTP/1.1\r\nHost: example.org:8443\r\n" + signedIn + "\r\n";
    QTest::newRow("in the tunnel nothing is said of the proxy's password")
        << u"https://user:word@example.org/a%20b?c=d%26e"_s << false << true
        << "GET /a%20b?c=d%26e HTTP/1.1\r\nHost: example.org:443\r\n" + who;
    QTest::newRow("through the proxy the whole address, and its password")
        << u"http://example.org"_s << false << true
        << "GET http://example.org:80/ HTTP/1.1\r\nHost: example.org:80\r\n" + signedIn + who;
}

void TstTestHttp::requestsAreTheseOctets()
{
    QFETCH(const QString, url);
    QFETCH(const bool, opensTunnel);
    QFETCH(const bool, signsIn);
    const auto credentials = signsIn ? std::optional(ann) : std::nullopt;
    QTEST(opensTunnel ? tunnelRequest(QUrl(url), credentials)
                      : targetRequest(QUrl(url), credentials),
          "octets");
}

void TstTestHttp::answersAreRead_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QList<TestAnswer>>("answers");
    const auto row = [](const char *name, const QByteArray &octets,
                        const QList<TestAnswer> &answers) {
        QTest::newRow(name) << octets << answers;
    };
    const QByteArray own =
        "HTTP/1.1 502 Bad Gateway\r\nProxy-Status: sami; error=dns_error\r\n\r\n";
    row("a plain answer", "HTTP/1.1 200 OK\r\nX-Note: one\r\n\r\n", { { 200, {} } });
    row("the proxy's own", own, { { 502, "dns_error" } });
    row("the field's name in any case",
        "HTTP/1.1 502 Bad Gateway\r\nproxy-status: sami ;a=b; error=dns_timeout\r\n\r\n",
        { { 502, "dns_timeout" } });
    row("another proxy's error is not ours",
        "HTTP/1.1 502 Bad Gateway\r\nProxy-Status: other; error=dns_error\r\n\r\n",
        { { 502, {} } });
    row("interim answers do not count",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
        "HTTP/1.1 401 Unauthorized\r\n\r\n",
        { { 401, {} } });
    row("one after the other", "HTTP/1.1 200 OK\r\n\r\n" + own,
        { { 200, {} }, { 502, "dns_error" } });
    row("half a head is none yet", "HTTP/1.1 200 OK\r\nX-Note: one\r\n", {});
    row("something else than HTTP", "+OK ready\r\n", { { 0, {} } });
    row("another version", "HTTP/2.0 200 OK\r\n\r\n", { { 0, {} } });
    row("a status that is no number", "HTTP/1.1 abc OK\r\n\r\n", { { 0, {} } });
    row("a head without an end", "HTTP/1.1 200 OK\r\n" + QByteArray(70'000, 'x'), { { 0, {} } });
}

void TstTestHttp::answersAreRead()
{
    QFETCH(const QByteArray, octets);
    QFETCH(const QList<TestAnswer>, answers);
    QCOMPARE(answersIn(octets, octets.size()), answers);
    QCOMPARE(answersIn(octets, 1), answers);
    QCOMPARE(answersIn(octets, 7), answers);
}

void TstTestHttp::aResetForgetsHalfAHead()
{
    AnswerReader reader;
    QVERIFY(!reader.take("HTTP/1.1 200 OK\r\n"));
    reader.reset();
    QCOMPARE(reader.take("HTTP/1.1 401 Unauthorized\r\n\r\n"), (TestAnswer { 401, {} }));
}

QTEST_APPLESS_MAIN(TstTestHttp)
#include "tst_testhttp.moc"
