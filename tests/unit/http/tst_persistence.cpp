// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/persistence.h"

#include <QTest>

using namespace sami::http;
using namespace Qt::StringLiterals;

class TestPersistence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void clients_data();
    void clients();
    void upstreams_data();
    void upstreams();
    void toldTimes_data();
    void toldTimes();
    void heardTimes_data();
    void heardTimes();
    void boundConnections_data();
    void boundConnections();
    void idempotentMethods_data();
    void idempotentMethods();
};

void TestPersistence::clients_data()
{
    QTest::addColumn<Version>("version");
    QTest::addColumn<HeaderList>("fields");
    QTest::addColumn<bool>("persists");
    const auto row = [](const char *name, Version version, const HeaderList &fields,
                        bool persists) { QTest::newRow(name) << version << fields << persists; };
    row("M§9.3: 1.1 persists", Version::Http11, {}, true);
    row("M§9.3: 1.1 with close does not", Version::Http11, { { "connection", "x, CLOSE" } }, false);
    row("M§9.3: 1.1 with close in a second field does not", Version::Http11,
        { { "Connection", "keep-alive" }, { "Connection", "close" } }, false);
    row("M§9.3: 1.1 with keep-alive persists", Version::Http11, { { "Connection", "keep-alive" } },
        true);
    row("B§6: 1.1 with close in Proxy-Connection does not", Version::Http11,
        { { "proxy-connection", "x, Close" } }, false);
    row("B§6: close in Proxy-Connection counts beside keep-alive", Version::Http11,
        { { "Connection", "keep-alive" }, { "Proxy-Connection", "close" } }, false);
    row("B§6: close counts beside keep-alive in Proxy-Connection", Version::Http11,
        { { "Proxy-Connection", "keep-alive" }, { "Connection", "close" } }, false);
    row("B§6: 1.1 with keep-alive in Proxy-Connection persists", Version::Http11,
        { { "Proxy-Connection", "keep-alive" } }, true);
    row("B§6: 1.0 with keep-alive in Proxy-Connection does not", Version::Http10,
        { { "Proxy-Connection", "keep-alive" } }, false);
    row("M§C.2.2: 1.0 does not", Version::Http10, {}, false);
    row("M§C.2.2: 1.0 with keep-alive does not", Version::Http10,
        { { "Connection", "keep-alive" } }, false);
}

void TestPersistence::clients()
{
    QFETCH(Version, version);
    QFETCH(HeaderList, fields);
    QTEST(clientPersists({ "GET", "/", version, fields }), "persists");
}

void TestPersistence::upstreams_data()
{
    QTest::addColumn<Version>("version");
    QTest::addColumn<QByteArray>("connection");
    QTest::addColumn<BodyKind>("kind");
    QTest::addColumn<bool>("persists");
    const auto row = [](const char *name, Version version, const QByteArray &connection,
                        BodyKind kind, bool persists) {
        QTest::newRow(name) << version << connection << kind << persists;
    };
    const Version v11 = Version::Http11;
    const Version v10 = Version::Http10;
    row("M§9.3: 1.1 with a length persists", v11, "", BodyKind::Length, true);
    row("M§9.3: 1.1 without a body persists", v11, "", BodyKind::None, true);
    row("M§9.3: 1.1 chunked persists", v11, "", BodyKind::Chunked, true);
    row("M§9.3: 1.1 until close does not", v11, "", BodyKind::UntilClose, false);
    row("M§9.3: 1.1 until close does not with keep-alive", v11, "keep-alive", BodyKind::UntilClose,
        false);
    row("M§9.3: 1.1 with close does not", v11, "Close", BodyKind::Length, false);
    row("M§9.3: 1.0 does not", v10, "", BodyKind::Length, false);
    row("M§9.3: 1.0 with keep-alive and a length persists", v10, "Keep-Alive", BodyKind::Length,
        true);
    row("M§9.3: 1.0 with keep-alive and no body persists", v10, "keep-alive", BodyKind::None, true);
    row("M§9.3: 1.0 with keep-alive until close does not", v10, "keep-alive", BodyKind::UntilClose,
        false);
    row("M§9.3: 1.0 chunked does not", v10, "keep-alive", BodyKind::Chunked, false);
    row("M§9.3: close wins over keep-alive", v10, "keep-alive, close", BodyKind::Length, false);
}

