// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/exposure.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::config;

class TstExposure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void open_data();
    void open();
};

void TstExposure::open_data()
{
    QTest::addColumn<QString>("address"); // "any": QHostAddress::Any
    QTest::addColumn<bool>("hasCredentials");
    QTest::addColumn<QByteArray>("allowed");
    QTest::addColumn<bool>("expected");

    QTest::newRow("B§1: every IPv4 address, nothing asked")
        << u"0.0.0.0"_s << false << ""_ba << true;
    QTest::newRow("B§1: every address, nothing asked") << u"any"_s << false << ""_ba << true;
    QTest::newRow("B§1: one network address, nothing asked")
        << u"192.168.1.4"_s << false << ""_ba << true;
    QTest::newRow("B§1: credentials close it") << u"0.0.0.0"_s << true << ""_ba << false;
    QTest::newRow("B§1: an address list closes it")
        << u"0.0.0.0"_s << false << "192.168.1.0/24"_ba << false;
    QTest::newRow("a list that holds all of IPv4 is no list")
        << u"0.0.0.0"_s << false << "0.0.0.0/0"_ba << true;
    QTest::newRow("B§1: loopback is not open") << u"127.0.0.1"_s << false << ""_ba << false;
    QTest::newRow("B§1: another loopback address is not open")
        << u"127.0.0.2"_s << false << ""_ba << false;
    QTest::newRow("B§1: IPv6 loopback is not open") << u"::1"_s << false << ""_ba << false;
}

void TstExposure::open()
{
    QFETCH(QString, address);
    QFETCH(bool, hasCredentials);
    QFETCH(QByteArray, allowed);
    QFETCH(bool, expected);

    Settings settings;
    settings.listen.address =
        address == u"any"_s ? QHostAddress(QHostAddress::Any) : QHostAddress(address);
    if (hasCredentials)
        settings.access.credentials = sami::policy::Credentials { "admin", "secret" };
    if (!allowed.isEmpty())
        settings.access.allowedClients.append(sami::policy::Cidr::parse(allowed).value());
    QCOMPARE(isOpenToEveryone(settings), expected);
}

QTEST_APPLESS_MAIN(TstExposure)
#include "tst_exposure.moc"
