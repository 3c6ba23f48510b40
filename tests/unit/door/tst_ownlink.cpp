// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What a link says about the place and the credentials. Its TLS part is tested with the real
// program (tests/integration/test_link.py).
#include "config/link.h"
#include "config/optionparsers.h"
#include "door/ownlink.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::door;

class TstOwnLink : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void places_data();
    void places();
    void clearTextIsSaid();
    void itReadsAsWhatItIsFor();
    void itIsTheUsersWhoIsNamed();
    void whatALinkCannotSay_data();
    void whatALinkCannotSay();
};

namespace {

/// A machine in two networks, one of them public.
Result<QList<InterfaceAddress>, QString> machine()
{
    return QList<InterfaceAddress> {
        { QHostAddress(u"127.0.0.1"_s), 8, LinkKind::Loopback, "lo" },
        { QHostAddress(u"2600::7"_s), 64, LinkKind::Shared, "eth0" },
        { QHostAddress(u"192.168.1.20"_s), 24, LinkKind::Shared, "eth0" },
        { QHostAddress(u"8.8.8.7"_s), 24, LinkKind::Shared, "eth1" },
    };
}

Result<QList<InterfaceAddress>, QString> desk()
{
    return QList<InterfaceAddress> {
        { QHostAddress(u"192.168.1.20"_s), 24, LinkKind::Shared, "eth0" },
    };
}

} // namespace

void TstOwnLink::places_data()
{
    QTest::addColumn<QString>("listening");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("names");    // PROXY_TLS_NAMES
    QTest::addColumn<QString>("expected"); // the place, or part of the problem
    const auto row = [](const char *sentence, const QString &listening, const QString &host,
                        const QString &names, const QString &expected) {
        QTest::newRow(sentence) << listening << host << names << expected;
    };
    row("B§15: the host that was wished for", u"0.0.0.0"_s, u"Proxy.example.com"_s, {},
        u"proxy.example.com:8080"_s);
    row("B§15: its own port", u"0.0.0.0"_s, u"proxy.example.com:443"_s, {},
        u"proxy.example.com:443"_s);
    row("B§15: an IPv6 address", u"0.0.0.0"_s, u"2001:db8::7"_s, {}, u"[2001:db8::7]:8080"_s);
    row("B§15: an IPv6 address and a port", u"0.0.0.0"_s, u"[2001:db8::7]:443"_s, {},
        u"[2001:db8::7]:443"_s);
    row("B§15: without it the first name of the certificate", u"0.0.0.0"_s, {},
        u"a.example,b.example"_s, u"a.example:8080"_s);
    row("B§15: without one the public address", u"0.0.0.0"_s, {}, {}, u"8.8.8.7:8080"_s);
    row("B§15: IPv4 before IPv6", u"::"_s, {}, {}, u"8.8.8.7:8080"_s);
    row("B§15: the address that is listened at", u"2600::9"_s, {}, {}, u"[2600::9]:8080"_s);

    row("B§15: a private address is listened at", u"192.168.1.20"_s, {}, {}, u"must give"_s);
    row("B§15: loopback is listened at", u"127.0.0.1"_s, {}, {}, u"must give"_s);
    row("B§15: a host that is none", u"0.0.0.0"_s, u"a b"_s, {}, u"write a name"_s);
    row("B§15: a URL", u"0.0.0.0"_s, u"https://a.example"_s, {}, u"without https://"_s);
    row("B§15: a port that is none", u"0.0.0.0"_s, u"a.example:0"_s, {}, u"1 to 65535"_s);
    row("B§15: something after the brackets", u"0.0.0.0"_s, u"[::1]443"_s, {}, u"1 to 65535"_s);
}

void TstOwnLink::places()
{
    QFETCH(const QString, listening);
    QFETCH(const QString, host);
    QFETCH(const QString, names);
    QFETCH(const QString, expected);
    config::Settings settings;
    settings.listen.address = config::parseListenAddress(listening).value();
    if (!names.isEmpty())
        settings.tls.names = config::parseServerNames(names).value();
    const auto link = ownLink(settings, { host, {} }, &machine);
    if (!link) {
        QVERIFY2(link.error().problem.contains(expected), qPrintable(link.error().toString()));
        QCOMPARE(link.error().name, u"--host"_s);
        return;
    }
    QCOMPARE(config::parseLink(link->text)->endpoint.toByteArray(), expected.toUtf8());
}

