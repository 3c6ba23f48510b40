// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "server/machinenetworks.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;
using namespace sami::server;

namespace {

InterfaceAddress at(const QString &address)
{
    return { QHostAddress(address), 24, LinkKind::Shared, "eth0" };
}

bool has(const MachineNetworks &networks, const QString &address)
{
    return networks.current().hasAddress(AddressBits::of(QHostAddress(address)));
}

} // namespace

class TstMachineNetworks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void start();
    void kept();
};

void TstMachineNetworks::start()
{
    MachineNetworks networks([]() -> Result<QList<InterfaceAddress>, QString> {
        return Unexpected(u"Too many open files"_s);
    });
    const auto read = networks.read();
    QVERIFY2(!read, "B§2: a start without knowing the own addresses");
    QVERIFY2(read.error().contains(u"Too many open files"_s), qPrintable(read.error()));
}

void TstMachineNetworks::kept()
{
    Result<QList<InterfaceAddress>, QString> answer = QList { at(u"11.22.33.4"_s) };
    MachineNetworks networks([&answer] { return answer; });
    QVERIFY(networks.read());
    QVERIFY(!networks.refresh());

    answer = Unexpected(u"Too many open files"_s);
    QVERIFY2(!networks.refresh(), "B§2: a failure changes nothing");
    QVERIFY2(has(networks, u"11.22.33.4"_s), "B§2: what was known stays");

    answer = QList { at(u"11.22.34.4"_s) };
    QVERIFY(networks.refresh());
    QVERIFY(has(networks, u"11.22.34.4"_s));
    QVERIFY2(!has(networks, u"11.22.33.4"_s), "an address that has gone is one's own no more");
}

QTEST_APPLESS_MAIN(TstMachineNetworks)
#include "tst_machinenetworks.moc"
