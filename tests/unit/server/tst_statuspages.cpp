// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/version.h"
#include "server/statuspages.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::server;
using namespace std::chrono_literals;

class TestStatusPages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsAPage_data();
    void whatIsAPage();
    void answers_data();
    void answers();
    void theRootIsForPeople();
    void theOthersAreForPrograms();
    void optionsGetNoPage();
    void whatIsNoPage();
};

void TestStatusPages::whatIsAPage_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("isPage");
    const auto row = [](const char *name, const char *method, const char *path, bool isPage) {
        QTest::newRow(name) << QByteArray(method) << QByteArray(path) << isPage;
    };
    row("B§3: /", "GET", "/", true);
    row("B§3: /health", "GET", "/health", true);
    row("B§3: /status", "GET", "/status", true);
    row("B§3: they are pages for any method", "DELETE", "/health", true);
    row("B§3: the server as a whole", "OPTIONS", "*", true);
    row("B§3: that is for OPTIONS", "GET", "*", false);
    row("B§3: another path", "GET", "/metrics", false);
    row("B§3: a longer one", "GET", "/health/x", false);
    row("B§3: with a slash at its end", "GET", "/health/", false);
    row("B§3: with two slashes at its start", "GET", "//health", false);
    row("B§3: another case", "GET", "/HEALTH", false);
    row("B§3: none", "GET", "", false);
}

void TestStatusPages::whatIsAPage()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, path);
    QFETCH(bool, isPage);
    QCOMPARE(isStatusPage(method, path), isPage);
}

void TestStatusPages::answers_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("draining");
    QTest::addColumn<int>("status");
    for (const char *method : { "GET", "HEAD", "OPTIONS" }) {
        QTest::addRow("B§3: a page answers %s", method) << QByteArray(method) << false << 200;
        QTest::addRow("B§3: a page answers %s with 503 while draining", method)
            << QByteArray(method) << true << 503;
    }
    for (const char *method : { "POST", "DELETE", "TRACE", "get" }) {
        QTest::addRow("B§3: a page refuses %s", method) << QByteArray(method) << false << 405;
        QTest::addRow("B§3: a page refuses %s while draining", method)
            << QByteArray(method) << true << 405;
    }
}

void TestStatusPages::answers()
{
    QFETCH(QByteArray, method);
    QFETCH(bool, draining);
    QFETCH(int, status);
    for (const char *path : { "/", "/health", "/status" }) {
        const Reply reply = statusPage(method, path, 5s, draining);
        QCOMPARE(reply.status, status);
        QCOMPARE(QByteArray(reply.reason.code()),
                 status == 200       ? ""_ba
                     : status == 503 ? "draining"_ba
                                     : "method_not_allowed"_ba);
        QCOMPARE(reply.fields.contains("Allow"), status == 405 || method == "OPTIONS");
        QVERIFY2(!reply.fields.contains("Proxy-Authenticate"), path);
        const bool isContent = status != 405 && method != "OPTIONS";
        QCOMPARE(reply.fields.contains("Cache-Control"), isContent);
        QCOMPARE(reply.fields.contains("Retry-After"), status == 503);
    }
}

void TestStatusPages::theRootIsForPeople()
{
    for (const bool draining : { false, true }) {
        const Reply reply = statusPage("GET", "/", 5s, draining);
        QCOMPARE(reply.contentType, "text/plain; charset=utf-8"_ba);
        QVERIFY(reply.body.contains(draining ? "is shutting down" : "is running"));
        QVERIFY(reply.body.endsWith('\n'));
    }
}

void TestStatusPages::theOthersAreForPrograms()
{
    for (const char *path : { "/health", "/status" }) {
        for (const bool draining : { false, true }) {
            const Reply reply = statusPage("GET", path, 3725s, draining);
            QCOMPARE(reply.contentType, "application/json"_ba);
            QVERIFY(reply.body.endsWith("}\n"));
            const QJsonObject page = QJsonDocument::fromJson(reply.body).object();
            QCOMPARE(page.keys(),
                     (QStringList { u"status"_s, u"timestamp"_s, u"uptime"_s, u"version"_s }));
            QCOMPARE(page.value(u"status"_s), draining ? u"draining"_s : u"ok"_s);
            QCOMPARE(page.value(u"uptime"_s).toInteger(), 3725);
            QCOMPARE(page.value(u"version"_s), QString::fromLatin1(SAMI_VERSION));
            const QString time = page.value(u"timestamp"_s).toString();
            QVERIFY2(time.endsWith(u'Z'), qPrintable(time));
            const auto at = QDateTime::fromString(time, Qt::ISODateWithMs);
            QVERIFY(qAbs(at.secsTo(QDateTime::currentDateTimeUtc())) < 60);
        }
    }
}

/// Balancers probe with OPTIONS and check the status.
void TestStatusPages::optionsGetNoPage()
{
    for (const char *path : { "/", "/health", "/status", "*" }) {
        const Reply reply = statusPage("OPTIONS", path, 5s, false);
        QCOMPARE(reply.status, 200);
        QVERIFY2(reply.body.isEmpty(), path);
        QCOMPARE(*reply.fields.value("Allow"), QByteArrayView("GET, HEAD, OPTIONS"));
    }
}

void TestStatusPages::whatIsNoPage()
{
    const Reply reply = noSuchPage();
    QCOMPARE(reply.status, 404);
    QCOMPARE(QByteArray(reply.reason.code()), "not_found"_ba);
    QVERIFY2(reply.fields.isEmpty(), "B§7: a page has no Proxy-Status");
}

QTEST_APPLESS_MAIN(TestStatusPages)
#include "tst_statuspages.moc"
