// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/endpoint.h"

#include <QTest>

using namespace Qt::StringLiterals;
using sami::Endpoint;
using sami::SocketAddress;

class TstEndpoint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void literalAddress_data();
    void literalAddress();
    void text_data();
    void text();
    void equality_data();
    void equality();
    void addressText_data();
    void addressText();
    void unmapped_data();
    void unmapped();
    void clientNetwork_data();
    void clientNetwork();
};

void TstEndpoint::literalAddress_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QString>("expected"); // empty: a name

    QTest::newRow("a dotted quad is an address") << "192.0.2.7"_ba << u"192.0.2.7"_s;
    QTest::newRow("the highest quad is an address") << "255.255.255.255"_ba << u"255.255.255.255"_s;
    QTest::newRow("IPv6 is an address") << "2001:db8::1"_ba << u"2001:db8::1"_s;
    QTest::newRow("IPv6 in capitals is the same address") << "2001:DB8::A"_ba << u"2001:db8::a"_s;
    QTest::newRow("B§1: an IPv4-mapped literal is the IPv4 address")
        << "::ffff:192.0.2.7"_ba << u"192.0.2.7"_s;
    QTest::newRow("a host name is a name") << "api.openai.com"_ba << QString();
    QTest::newRow("nothing is a name") << QByteArray() << QString();
    QTest::newRow("an octet over 255 makes a name") << "192.0.2.256"_ba << QString();
    QTest::newRow("an octal-looking octet makes a name") << "192.0.2.07"_ba << QString();
    QTest::newRow("zeros are an address") << "0.0.0.0"_ba << u"0.0.0.0"_s;
    QTest::newRow("two zeros make a name") << "127.00.0.1"_ba << QString();
    QTest::newRow("a digit too many makes a name") << "1000.0.0.1"_ba << QString();
    QTest::newRow("a leading dot makes a name") << ".127.0.0.1"_ba << QString();
    QTest::newRow("three parts make a name") << "127.0.1"_ba << QString();
    QTest::newRow("five parts make a name") << "1.2.3.4.5"_ba << QString();
    QTest::newRow("one number makes a name") << "2130706433"_ba << QString();
    QTest::newRow("hexadecimal makes a name") << "0x7f.0.0.1"_ba << QString();
    QTest::newRow("an empty part makes a name") << "1..2.3"_ba << QString();
    QTest::newRow("a trailing dot makes a name") << "127.0.0.1."_ba << QString();
    QTest::newRow("a zone makes it no literal") << "fe80::1%eth0"_ba << QString();
    QTest::newRow("brackets are not part of the host") << "[::1]"_ba << QString();
    QTest::newRow("a bad IPv6 is no address") << "2001:db8::1::2"_ba << QString();
}

void TstEndpoint::literalAddress()
{
    QFETCH(QByteArray, host);
    QFETCH(QString, expected);

    const auto address = Endpoint { host, 443 }.literalAddress();
    QCOMPARE(address ? address->toString() : QString(), expected);
}

void TstEndpoint::text_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("expected");

    QTest::newRow("a name stands as it is") << "api.openai.com"_ba
                                            << "api.openai.com:443"_ba;
    QTest::newRow("IPv6 goes into brackets") << "2001:db8::1"_ba
                                             << "[2001:db8::1]:443"_ba;
}

void TstEndpoint::text()
{
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, expected);

    QCOMPARE((Endpoint { host, 443 }).toByteArray(), expected);
    const QHostAddress address(QString::fromLatin1(host));
    if (!address.isNull())
        QCOMPARE((SocketAddress { address, 443 }).toByteArray(), expected);
}

void TstEndpoint::equality_data()
{
    QTest::addColumn<QByteArray>("left");
    QTest::addColumn<QByteArray>("right");
    QTest::addColumn<int>("rightPort");
    QTest::addColumn<bool>("expected");

    QTest::newRow("case does not count") << "API.example"_ba
                                         << "api.EXAMPLE"_ba << 443 << true;
    QTest::newRow("the port counts") << "a.example"_ba
                                     << "a.example"_ba << 80 << false;
    QTest::newRow("the name counts") << "a.example"_ba
                                     << "b.example"_ba << 443 << false;
}

void TstEndpoint::equality()
{
    QFETCH(QByteArray, left);
    QFETCH(QByteArray, right);
    QFETCH(int, rightPort);
    QFETCH(bool, expected);

    const Endpoint one { left, 443 };
    const Endpoint other { right, static_cast<quint16>(rightPort) };
    QCOMPARE(one == other, expected);
    if (expected)
        QCOMPARE(qHash(one, 7), qHash(other, 7));
}

void TstEndpoint::addressText_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : { "0.0.0.0", "127.0.0.1", "192.0.2.10", "255.255.255.255", "::1",
                              "2001:db8::a", "fe80::1%eth0" })
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TstEndpoint::addressText()
{
    QFETCH(QString, text);
    const QHostAddress address(text);
    QCOMPARE(sami::addressText(address), address.toString().toLatin1());
    QCOMPARE(QString::fromLatin1(sami::addressText(address)), text);
}

void TstEndpoint::unmapped_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("expected");

    QTest::newRow("B§1: mapped becomes IPv4") << u"::ffff:192.0.2.7"_s << u"192.0.2.7"_s;
    QTest::newRow("IPv4 stays") << u"192.0.2.7"_s << u"192.0.2.7"_s;
    QTest::newRow("IPv6 stays") << u"2001:db8::1"_s << u"2001:db8::1"_s;
    QTest::newRow("IPv4-compatible stays IPv6") << u"::192.0.2.7"_s << u"::192.0.2.7"_s;
    QTest::newRow("translated stays IPv6") << u"::ffff:0:c000:207"_s << u"::ffff:0:c000:207"_s;
    QTest::newRow("ffff in front is not mapped") << u"ffff::192.0.2.7"_s << u"ffff::c000:207"_s;
}

void TstEndpoint::unmapped()
{
    QFETCH(QString, address);
    QFETCH(QString, expected);

    QCOMPARE(sami::unmapped(QHostAddress(address)), QHostAddress(expected));
}

void TstEndpoint::clientNetwork_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("expected");

    QTest::newRow("B§2: an IPv4 address is a client") << u"192.0.2.7"_s << u"192.0.2.7"_s;
    QTest::newRow("B§2: of IPv6 the /64 is a client")
        << u"2001:db8:0:1:2:3:4:5"_s << u"2001:db8:0:1::"_s;
    QTest::newRow("B§2: the 64th bit counts") << u"2001:db8:0:1::1"_s << u"2001:db8:0:1::"_s;
}

void TstEndpoint::clientNetwork()
{
    QFETCH(QString, address);
    QFETCH(QString, expected);

    QCOMPARE(sami::clientNetwork(QHostAddress(address)), QHostAddress(expected));
}

QTEST_APPLESS_MAIN(TstEndpoint)
#include "tst_endpoint.moc"