void TstOwnLink::clearTextIsSaid()
{
    config::Settings settings;
    auto link = ownLink(settings, { u"a.example"_s, {} }, &desk);
    QVERIFY(link && link->text == "sami-proxy://a.example:8080?tls=0");
    QCOMPARE(link->warnings.size(), 1);
    QVERIFY(link->warnings.constFirst().contains(u"for clear text"_s));
    settings.tls.mode = config::TlsMode::Off;
    settings.state.folder = u"/no/such/folder"_s;
    link = ownLink(settings, { u"a.example"_s, {} }, &desk);
    QVERIFY(link && link->text.contains("tls=0"));
#ifdef Q_OS_LINUX
    QVERIFY(link->warnings.constFirst().contains(u"PROXY_TLS is off"_s));
    settings.tls.mode = config::TlsMode::Auto;
    QVERIFY(!ownLink(settings, { u"a.example"_s, {} }, &desk));
#endif
}

void TstOwnLink::itReadsAsWhatItIsFor()
{
    config::Settings settings;
    settings.access.credentials = policy::Credentials { "änna", "p@ss:/?#% w&rd" };
    const auto link = ownLink(settings, { u"a.example"_s, u"Büro 1"_s }, &desk);
    QVERIFY(link);
    const config::Parent parent = config::parseLink(link->text).value();
    QCOMPARE(parent.user, "änna"_ba);
    QCOMPARE(parent.password, "p@ss:/?#% w&rd"_ba);
    QCOMPARE(parent.name, "Büro 1"_ba);
    QVERIFY(parent.fromLink);
}

void TstOwnLink::itIsTheUsersWhoIsNamed()
{
    config::Settings settings;
    settings.users.file = u"/etc/proxy/users"_s;
    const auto unnamed = ownLink(settings, { u"a.example"_s, {} }, &desk);
    QVERIFY(!unnamed);
    QCOMPARE(unnamed.error().name, u"--user"_s);
    const policy::Credentials anna { "anna", "secret" };
    const auto named = ownLink(settings, { u"a.example"_s, {}, anna }, &desk);
    QVERIFY(named && named->text.startsWith("sami-proxy://anna:secret@a.example"));
    settings.access.credentials = policy::Credentials { "boss", "hidden" };
    QVERIFY(ownLink(settings, { u"a.example"_s, {} }, &desk)->text.contains("boss:hidden@"));
    QVERIFY(ownLink(settings, { u"a.example"_s, {}, anna }, &desk)->text.contains("anna:secret@"));
}

void TstOwnLink::whatALinkCannotSay_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("setting");
    QTest::newRow("B§15: a name with a line break") << u"a\nb"_s << "p"_ba << 1 << u"--name"_s;
    QTest::newRow("B§15: direct is no name") << u"direct"_s << "p"_ba << 1 << u"--name"_s;
    QTest::newRow("B§15: a password of over 1024 octets")
        << QString() << QByteArray(1025, 'p') << 1 << u"PROXY_AUTH_PASSWORD"_s;
    QTest::newRow("B§15: any free port") << QString() << "p"_ba << 0 << u"PROXY_PORT"_s;
}

void TstOwnLink::whatALinkCannotSay()
{
    QFETCH(const QString, name);
    QFETCH(const QByteArray, password);
    QFETCH(const int, port);
    QFETCH(const QString, setting);
    config::Settings settings;
    settings.listen.port = static_cast<quint16>(port);
    settings.access.credentials = policy::Credentials { "u", password };
    const auto link = ownLink(settings, { u"a.example"_s, name }, &desk);
    QVERIFY(!link);
    QCOMPARE(link.error().name, setting);
    QVERIFY(!link.error().toString().contains(QString::fromLatin1(password.repeated(20))));
}

QTEST_APPLESS_MAIN(TstOwnLink)
#include "tst_ownlink.moc"
