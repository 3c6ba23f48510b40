// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Which front gets a connection, and what ends one that has sent nothing: the same as for an HTTP
// client without a request.
#include "doorrig.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::account;
using namespace std::chrono_literals;
using fuzzing::Wire;

namespace {

config::Settings settingsWith(std::optional<bool> socks5)
{
    config::Settings settings;
    settings.door.socks5 = socks5;
    return settings;
}

const QByteArray page = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";

} // namespace

class TestFirstOctets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoGoesOn_data();
    void whoGoesOn();
    void oneOctetIsEnough();
    void aSecondRequestIsNoGreeting();
    void settingsOfTheMoment_data();
    void settingsOfTheMoment();
    void whoEndsUnheard_data();
    void whoEndsUnheard();
    void noOctetInTime();
    void aStopLetsItAsk();
};

void TestFirstOctets::whoGoesOn_data()
{
    QTest::addColumn<bool>("speaksSocks5");
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QByteArray>("front");
    QTest::addColumn<QByteArray>("answer"); ///< how it begins
    const auto greeting = QByteArray::fromHex("050100");
    QTest::newRow("B§10: 5 is SOCKS5") << true << greeting << "socks5"_ba
                                       << "\5\0"_ba;
    QTest::newRow("B§7: where SOCKS5 is off it is named") << false << greeting << "http"_ba
                                                          << "HTTP/1.1 400 No SOCKS5 here"_ba;
    for (const bool on : { true, false }) {
        QTest::addRow("B§7: SOCKS4 is named, SOCKS5 %s", on ? "on" : "off")
            << on << "\4\1"_ba
            << "http"_ba
            << "HTTP/1.1 400 No SOCKS4 here"_ba;
        QTest::addRow("B§7: TLS is named, SOCKS5 %s", on ? "on" : "off")
            << on << "\x16\3\1"_ba
            << "http"_ba
            << "HTTP/1.1 400 No TLS here"_ba;
        QTest::addRow("B§3: HTTP is HTTP, SOCKS5 %s", on ? "on" : "off") << on << page << "http"_ba
                                                                         << "HTTP/1.1 200 "_ba;
        QTest::addRow("B§4: empty lines begin HTTP, SOCKS5 %s", on ? "on" : "off")
            << on << "\r\n" + page << "http"_ba
            << "HTTP/1.1 200 "_ba;
    }
}

void TestFirstOctets::whoGoesOn()
{
    QFETCH(bool, speaksSocks5);
    QFETCH(QByteArray, octets);
    QFETCH(QByteArray, front);
    QFETCH(QByteArray, answer);
    rig::Door door(settingsWith(speaksSocks5));
    door.accept();
    door.say(octets);
    QVERIFY2(door.client->accepted.startsWith(answer), door.client->accepted.constData());
    QCOMPARE(rig::name(door.record->snapshot(Clock::now()).entrance.front), front);
}

void TestFirstOctets::oneOctetIsEnough()
{
    rig::Door door(settingsWith(true));
    door.accept();
    door.say("\5");
    QCOMPARE(rig::name(door.record->snapshot(Clock::now()).entrance.front), "socks5"_ba);
    QVERIFY(door.client->accepted.isEmpty());
    door.say("\1"_ba + '\0');
    QCOMPARE(door.client->accepted, "\5\0"_ba);
}

void TestFirstOctets::aSecondRequestIsNoGreeting()
{
    rig::Door door(settingsWith(true));
    door.accept();
    door.say(page);
    QVERIFY(door.client->accepted.startsWith("HTTP/1.1 200 "));
    door.client->accepted.clear();
    door.client->delivered = 0;
    door.say("\5\1"_ba + '\0');
    QVERIFY2(door.client->accepted.startsWith("HTTP/1.1 400 "), door.client->accepted.constData());
    QVERIFY(!door.client->accepted.contains("SOCKS5"));
}

void TestFirstOctets::settingsOfTheMoment_data()
{
    QTest::addColumn<bool>("before");
    QTest::newRow("B§6: SOCKS5 is switched off while the client thinks") << true;
    QTest::newRow("B§6: SOCKS5 is switched on while the client thinks") << false;
}

void TestFirstOctets::settingsOfTheMoment()
{
    QFETCH(bool, before);
    rig::Door door(settingsWith(before));
    door.accept();
    door.apply(settingsWith(!before));
    door.say("\5\1"_ba + '\0');
    QVERIFY(door.client->accepted.startsWith(before ? "HTTP/1.1 400 "_ba : "\5\0"_ba));
}

void TestFirstOctets::whoEndsUnheard_data()
{
    QTest::addColumn<bool>("isReset");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("B§8: FIN before the first octet") << false << "0 client fin"_ba;
    QTest::newRow("B§8: RST before the first octet") << true << "0 client reset"_ba;
}

void TestFirstOctets::whoEndsUnheard()
{
    QFETCH(bool, isReset);
    QFETCH(QByteArray, end);
    rig::Door door;
    door.accept();
    (isReset ? door.client->peerReset : door.client->peerFin) = true;
    door.turn();
    QVERIFY(door.isClosed);
    QCOMPARE(door.end(), end);
    QCOMPARE(rig::name(door.finished().constLast().entrance.front), "http"_ba);
}

void TestFirstOctets::noOctetInTime()
{
    config::Settings settings;
    settings.timeouts.header = 20ms;
    rig::Door door(settings);
    door.accept();
    QTRY_VERIFY(door.isClosed);
    QCOMPARE(door.end(), "0 proxy timeout:idle"_ba);
    QVERIFY(door.client->accepted.isEmpty());
}

/// A client that has not asked yet still gets its 503.
void TestFirstOctets::aStopLetsItAsk()
{
    rig::Door door;
    door.accept();
    door.shared().draining = true;
    door.session->drain();
    QVERIFY(!door.isClosed);
    door.say(page);
    QVERIFY2(door.client->accepted.startsWith("HTTP/1.1 503 "), door.client->accepted.constData());
}

QTEST_GUILESS_MAIN(TestFirstOctets)
#include "tst_firstoctets.moc"
