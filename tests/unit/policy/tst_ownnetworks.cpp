// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "policy/ownnetworks.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::policy;

namespace {

AddressBits bits(const QString &address)
{
    return AddressBits::of(QHostAddress(address));
}

} // namespace

class TstOwnNetworks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addresses();
    void duplicates();
};

void TstOwnNetworks::addresses()
{
    const OwnNetworks networks({ { QHostAddress(u"127.0.0.1"_s), 8, LinkKind::Loopback, "lo" },
                                 { QHostAddress(u"fe80::4%1"_s), 64, LinkKind::Shared, "eth0" } });
    QVERIFY(networks.hasAddress(bits(u"127.0.0.1"_s)));
    QVERIFY(networks.hasAddress(bits(u"::ffff:127.0.0.1"_s)));
    QVERIFY(networks.hasAddress(bits(u"fe80::4"_s)));
    QVERIFY(!networks.hasAddress(bits(u"127.0.0.2"_s)));
    QVERIFY(!OwnNetworks().hasAddress(bits(u"127.0.0.1"_s)));
}

void TstOwnNetworks::duplicates()
{
    const InterfaceAddress one { QHostAddress(u"2606:4700:1:2::4"_s), 64, LinkKind::Shared,
                                 "eth0" };
    const InterfaceAddress temporary { QHostAddress(u"2606:4700:1:2::5"_s), 64, LinkKind::Shared,
                                       "eth0" };
    QCOMPARE(OwnNetworks({ one, one }), OwnNetworks({ one }));
    QVERIFY(!(OwnNetworks({ one, temporary }) == OwnNetworks({ one })));
}

QTEST_APPLESS_MAIN(TstOwnNetworks)
#include "tst_ownnetworks.moc"
