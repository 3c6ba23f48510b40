// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optionparsers.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami::config;

class TstOptionParsers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbers_data();
    void numbers();
    void listenAddresses_data();
    void listenAddresses();
    void privateTargets_data();
    void privateTargets();
    void lists_data();
    void lists();
    void everyBadEntryIsNamed();
    void choices_data();
    void choices();
    void usernames_data();
    void usernames();
    void caFiles_data();
    void caFiles();
    void switches();
    void sourceAddresses_data();
    void sourceAddresses();
};

void TstOptionParsers::numbers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("accepted");

    QTest::newRow("B§1: the lowest") << u"1000"_s << true;
    QTest::newRow("B§1: the highest") << u"86400000"_s << true;
    QTest::newRow("B§1: below the range") << u"999"_s << false;
    QTest::newRow("B§1: above the range") << u"86400001"_s << false;
    QTest::newRow("B§1: a sign") << u"+2000"_s << false;
    QTest::newRow("B§1: negative") << u"-1"_s << false;
    QTest::newRow("B§1: a unit") << u"30s"_s << false;
    QTest::newRow("B§1: a fraction") << u"2000.5"_s << false;
    QTest::newRow("B§1: an exponent") << u"2e3"_s << false;
    QTest::newRow("B§1: hexadecimal") << u"0x7d0"_s << false;
    QTest::newRow("B§1: grouping") << u"1_200_000"_s << false;
    QTest::newRow("B§1: a blank within") << u"1 200 000"_s << false;
    QTest::newRow("B§1: overflow") << u"18446744073709553616"_s << false;
    QTest::newRow("B§1: other scripts' digits") << u"٢٠٠٠"_s << false;
    QTest::newRow("B§1: words") << u"twenty minutes"_s << false;
    QTest::newRow("B§1: nothing") << QString() << false;
}

void TstOptionParsers::numbers()
{
    QFETCH(QString, text);
    QFETCH(bool, accepted);

    const auto parsed = parseNumber(text, { 1000, 86'400'000, "milliseconds" });
    QCOMPARE(parsed.has_value(), accepted);
    if (parsed) {
        QCOMPARE(QString::number(*parsed), text);
        return;
    }
    QCOMPARE(parsed.error().constFirst().value, text);
    QCOMPARE(parsed.error().constFirst().problem,
             u"write a whole number of milliseconds from 1000 to 86400000"_s);
}

void TstOptionParsers::listenAddresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("written"); // null: refused
    QTest::addColumn<QString>("hint");

    QTest::newRow("B§1: every IPv4 address") << u"0.0.0.0"_s << u"0.0.0.0"_s << QString();
    QTest::newRow("B§1: :: is both families") << u"::"_s << u"::"_s << QString();
    QTest::newRow("B§1: [::] is both families") << u"[::]"_s << u"::"_s << QString();
    QTest::newRow("B§1: 0:0::0 is both families") << u"0:0::0"_s << u"::"_s << QString();
    QTest::newRow("B§1: loopback") << u"127.0.0.1"_s << u"127.0.0.1"_s << QString();
    QTest::newRow("B§1: IPv6 in brackets") << u"[::1]"_s << u"::1"_s << QString();
    QTest::newRow("a link-local address with its zone")
        << u"fe80::1%lo"_s << u"fe80::1%lo"_s << QString();
    QTest::newRow("B§1: localhost is refused with its addresses")
        << u"localhost"_s << QString() << u"127.0.0.1 or ::1"_s;
    QTest::newRow("B§1: a star is refused") << u"*"_s << QString() << u"0.0.0.0"_s;
    QTest::newRow("B§1: a name is refused") << u"proxy.lan"_s << QString() << u"0.0.0.0"_s;
    QTest::newRow("B§1: a port behind the address is refused")
        << u"127.0.0.1:8080"_s << QString() << u"setting of its own"_s;
    QTest::newRow("B§1: a short form is refused") << u"127.1"_s << QString() << u"address"_s;
    QTest::newRow("B§1: an octal form is refused") << u"127.0.0.01"_s << QString() << u"address"_s;
    QTest::newRow("B§1: a zone without a name is refused")
        << u"fe80::1%"_s << QString() << u"address"_s;
    QTest::newRow("B§1: a zone of a global address is refused")
        << u"2001:db8::1%lo"_s << QString() << u"address"_s;
}

