// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/userstext.h"

#include <QStringList>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::users;

namespace {

/// A hash of "right" that every system can read.
const QByteArray &someHash()
{
    static const QByteArray text = PasswordHash::make("right", 1000)->text();
    return text;
}

/// Replaces HASH in the content.
QByteArray filled(QByteArray content)
{
    return content.replace("HASH", someHash());
}

QString summaryOf(const User &user)
{
    QStringList hosts;
    for (const policy::HostEntry &entry : user.hosts.entries())
        hosts.append(QString::fromLatin1(entry.toByteArray()));
    return u"%1|%2|%3|%4|%5|%6"_s.arg(QString::fromUtf8(user.name))
        .arg(user.connections)
        .arg(hosts.join(u' '), user.until ? user.until->toString(Qt::ISODate) : QString(),
             user.isDisabled ? u"off"_s : u"on"_s, QString::fromUtf8(user.note));
}

QString summaryOf(const Result<UsersList, QString> &list)
{
    if (!list)
        return list.error();
    QStringList shown;
    for (const UserPtr &user : list->users())
        shown.append(summaryOf(*user));
    return shown.join(u" / "_s);
}

QByteArray textOf(const Result<QByteArray, QString> &content)
{
    return content ? QByteArray(*content).replace(someHash(), "HASH")
                   : "error: " + content.error().toUtf8();
}

User newUser(const QByteArray &name)
{
    return { name, PasswordHash::parse(someHash()).value(), 0, {}, {}, false, {} };
}

} // namespace

class TstUsersText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void aBadLineIsNamed_data();
    void aBadLineIsNamed();
    void whatIsPrintedIsReadAgain();
    void aUserIsAddedAtTheEnd_data();
    void aUserIsAddedAtTheEnd();
    void aUserIsTakenOut_data();
    void aUserIsTakenOut();
    void oneLineIsChanged_data();
    void oneLineIsChanged();
    void aChangeOfNothingChangesNothing();
    void aFileWithABadLineIsNotChanged();
    void theFingerprintIsTheContents();
};

void TstUsersText::reads_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *sentence, const QByteArray &content, const QString &expected) {
        QTest::newRow(sentence) << content << expected;
    };
    row("B§16: nothing", "", u""_s);
    row("B§16: comments and empty lines", "# people\n\n   \n#anna:x\n", u""_s);
    row("B§16: a name and a hash, as htpasswd writes them", "anna:HASH\n", u"anna|0|||on|"_s);
    row("B§16: without an end of the last line", "anna:HASH", u"anna|0|||on|"_s);
    row("B§16: Windows line ends", "anna:HASH\r\nboris:HASH:disabled\r\n",
        u"anna|0|||on| / boris|0|||off|"_s);
    row("B§16: everything",
        "anna:HASH:connections=3;hosts=@openai,a.example:443;until=2027-01-31;disabled;note=desk",
        u"anna|3|@openai a.example:443|2027-01-31|off|desk"_s);
    row("B§16: in another order", "anna:HASH:until=2027-01-31;connections=3",
        u"anna|3||2027-01-31|on|"_s);
    row("B§16: only the first two colons split", "anna:HASH:hosts=[2001:db8::1]:443;note=a:b",
        u"anna|0|[2001:db8::1]:443||on|a:b"_s);
    row("B§16: a note goes to the end of the line", "anna:HASH:note=a;disabled;note=b = c",
        u"anna|0|||on|a;disabled;note=b = c"_s);
    row("B§16: a note of nothing", "anna:HASH:note=", u"anna|0|||on|"_s);
    row("B§16: blanks around what people write", "anna:HASH: connections = 3 ; disabled ; note= x ",
        u"anna|3|||off|x"_s);
    row("B§16: no keys after the second colon", "anna:HASH:", u"anna|0|||on|"_s);
    row("B§16: a semicolon too many at the end", "anna:HASH:disabled;", u"anna|0|||off|"_s);
    row("B§16: names in UTF-8", QByteArray("Анна:HASH\nÜwe:HASH"), u"Анна|0|||on| / Üwe|0|||on|"_s);
    row("B§16: names are told apart by case", "anna:HASH\nAnna:HASH",
        u"anna|0|||on| / Anna|0|||on|"_s);
}

