// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optionparsers.h"
#include "gui/control/sharing.h"
#include "guirig.h"
#include "policy/clientacl.h"

#include <QSet>
#include <QTest>

#include <algorithm>

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;
using Change = Sharing::Change;
using Changes = QList<Sharing::Change>;

namespace {

const policy::Credentials fresh { "proxy", "made-up" };
const OwnAddress home { u"wlan0"_s, QHostAddress(u"192.168.1.20"_s), 24 };
const OwnAddress homeIpv6 { u"wlan0"_s, QHostAddress(u"fd00::20"_s), 64 };
const OwnAddress publicOne { u"eth0"_s, QHostAddress(u"198.51.100.7"_s), 24 };
const OwnAddress tailscale { u"tailscale0"_s, QHostAddress(u"100.101.1.2"_s), 32, true };

QList<policy::ClientEntry> ranges(const QByteArrayList &texts)
{
    QList<policy::ClientEntry> list;
    for (const QByteArray &text : texts)
        list.append(policy::ClientEntry::parse(text).value());
    return list;
}

QByteArrayList texts(const QList<policy::ClientEntry> &list)
{
    QByteArrayList all;
    for (const policy::ClientEntry &entry : list)
        all.append(entry.toByteArray());
    return all;
}

} // namespace

class TstSharing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changes_data();
    void changes();
    void everyChangeIsSaid();
    void whatHoldsASettingIsNamed_data();
    void whatHoldsASettingIsNamed();
    void madeUpPasswordsAreGood();
};

void TstSharing::changes_data()
{
    QTest::addColumn<QString>("listen");
    QTest::addColumn<bool>("asks");
    QTest::addColumn<QByteArrayList>("allowed");
    QTest::addColumn<OwnAddress>("own");
    QTest::addColumn<Changes>("changes");
    QTest::addColumn<QString>("listensThen");
    QTest::addColumn<QByteArrayList>("allowedThen");
    using List = QByteArrayList;
    const Changes all { Change::ListenEverywhere, Change::LetInPrivate, Change::AskForPassword };
    QTest::newRow("from the defaults to a home network")
        << u"127.0.0.1"_s << false << List() << home << all << u"0.0.0.0"_s << List { "private" };
    QTest::newRow("a password that is there stays")
        << u"127.0.0.1"_s << true << List() << home
        << Changes { Change::ListenEverywhere, Change::LetInPrivate } << u"0.0.0.0"_s
        << List { "private" };
    QTest::newRow("IPv6 needs both families, for the programs that are here")
        << u"127.0.0.1"_s << true << List() << homeIpv6
        << Changes { Change::ListenEverywhere, Change::LetInPrivate } << u"::"_s
        << List { "private" };
    QTest::newRow("so does IPv4 for programs on ::1")
        << u"::1"_s << true << List() << home
        << Changes { Change::ListenEverywhere, Change::LetInPrivate } << u"::"_s
        << List { "private" };
    QTest::newRow("a public network is let in alone, and this computer")
        << u"127.0.0.1"_s << true << List() << publicOne
        << Changes { Change::ListenEverywhere, Change::LetInNetwork } << u"0.0.0.0"_s
        << List { "127.0.0.0/8", "::1", "198.51.100.0/24" };
    QTest::newRow("shared addresses are private where there is one")
        << u"127.0.0.1"_s << true << List() << tailscale
        << Changes { Change::ListenEverywhere, Change::LetInPrivate } << u"0.0.0.0"_s
        << List { "private" };
    QTest::newRow("open to everyone: a password, and nobody is shut out")
        << u"0.0.0.0"_s << false << List() << home << Changes { Change::AskForPassword }
        << u"0.0.0.0"_s << List();
    QTest::newRow("nothing to do with a password beyond loopback")
        << u"0.0.0.0"_s << true << List() << home << Changes() << u"0.0.0.0"_s << List();
    QTest::newRow("nothing to do where it listens at that address")
        << u"192.168.1.20"_s << true << List { "private" } << home << Changes() << u"192.168.1.20"_s
        << List { "private" };
    QTest::newRow("another address of this computer stays served")
        << u"10.0.0.5"_s << true << List() << home << Changes { Change::ListenEverywhere }
        << u"0.0.0.0"_s << List();
    QTest::newRow("a list gets the network and keeps its entries")
        << u"0.0.0.0"_s << true << List { "203.0.113.9", "127.0.0.0/8" } << home
        << Changes { Change::LetInNetwork } << u"0.0.0.0"_s
        << List { "203.0.113.9", "127.0.0.0/8", "192.168.1.0/24" };
    QTest::newRow("a list with a part of the network gets all of it")
        << u"0.0.0.0"_s << true << List { "192.168.1.20" } << home
        << Changes { Change::LetInNetwork } << u"0.0.0.0"_s
        << List { "192.168.1.20", "192.168.1.0/24" };
    QTest::newRow("a wider entry is enough")
        << u"0.0.0.0"_s << true << List { "192.168.0.0/16" } << home << Changes() << u"0.0.0.0"_s
        << List { "192.168.0.0/16" };
    QTest::newRow("a list of loopback gets the network")
        << u"127.0.0.1"_s << true << List { "127.0.0.0/8" } << home
        << Changes { Change::ListenEverywhere, Change::LetInNetwork } << u"0.0.0.0"_s
        << List { "127.0.0.0/8", "192.168.1.0/24" };
    QTest::newRow("a tunnel's network of one is the private ones")
        << u"0.0.0.0"_s << true << List { "127.0.0.0/8" } << tailscale
        << Changes { Change::LetInPrivate } << u"0.0.0.0"_s << List { "127.0.0.0/8", "private" };
}