void TstOptionParsers::listenAddresses()
{
    QFETCH(QString, text);
    QFETCH(QString, written);
    QFETCH(QString, hint);

    const auto parsed = parseListenAddress(text);
    QCOMPARE(parsed.has_value(), !written.isNull());
    if (!parsed) {
        const QString problem = parsed.error().constFirst().problem;
        QVERIFY2(problem.contains(hint), qPrintable(problem));
        return;
    }
    QCOMPARE(formatListenAddress(*parsed), written);
    const bool isAny = written == u"::"_s;
    QCOMPARE(parsed->protocol() == QAbstractSocket::AnyIPProtocol, isAny);
}

void TstOptionParsers::privateTargets_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("written"); // null: refused

    QTest::newRow("B§1: true") << u"true"_s << u"true"_s;
    QTest::newRow("B§1: TRUE") << u"TRUE"_s << u"true"_s;
    QTest::newRow("B§1: 1") << u"1"_s << u"true"_s;
    QTest::newRow("B§1: yes") << u"yes"_s << u"true"_s;
    QTest::newRow("B§1: false") << u"false"_s << u"false"_s;
    QTest::newRow("B§1: off") << u"off"_s << u"false"_s;
    QTest::newRow("B§1: 0") << u"0"_s << u"false"_s;
    QTest::newRow("B§1: a list of ranges")
        << u"192.168.1.0/24, fd00::/8"_s << u"192.168.1.0/24,fd00::/8"_s;
    QTest::newRow("B§1: a misspelled word is no list") << u"ture"_s << QString();
    QTest::newRow("B§1: a bad range") << u"192.168.1.0/33"_s << QString();
    QTest::newRow("B§1: a word in a list") << u"192.168.1.0/24,true"_s << QString();
}

void TstOptionParsers::privateTargets()
{
    QFETCH(QString, text);
    QFETCH(QString, written);

    const auto parsed = parsePrivateTargets(text);
    QCOMPARE(parsed.has_value(), !written.isNull());
    if (parsed) {
        QCOMPARE(formatPrivateTargets(*parsed), written);
        QCOMPARE(parsed->all, written == u"true"_s);
    }
}

void TstOptionParsers::lists_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("written"); // null: refused

    QTest::newRow("B§1: addresses and ranges of both families")
        << u"192.168.1.100,10.0.0.0/8,2001:db8::/32"_s
        << u"192.168.1.100,10.0.0.0/8,2001:db8::/32"_s;
    QTest::newRow("B§1: blanks around entries")
        << u" 192.0.2.1 ,\t192.0.2.2 "_s << u"192.0.2.1,192.0.2.2"_s;
    QTest::newRow("an empty entry opens nothing")
        << u"192.0.2.1,,192.0.2.2,"_s << u"192.0.2.1,192.0.2.2"_s;
    QTest::newRow("B§1: commas alone are no way to say everyone") << u" , ,"_s << QString();
    QTest::newRow("B§1: one bad entry spoils the list") << u"192.0.2.1,oops"_s << QString();
    QTest::newRow("B§1: blanks do not separate") << u"192.0.2.1 192.0.2.2"_s << QString();
    QTest::newRow("B§1: an entry in quotes") << u"192.0.2.1,\"192.0.2.2\""_s << QString();
    QTest::newRow("B§1: private is a word of the clients' list alone") << u"private"_s << QString();
    QTest::newRow("B§1: semicolons do not separate") << u"192.0.2.1;192.0.2.2"_s << QString();
}

