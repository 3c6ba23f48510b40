// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/parenturl.h"
#include "gui/control/serversecrets.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

class TstServerSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFileIsWrittenWithout_data();
    void aFileIsWrittenWithout();
    void whatTheKeychainLacksStays();
    void aFileIsReadWith_data();
    void aFileIsReadWith();
    void anotherPlaceGetsNoPassword_data();
    void anotherPlaceGetsNoPassword();
    void aStandInIsNoPassword();
    void aFileThatNamesNoEntryIsLeftAlone();
    void aDamagedFileIsReadLineByLine();
    void anEntryIsReadAsItWasWritten();
};

namespace {

const QByteArray nameLine = "gui_passwords_in_keychain = 3f9a1c2b\n";

config::IniFile ini(const QByteArray &text)
{
    return config::IniFile::parse(text).value();
}

/// Holds the password of ann and bob at fra, and knows the entry's name.
ServerSecrets secretsOf(const QByteArray &kind = "https")
{
    ServerSecrets secrets;
    secrets.adopt(ini(nameLine));
    secrets.hold({ { kind + "://ann@fra.example.com:8443", "s3c,r/t" },
                   { kind + "://bob@fra.example.com:8443", "word" } });
    return secrets;
}

} // namespace

void TstServerSecrets::aFileIsWrittenWithout_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("with");
    QTest::addColumn<QByteArray>("without");

    QTest::newRow("a link keeps pin and name")
        << "https"_ba
        << "parents = sami-proxy://ann:s3c%2Cr%2Ft@fra.example.com:8443?pin="
           "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA&name=fra\n"_ba
        << "parents = https://ann@fra.example.com:8443?pin="
           "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA&name=fra\n"_ba;
    QTest::newRow("a link in clear text stays in clear text")
        << "http"_ba
        << "parents = sami-proxy://ann:s3c%2Cr%2Ft@fra.example.com:8443?tls=0\n"_ba
        << "parents = http://ann@fra.example.com:8443\n"_ba;
    QTest::newRow("SOCKS5") << "socks5"_ba
                            << "parents = socks5://ann:s3c%2Cr%2Ft@fra.example.com:8443,direct\n"_ba
                            << "parents = socks5://ann@fra.example.com:8443,direct\n"_ba;
    QTest::newRow("a server that is off")
        << "https"_ba
        << "gui_servers_off = 2 https://ann:s3c%2Cr%2Ft@fra.example.com:8443\n"_ba
        << "gui_servers_off = 2 https://ann@fra.example.com:8443\n"_ba;
    QTest::newRow("two of them, and the rest of the file")
        << "https"_ba
        << "# mine\nport = 3128\nparents = https://ann:s3c%2Cr%2Ft@fra.example.com:8443, "
           "https://bob:word@fra.example.com:8443?name=b\n"_ba
        << "# mine\nport = 3128\nparents = https://ann@fra.example.com:8443,"
           "https://bob@fra.example.com:8443?name=b\n"_ba;
}

void TstServerSecrets::aFileIsWrittenWithout()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, with);
    QFETCH(QByteArray, without);
    const ServerSecrets secrets = secretsOf(kind);
    QCOMPARE(secrets.stripped(ini(with)).toByteArray(), without + nameLine);
    // Doing it again changes nothing.
    QCOMPARE(secrets.stripped(ini(without + nameLine)).toByteArray(), without + nameLine);
}

void TstServerSecrets::whatTheKeychainLacksStays()
{
    const ServerSecrets secrets = secretsOf();
    for (const QByteArray &text :
         { "parents = https://ann:another@fra.example.com:8443\n"_ba,
           "parents = https://cat:s3c@fra.example.com:8443\n"_ba,
           "parents = https://fra.example.com:8443,direct\n"_ba, "parents = @/etc/parents\n"_ba,
           // Its password is in another file.
           "parents = https://ann@fra.example.com:8443\nparents_password_file = /etc/p\n"_ba,
           "port = 3128\n"_ba })
        QCOMPARE(secrets.stripped(ini(text)).toByteArray(), text);
    // The last such server has gone.
    QCOMPARE(secrets.stripped(ini("port = 3128\n" + nameLine)).toByteArray(), "port = 3128\n"_ba);
}

