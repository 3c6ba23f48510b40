// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "account/loggedtarget.h"

#include <QTest>

using namespace sami::account;

class TestLoggedTarget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leavesOutWhatMayBeSecret_data();
    void leavesOutWhatMayBeSecret();
    void cutsWhatIsLong();
};

void TestLoggedTarget::leavesOutWhatMayBeSecret_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<bool>("isWhole");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char *name, const char *target, bool isWhole, const char *shown) {
        QTest::newRow(name) << QByteArray(target) << isWhole << QByteArray(shown);
    };
    row("B§8: another scheme is shown", "gopher://a/b", true, "gopher://a/b");
    row("B§8: a query is not", "gopher://a/b?c", true, "gopher://a/b");
    row("B§8: nor a fragment", "http://a/b#c", true, "http://a/b");
    row("B§8: nor userinfo", "http://u:p@a/b", true, "http://***@a/b");
    row("B§8: nor a password with a slash", "http://u:p/q@a/b", true, "http://***@a/b");
    row("B§8: nor one with an at sign", "http://u:p@q@a/b", true, "http://***@a/b");
    row("B§8: nor one with a question mark", "http://u:p?q@a/b", true, "http://...");
    row("B§8: nor one with a hash", "http://u:p#q@a/b", true, "http://...");
    row("B§8: nor one without a scheme", "u:p@a:443", true, "***@a:443");
    row("B§8: a CONNECT to a name alone is shown", "a.test", true, "a.test");
    row("B§8: a path is shown", "/@scope/name?q", true, "/@scope/name");
    row("B§8: a cut path too", "/@scope/na", false, "/@scope/na");
    row("B§8: of a cut target the host is shown", "http://a.test:80/b", false,
        "http://a.test:80/...");
    row("B§8: an IPv6 host too", "http://[::1]:80/b", false, "http://[::1]:80/...");
    row("B§8: not what may be a user name", "http://a.test", false, "http://...");
    row("B§8: not what may be a password", "http://u:p/b", false, "http://...");
    row("B§8: not what is one", "http://u:p@a/b", false, "http://...");
    row("B§8: nothing of a cut CONNECT", "a.te", false, "...");
    row("B§8: not a password without a host", "http://u:p", true, "http://...");
    row("B§8: nor one whose at sign is encoded", "u:p%40a:443", true, "...");
    row("B§8: nor one whose colon is", "http://u%3Ap%40a/", true, "http://...");
    row("B§8: nor one behind two slashes", "//u:p@a:443", true, "//***@a:443");
    row("B§8: a bare IPv6 address is shown", "2001:db8::7:443", true, "2001:db8::7:443");
    row("B§8: nothing of nothing", "", true, "");
    row("B§8: what is no scheme is none", "ht tp://u:p@a/b", true, "***@a/b");
}

void TestLoggedTarget::leavesOutWhatMayBeSecret()
{
    QFETCH(QByteArray, target);
    QFETCH(bool, isWhole);
    QFETCH(QByteArray, shown);
    QCOMPARE(loggedRawTarget(target, isWhole), shown);
}

void TestLoggedTarget::cutsWhatIsLong()
{
    const QByteArray path(20'000, 'a');
    QCOMPARE(loggedRawTarget("gopher://" + path, true).size(), 515);
    QCOMPARE(loggedRawTarget('/' + path, false).size(), 515);
    const auto target = sami::http::parseRequestTarget("GET", "http://a/" + path);
    QVERIFY(target);
    QCOMPARE(loggedTarget(*target).size(), 515);
}

QTEST_APPLESS_MAIN(TestLoggedTarget)
#include "tst_loggedtarget.moc"