void TstSharing::changes()
{
    QFETCH(QString, listen);
    QFETCH(bool, asks);
    QFETCH(QByteArrayList, allowed);
    QFETCH(OwnAddress, own);
    QFETCH(Changes, changes);
    QFETCH(QString, listensThen);
    QFETCH(QByteArrayList, allowedThen);
    config::Settings now;
    now.listen.address = config::parseListenAddress(listen).value();
    if (asks)
        now.access.credentials = policy::Credentials { "ann", "correct horse" };
    now.access.allowedClients = ranges(allowed);

    const Sharing sharing(now, own, fresh);
    QCOMPARE(sharing.changes(), changes);
    const config::Settings &wanted = sharing.wanted();
    QCOMPARE(config::formatListenAddress(wanted.listen.address), listensThen);
    QCOMPARE(texts(wanted.access.allowedClients), allowedThen);
    QCOMPARE(wanted.access.credentials->password,
             asks ? QByteArray("correct horse") : fresh.password);
    // Applying it once is enough.
    QCOMPARE(Sharing(wanted, own, fresh).changes(), Changes());
    // A neighbour may connect, and everybody who could before still can.
    const policy::PrivateClients privates(
        { { own.address, own.prefixLength, LinkKind::Shared, {} } }, {});
    const policy::ClientAcl then(wanted.access.allowedClients, privates);
    QVERIFY(then.check(policy::Caller(own.address)).isAllowed());
    if (listen == u"127.0.0.1"_s || listen == u"::1"_s)
        QVERIFY(then.check(policy::Caller(QHostAddress(listen))).isAllowed());
    for (const policy::ClientEntry &entry : now.access.allowedClients)
        QVERIFY(wanted.access.allowedClients.contains(entry));
}

void TstSharing::everyChangeIsSaid()
{
    config::Settings now;
    now.listen.address = QHostAddress(QHostAddress::LocalHost);
    const Sharing sharing(now, home, fresh);
    QStringList sentences;
    for (const Change change : sharing.changes())
        sentences.append(sharing.sentence(change));
    QCOMPARE(sentences.size(), 3);
    QVERIFY2(sentences[0].contains(u"0.0.0.0"_s) && sentences[0].contains(u"127.0.0.1"_s),
             qPrintable(sentences[0]));
    QVERIFY2(sentences[1].contains(u"private networks"_s), qPrintable(sentences[1]));
    QVERIFY2(sentences[2].contains(u"Programs on this computer"_s), qPrintable(sentences[2]));
    QVERIFY(!sentences.join(QString()).contains(QString::fromLatin1(fresh.password)));
    const Sharing other(now, publicOne, fresh);
    QVERIFY(other.sentence(Change::LetInNetwork).contains(u"198.51.100.0/24"_s));
    // Where everybody signs in already nothing changes for those who are here.
    now.users.file = u"/etc/users"_s;
    const QString user = Sharing(now, home, fresh).sentence(Change::AskForPassword);
    QVERIFY2(!user.contains(u"Programs on this computer"_s), qPrintable(user));
}

void TstSharing::whatHoldsASettingIsNamed_data()
{
    QTest::addColumn<QStringList>("flags");
    QTest::addColumn<QStringList>("words"); // one for each obstacle
    QTest::addColumn<QString>("remedy");
    QTest::newRow("nothing is held") << QStringList() << QStringList() << QString();
    QTest::newRow("the address") << QStringList { u"--address=127.0.0.1"_s }
                                 << QStringList { u"--address"_s } << u"Set it to 0.0.0.0"_s;
    QTest::newRow("the list of clients")
        << QStringList { u"--allowed-ips=127.0.0.1"_s } << QStringList { u"--allowed-ips"_s }
        << u"Set it to 127.0.0.1,192.168.1.0/24"_s;
    QTest::newRow("both") << QStringList { u"--address=127.0.0.1"_s, u"--allowed-ips=127.0.0.1"_s }
                          << QStringList { u"--address"_s, u"--allowed-ips"_s }
                          << u"start this program again"_s;
    QTest::newRow("what need not be changed may be held")
        << QStringList { u"--port=8080"_s, u"--auth-username=ann"_s, u"--auth-password=horse"_s }
        << QStringList() << QString();
}

void TstSharing::whatHoldsASettingIsNamed()
{
    QFETCH(QStringList, flags);
    QFETCH(QStringList, words);
    QFETCH(QString, remedy);
    const GuiRig rig(flags);
    const Sharing sharing(rig.store.settings(), home, fresh);
    const QStringList obstacles = sharing.obstacles(rig.store);
    QCOMPARE(obstacles.size(), words.size());
    for (qsizetype i = 0; i < words.size(); ++i) {
        QVERIFY2(obstacles[i].contains(u"command line ("_s + words[i] + u')'),
                 qPrintable(obstacles[i]));
        QVERIFY2(obstacles[i].contains(u"start this program again"_s), qPrintable(obstacles[i]));
    }
    QVERIFY(obstacles.join(u'\n').contains(remedy));
}

void TstSharing::madeUpPasswordsAreGood()
{
    QSet<QByteArray> seen;
    QSet<char> letters;
    for (int i = 0; i < 200; ++i) {
        const QByteArray made = Sharing::generatePassword();
        QCOMPARE(made.size(), 12);
        QVERIFY(config::parsePassword(QString::fromLatin1(made)));
        QVERIFY2(made == made.toPercentEncoding(), "nothing to escape in a URL");
        seen.insert(made);
        for (const char letter : made)
            letters.insert(letter);
    }
    QCOMPARE(seen.size(), 200);
    QCOMPARE(letters.size(), 32);
    for (const char alike : { 'l', 'o', '0', '1' })
        QVERIFY(!letters.contains(alike));
}

QTEST_GUILESS_MAIN(TstSharing)
#include "tst_sharing.moc"
