// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/exposure.h"
#include "config/optionparsers.h"

#include <QTest>

#include <optional>

using namespace Qt::StringLiterals;
using namespace sami::config;

Q_DECLARE_METATYPE(std::optional<bool>)

class TstExposure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void open_data();
    void open();
    void tls_data();
    void tls();
    void socks5_data();
    void socks5();
    void aUsersFileAsks();
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
    QTest::newRow("B§1: two halves of IPv4 are all of it")
        << u"0.0.0.0"_s << false << "0.0.0.0/1,128.0.0.0/1"_ba << true;
    QTest::newRow("B§1: what is public of IPv4 is everybody")
        << u"0.0.0.0"_s << false
        << "1.0.0.0/8,2.0.0.0/7,4.0.0.0/6,8.0.0.0/7,11.0.0.0/8,12.0.0.0/6,16.0.0.0/4,32.0.0.0/3,"
           "64.0.0.0/2,128.0.0.0/1"_ba
        << true;
    QTest::newRow("B§1: half of IPv4 is not everybody")
        << u"0.0.0.0"_s << false << "0.0.0.0/1"_ba << false;
    QTest::newRow("B§1: IPv4 but for what is reserved is everybody")
        << u"0.0.0.0"_s << false << "0.0.0.0/1,128.0.0.0/2,192.0.0.0/3"_ba << true;
    QTest::newRow("B§1: IPv4 with a hole is not everybody")
        << u"0.0.0.0"_s << false << "0.0.0.0/1,128.0.0.0/2,192.0.0.0/4"_ba << false;
    QTest::newRow("B§1: all of IPv6 is everybody") << u"any"_s << false << "::/0"_ba << true;
    QTest::newRow("B§1: all of IPv6 that is given out is everybody")
        << u"any"_s << false << "2000::/4,3000::/4"_ba << true;
    QTest::newRow("B§1: IPv6 unique-local is not everybody")
        << u"any"_s << false << "fc00::/7"_ba << false;
    QTest::newRow("B§1: IPv6's lowest range holds no IPv4 client")
        << u"any"_s << false << "::/8"_ba << false;
    QTest::newRow("B§1: private is not everybody")
        << u"0.0.0.0"_s << false << "private"_ba << false;
    QTest::newRow("B§1: private beside everybody is everybody")
        << u"0.0.0.0"_s << false << "private,0.0.0.0/1,128.0.0.0/1"_ba << true;
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
        settings.access.allowedClients = parseClients(QString::fromLatin1(allowed)).value();
    QCOMPARE(isOpenToEveryone(settings), expected);
}

void TstExposure::tls_data()
{
    QTest::addColumn<TlsMode>("mode");
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<bool>("expected");
    const QString file = u"/etc/proxy.crt"_s;
    const QString folder = u"/var/lib/proxy"_s;
    QTest::newRow("B§11: without anything to show there is no TLS")
        << TlsMode::Auto << QString() << QString() << false;
    QTest::newRow("B§12: a certificate's file is shown")
        << TlsMode::Auto << file << QString() << true;
    QTest::newRow("B§12: so is the own identity") << TlsMode::Auto << QString() << folder << true;
    QTest::newRow("B§11: what is required is spoken")
        << TlsMode::Require << QString() << folder << true;
    QTest::newRow("B§11: off means off, whatever there is")
        << TlsMode::Off << file << folder << false;
}

void TstExposure::tls()
{
#ifndef Q_OS_LINUX
    QSKIP("clients speak TLS with the proxy on Linux only");
#endif
    QFETCH(const TlsMode, mode);
    QFETCH(const QString, certificate);
    QFETCH(const QString, folder);
    QFETCH(const bool, expected);
    Settings settings;
    settings.tls.mode = mode;
    settings.tls.certificateFile = certificate;
    settings.state.folder = folder;
    QCOMPARE(speaksTls(settings), expected);
}

void TstExposure::socks5_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("hasCredentials");
    QTest::addColumn<std::optional<bool>>("said");
    QTest::addColumn<bool>("expected");
    using Said = std::optional<bool>;
    QTest::newRow("B§10: on at loopback") << u"127.0.0.1"_s << false << Said() << true;
    QTest::newRow("B§10: on at IPv6 loopback") << u"::1"_s << false << Said() << true;
    QTest::newRow("B§10: on with credentials") << u"0.0.0.0"_s << true << Said() << true;
    QTest::newRow("B§10: off where anybody may come") << u"0.0.0.0"_s << false << Said() << false;
    QTest::newRow("B§10: off at one network address")
        << u"192.168.1.4"_s << false << Said() << false;
    QTest::newRow("B§10: on where it is said") << u"0.0.0.0"_s << false << Said(true) << true;
    QTest::newRow("B§10: off where it is said") << u"127.0.0.1"_s << true << Said(false) << false;
}

void TstExposure::socks5()
{
    QFETCH(QString, address);
    QFETCH(bool, hasCredentials);
    QFETCH(std::optional<bool>, said);
    QFETCH(bool, expected);
    Settings settings;
    settings.listen.address = QHostAddress(address);
    settings.door.socks5 = said;
    if (hasCredentials)
        settings.access.credentials = sami::policy::Credentials { "admin", "secret" };
    QCOMPARE(speaksSocks5(settings), expected);
}

/// A users file means that the operator wants to know who connects, even while it is empty.
void TstExposure::aUsersFileAsks()
{
    Settings settings;
    QVERIFY(!asksForPassword(settings));
    settings.users.file = u"/etc/proxy/users"_s;
    QVERIFY(asksForPassword(settings));
    QVERIFY(!isOpenToEveryone(settings));
    QVERIFY(speaksSocks5(settings));
    settings.access.allowedClients = parseClients(u"private"_s).value();
    QVERIFY(!reliesOnPrivate(settings));
}

QTEST_APPLESS_MAIN(TstExposure)
#include "tst_exposure.moc"
