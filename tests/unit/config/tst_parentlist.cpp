// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/parentlist.h"
#include "config/parenturl.h"
#include "configfixture.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::config;

class TstParentList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lists_data();
    void lists();
    void problems_data();
    void problems();
    void everyBadEntryIsNamed();
    void aFileHasOneALine();
    void filesThatAreRefused_data();
    void filesThatAreRefused();
    void aFileIsReadAtEachCall();
    void passwordsToCome();
    void masks_data();
    void masks();
    void bypass_data();
    void bypass();
    void badBypass_data();
    void badBypass();
    void goesAround_data();
    void goesAround();
};

void TstParentList::lists_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("names"); // of the parents, in their order

    QTest::newRow("B§15: one") << u"https://u:p@a.example:8443"_s << u"a.example:8443"_s;
    QTest::newRow("B§15: in their order, direct last")
        << u"sami-proxy://b.example:1?name=home, http://a.example:2 ,socks5://[::1]:3,direct"_s
        << u"home a.example:2 [::1]:3 direct"_s;
    QTest::newRow("B§15: direct alone is no list") << u"direct"_s << QString();
    QTest::newRow("commas too many") << u",https://a.example:1,,"_s << u"a.example:1"_s;
    QTest::newRow("B§15: the same place by two users")
        << u"http://u:p@a.example:1,http://v:p@a.example:1?name=second"_s
        << u"a.example:1 second"_s;
}

void TstParentList::lists()
{
    QFETCH(const QString, text);
    QFETCH(const QString, names);
    const auto parsed = parseParents(text);
    QVERIFY(parsed);
    QStringList found;
    for (const Parent &parent : parsed->parents)
        found.append(QString::fromUtf8(parent.name));
    QCOMPARE(found.join(u' '), names);
    if (parsed->parents.isEmpty())
        return;
    const auto again = parseParents(formatParents(parsed->parents));
    QVERIFY(again && again->parents == parsed->parents);
}

void TstParentList::problems_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("problem");

    QTest::newRow("B§15: nothing comes after direct")
        << u"direct,https://u:p@a.example:1"_s << u"https://***@a.example:1"_s
        << u"put direct last"_s;
    QTest::newRow("B§15: direct twice")
        << u"direct,direct"_s << u"direct"_s << u"put direct last"_s;
    QTest::newRow("B§15: the same entry twice")
        << u"https://u:p@a.example:1,https://u:q@A.example:1?name=other"_s
        << u"https://***@a.example:1?name=other"_s << u"is already in the list"_s;
    QTest::newRow("B§15: two of one name") << u"https://a.example:1,http://a.example:1"_s
                                           << u"http://a.example:1"_s << u"the same name"_s;
    QTest::newRow("B§15: two that were given one name")
        << u"https://a.example:1?name=x,https://b.example:1?name=x"_s
        << u"https://b.example:1?name=x"_s << u"the same name"_s;
    QTest::newRow("B§15: commas alone") << u","_s << u"***"_s << u"the list has no entry"_s;
    QTest::newRow("B§15: a word that is none") << u"proxy"_s << u"***"_s << u"write the whole"_s;
    QTest::newRow("B§15: of a bad entry no more than the scheme is shown")
        << u"https://u:hunter2@@a.example:1"_s << u"https://***"_s << u"%40"_s;
    QTest::newRow("B§15: quotes") << u"\"https://a.example:1\""_s << u"***"_s
                                  << u"has quotes around it"_s;
    QStringList many;
    for (int i = 0; i < 33; ++i)
        many.append(u"http://a.example:%1"_s.arg(i + 1));
    QTest::newRow("B§15: too many")
        << many.join(u',') << u"http://a.example:33"_s << u"more than 32"_s;
    QTest::newRow("B§15: a file that is not there")
        << u"@/no/such/file"_s << u"@/no/such/file"_s << u"cannot be read"_s;
    QTest::newRow("B§15: a password in what was no file's name")
        << u"@user:pa:ss@a.example:8080"_s << u"@***"_s << u"cannot be read"_s;
}

void TstParentList::problems()
{
    QFETCH(const QString, text);
    QFETCH(const QString, value);
    QFETCH(const QString, problem);
    const auto parsed = parseParents(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().size(), 1);
    QCOMPARE(parsed.error().constFirst().value, value);
    QVERIFY2(parsed.error().constFirst().problem.contains(problem),
             qPrintable(parsed.error().constFirst().problem));
}

void TstParentList::everyBadEntryIsNamed()
{
    // The comma is part of the first password, so neither half may be shown.
    const auto parsed = parseParents(u"https://u:hun,ter2@a.example:1,http://b.example:0"_s);
    QVERIFY(!parsed);
    QStringList values;
    for (const ValueProblem &problem : parsed.error())
        values.append(problem.value);
    QCOMPARE(values, QStringList({ u"https://***"_s, u"***"_s, u"http://***"_s }));
}

