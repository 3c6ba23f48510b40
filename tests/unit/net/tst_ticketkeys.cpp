// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "net/ticketkeys.h"

#include <QTest>

using namespace sami;
using namespace sami::net;
using namespace std::chrono_literals;

namespace {

const TimePoint start = TimePoint() + 1000h;

QByteArrayView nameOf(const TicketKey &key)
{
    return { key.name.data(), qsizetype(key.name.size()) };
}

} // namespace

class TestTicketKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneKeySealsForItsLifetime();
    void anOldOneOpensForAsLongAgain_data();
    void anOldOneOpensForAsLongAgain();
    void aTicketOfAnotherIsNotOpened();
    void eachHasItsOwn();
};

void TestTicketKeys::oneKeySealsForItsLifetime()
{
    TicketKeys keys;
    const TicketKey first = keys.sealing(start).value();
    QVERIFY(first.cipher != decltype(first.cipher) {});
    QVERIFY(first.mac != decltype(first.mac) {});
    QVERIFY(keys.sealing(start + TicketKeys::lifetime - 1ms)->name == first.name);
    const TicketKey second = keys.sealing(start + TicketKeys::lifetime).value();
    QVERIFY(second.name != first.name);
    QVERIFY(second.cipher != first.cipher);
    QVERIFY(second.mac != first.mac);
}

void TestTicketKeys::anOldOneOpensForAsLongAgain_data()
{
    QTest::addColumn<int>("hours");
    QTest::addColumn<bool>("opens");
    QTest::addColumn<bool>("isOld");
    QTest::newRow("at once") << 0 << true << false;
    QTest::newRow("in its lifetime") << 11 << true << false;
    QTest::newRow("after its lifetime") << 12 << true << true;
    QTest::newRow("at the end of the second") << 23 << true << true;
    QTest::newRow("after two") << 24 << false << false;
    QTest::newRow("after days in which nobody came") << 100 << false << false;
}

void TestTicketKeys::anOldOneOpensForAsLongAgain()
{
    QFETCH(int, hours);
    QFETCH(bool, opens);
    QFETCH(bool, isOld);
    for (const bool isSealingMeanwhile : { false, true }) {
        TicketKeys keys;
        const TicketKey key = keys.sealing(start).value();
        const TimePoint now = start + std::chrono::hours(hours);
        if (isSealingMeanwhile)
            QVERIFY(keys.sealing(now));
        const auto found = keys.opening(nameOf(key), now);
        QCOMPARE(found.has_value(), opens);
        if (!found)
            continue;
        QCOMPARE(found->isOld, isOld);
        QVERIFY(found->key.cipher == key.cipher && found->key.mac == key.mac);
    }
}

void TestTicketKeys::aTicketOfAnotherIsNotOpened()
{
    TicketKeys keys;
    QVERIFY(!keys.opening(QByteArray(16, 'x'), start));
    static_cast<void>(keys.sealing(start));
    QVERIFY(!keys.opening(QByteArray(16, 'x'), start));
    QVERIFY(!keys.opening(QByteArray(), start));
}

void TestTicketKeys::eachHasItsOwn()
{
    TicketKeys one;
    TicketKeys other;
    const TicketKey key = one.sealing(start).value();
    QVERIFY(other.sealing(start)->name != key.name);
    QVERIFY(!other.opening(nameOf(key), start));
}

QTEST_GUILESS_MAIN(TestTicketKeys)
#include "tst_ticketkeys.moc"