void TestPersistence::upstreams()
{
    QFETCH(Version, version);
    QFETCH(QByteArray, connection);
    QFETCH(BodyKind, kind);
    const ResponseHead head { version, 200, "OK", { { "Connection", connection } } };
    QTEST(upstreamPersists(head, { kind, kind == BodyKind::Length ? 5U : 0U }), "persists");
}

void TestPersistence::toldTimes_data()
{
    using namespace std::chrono_literals;
    QTest::addColumn<std::chrono::milliseconds>("limit");
    QTest::addColumn<QByteArray>("told");
    const auto row = [](const char *name, std::chrono::milliseconds limit, const char *told) {
        QTest::newRow(name) << limit << QByteArray(told);
    };
    row("B§6: five seconds less than we wait", 75s, "timeout=70");
    row("B§6: five seconds less than ten", 10s, "timeout=5");
    row("B§6: half of a short time", 9s, "timeout=4");
    row("B§6: half of two seconds", 2s, "timeout=1");
    row("B§6: nothing where no whole second is left", 1999ms, "");
    row("B§6: nothing for no time", 0ms, "");
}

void TestPersistence::toldTimes()
{
    QFETCH(std::chrono::milliseconds, limit);
    QTEST(keepAliveHint(limit), "told");
}

void TestPersistence::heardTimes_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("seconds"); ///< -1: none
    QTest::newRow("B§6: Node's") << QByteArray("timeout=5") << 5;
    QTest::newRow("B§6: Apache's") << QByteArray("timeout=15, max=100") << 15;
    QTest::newRow("B§6: not the first") << QByteArray("max=100, Timeout=15") << 15;
    QTest::newRow("B§6: more than a day") << QByteArray("timeout=18446744073709551615") << 86'400;
    QTest::newRow("B§6: nought") << QByteArray("timeout=0") << 0;
    QTest::newRow("B§6: a bare number, as of old") << QByteArray("300") << -1;
    QTest::newRow("B§6: no number") << QByteArray("timeout=soon") << -1;
    QTest::newRow("B§6: a negative one") << QByteArray("timeout=-1") << -1;
    QTest::newRow("B§6: nothing") << QByteArray() << -1;
}

void TestPersistence::heardTimes()
{
    QFETCH(QByteArray, value);
    QFETCH(int, seconds);
    const auto told = keepAliveTimeout({ { "keep-alive", value } });
    QCOMPARE(told ? int(told->count()) : -1, seconds);
    QVERIFY(!keepAliveTimeout({}));
}

void TestPersistence::boundConnections_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("binds");
    QTest::newRow("RFC 4559 §6: Negotiate binds") << QByteArray("Negotiate YII=") << true;
    QTest::newRow("RFC 4559 §6: NTLM binds") << QByteArray("ntlm") << true;
    QTest::newRow("B§6: a challenge further back in a list binds")
        << QByteArray("Basic realm=\"a, b\", NTLM") << true;
    QTest::newRow("B§6: Basic does not bind") << QByteArray("Basic realm=\"NTLM\"") << false;
    QTest::newRow("B§6: nor does a quoted comma before its name")
        << QByteArray("Digest realm=\"x, NTLM\"") << false;
    QTest::newRow("B§6: an empty value does not bind") << QByteArray() << false;
}

void TestPersistence::boundConnections()
{
    QFETCH(QByteArray, value);
    const HeaderList fields { { "WWW-Authenticate", "Bearer" }, { "www-authenticate", value } };
    QTEST(bindsConnection(fields, "WWW-Authenticate"), "binds");
    QVERIFY(!bindsConnection(fields, "Authorization"));
}

void TestPersistence::idempotentMethods_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("idempotent");
    for (const char *method : { "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" })
        QTest::addRow("S§9.2.2: %s is idempotent", method) << QByteArray(method) << true;
    for (const char *method : { "POST", "PATCH", "CONNECT", "get", "UNKNOWN", "" })
        QTest::addRow("S§9.2.2: '%s' is not", method) << QByteArray(method) << false;
}

void TestPersistence::idempotentMethods()
{
    QFETCH(QByteArray, method);
    QTEST(isIdempotent(method), "idempotent");
}

QTEST_APPLESS_MAIN(TestPersistence)
#include "tst_persistence.moc"
