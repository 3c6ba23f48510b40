// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "http/requesttarget.h"

#include <QTest>

using namespace sami::http;
using namespace Qt::StringLiterals;

class TestRequestTarget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsAbsoluteForm_data();
    void acceptsAbsoluteForm();
    void acceptsAuthorityForm_data();
    void acceptsAuthorityForm();
    void acceptsOwnForms();
    void refuses_data();
    void refuses();
    void showsThePathWithoutItsQuery();
    void judgesHostFields_data();
    void judgesHostFields();
};

void TestRequestTarget::acceptsAbsoluteForm_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<Scheme>("scheme");
    QTest::addColumn<QByteArray>("endpoint");
    QTest::addColumn<QByteArray>("authority");
    QTest::addColumn<QByteArray>("originForm");

    const auto row = [](const char *name, const QByteArray &target, const QByteArray &endpoint,
                        const QByteArray &authority, const QByteArray &originForm,
                        Scheme scheme = Scheme::Http, const QByteArray &method = "GET") {
        QTest::newRow(name) << method << target << scheme << endpoint << authority << originForm;
    };
    const Scheme https = Scheme::Https;
    row("M§3.2.2: host, port, path and query", "http://h:81/p?q", "h:81", "h:81", "/p?q");
    row("S§4.2.1: http has port 80", "http://h/", "h:80", "h", "/");
    row("S§4.2.2: https has port 443", "https://h/", "h:443", "h", "/", https);
    row("S§4.2.3: the scheme ignores case", "HtTpS://h/", "h:443", "h", "/", https);
    row("S§4.2.3: the host keeps its case", "http://Ex.COM/", "Ex.COM:80", "Ex.COM", "/");
    row("B§4: http on port 443 is upgraded", "http://h:443/", "h:443", "h:443", "/", https);
    row("B§4: https on another port stays https", "https://h:80/", "h:80", "h:80", "/", https);
    row("S§4.2.3: an empty port is the scheme's", "http://h:/p", "h:80", "h", "/p");
    row("RFC 3986 §6.2.3: a port goes on without leading zeros", "http://h:00081/", "h:81", "h:81",
        "/");
    row("RFC 3986 §6.2.3: the scheme's port with leading zeros", "https://h:00443/", "h:443",
        "h:443", "/", https);
    row("RFC 3986 §6.2.3: leading zeros behind an IPv6 host", "http://[::1]:081/", "[::1]:81",
        "[::1]:81", "/");
    row("B§4: the query is sent once (regression)", "http://h/p?a=1", "h:80", "h", "/p?a=1");
    row("B§4: path and query go on octet for octet", "http://h//a/../%2e%41;x?&a==b?c/d@e:f\\\"",
        "h:80", "h", "//a/../%2e%41;x?&a==b?c/d@e:f\\\"");
    row("M§3.2.1: an empty path becomes /", "http://h", "h:80", "h", "/");
    row("M§3.2.1: an empty path before a query becomes /", "http://h?q=1", "h:80", "h", "/?q=1");
    row("M§3.2.4: OPTIONS with neither path nor query asks for *", "http://h:81", "h:81", "h:81",
        "*", Scheme::Http, "OPTIONS");
    row("M§3.2.4: OPTIONS with a path keeps it", "http://h/", "h:80", "h", "/", Scheme::Http,
        "OPTIONS");
    row("M§3.2.4: OPTIONS with a query keeps it", "http://h?q", "h:80", "h", "/?q", Scheme::Http,
        "OPTIONS");
    row("S§4.2.4: userinfo is stripped", "http://user:pa%40ss@h:81/", "h:81", "h:81", "/");
    row("S§4.2.4: an @ behind the authority is data", "http://h/@x?y@z", "h:80", "h", "/@x?y@z");
    row("S§7.2: an IPv4 host", "http://192.0.2.1:81/", "192.0.2.1:81", "192.0.2.1:81", "/");
    row("S§7.2: an IPv6 host", "http://[2001:db8::1]/", "[2001:db8::1]:80", "[2001:db8::1]", "/");
    row("S§7.2: an IPv6 host with a port", "http://[::1]:81", "[::1]:81", "[::1]:81", "/");
    row("B§4: a URL within the query stays data", "http://h/?u=http://x:1/", "h:80", "h",
        "/?u=http://x:1/");
    row("B§4: a name with _ and ~", "http://a_b~c.d-e/", "a_b~c.d-e:80", "a_b~c.d-e", "/");
    row("B§4: the root's dot is not dialled, and goes on in Host", "http://h.test.:81/",
        "h.test:81", "h.test.:81", "/");
    row("B§4: a number before the last label is a name", "http://127.test/", "127.test:80",
        "127.test", "/");
    row("B§4: ws is http", "wS://h/p?q", "h:80", "h", "/p?q");
    row("B§4: wss is https", "WsS://h", "h:443", "h", "/", https);
    row("B§4: ws with a port", "ws://h:81/", "h:81", "h:81", "/");
    row("B§4: ws on port 443 is upgraded as http is", "ws://h:443/", "h:443", "h:443", "/", https);
    row("S§4.2.5: a fragment is cut", "http://h/p?q#f", "h:80", "h", "/p?q");
    row("S§4.2.5: an empty fragment is cut", "https://h/p#", "h:443", "h", "/p", https);
    row("S§4.2.5: a fragment begins with the first #", "http://h/p#f#g/h?i@j\xc3\xa9", "h:80", "h",
        "/p");
    row("S§4.2.5: a fragment of ws is cut", "ws://h/p#f", "h:80", "h", "/p");
    row("S§4.2.5: %23 is no fragment", "http://h/p%23f", "h:80", "h", "/p%23f");
    row("RFC 3986 §3.2: a fragment ends the authority", "http://h:81#f", "h:81", "h:81", "/");
    row("RFC 3986 §3.2: a slash in a fragment is no path", "http://h#f/p?q", "h:80", "h", "/");
    row("RFC 3986 §3.2: a fragment ends an authority with userinfo", "http://u@h#", "h:80", "h",
        "/");
    row("RFC 3986 §3.4: a fragment ends the query", "http://h?q#f", "h:80", "h", "/?q");
    row("M§3.2.4: OPTIONS with a fragment alone asks for *", "http://h#f", "h:80", "h", "*",
        Scheme::Http, "OPTIONS");
    row("B§4: a host of 255 octets", "http://" + QByteArray(255, 'a') + '/',
        QByteArray(255, 'a') + ":80", QByteArray(255, 'a'), "/");
}

