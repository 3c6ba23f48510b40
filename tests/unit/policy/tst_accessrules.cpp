// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/accessrules.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::policy;

class TstAccessRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hostPattern_data();
    void hostPattern();
    void hostPatternErrors_data();
    void hostPatternErrors();
    void hostMatches_data();
    void hostMatches();
    void portRange_data();
    void portRange();
    void portRangeErrors_data();
    void portRangeErrors();
    void portContains_data();
    void portContains();
};

void TstAccessRules::hostPattern_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("written");

    QTest::newRow("B§1: a name") << "api.openai.com"_ba
                                 << "api.openai.com"_ba;
    QTest::newRow("B§1: a name with a port") << "api.openai.com:443"_ba
                                             << "api.openai.com:443"_ba;
    QTest::newRow("B§1: a star in front") << "*.anthropic.com"_ba
                                          << "*.anthropic.com"_ba;
    QTest::newRow("B§1: a star and a port") << "*.anthropic.com:443"_ba
                                            << "*.anthropic.com:443"_ba;
    QTest::newRow("capitals become small") << "API.OpenAI.com"_ba
                                           << "api.openai.com"_ba;
    QTest::newRow("the trailing dot is dropped") << "api.openai.com."_ba
                                                 << "api.openai.com"_ba;
    QTest::newRow("an underscore is fine") << "my_model.lan"_ba
                                           << "my_model.lan"_ba;
    QTest::newRow("a single label is fine") << "localhost"_ba
                                            << "localhost"_ba;
    QTest::newRow("punycode is fine") << "xn--e1afmkfd.xn--p1ai"_ba
                                      << "xn--e1afmkfd.xn--p1ai"_ba;
    QTest::newRow("IPv4") << "192.168.1.5"_ba
                          << "192.168.1.5"_ba;
    QTest::newRow("IPv4 with a port") << "192.168.1.5:8000"_ba
                                      << "192.168.1.5:8000"_ba;
    QTest::newRow("IPv6 without brackets") << "2001:db8::1"_ba
                                           << "2001:db8::1"_ba;
    QTest::newRow("IPv6 in brackets") << "[2001:db8::1]"_ba
                                      << "2001:db8::1"_ba;
    QTest::newRow("IPv6 in brackets with a port") << "[2001:DB8:0::1]:8000"_ba
                                                  << "[2001:db8::1]:8000"_ba;
    QTest::newRow("mapped IPv6 is the IPv4 address") << "::ffff:192.0.2.7"_ba
                                                     << "192.0.2.7"_ba;
}

void TstAccessRules::hostPattern()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, written);

    const auto pattern = HostPattern::parse(text);
    QVERIFY2(pattern, pattern ? "" : qPrintable(pattern.error()));
    QCOMPARE(pattern->toByteArray(), written);
    QCOMPARE(HostPattern::parse(written).value(), *pattern);
}

void TstAccessRules::hostPatternErrors_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("hint");

    QTest::newRow("B§1: nothing is an error") << ""_ba << u"missing"_s;
    QTest::newRow("B§1: a bare star is an error") << "*"_ba << u"every host"_s;
    QTest::newRow("B§1: a bare star with a port is an error") << "*:443"_ba << u"every host"_s;
    QTest::newRow("B§1: a star with nothing behind is an error") << "*."_ba << u"missing"_s;
    QTest::newRow("B§1: a star within is an error") << "api.*.com"_ba << u"in front"_s;
    QTest::newRow("B§1: a star without a dot is an error") << "*anthropic.com"_ba << u"in front"_s;
    QTest::newRow("B§1: a star before an address is an error") << "*.10.0.0.1"_ba << u"address"_s;
    QTest::newRow("B§1: a scheme is an error") << "https://api.openai.com"_ba << u"scheme"_s;
    QTest::newRow("B§1: a path is an error") << "api.openai.com/v1"_ba << u"path"_s;
    QTest::newRow("B§1: a range is an error") << "10.0.0.0/8"_ba << u"prefix length"_s;
    QTest::newRow("B§1: Unicode is an error") << "пример.рф"_ba << u"punycode"_s;
    QTest::newRow("B§1: a blank is an error") << "api.openai.com api.x.ai"_ba << u"letters"_s;
    QTest::newRow("B§1: an empty label is an error") << "api..com"_ba << u"not a host name"_s;
    QTest::newRow("B§1: a dot in front is an error") << ".openai.com"_ba << u"not a host name"_s;
    QTest::newRow("B§1: an overlong name is an error") << QByteArray(254, 'a') << u"not a host"_s;
    QTest::newRow("B§1: port 0 is an error") << "a.example:0"_ba << u"1 to 65535"_s;
    QTest::newRow("B§1: a port over 65535 is an error") << "a.example:65536"_ba << u"1 to 65535"_s;
    QTest::newRow("B§1: a missing port is an error") << "a.example:"_ba << u"1 to 65535"_s;
    QTest::newRow("B§1: a short IPv4 form is an error") << "127.1"_ba << u"four decimal"_s;
    QTest::newRow("B§1: one number is an error") << "2130706433"_ba << u"four decimal"_s;
    QTest::newRow("B§1: hexadecimal is an error") << "0x7f.0.0.0x1"_ba << u"four decimal"_s;
    QTest::newRow("B§1: an octet over 255 is an error") << "10.0.0.256"_ba << u"four decimal"_s;
    QTest::newRow("B§1: an open bracket is an error") << "[::1"_ba << u"closing"_s;
    QTest::newRow("B§1: junk behind the bracket is an error") << "[::1]443"_ba << u"only a port"_s;
    QTest::newRow("B§1: a name in brackets is an error") << "[localhost]"_ba << u"IPv6"_s;
    QTest::newRow("B§1: bad IPv6 is an error") << "1:2:3::4::5"_ba << u"IPv6"_s;
}