void TstParentList::aFileHasOneALine()
{
    const ConfigFixture fixture;
    fixture.writeSecretFile(u"parents"_s,
                            "# the office\r\nsami-proxy://u:p%2Cq@a.example:1?name=home\r\n\n"
                            "  http://b.example:2  \ndirect\n");
    const auto parsed = parseParents(u'@' + fixture.path(u"parents"_s));
    QVERIFY(parsed);
    QCOMPARE(parsed->parents.size(), 3);
    QCOMPARE(parsed->parents.at(0).password, "p,q"_ba);
    QCOMPARE(parsed->parents.at(1).name, "b.example:2"_ba);
    QVERIFY(parsed->parents.at(2).isDirect());

    fixture.writeSecretFile(u"parents"_s, "direct\nhttps://u:hunter2@a.example\n");
    const auto refused = parseParents(u'@' + fixture.path(u"parents"_s));
    QVERIFY(!refused);
    QCOMPARE(refused.error().size(), 1);
    QCOMPARE(refused.error().constFirst().value, u"https://***"_s);
    QVERIFY(refused.error().constFirst().problem.startsWith(u"line 2: "_s));
}

void TstParentList::filesThatAreRefused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("others"); // the rights of group and others
    QTest::addColumn<QString>("problem");
    const int groupReads = QFileDevice::ReadGroup;
    const int othersRead = QFileDevice::ReadOther;
    const int groupWrites = QFileDevice::WriteGroup;
    QTest::newRow("B§15: the group may read it") << "direct\n"_ba << groupReads << QString();
    QTest::newRow("B§15: others may read it")
        << "direct\n"_ba << othersRead << u"is open to others; chmod 600 it"_s;
    QTest::newRow("B§15: the group may write it")
        << "direct\n"_ba << groupWrites << u"is open to others; chmod 600 it"_s;
    QTest::newRow("B§15: nothing in it") << "# none\n"_ba << 0 << u"the list has no entry"_s;
    QTest::newRow("B§15: no UTF-8") << "\xff\n"_ba << 0 << u"is not UTF-8"_s;
    QTest::newRow("B§15: a byte order mark") << "\xef\xbb\xbf"
                                                "direct\n"_ba
                                             << 0 << u"byte order mark"_s;
    QTest::newRow("B§15: too large") << QByteArray(65537, '#') << 0 << u"is over 64 KiB"_s;
}

void TstParentList::filesThatAreRefused()
{
    QFETCH(const QByteArray, content);
    QFETCH(const int, others);
    QFETCH(const QString, problem);
#ifdef Q_OS_WIN
    if (others != 0)
        QSKIP("rights are not looked at here");
#endif
    const ConfigFixture fixture;
    fixture.writeSecretFile(u"parents"_s, content);
    QVERIFY(QFile::setPermissions(fixture.path(u"parents"_s),
                                  QFileDevice::ReadOwner | QFileDevice::WriteOwner
                                      | QFileDevice::Permissions(others)));
    const auto parsed = parseParents(u'@' + fixture.path(u"parents"_s));
    QCOMPARE(parsed.has_value(), problem.isEmpty());
    if (!parsed)
        QVERIFY2(parsed.error().constFirst().problem.contains(problem),
                 qPrintable(parsed.error().constFirst().problem));
    QVERIFY(!parseParents(u'@' + fixture.path(QString())));
}

void TstParentList::aFileIsReadAtEachCall()
{
    const ConfigFixture fixture;
    const QString text = u'@' + fixture.path(u"parents"_s);
    fixture.writeSecretFile(u"parents"_s, "http://a.example:1\n");
    QCOMPARE(parseParents(text)->parents.constFirst().name, "a.example:1"_ba);
    fixture.writeSecretFile(u"parents"_s, "http://b.example:2\n");
    QCOMPARE(parseParents(text)->parents.constFirst().name, "b.example:2"_ba);
}

void TstParentList::passwordsToCome()
{
    const auto parsed =
        parseParents(u"https://u@a.example:1,https://u:@b.example:1,http://c.example:1"_s);
    QVERIFY(parsed);
    QCOMPARE(parsed->lackPassword, QList<QByteArray>({ "a.example:1" }));
}