void TestRequestTarget::acceptsAbsoluteForm()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(Scheme, scheme);
    QFETCH(QByteArray, endpoint);
    QFETCH(QByteArray, authority);
    QFETCH(QByteArray, originForm);
    const auto result = parseRequestTarget(method, target);
    QVERIFY2(result, result ? "" : toString(result.error()));
    QCOMPARE(result->form, TargetForm::Absolute);
    QCOMPARE(toString(result->scheme), toString(scheme));
    QCOMPARE(result->endpoint.toByteArray(), endpoint);
    QCOMPARE(result->authority, authority);
    QCOMPARE(result->originForm, originForm);
}

void TestRequestTarget::acceptsAuthorityForm_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port");
    QTest::newRow("S§9.3.6: CONNECT takes host:port") << "h.example:443"_ba
                                                      << "h.example"_ba << 443;
    QTest::newRow("S§9.3.6: CONNECT takes an IPv4 address") << "192.0.2.1:1"_ba
                                                            << "192.0.2.1"_ba << 1;
    QTest::newRow("B§4: CONNECT takes [v6]:port") << "[2001:db8::1]:443"_ba
                                                  << "2001:db8::1"_ba << 443;
    QTest::newRow("B§4: the root's dot is cut") << "h.test.:443"_ba
                                                << "h.test"_ba << 443;
    QTest::newRow("B§4: behind a dotted quad too") << "192.0.2.1.:443"_ba
                                                   << "192.0.2.1"_ba << 443;
    QTest::newRow("B§4: the highest port") << "h:65535"_ba
                                           << "h"_ba << 65535;
    QTest::newRow("B§4: an IPv4-mapped address") << "[::ffff:192.0.2.1]:443"_ba
                                                 << "::ffff:192.0.2.1"_ba << 443;
}

void TestRequestTarget::acceptsAuthorityForm()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, host);
    QFETCH(int, port);
    const auto result = parseRequestTarget("CONNECT", target);
    QVERIFY(result);
    QCOMPARE(result->form, TargetForm::Authority);
    QCOMPARE(result->endpoint.host, host);
    QCOMPARE(int(result->endpoint.port), port);
}

void TestRequestTarget::acceptsOwnForms()
{
    const auto origin = parseRequestTarget("GET", "//health?x=1");
    QVERIFY(origin);
    QCOMPARE(origin->form, TargetForm::Origin);
    QCOMPARE(origin->originForm, "//health?x=1");
    const auto asterisk = parseRequestTarget("OPTIONS", "*");
    QVERIFY(asterisk);
    QCOMPARE(asterisk->form, TargetForm::Asterisk);
    QCOMPARE(asterisk->originForm, "*");
}

