// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/servername.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::config;

class TstServerName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
};

void TstServerName::names_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("name"); // empty: refused
    QTest::addColumn<bool>("isAddress");
    QTest::addColumn<QString>("problem");
    const auto good = [](const char *row, const char *text, const char *name, bool isAddress) {
        QTest::newRow(row) << QByteArray(text) << QByteArray(name) << isAddress << QString();
    };
    const auto bad = [](const char *row, const QByteArray &text, const QString &problem) {
        QTest::newRow(row) << text << QByteArray() << false << problem;
    };
    good("B§1: a name", "proxy.example.com", "proxy.example.com", false);
    good("B§1: a single label", "proxy-1", "proxy-1", false);
    good("B§1: case does not count", "Proxy.EXAMPLE.com", "proxy.example.com", false);
    good("B§1: the dot at the end is cut", "proxy.example.com.", "proxy.example.com", false);
    good("B§1: a label that begins with a digit", "1a.example", "1a.example", false);
    good("B§1: an IPv4 address", "192.0.2.7", "192.0.2.7", true);
    good("B§1: an IPv6 address", "2001:DB8:0::7", "2001:db8::7", true);
    good("B§1: an IPv6 address in brackets", "[2001:db8::7]", "2001:db8::7", true);
    good("B§1: a mapped address is the IPv4 one", "::ffff:192.0.2.7", "192.0.2.7", true);

    bad("B§1: nothing", "", u"write a name"_s);
    bad("B§1: a dot alone", ".", u"write a name"_s);
    bad("B§1: an empty label", "a..example", u"write a name"_s);
    bad("B§1: a hyphen at an end of a label", "a-.example", u"write a name"_s);
    bad("B§1: an underscore", "a_b.example", u"write a name"_s);
    bad("B§1: a blank", "a b.example", u"write a name"_s);
    bad("B§1: a control character", QByteArray("a\0b", 3), u"write a name"_s);
    bad("B§1: a label of 64 octets", QByteArray(64, 'a'), u"write a name"_s);
    bad("B§1: 254 octets", QByteArray("a.").repeated(126) + "ab", u"write a name"_s);
    bad("B§1: an address in disguise", "2130706433", u"write a name"_s);
    bad("B§1: half an address", "127.1", u"write a name"_s);
    bad("B§1: a hexadecimal one", "127.0.0.0x1", u"write a name"_s);
    bad("B§1: a wildcard", "*.example.com", u"wildcard"_s);
    bad("B§1: a scheme", "https://a.example", u"without a scheme"_s);
    bad("B§1: a port", "a.example:8443", u"without a scheme or a port"_s);
    bad("B§1: a port behind an address", "192.0.2.7:8443", u"without a scheme or a port"_s);
    bad("B§1: a name that is not ASCII", "прокси.example", u"ASCII"_s);
    bad("B§1: every address", "0.0.0.0", u"no server can be reached"_s);
    bad("B§1: every IPv6 address", "::", u"no server can be reached"_s);
    bad("B§1: a multicast address", "ff02::1", u"no server can be reached"_s);
    bad("B§1: a zone", "fe80::1%eth0", u"write a name"_s);
}

void TstServerName::names()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, name);
    QFETCH(const bool, isAddress);
    QFETCH(const QString, problem);
    const auto parsed = ServerName::parse(text);
    QCOMPARE(parsed.has_value(), !name.isEmpty());
    if (!parsed) {
        QVERIFY2(parsed.error().contains(problem), qPrintable(parsed.error()));
        return;
    }
    QCOMPARE(parsed->toByteArray(), name);
    QCOMPARE(parsed->isAddress(), isAddress);
    QVERIFY(ServerName::parse(parsed->toByteArray()).value() == *parsed);
}

QTEST_APPLESS_MAIN(TstServerName)
#include "tst_servername.moc"