void TstServerSecrets::aFileIsReadWith_data()
{
    QTest::addColumn<QByteArray>("without");
    QTest::addColumn<QByteArray>("with");

    QTest::newRow("a server")
        << "parents = https://ann@fra.example.com:8443?name=fra\n"_ba
        << "parents = https://ann:s3c%2Cr%2Ft@fra.example.com:8443?name=fra\n"_ba;
    QTest::newRow("an empty password is one") << "parents = https://ann:@fra.example.com:8443\n"_ba
                                              << "parents = https://ann:@fra.example.com:8443\n"_ba;
    QTest::newRow("a password in the file counts")
        << "parents = https://ann:mine@fra.example.com:8443\n"_ba
        << "parents = https://ann:mine@fra.example.com:8443\n"_ba;
    QTest::newRow("a file of its own is left alone") << "parents = @/etc/parents\n"_ba
                                                     << "parents = @/etc/parents\n"_ba;
    QTest::newRow("a server that is off")
        << "gui_servers_off = 0 https://bob@fra.example.com:8443,1 https://c.example.com:1\n"_ba
        << "gui_servers_off = 0 https://bob:word@fra.example.com:8443,1 https://c.example.com:1\n"_ba;
}

void TstServerSecrets::aFileIsReadWith()
{
    QFETCH(QByteArray, without);
    QFETCH(QByteArray, with);
    QCOMPARE(secretsOf().filled(ini(without + nameLine)).toByteArray(), with + nameLine);
}

void TstServerSecrets::anotherPlaceGetsNoPassword_data()
{
    QTest::addColumn<QByteArray>("server");
    QTest::newRow("another host") << "https://ann@evil.example.com:8443"_ba;
    QTest::newRow("another port") << "https://ann@fra.example.com:443"_ba;
    QTest::newRow("another user") << "https://cat@fra.example.com:8443"_ba;
    QTest::newRow("clear text") << "http://ann@fra.example.com:8443"_ba;
}

void TstServerSecrets::anotherPlaceGetsNoPassword()
{
    QFETCH(QByteArray, server);
    const ServerSecrets secrets = secretsOf();
    const auto servers = secrets.serversIn(ini("parents = " + server + '\n' + nameLine));
    QCOMPARE(servers.size(), 1);
    QVERIFY(secrets.isMissing(servers.constFirst()));
}

void TstServerSecrets::aStandInIsNoPassword()
{
    ServerSecrets secrets;
    const QByteArray text = "parents = socks5://ann@fra.example.com:1\n" + nameLine;
    secrets.adopt(ini(text));
    const config::IniFile filled = secrets.filled(ini(text));
    const auto parsed = config::parseParent(filled.value(u"parents"_s)->toLatin1());
    QVERIFY(parsed);
    QVERIFY(!parsed->lacksPassword);
    QVERIFY(secrets.isMissing(parsed->parent));
    QVERIFY2(!ServerSecrets().isMissing(parsed->parent), "nobody can guess it");
    QCOMPARE(secrets.stripped(filled).toByteArray(), text);
    // Once the password is known it takes the stand-in's place.
    secrets.hold({ { "socks5://ann@fra.example.com:1", "late" } });
    QCOMPARE(secrets.filledList(*filled.value(u"parents"_s)),
             u"socks5://ann:late@fra.example.com:1"_s);
}

void TstServerSecrets::aFileThatNamesNoEntryIsLeftAlone()
{
    const QByteArray text = "parents = https://ann@fra.example.com:8443\n";
    ServerSecrets secrets = secretsOf();
    QCOMPARE(secrets.filled(ini(text)).toByteArray(), text);
    secrets.adopt(ini(text));
    QVERIFY(!secrets.isNamed());
    QVERIFY(!secrets.entryName().isEmpty());
    QVERIFY(secrets.entryName() != ServerSecrets().entryName());
}

void TstServerSecrets::aDamagedFileIsReadLineByLine()
{
    const ServerSecrets secrets = secretsOf();
    const QByteArray before = "port = x\r\n[what]\r\n";
    const QByteArray after = "\r\n" + nameLine + "last";
    QCOMPARE(secrets.filledLines(before + "parents = https://bob@fra.example.com:8443" + after),
             before + "parents = https://bob:word@fra.example.com:8443" + after);
    const QByteArray unnamed = "[what]\nparents = https://bob@fra.example.com:8443\n";
    QCOMPARE(secrets.filledLines(unnamed), unnamed);
}

void TstServerSecrets::anEntryIsReadAsItWasWritten()
{
    const ServerSecrets::Passwords passwords {
        { "https://ann@[2001:db8::1]:8443", "a b\n%20\xc3\xa9" }, { "http://b%40c@h:1", "x" }
    };
    QCOMPARE(ServerSecrets::parseEntry(ServerSecrets::entryText(passwords)), passwords);
    QCOMPARE(ServerSecrets::parseEntry(u"what\n\n x\nhttp://a@b:1 %zz\n"_s),
             ServerSecrets::Passwords());
    QCOMPARE(ServerSecrets::parseEntry({}), ServerSecrets::Passwords());
}

QTEST_GUILESS_MAIN(TstServerSecrets)
#include "tst_serversecrets.moc"