void TstParentList::masks_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("B§15: user information goes")
        << u"https://u:hunter2@a.example:1, sami-proxy://u:hunter2@b.example:2?name=n,direct"_s
        << u"https://***@a.example:1,sami-proxy://***@b.example:2?name=n,direct"_s;
    QTest::newRow("B§15: a user name too")
        << u"https://hunter2@a.example:1"_s << u"https://***@a.example:1"_s;
    QTest::newRow("B§15: what cannot be read is not shown at all")
        << u"https://u:hunter2@@a.example:1,direct"_s << u"***"_s;
    QTest::newRow("B§15: a file's name is no secret") << u"@/etc/parents"_s << u"@/etc/parents"_s;
    QTest::newRow("B§15: a file's name with a drive is none either")
        << u"@C:\\etc\\parents"_s << u"@C:\\etc\\parents"_s;
    QTest::newRow("B§15: an @ too many before an entry") << u"@https://u:pw@a:1"_s << u"@***"_s;
    QTest::newRow("B§15: an @ too many before a password") << u"@u:pw"_s << u"@***"_s;
    QTest::newRow("B§15: an @ too many before a part of a password")
        << u"@pw@a.example"_s << u"@***"_s;
    QTest::newRow("B§15: an @ too many before a list") << u"@pw,direct"_s << u"@***"_s;
    QTest::newRow("B§15: nothing to hide") << u"direct"_s << u"direct"_s;
}

void TstParentList::masks()
{
    QFETCH(const QString, text);
    QFETCH(const QString, shown);
    QCOMPARE(maskedParents(text), shown);
}

void TstParentList::bypass_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("printed");
    QTest::newRow("B§15: hosts") << u"*.corp.example,git.example:443"_s
                                 << u"*.corp.example,git.example:443"_s;
    QTest::newRow("B§15: a preset") << u"@OpenAI"_s << u"@openai"_s;
    QTest::newRow("B§15: ranges") << u"10.0.0.0/8,2001:db8::/32"_s << u"10.0.0.0/8,2001:db8::/32"_s;
    QTest::newRow("B§15: both, ranges last")
        << u"10.0.0.0/8, a.example ,192.0.2.7"_s << u"a.example,192.0.2.7,10.0.0.0/8"_s;
}

void TstParentList::bypass()
{
    QFETCH(const QString, text);
    QFETCH(const QString, printed);
    const auto parsed = parseParentBypass(text);
    QVERIFY(parsed);
    QCOMPARE(formatParentBypass(*parsed), printed);
    QVERIFY(parseParentBypass(printed).value() == *parsed);
}

void TstParentList::badBypass_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("values");
    QTest::newRow("B§15: commas alone") << u","_s << QStringList { u","_s };
    QTest::newRow("B§15: everything") << u"*"_s << QStringList { u"*"_s };
    QTest::newRow("B§15: a range with bits set")
        << u"10.0.0.1/8"_s << QStringList { u"10.0.0.1/8"_s };
    QTest::newRow("B§15: each is named")
        << u"@nobody,a.example,1.2.3.4/99"_s << QStringList { u"@nobody"_s, u"1.2.3.4/99"_s };
    QTest::newRow("B§15: a URL") << u"https://a.example/"_s
                                 << QStringList { u"https://a.example/"_s };
}

void TstParentList::badBypass()
{
    QFETCH(const QString, text);
    QFETCH(const QStringList, values);
    const auto parsed = parseParentBypass(text);
    QVERIFY(!parsed);
    QStringList found;
    for (const ValueProblem &problem : parsed.error())
        found.append(problem.value);
    QCOMPARE(found, values);
}

void TstParentList::goesAround_data()
{
    QTest::addColumn<QString>("bypass");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("isDirect");
    QTest::newRow("B§15: a name below a suffix")
        << u"*.corp.example"_s << "git.corp.example"_ba << true;
    QTest::newRow("B§15: another name") << u"*.corp.example"_s << "corp.example"_ba << false;
    QTest::newRow("B§15: another port") << u"a.example:80"_s << "a.example"_ba << false;
    QTest::newRow("B§15: an address in a range") << u"10.0.0.0/8"_s << "10.1.2.3"_ba << true;
    QTest::newRow("B§15: an address beside it") << u"10.0.0.0/8"_s << "11.1.2.3"_ba << false;
    QTest::newRow("B§15: a mapped address in a range")
        << u"10.0.0.0/8"_s << "::ffff:10.1.2.3"_ba << true;
    QTest::newRow("B§15: names are not resolved") << u"127.0.0.0/8"_s << "localhost"_ba << false;
    QTest::newRow("B§15: an address as a host") << u"192.0.2.7"_s << "192.0.2.7"_ba << true;
}

void TstParentList::goesAround()
{
    QFETCH(const QString, bypass);
    QFETCH(const QByteArray, host);
    QFETCH(const bool, isDirect);
    QCOMPARE(parseParentBypass(bypass)->matches({ host, 443 }), isDirect);
}

QTEST_APPLESS_MAIN(TstParentList)
#include "tst_parentlist.moc"