void TstOptionParsers::lists()
{
    QFETCH(QString, text);
    QFETCH(QString, written);

    const auto parsed = parseRanges(text);
    QCOMPARE(parsed.has_value(), !written.isNull());
    if (parsed)
        QCOMPARE(formatList(*parsed), written);
}

void TstOptionParsers::everyBadEntryIsNamed()
{
    const auto ranges = parseRanges(u"10.0.0.0/33, 192.0.2.1, oops"_s);
    QVERIFY(!ranges);
    QCOMPARE(ranges.error().size(), 2);
    QCOMPARE(ranges.error().at(0).value, u"10.0.0.0/33"_s);
    QCOMPARE(ranges.error().at(1).value, u"oops"_s);
    const auto hosts = parseHosts(u"*, api.openai.com, пример.рф"_s);
    QVERIFY(!hosts);
    QCOMPARE(hosts.error().size(), 2);
    QVERIFY(hosts.error().at(1).problem.contains(u"punycode"_s));

    const auto presets = parseHosts(u"@Anthropic , a.example,@llm"_s);
    QVERIFY(presets);
    QCOMPARE(formatList(*presets), u"@anthropic,a.example,@llm"_s);
    const auto unknown = parseHosts(u"@antropic,@grok,@,@openai:443"_s);
    QVERIFY(!unknown);
    QCOMPARE(unknown.error().size(), 4);
    QVERIFY(unknown.error().at(0).problem.contains(u"did you mean @anthropic?"_s));
    QVERIFY(unknown.error().at(0).problem.contains(u"@deepseek"_s));
    for (const qsizetype at : { 1, 2, 3 })
        QVERIFY2(!unknown.error().at(at).problem.contains(u"did you mean"_s),
                 qPrintable(unknown.error().at(at).problem));
    const auto ports = parsePorts(u"80, 443-80"_s);
    QVERIFY(!ports);
    QCOMPARE(ports.error().constFirst().value, u"443-80"_s);
}

void TstOptionParsers::choices_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isLevel");
    QTest::addColumn<bool>("isFormat");

    QTest::newRow("B§1: a log level") << u"debug"_s << true << false;
    QTest::newRow("B§1: a log level in any case") << u"ErRoR"_s << true << false;
    QTest::newRow("B§1: a log format") << u"json"_s << false << true;
    QTest::newRow("B§1: an unknown level") << u"warn"_s << false << false;
    QTest::newRow("B§1: a prefix of a level") << u"deb"_s << false << false;
}

void TstOptionParsers::choices()
{
    QFETCH(QString, text);
    QFETCH(bool, isLevel);
    QFETCH(bool, isFormat);

    const auto level = parseLogLevel(text);
    QCOMPARE(level.has_value(), isLevel);
    if (level)
        QCOMPARE(QString::fromLatin1(toString(*level)), text.toLower());
    else
        QCOMPARE(level.error().constFirst().problem, u"write error or info or debug"_s);
    QCOMPARE(parseLogFormat(text).has_value(), isFormat);
    QVERIFY(!parseBackend(text));
    QCOMPARE(parseBackend(u"qt"_s).value(), Backend::Qt);
}

void TstOptionParsers::usernames_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("accepted");

    QTest::newRow("B§1: a user name") << u"admin"_s << true;
    QTest::newRow("RFC 7617 §2.1: a user name in Cyrillic") << u"админ"_s << true;
    QTest::newRow("B§1: a password's placeholder may be a user name") << u"example"_s << true;
    QTest::newRow("B§1: a user name with a colon is refused") << u"ad:min"_s << false;
    QTest::newRow("RFC 7617 §2: a control character is refused") << u"ad\x01min"_s << false;
    QTest::newRow("RFC 7617 §2: DEL is refused") << u"admin\x7f"_s << false;
}

void TstOptionParsers::usernames()
{
    QFETCH(QString, text);
    QFETCH(bool, accepted);
    QCOMPARE(parseUsername(text).has_value(), accepted);
}

