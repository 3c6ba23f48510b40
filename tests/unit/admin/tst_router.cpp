// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/router.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace sami;
using namespace sami::admin;
using Door = Router::Door;

class TstRouter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whereItLeads_data();
    void whereItLeads();
    void whatIsRefused_data();
    void whatIsRefused();
    void theMetricsDoorHasOnePath();
    void parametersAreDecoded();
    void queries();
    void whatChangesSomethingIsNoGet();
};

void TstRouter::whereItLeads_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("action");
    QTest::addColumn<int>("right");
    const auto row = [](const char *sentence, const char *method, const char *target, Action action,
                        Right right) {
        QTest::newRow(sentence) << QByteArray(method) << QByteArray(target) << int(action)
                                << int(right);
    };
    row("B§18: the page needs no token", "GET", "/", Action::Page, Right::None);
    row("B§18: nor does its script", "GET", "/page.js", Action::Page, Right::None);
    row("B§18: the status is for whoever may look", "GET", "/api/v1/status", Action::Status,
        Right::Read);
    row("B§18: HEAD is as GET", "HEAD", "/api/v1/status", Action::Status, Right::Read);
    row("B§18: closing is for whoever may manage", "POST", "/api/v1/connections/17/close",
        Action::CloseConnection, Right::Manage);
    row("B§18: lifting a block too", "POST", "/api/v1/blocks/2001:db8::/lift", Action::LiftBlock,
        Right::Manage);
    row("B§18: setting something too", "PUT", "/api/v1/settings/log_level", Action::SetSetting,
        Right::Manage);
    row("B§18: and a drain", "POST", "/api/v1/drain", Action::Drain, Right::Manage);
    row("B§18: the events", "GET", "/api/v1/events", Action::Events, Right::Read);
}

void TstRouter::whereItLeads()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(int, action);
    QFETCH(int, right);
    const auto match = Router::find(Door::Admin, method, target);
    QVERIFY(match);
    QCOMPARE(int(match->route->action), action);
    QCOMPARE(int(match->route->right), right);
}

void TstRouter::whatIsRefused_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    const auto row = [](const char *sentence, const char *method, const char *target, int status) {
        QTest::newRow(sentence) << QByteArray(method) << QByteArray(target) << status;
    };
    row("B§18: another path", "GET", "/api/v1/statuses", 404);
    row("B§18: a slash more", "GET", "/api/v1/status/", 404);
    row("B§18: two slashes", "GET", "//api/v1/status", 404);
    row("B§18: upper case is another path", "GET", "/API/v1/status", 404);
    row("B§18: another version", "GET", "/api/v2/status", 404);
    row("B§18: an empty parameter", "POST", "/api/v1/connections//close", 404);
    row("B§18: a path of the metrics' door", "GET", "/metrics", 404);
    row("B§18: a change by GET", "GET", "/api/v1/connections/17/close", 405);
    row("B§18: a setting by POST", "POST", "/api/v1/settings/log_level", 405);
    row("B§18: a page by POST", "POST", "/", 405);
    row("B§18: OPTIONS, which a browser asks first", "OPTIONS", "/api/v1/status", 405);
    row("B§18: an unknown method", "BREW", "/api/v1/status", 405);
    row("B§18: an escape that is none", "GET", "/api/v1/%zz", 400);
    row("B§18: an escape that is cut", "GET", "/api/v1/%2", 400);
    row("B§18: an escaped slash parts nothing", "POST", "/api/v1/connections%2f1/close", 404);
    row("B§18: nor does it lead to the page", "GET", "/%2fpage.js", 404);
    row("B§18: an escaped NUL", "POST", "/api/v1/users/a%00b/enable", 400);
    row("B§18: a dot segment", "GET", "/api/v1/../v1/status", 400);
    row("B§18: an escaped dot segment is a name", "GET", "/api/v1/%2e%2e/status", 404);
    row("B§18: an absolute target", "GET", "http://localhost/api/v1/status", 400);
    row("B§18: the asterisk", "OPTIONS", "*", 400);
    row("B§18: CONNECT", "CONNECT", "localhost:1", 400);
    row("B§18: a query where none belongs", "GET", "/api/v1/status?limit=1", 400);
}

void TstRouter::whatIsRefused()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(int, status);
    const auto match = Router::find(Door::Admin, method, target);
    QVERIFY(!match);
    QCOMPARE(match.error().status, status);
    QCOMPARE(match.error().contentType, "application/problem+json");
    const QJsonObject problem = QJsonDocument::fromJson(match.error().body).object();
    QCOMPARE(problem.value(QStringLiteral("status")).toInt(), status);
    QCOMPARE(match.error().fields.contains("Allow"), status == 405);
}

void TstRouter::theMetricsDoorHasOnePath()
{
    QVERIFY(Router::find(Door::Metrics, "GET", "/metrics"));
    for (const char *other : { "/", "/page.js", "/api/v1/status", "/metrics/" })
        QCOMPARE(Router::find(Door::Metrics, "GET", other).error().status, 404);
    QCOMPARE(Router::find(Door::Metrics, "POST", "/metrics").error().status, 405);
}

void TstRouter::parametersAreDecoded()
{
    for (const auto &[written, name] :
         { std::pair<QByteArray, QByteArray>("%D1%8F%20b", "\xd1\x8f b"),
           { "team%2Fanna", "team/anna" },
           { "%2e%2E", ".." },
           { "%2E", "." },
           { "...", "..." } }) {
        const auto match =
            Router::find(Door::Admin, "POST", "/api/v1/users/" + written + "/disable");
        QVERIFY2(match, written.constData());
        QCOMPARE(match->parameters, QList<QByteArray>({ name }));
    }
}

void TstRouter::queries()
{
    const auto good = Router::find(Door::Admin, "GET", "/api/v1/finished?after=41&limit=1000");
    QVERIFY(good);
    QCOMPARE(good->after.value(), 41U);
    QCOMPARE(good->limit.value(), 1000U);
    for (const char *query : { "limit=0", "limit=1001", "limit=-1", "limit=", "limit",
                               "limit=1&limit=1", "after=9007199254740992", "offset=1", "=1", "&",
                               "limit=1&", "limit=99999999999999999999" }) {
        const auto bad = Router::find(Door::Admin, "GET", "/api/v1/finished?" + QByteArray(query));
        QVERIFY2(!bad && bad.error().status == 400, query);
    }
}

void TstRouter::whatChangesSomethingIsNoGet()
{
    for (const char *path : { "/api/v1/drain", "/api/v1/users/a/enable", "/api/v1/users/a/disable",
                              "/api/v1/blocks/192.0.2.1/lift", "/api/v1/connections/1/close" }) {
        QCOMPARE(Router::find(Door::Admin, "GET", path).error().status, 405);
        QCOMPARE(Router::find(Door::Admin, "HEAD", path).error().status, 405);
    }
}

QTEST_GUILESS_MAIN(TstRouter)
#include "tst_router.moc"
