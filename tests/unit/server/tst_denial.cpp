// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/denial.h"
#include "server/reply.h"
#include "serverrig.h"

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::server;
using account::EndedHow;
using net::DialError;
using net::DialFault;
using policy::Refusal;

namespace {

/// "503 limit client_full, must close"
QByteArray told(const std::optional<Denial> &denial)
{
    if (!denial)
        return "none";
    const ReplyText text = replyText(*denial);
    return QByteArray::number(text.status) + ' ' + toString(denial->how) + ' ' + text.reason.code()
        + (denial->mustClose ? ", must close" : "");
}

} // namespace

class TestDenial : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ofAPlace();
    void whileDraining();
    void ofARule_data();
    void ofARule();
    void ofADial_data();
    void ofADial();
    void madeUpAddressesAreSaidOnce();
};

void TestDenial::ofAPlace()
{
    QCOMPARE(told(denialOfPlace(Crowding::None)), "none"_ba);
    QCOMPARE(told(denialOfPlace(Crowding::ClientFull)), "503 limit client_full, must close"_ba);
    QCOMPARE(told(denialOfPlace(Crowding::ProxyFull)), "503 limit full, must close"_ba);
}

void TestDenial::whileDraining()
{
    rig::Proxy proxy;
    QCOMPARE(told(denialWhileDraining(proxy.shared)), "none"_ba);
    proxy.shared.draining = true;
    QCOMPARE(told(denialWhileDraining(proxy.shared)), "503 drained draining, must close"_ba);
}

void TestDenial::ofARule_data()
{
    QTest::addColumn<Refusal>("refusal");
    for (int value = int(Refusal::ClientNotListed); value <= int(Refusal::Loop); ++value)
        QTest::addRow("B§2: %s", toString(Refusal(value))) << Refusal(value);
}

void TestDenial::ofARule()
{
    QFETCH(Refusal, refusal);
    const Denial denial = denialOf({ refusal, std::chrono::seconds(7) });
    const Reply reply = denialReply(denial);
    QCOMPARE(told(denial),
             QByteArray::number(replyText(refusal).status) + " refused " + toString(refusal));
    QCOMPARE(reply.status, replyText(refusal).status);
    QCOMPARE(reply.fields.value("Retry-After").has_value(), refusal == Refusal::GuesserBlocked);
}

void TestDenial::ofADial_data()
{
    QTest::addColumn<DialFault>("fault");
    QTest::addColumn<Refusal>("refusal");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("B§7: the host refused")
        << DialFault::ConnectionRefused << Refusal::None << "502 dial_failed connection_refused"_ba;
    QTest::newRow("B§7: no answer in time")
        << DialFault::ConnectTimeout << Refusal::None << "504 timeout:dial connection_timeout"_ba;
    QTest::newRow("B§7: no answer of the name server")
        << DialFault::DnsTimeout << Refusal::None << "504 timeout:dial dns_timeout"_ba;
    QTest::newRow("B§2: the rule that let no address pass")
        << DialFault::AddressRefused << Refusal::PrivateTarget << "403 refused private_target"_ba;
    QTest::newRow("B§2: no address passed, and no rule says why")
        << DialFault::AddressRefused << Refusal::None
        << "403 dial_failed destination_ip_prohibited"_ba;
    QTest::newRow("B§2: a rule refused one address, another one did not answer")
        << DialFault::ConnectTimeout << Refusal::PrivateTarget
        << "504 timeout:dial connection_timeout"_ba;
}

void TestDenial::ofADial()
{
    QFETCH(DialFault, fault);
    QFETCH(Refusal, refusal);
    QFETCH(QByteArray, expected);
    rig::Proxy proxy;
    const Denial denial = denialOf(DialError { fault, {} }, { refusal }, proxy.shared);
    QCOMPARE(told(denial), expected);
    QCOMPARE(denialReply(denial, std::chrono::seconds(15)).status, replyText(denial).status);
}

void TestDenial::madeUpAddressesAreSaidOnce()
{
    rig::Log log;
    rig::Proxy proxy;
    for (int i = 0; i < 3; ++i) {
        const Denial denial = denialOf(DialError { DialFault::AddressRefused, {} },
                                       { Refusal::FakeAddress }, proxy.shared);
        QCOMPARE(told(denial), "403 refused fake_ip"_ba);
    }
    QCOMPARE(log.lines().size(), 1);
}

QTEST_GUILESS_MAIN(TestDenial)
#include "tst_denial.moc"