void TstUsersText::reads()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QString, expected);
    QCOMPARE(summaryOf(parseUsers(filled(content))), expected);
}

void TstUsersText::aBadLineIsNamed_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *sentence, const QByteArray &content, const QString &words) {
        QTest::newRow(sentence) << content << words;
    };
    row("B§16: a line break that was lost, without the next user's hash",
        "anna:HASH:hosts=a.exampleben:HASH:disabled",
        u"line 1: hosts: no host contains a $; is a line break missing?"_s);
    row("B§16: a byte order mark",
        "\xef\xbb\xbf"
        "anna:HASH",
        u"line 1: there is a byte order"_s);
    row("B§16: no colon", "anna:HASH\n\nanna", u"line 3: there is no colon"_s);
    row("B§16: no name", ":HASH", u"line 1: the name: the name is empty"_s);
    row("B§16: a blank before the name", " anna:HASH",
        u"line 1: the name: it begins or ends with a blank"_s);
    row("B§16: a name that is no UTF-8", "\xff:HASH", u"line 1: the name: it is not UTF-8"_s);
    row("B§16: a NUL in a name", QByteArray("a\0b:HASH", 8),
        u"line 1: the name: it has a control"_s);
    row("B§16: no hash", "anna:", u"line 1: the hash is missing"_s);
    row("B§16: a password that nobody has hashed", "#\nanna:hunter2",
        u"line 2: the hash is not one"_s);
    row("B§16: a name twice", "anna:HASH\n#\nanna:HASH",
        u"line 3: the name is already in line 1"_s);
    row("B§16: a key that there is not", "anna:HASH:host=a.example", u"line 1: there is a key"_s);
    row("B§16: a key with its case wrong", "anna:HASH:Disabled", u"line 1: there is a key"_s);
    row("B§16: nothing between semicolons", "anna:HASH:disabled;;connections=1",
        u"line 1: there is a key"_s);
    row("B§16: a key twice", "anna:HASH:connections=1;connections=2",
        u"line 1: connections appears twice"_s);
    row("B§16: a key twice, without a value", "anna:HASH:disabled;disabled",
        u"line 1: disabled appears twice"_s);
    row("B§16: disabled with a value", "anna:HASH:disabled=no",
        u"line 1: disabled takes no value"_s);
    row("B§16: a note without an equals sign", "anna:HASH:note", u"line 1: there is a key"_s);
    row("B§16: a note with a control character", "anna:HASH:note=a\tb",
        u"line 1: note: it has a control"_s);
    row("B§16: a number that is none", "anna:HASH:connections=many",
        u"line 1: connections: write"_s);
    row("B§16: a day that there is not", "anna:HASH:until=2027-02-30", u"line 1: until: write"_s);
    row("B§16: a host that is none", "anna:HASH:hosts=a b", u"line 1: hosts: \"a b\": "_s);
    row("B§16: no host", "anna:HASH:hosts=", u"line 1: hosts: names no host"_s);
    row("B§16: a carriage return alone is no line end", "anna:HASH\rboris:HASH", u"line 1: "_s);
}

void TstUsersText::aBadLineIsNamed()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QString, words);
    const auto list = parseUsers(filled(content));
    QVERIFY(!list);
    QVERIFY2(list.error().startsWith(words), qPrintable(list.error()));
    QVERIFY2(!list.error().contains(u"hunter2"_s), "a password that was not hashed is shown");
    QVERIFY2(!list.error().contains(QString::fromLatin1(someHash())), "a hash is shown");
}

void TstUsersText::whatIsPrintedIsReadAgain()
{
    User user = newUser("Анна maria");
    const auto readAgain = [&user] { return *parseUsers(lineOf(user))->users().first() == user; };
    QVERIFY(readAgain());
    user.connections = 7;
    QVERIFY(readAgain());
    user.hosts = parseHosts("@openai,*.a.example:443,[2001:db8::1]:443").value();
    QVERIFY(readAgain());
    user.until = QDate(2027, 1, 31);
    user.isDisabled = true;
    QVERIFY(readAgain());
    user.note = "a;b=c:d #e;disabled";
    QVERIFY(readAgain());
    QCOMPARE(
        lineOf(user),
        "Анна maria:" + someHash()
            + ":connections=7;hosts=@openai,*.a.example:443,[2001:db8::1]:443;until=2027-01-31;"
              "disabled;note=a;b=c:d #e;disabled");
}

