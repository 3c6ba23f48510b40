// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optiontable.h"
#include "config/parentchecks.h"
#include "config/parentlist.h"
#include "configfixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::config;

class TstParentChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passwords_data();
    void passwords();
    void aFileOfAListThatIsOutOfUse();
    void loops_data();
    void loops();
    void clearText_data();
    void clearText();
};

void TstParentChecks::passwords_data()
{
    QTest::addColumn<QString>("list");
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("expected"); // the first parent's password, or part of the problem
    QTest::addColumn<bool>("isGood");
    const auto row = [](const char *sentence, const QString &list, const QByteArray &file,
                        const QString &expected, bool isGood = true) {
        QTest::newRow(sentence) << list << file << expected << isGood;
    };
    const QString list = u"https://u@a.example:1"_s;
    row("B§15: by host and port", list, "a.example:1 s3cret\n", u"s3cret"_s);
    row("B§15: by its name", list + u"?name=home"_s, "# mine\nhome s3cret\n", u"s3cret"_s);
    row("B§15: a blank in the name is encoded", list + u"?name=my%20home"_s, "my%20home s3cret\n",
        u"s3cret"_s);
    row("B§15: the rest of the line as it stands", list, "a.example:1\t s3 #%40 \r\n",
        u" s3 #%40 "_s);
    row("B§15: no line end at the end", list, "a.example:1 s3cret", u"s3cret"_s);
    row("B§15: nobody's line is no error", list, "a.example:1 s3cret\nb.example:1 x\n",
        u"s3cret"_s);

    row("B§15: no line for it", list, "b.example:1 hunter2\n", u"a user name without a password"_s,
        false);
    row("B§15: a line for one that has a password", u"https://u:p@a.example:1"_s,
        "# one\na.example:1 hunter2\n", u"line 2: this parent already has a password"_s, false);
    row("B§15: two lines for one", list, "a.example:1 hunter2\na.example:1 hunter2\n",
        u"line 2: this parent already has a password"_s, false);
    row("B§15: a line for one without a user", u"https://a.example:1"_s, "a.example:1 hunter2\n",
        u"line 1: this parent has no user name"_s, false);
    row("B§15: a password alone", list, "hunter2\n", u"line 1: write a parent's name"_s, false);
    row("B§15: a name alone", list, "a.example:1 \n", u"line 1: the password is missing"_s, false);
    row("B§15: a placeholder", list, "a.example:1 CHANGE-ME\n", u"placeholder"_s, false);
    row("B§15: over SOCKS5 255 octets at most", u"socks5://u@a.example:1"_s,
        "a.example:1 " + QByteArray(256, 'x') + '\n', u"1 to 255 octets"_s, false);
}

void TstParentChecks::passwords()
{
    QFETCH(const QString, list);
    QFETCH(const QByteArray, file);
    QFETCH(const QString, expected);
    QFETCH(const bool, isGood);
    const ConfigFixture fixture;
    fixture.writeSecretFile(u"passwords"_s, file);
    const auto loaded = loadSettings(fixture.input(
        { u"PROXY_PARENTS="_s + list, u"PROXY_PARENTS_PASSWORD_FILE=@/passwords"_s }));
    QVERIFY2(loaded.has_value() == isGood, qPrintable(fixture.errorsOf(loaded).join(u'\n')));
    if (isGood) {
        QCOMPARE(loaded->settings.upstream.parents.list.constFirst().password, expected.toUtf8());
        QCOMPARE(loaded->warnings.size(), file.contains("b.example") ? 1 : 0);
        return;
    }
    const QStringList errors = fixture.errorsOf(loaded);
    QCOMPARE(errors.size(), 1);
    QVERIFY2(errors.constFirst().contains(expected), qPrintable(errors.constFirst()));
    QVERIFY(!errors.constFirst().contains(u"hunter2"_s));
}

void TstParentChecks::aFileOfAListThatIsOutOfUse()
{
    const ConfigFixture fixture;
    const QString file = u"PROXY_PARENTS_PASSWORD_FILE=@/missing"_s;
    const auto direct = loadSettings(fixture.input({ u"PROXY_PARENTS=direct"_s, file }));
    QVERIFY(direct && direct->warnings.isEmpty());
    const auto alone = loadSettings(fixture.input({ file }));
    QVERIFY(alone);
    QCOMPARE(alone->warnings,
             QStringList(u"PROXY_PARENTS_PASSWORD_FILE: there are no parents; PROXY_PARENTS lists "
                         "them"_s));
    const auto open =
        loadSettings(fixture.input({ u"PROXY_PARENTS=https://u@a.example:1"_s, file }));
    QVERIFY(!open);
    QCOMPARE(fixture.errorsOf(open).size(), 1);
    QVERIFY(fixture.errorsOf(open).constFirst().startsWith(
        u"PROXY_PARENTS_PASSWORD_FILE: \"@/missing\": cannot be read"_s));
}