void TstAccessRules::hostPatternErrors()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, hint);

    const auto pattern = HostPattern::parse(text);
    QVERIFY(!pattern);
    QVERIFY2(pattern.error().contains(hint), qPrintable(pattern.error()));
}

void TstAccessRules::hostMatches_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<bool>("expected");

    QTest::newRow("the name itself") << "api.x.ai"_ba
                                     << "api.x.ai"_ba << 443 << true;
    QTest::newRow("case does not count") << "api.x.ai"_ba
                                         << "API.X.AI"_ba << 443 << true;
    QTest::newRow("a trailing dot does not count") << "api.x.ai"_ba
                                                   << "api.x.ai."_ba << 443 << true;
    QTest::newRow("two trailing dots are another name") << "api.x.ai"_ba
                                                        << "api.x.ai.."_ba << 443 << false;
    QTest::newRow("a name below is another name") << "x.ai"_ba
                                                  << "api.x.ai"_ba << 443 << false;
    QTest::newRow("B§1: a star holds a name below") << "*.anthropic.com"_ba
                                                    << "api.anthropic.com"_ba << 443 << true;
    QTest::newRow("B§1: a star holds any depth") << "*.anthropic.com"_ba
                                                 << "a.b.c.Anthropic.com"_ba << 443 << true;
    QTest::newRow("B§1: a star does not hold the suffix itself")
        << "*.anthropic.com"_ba
        << "anthropic.com"_ba << 443 << false;
    QTest::newRow("B§1: a star does not hold a name that only ends alike")
        << "*.anthropic.com"_ba
        << "evilanthropic.com"_ba << 443 << false;
    QTest::newRow("B§1: a star does not hold an empty label")
        << "*.anthropic.com"_ba
        << ".anthropic.com"_ba << 443 << false;
    QTest::newRow("B§1: an entry without a port holds every port") << "api.x.ai"_ba
                                                                   << "api.x.ai"_ba << 8443 << true;
    QTest::newRow("B§1: an entry's port holds itself") << "api.x.ai:443"_ba
                                                       << "api.x.ai"_ba << 443 << true;
    QTest::newRow("B§1: an entry's port holds no other") << "api.x.ai:443"_ba
                                                         << "api.x.ai"_ba << 8443 << false;
    QTest::newRow("an address matches in another spelling") << "2001:db8::1"_ba
                                                            << "2001:DB8:0:0::1"_ba << 443 << true;
    QTest::newRow("a mapped address matches the IPv4 one") << "192.0.2.7"_ba
                                                           << "::ffff:192.0.2.7"_ba << 443 << true;
    QTest::newRow("another address does not match") << "192.0.2.7"_ba
                                                    << "192.0.2.8"_ba << 443 << false;
    QTest::newRow("an odd spelling of an address is a name and does not match")
        << "127.0.0.1"_ba
        << "127.1"_ba << 443 << false;
}

void TstAccessRules::hostMatches()
{
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, host);
    QFETCH(int, port);
    QFETCH(bool, expected);

    QCOMPARE(HostPattern::parse(pattern).value().matches(host, static_cast<quint16>(port)),
             expected);
}

void TstAccessRules::portRange_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");

    QTest::newRow("B§1: one port") << "443"_ba << 443 << 443;
    QTest::newRow("B§1: a range") << "1024-65535"_ba << 1024 << 65535;
    QTest::newRow("B§1: the lowest port") << "1"_ba << 1 << 1;
}

void TstAccessRules::portRange()
{
    QFETCH(QByteArray, text);
    QFETCH(int, first);
    QFETCH(int, last);

    const auto range = PortRange::parse(text);
    QVERIFY(range);
    QCOMPARE(int(range->first), first);
    QCOMPARE(int(range->last), last);
    QCOMPARE(range->toByteArray(), text);
}

void TstAccessRules::portRangeErrors_data()
{
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("B§1: nothing is an error") << ""_ba;
    QTest::newRow("B§1: port 0 is an error") << "0"_ba;
    QTest::newRow("B§1: a range from 0 is an error") << "0-80"_ba;
    QTest::newRow("B§1: over 65535 is an error") << "65536"_ba;
    QTest::newRow("B§1: overflow is an error") << "4294967739"_ba;
    QTest::newRow("B§1: a reversed range is an error") << "443-80"_ba;
    QTest::newRow("B§1: an open range is an error") << "1024-"_ba;
    QTest::newRow("B§1: a sign is an error") << "-443"_ba;
    QTest::newRow("B§1: a plus is an error") << "+443"_ba;
    QTest::newRow("B§1: blanks within are an error") << "80 - 90"_ba;
    QTest::newRow("B§1: three ends are an error") << "1-2-3"_ba;
    QTest::newRow("B§1: a service name is an error") << "https"_ba;
}

void TstAccessRules::portRangeErrors()
{
    QFETCH(QByteArray, text);
    const auto range = PortRange::parse(text);
    QVERIFY(!range);
    QVERIFY(!range.error().isEmpty());
}

void TstAccessRules::portContains_data()
{
    QTest::addColumn<int>("port");
    QTest::addColumn<bool>("expected");

    QTest::newRow("the one before is out") << 1023 << false;
    QTest::newRow("the first is in") << 1024 << true;
    QTest::newRow("the last is in") << 2048 << true;
    QTest::newRow("the one behind is out") << 2049 << false;
}

void TstAccessRules::portContains()
{
    QFETCH(int, port);
    QFETCH(bool, expected);
    QCOMPARE((PortRange { 1024, 2048 }).contains(static_cast<quint16>(port)), expected);
}

QTEST_APPLESS_MAIN(TstAccessRules)
#include "tst_accessrules.moc"