void TstOptionParsers::caFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("accepted");

    QTest::newRow("B§1: a certificate")
        << "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n"_ba << true;
    QTest::newRow("B§1: a key is no certificate")
        << "-----BEGIN PRIVATE KEY-----\nMII=\n-----END PRIVATE KEY-----\n"_ba << false;
    QTest::newRow("B§1: a certificate cut short")
        << "-----BEGIN CERTIFICATE-----\nMII="_ba << false;
    QTest::newRow("B§1: an empty file") << ""_ba << false;
}

void TstOptionParsers::caFiles()
{
    QFETCH(QByteArray, content);
    QFETCH(bool, accepted);

    QTemporaryDir folder;
    QFile file(folder.filePath(u"ca.pem"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    QCOMPARE(parseCaFile(file.fileName()).has_value(), accepted);
    QVERIFY(!parseCaFile(folder.path()));
    QVERIFY(!parseCaFile(folder.filePath(u"missing.pem"_s)));
}

void TstOptionParsers::switches()
{
    for (const QString &text : { u"true"_s, u"YES"_s, u"on"_s, u"1"_s })
        QCOMPARE(parseSwitch(text).value(), true);
    for (const QString &text : { u"False"_s, u"no"_s, u"off"_s, u"0"_s })
        QCOMPARE(parseSwitch(text).value(), false);
    QCOMPARE(parseSwitch(u"2"_s).error().constFirst().problem, u"write true or false"_s);
}

void TstOptionParsers::sourceAddresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("written"); // null: refused
    QTest::addColumn<QString>("hint");

    QTest::newRow("B§1: IPv4 alone") << u"192.0.2.7"_s << u"192.0.2.7"_s << QString();
    QTest::newRow("B§1: IPv6 alone") << u"2001:DB8::7"_s << u"2001:db8::7"_s << QString();
    QTest::newRow("B§1: one of each, in any order")
        << u"2001:db8::7, 192.0.2.7"_s << u"192.0.2.7,2001:db8::7"_s << QString();
    QTest::newRow("B§1: a mapped address is the IPv4 address")
        << u"::ffff:192.0.2.7"_s << u"192.0.2.7"_s << QString();
    QTest::newRow("B§1: two of one family")
        << u"192.0.2.7,192.0.2.8"_s << QString() << u"second of its family"_s;
    QTest::newRow("B§1: commas alone") << u","_s << QString() << u"no entry"_s;
    QTest::newRow("B§1: a name") << u"eth0"_s << QString() << u"like 192.0.2.7"_s;
    QTest::newRow("B§1: a range") << u"192.0.2.0/24"_s << QString() << u"like 192.0.2.7"_s;
    QTest::newRow("B§1: link-local") << u"fe80::1"_s << QString() << u"link-local"_s;
    QTest::newRow("B§1: link-local with its zone")
        << u"fe80::1%eth0"_s << QString() << u"link-local"_s;
    QTest::newRow("B§1: every IPv4 address") << u"0.0.0.0"_s << QString() << u"every address"_s;
    QTest::newRow("B§1: every IPv6 address") << u"::"_s << QString() << u"every address"_s;
    QTest::newRow("B§1: multicast") << u"ff02::1"_s << QString() << u"the address of a host"_s;
    QTest::newRow("B§1: broadcast")
        << u"255.255.255.255"_s << QString() << u"the address of a host"_s;
}

void TstOptionParsers::sourceAddresses()
{
    QFETCH(QString, text);
    QFETCH(QString, written);
    QFETCH(QString, hint);
    const auto parsed = parseSourceAddresses(text);
    QCOMPARE(parsed.has_value(), !written.isNull());
    if (parsed)
        QCOMPARE(formatSourceAddresses(*parsed), written);
    else
        QVERIFY2(parsed.error().constFirst().problem.contains(hint),
                 qPrintable(parsed.error().constFirst().problem));
}

QTEST_APPLESS_MAIN(TstOptionParsers)
#include "tst_optionparsers.moc"