void TstParentChecks::loops_data()
{
    QTest::addColumn<QString>("listening"); // an address, at port 8080
    QTest::addColumn<QString>("parent");
    QTest::addColumn<bool>("isLoop");
    const auto row = [](const char *sentence, const char *listening, const char *parent,
                        bool isLoop) {
        QTest::newRow(sentence) << QString::fromLatin1(listening) << QString::fromLatin1(parent)
                                << isLoop;
    };
    row("B§15: loopback, where every address is heard", "0.0.0.0", "127.0.0.1:8080", true);
    row("B§15: all of loopback", "0.0.0.0", "127.9.9.9:8080", true);
    row("B§15: another port", "0.0.0.0", "127.0.0.1:8081", false);
    row("B§15: IPv6 loopback, where IPv4 alone is heard", "0.0.0.0", "[::1]:8080", false);
    row("B§15: IPv6 loopback, where both are heard", "::", "[::1]:8080", true);
    row("B§15: localhost", "0.0.0.0", "localhost:8080", true);
    row("B§15: an address of an interface", "0.0.0.0", "192.0.2.7:8080", true);
    row("B§15: an address of none", "0.0.0.0", "192.0.2.8:8080", false);
    row("B§15: the address that is listened at", "192.0.2.7", "192.0.2.7:8080", true);
    row("B§15: loopback beside it", "192.0.2.7", "127.0.0.1:8080", false);
    row("B§15: loopback that is listened at", "127.0.0.1", "127.0.0.1:8080", true);
    row("B§15: another loopback address", "127.0.0.1", "127.0.0.2:8080", false);
    row("B§15: the host's name", "0.0.0.0", "Desk:8080", true);
    row("B§15: the host's name, behind loopback", "127.0.0.1", "desk:8080", false);
    row("B§15: a name of the certificate", "0.0.0.0", "proxy.example.com:8080", true);
    row("B§15: another name", "0.0.0.0", "other.example.com:8080", false);
}

void TstParentChecks::loops()
{
    QFETCH(const QString, listening);
    QFETCH(const QString, parent);
    QFETCH(const bool, isLoop);
    Settings settings;
    settings.listen.address = parseListenAddress(listening).value();
    settings.tls.names = { ServerName::parse("proxy.example.com").value() };
    const QList<InterfaceAddress> interfaces {
        { QHostAddress(u"127.0.0.1"_s), 8, LinkKind::Loopback, "lo" },
        { QHostAddress(u"192.0.2.7"_s), 24, LinkKind::Shared, "eth0" },
    };
    const Parent led = parseParents(u"http://"_s + parent)->parents.constFirst();
    QCOMPARE(leadsHere(led, settings, "desk", interfaces), isLoop);
    settings.listen.port = 0;
    QVERIFY(!leadsHere(led, settings, "desk", interfaces));
    QVERIFY(!leadsHere(Parent::direct(), {}, "desk", interfaces));
}

void TstParentChecks::clearText_data()
{
    QTest::addColumn<QString>("parent");
    QTest::addColumn<bool>("isHinted");
    QTest::newRow("B§15: a password in clear text") << u"http://u:hunter2@a.example:1"_s << true;
    QTest::newRow("B§15: over SOCKS5") << u"socks5://u:hunter2@a.example:1"_s << true;
    QTest::newRow("B§15: by a link") << u"sami-proxy://u:hunter2@a.example:1?tls=0"_s << true;
    QTest::newRow("B§15: inside TLS") << u"https://u:hunter2@a.example:1"_s << false;
    QTest::newRow("B§15: no password") << u"http://a.example:1"_s << false;
    QTest::newRow("B§15: on this machine") << u"http://u:hunter2@127.0.0.1:1"_s << false;
}

void TstParentChecks::clearText()
{
    QFETCH(const QString, parent);
    QFETCH(const bool, isHinted);
    const ConfigFixture fixture;
    const auto loaded = loadSettings(fixture.input({ u"PROXY_PARENTS="_s + parent }));
    QVERIFY(loaded);
    const QString all = loaded->warnings.join(u'\n');
    QCOMPARE(all.contains(u"travels in clear text"_s), isHinted);
    QVERIFY(!all.contains(u"hunter2"_s));
}

QTEST_APPLESS_MAIN(TstParentChecks)
#include "tst_parentchecks.moc"