void TestRequestTarget::refuses_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<TargetFault>("fault");
    const auto connect = [](const char *name, const QByteArray &target, TargetFault fault) {
        QTest::newRow(name) << "CONNECT"_ba << target << fault;
    };
    const auto get = [](const char *name, const QByteArray &target, TargetFault fault) {
        QTest::newRow(name) << "GET"_ba << target << fault;
    };
    const TargetFault saysMore = TargetFault::ConnectTakesHostAndPortOnly;
    connect("B§4: CONNECT without a port", "h.example", TargetFault::ConnectNeedsPort);
    connect("B§4: CONNECT to [v6] without a port", "[::1]", TargetFault::ConnectNeedsPort);
    connect("B§4: CONNECT with an absolute-form", "http://h:80/", saysMore);
    connect("B§4: CONNECT with a path", "h:80/", saysMore);
    connect("B§4: CONNECT with a path alone", "/", saysMore);
    connect("B§4: CONNECT with userinfo", "u@h:80", saysMore);
    connect("B§4: CONNECT with a fragment", "h:80#f", saysMore);
    connect("B§4: CONNECT to *", "*", TargetFault::BadHost);
    connect("B§4: CONNECT with an empty port", "h:", TargetFault::BadPort);
    connect("B§4: CONNECT to port 0", "h:0", TargetFault::BadPort);
    connect("B§4: CONNECT to port 65536", "h:65536", TargetFault::BadPort);
    connect("B§4: CONNECT to a port that overflows", "h:18446744073709551696",
            TargetFault::BadPort);
    connect("B§4: CONNECT to a signed port", "h:+80", TargetFault::BadPort);
    connect("B§4: CONNECT to a port with junk", "h:80x", TargetFault::BadPort);
    connect("B§4: CONNECT with two ports", "h:80:81", TargetFault::BadPort);
    connect("B§4: CONNECT to an empty host", ":443", TargetFault::BadHost);
    connect("B§4: CONNECT to IPv6 without brackets", "::1:443", TargetFault::BareIpv6);
    connect("B§4: CONNECT to IPv6 without brackets and port", "fe80::1", TargetFault::BareIpv6);
    connect("B§4: CONNECT to eight groups and a port without brackets", "2001:db8:1:2:3:4:5:6:8443",
            TargetFault::BareIpv6);
    connect("B§4: CONNECT to mapped IPv4 without brackets", "::ffff:192.0.2.1:443",
            TargetFault::BareIpv6);
    connect("B§4: CONNECT to what only looks like IPv6", "a:b:c", TargetFault::BadPort);
    connect("B§4: CONNECT to empty brackets", "[]:443", TargetFault::BadHost);
    connect("B§4: CONNECT to a bracketed name", "[h]:443", TargetFault::BadHost);
    connect("B§4: CONNECT to bracketed IPv4", "[192.0.2.1]:443", TargetFault::BadHost);
    connect("B§4: CONNECT to IPv6 with a zone", "[fe80::1%25eth0]:443", TargetFault::BadHost);
    connect("B§4: CONNECT to bad IPv6", "[1::2::3]:443", TargetFault::BadHost);
    connect("B§4: CONNECT to open brackets", "[::1:443", TargetFault::BadHost);
    connect("B§4: CONNECT with text behind the brackets", "[::1]x:443", TargetFault::BadHost);
    connect("B§4: CONNECT to a number", "2130706433:443", TargetFault::BadHost);
    connect("B§4: CONNECT to two numbers", "127.1:443", TargetFault::BadHost);
    connect("B§4: CONNECT to a quad with a leading zero", "0177.0.0.1:443", TargetFault::BadHost);
    connect("B§4: CONNECT to a hexadecimal number", "0x7f.1:443", TargetFault::BadHost);
    connect("B§4: CONNECT to a name whose last label begins with 0x", "h.0xff:443",
            TargetFault::BadHost);
    connect("B§4: CONNECT to a name that ends in a number", "h.1:443", TargetFault::BadHost);
    connect("B§4: CONNECT to a dot", ".:443", TargetFault::BadHost);
    get("B§4: a number as a host", "http://0/", TargetFault::BadHost);
    get("B§4: a hexadecimal number as a host", "https://0x7f000001/", TargetFault::BadHost);
    get("S§4.2.1: an empty host", "http:///p", TargetFault::BadHost);
    get("S§4.2.1: a port without a host", "http://:80/", TargetFault::BadHost);
    get("S§4.2.4: userinfo without a host", "http://u@/", TargetFault::BadHost);
    get("S§4.2.4: two @ are two hosts to two readers", "http://a@b@h/", TargetFault::BadHost);
    get("B§4: a backslash in the userinfo", "http://evil\\@h/", TargetFault::BadHost);
    get("B§4: a backslash in the host", "http://h\\.evil/", TargetFault::BadHost);
    get("B§4: percent-encoding in the host", "http://h%2eevil/", TargetFault::BadHost);
    get("B§4: an octet above 0x7f in the host", "http://\xc3\xa9/", TargetFault::BadHost);
    get("B§4: a comma in the host", "http://a,b/", TargetFault::BadHost);
    get("B§4: a host of 256 octets", "http://" + QByteArray(256, 'a') + '/', TargetFault::BadHost);
    get("B§4: port 0", "http://h:0/", TargetFault::BadPort);
    get("B§4: port 65536", "https://h:65536/", TargetFault::BadPort);
    get("B§4: a port that is no number", "http://h:8o/", TargetFault::BadPort);
    get("B§4: another scheme", "ftp://h/", TargetFault::UnsupportedScheme);
    get("B§4: a scheme that begins with ws", "wsx://h/", TargetFault::UnsupportedScheme);
    get("B§4: IPv6 without brackets", "http://::1:8080/", TargetFault::BareIpv6);
    get("B§4: authority-form without CONNECT", "h:80", TargetFault::BadForm);
    get("B§4: a host alone", "h", TargetFault::BadForm);
    get("M§3.2.4: * without OPTIONS", "*", TargetFault::BadForm);
    get("B§4: an @ in a fragment behind the host is two hosts to two readers", "http://h#@evil/",
        TargetFault::BadHost);
    get("B§4: so it is far behind", "http://u#f/p?q@h/", TargetFault::BadHost);
    get("S§4.2.5: a fragment instead of a host", "http://#h/", TargetFault::BadHost);
    get("S§4.2.5: a fragment before the scheme's end", "http:#//h/", TargetFault::BadForm);
    get("S§4.2.5: a fragment in a scheme", "ht#tp://h/", TargetFault::BadForm);
    get("S§4.2.5: a fragment in origin-form", "/p#f", TargetFault::BadForm);
    get("S§4.2.5: a fragment in asterisk-form", "*#f", TargetFault::BadForm);
    get("M§3.2: nothing", "", TargetFault::BadForm);
    get("M§3.2: a scheme without an authority", "http:/p", TargetFault::BadForm);
    get("M§3.2: no scheme before ://", "://h/", TargetFault::BadForm);
    get("M§3.2: what precedes :// is no scheme", "h:80/://x", TargetFault::BadForm);
}

