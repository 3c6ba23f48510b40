// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/identitynames.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::door;

class TstIdentityNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
    void tooManyAreCut();
};

namespace {

QByteArray joined(const QList<config::ServerName> &names)
{
    QByteArrayList texts;
    for (const config::ServerName &name : names)
        texts.append(name.toByteArray());
    return texts.join(' ');
}

const QList<InterfaceAddress> interfaces {
    { QHostAddress(u"2001:db8::7"_s), 64, LinkKind::Shared, "eth0" },
    { QHostAddress(u"192.0.2.7"_s), 24, LinkKind::Shared, "eth0" },
    { QHostAddress(u"10.0.0.1"_s), 24, LinkKind::Shared, "docker0" },
    { QHostAddress(u"fe80::1"_s), 64, LinkKind::Shared, "eth0" },
    { QHostAddress(u"127.0.0.1"_s), 8, LinkKind::Loopback, "lo" },
};

} // namespace

void TstIdentityNames::names_data()
{
    QTest::addColumn<QString>("listening");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("configured");
    QTest::addColumn<QByteArray>("expected");

    QTest::newRow("B§12: every IPv4 address: those of the interfaces")
        << u"0.0.0.0"_s << "box"_ba
        << ""_ba
        << "box localhost 127.0.0.1 ::1 10.0.0.1 192.0.2.7"_ba;
    QTest::newRow("B§12: every address: both families, IPv4 first, no link-local one")
        << u"any"_s << "box"_ba
        << ""_ba
        << "box localhost 127.0.0.1 ::1 10.0.0.1 192.0.2.7 2001:db8::7"_ba;
    QTest::newRow("B§12: a single address: no other of the machine")
        << u"192.0.2.7"_s << "box"_ba
        << ""_ba
        << "box localhost 127.0.0.1 ::1 192.0.2.7"_ba;
    QTest::newRow("B§12: loopback: nothing else, and it once") << u"127.0.0.1"_s << "box"_ba
                                                               << ""_ba
                                                               << "box localhost 127.0.0.1 ::1"_ba;
    QTest::newRow("B§12: a link-local address has no place in a certificate")
        << u"fe80::1%eth0"_s << "box"_ba
        << ""_ba
        << "box localhost 127.0.0.1 ::1"_ba;
    QTest::newRow("B§12: PROXY_TLS_NAMES come first")
        << u"127.0.0.1"_s << "box"_ba
        << "proxy.example.com,198.51.100.1"_ba
        << "proxy.example.com 198.51.100.1 box localhost 127.0.0.1 ::1"_ba;
    QTest::newRow("B§12: a name that is known already is there once")
        << u"127.0.0.1"_s << "Box"_ba
        << "box"_ba
        << "box localhost 127.0.0.1 ::1"_ba;
    QTest::newRow("B§12: a host name that no certificate can have is left out")
        << u"127.0.0.1"_s << "my_box"_ba
        << ""_ba
        << "localhost 127.0.0.1 ::1"_ba;
}

void TstIdentityNames::names()
{
    QFETCH(const QString, listening);
    QFETCH(const QByteArray, host);
    QFETCH(const QByteArray, configured);
    QFETCH(const QByteArray, expected);
    config::Settings settings;
    settings.listen.address =
        listening == u"any"_s ? QHostAddress(QHostAddress::Any) : QHostAddress(listening);
    for (const QByteArray &name : configured.split(',')) {
        if (!name.isEmpty())
            settings.tls.names.append(config::ServerName::parse(name).value());
    }
    QCOMPARE(joined(identityNames(settings, host, interfaces)), expected);
}

void TstIdentityNames::tooManyAreCut()
{
    QList<InterfaceAddress> many;
    for (quint32 i = 0; i < 300; ++i)
        many.append({ QHostAddress(0x0A000000U + i), 24, LinkKind::Shared, "eth0" });
    const auto names = identityNames({}, "box", many);
    QCOMPARE(names.size(), maxIdentityNames);
    QCOMPARE(names.first().toByteArray(), QByteArray("box"));
}

QTEST_APPLESS_MAIN(TstIdentityNames)
#include "tst_identitynames.moc"