void TstUsersText::aUserIsAddedAtTheEnd_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("B§16: to nothing") << ""_ba
                                      << "new:HASH\n"_ba;
    QTest::newRow("B§16: after a comment") << "# end\n"_ba
                                           << "# end\nnew:HASH\n"_ba;
    QTest::newRow("B§16: after a line without an end") << "anna:HASH"_ba
                                                       << "anna:HASH\nnew:HASH\n"_ba;
    QTest::newRow("B§16: with the file's line ends") << "anna:HASH\r\n"_ba
                                                     << "anna:HASH\r\nnew:HASH\r\n"_ba;
    QTest::newRow("B§16: a name that is there")
        << "#\nnew:HASH:disabled\n"_ba
        << "error: already has a user of that name, in line 2"_ba;
}

void TstUsersText::aUserIsAddedAtTheEnd()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QByteArray, expected);
    QCOMPARE(textOf(withUser(filled(content), newUser("new"))), expected);
}

void TstUsersText::aUserIsTakenOut_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("B§16: in the middle") << "# a\nzoe:HASH\nanna:HASH\n\n#b\n"_ba
                                         << "# a\nzoe:HASH\n\n#b\n"_ba;
    QTest::newRow("B§16: the last one, without a line end") << "zoe:HASH\r\nanna:HASH"_ba
                                                            << "zoe:HASH\r\n"_ba;
    QTest::newRow("B§16: the only one") << "anna:HASH:note=x\n"_ba
                                        << "# nobody\n"_ba;
    QTest::newRow("B§16: a name that begins alike stays") << "annabel:HASH\nanna:HASH\n"_ba
                                                          << "annabel:HASH\n"_ba;
    QTest::newRow("B§16: a comment is nobody") << "#anna:HASH\n"_ba
                                               << "error: has no user of that name"_ba;
}

void TstUsersText::aUserIsTakenOut()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QByteArray, expected);
    QCOMPARE(textOf(withoutUser(filled(content), "anna")), expected);
}

void TstUsersText::oneLineIsChanged_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("B§16: all else stays octet for octet")
        << "# a\r\n zoe\t\n"_ba.replace(" zoe\t", "zoe:HASH: disabled ;note= x ")
            + "anna:HASH:connections=2;note=a;b\r\n\n#end"
        << "# a\r\nzoe:HASH: disabled ;note= x \nanna:HASH:connections=2;disabled;note=a;b\r\n\n#end"_ba;
    QTest::newRow("B§16: without a line end") << "anna:HASH"_ba
                                              << "anna:HASH:disabled"_ba;
    QTest::newRow("B§16: nobody of that name") << "zoe:HASH"_ba
                                               << "error: has no user of that name"_ba;
}

void TstUsersText::oneLineIsChanged()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QByteArray, expected);
    QCOMPARE(textOf(withChangedUser(filled(content), "anna",
                                    [](User &user) { user.isDisabled = true; })),
             expected);
}

void TstUsersText::aChangeOfNothingChangesNothing()
{
    const QByteArray content = filled("anna:HASH: note= as a person writes it ;");
    QCOMPARE(withChangedUser(content, "anna", [](User &user) { user.isDisabled = false; }).value(),
             content);
}

/// The proxy would keep the old file, so the change would not take effect.
void TstUsersText::aFileWithABadLineIsNotChanged()
{
    const QByteArray content = filled("anna:HASH\nboris:hunter2\n");
    for (const QByteArray &problem :
         { textOf(withUser(content, newUser("new"))), textOf(withoutUser(content, "boris")),
           textOf(withChangedUser(content, "anna", [](User &) {})) })
        QVERIFY2(problem.startsWith("error: line 2: the hash"), problem.constData());
}

void TstUsersText::theFingerprintIsTheContents()
{
    const auto first = parseUsers(filled("anna:HASH\n"));
    const auto second = parseUsers(filled("anna:HASH\n#\n"));
    QCOMPARE(first->fingerprint().size(), 32);
    QCOMPARE(parseUsers(filled("anna:HASH\n"))->fingerprint(), first->fingerprint());
    QVERIFY(first->fingerprint() != second->fingerprint());
}

QTEST_APPLESS_MAIN(TstUsersText)
#include "tst_userstext.moc"