void TestRequestTarget::refuses()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(TargetFault, fault);
    const auto result = parseRequestTarget(method, target);
    QVERIFY(!result);
    QCOMPARE(result.error(), fault);
    QVERIFY(qstrlen(toString(fault)) > 0);
}

void TestRequestTarget::showsThePathWithoutItsQuery()
{
    QCOMPARE(parseRequestTarget("GET", "http://h/p?key=secret")->path().toByteArray(), "/p");
    QCOMPARE(parseRequestTarget("GET", "http://h/p")->path().toByteArray(), "/p");
    QCOMPARE(parseRequestTarget("GET", "http://h?key=secret")->path().toByteArray(), "/");
}

void TestRequestTarget::judgesHostFields_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("valid");
    QTest::newRow("S§7.2: a name") << "example.com"_ba << true;
    QTest::newRow("S§7.2: a name and a port") << "example.com:8080"_ba << true;
    QTest::newRow("S§7.2: [v6] and a port") << "[::1]:80"_ba << true;
    QTest::newRow("S§7.2: empty, where the target has no authority") << ""_ba << true;
    QTest::newRow("S§7.2: an empty port") << "h:"_ba << true;
    QTest::newRow("S§7.2: userinfo") << "u@h"_ba << false;
    QTest::newRow("S§7.2: a path") << "h/p"_ba << false;
    QTest::newRow("S§7.2: a list") << "a, b"_ba << false;
    QTest::newRow("S§7.2: a blank") << "a b"_ba << false;
    QTest::newRow("S§7.2: a port that is no number") << "h:x"_ba << false;
    QTest::newRow("S§7.2: a port without a host") << ":80"_ba << false;
    QTest::newRow("S§7.2: a URL") << "http://h"_ba << false;
    QTest::newRow("S§7.2: IPv6 without brackets") << "::1"_ba << false;
}

void TestRequestTarget::judgesHostFields()
{
    QFETCH(QByteArray, value);
    QTEST(isValidHostField(value), "valid");
}

QTEST_APPLESS_MAIN(TestRequestTarget)
#include "tst_requesttarget.moc"
