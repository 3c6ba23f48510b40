// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "users/user.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::users;

namespace {

User someUser()
{
    return { "anna", PasswordHash::make("right", 1000).value(), 0, {}, {}, false, {} };
}

template <typename T> QString problemOf(const Result<T, QString> &value)
{
    return value ? u"taken"_s : value.error();
}

} // namespace

class TstUser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
    void notes();
    void values_data();
    void values();
    void hostsNarrow();
    void theLastDayStillCounts();
};

void TstUser::names_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QString>("words"); // empty: it may be one
    const auto row = [](const char *sentence, const QByteArray &name, const QString &words = {}) {
        QTest::newRow(sentence) << name << words;
    };
    row("B§16: a word", "anna");
    row("B§16: Cyrillic", QByteArray("Анна"));
    row("B§16: a blank inside", "anna maria");
    row("B§16: a semicolon, an equals sign, a dollar", "a;b=c$d");
    row("B§16: 255 octets", QByteArray(255, 'a'));
    row("B§16: one more", QByteArray(256, 'a'), u"more than 255"_s);
    row("B§16: nothing", "", u"empty"_s);
    row("B§16: a colon", "an:na", u"colon"_s);
    row("B§16: a line break", "an\nna", u"line break"_s);
    row("B§16: a carriage return", "anna\r", u"line break"_s);
    row("B§16: a NUL", QByteArray("an\0na", 5), u"control character"_s);
    row("B§16: an escape", "an\x1b[2Jna", u"control character"_s);
    row("B§16: a control character of Unicode's own", "an\xc2\x9bna", u"control character"_s);
    row("B§16: a byte order mark in the middle", "an\xef\xbb\xbfna",
        u"invisible character (U+FEFF)"_s);
    row("B§16: a mark that turns the direction", "an\xe2\x80\xaena",
        u"invisible character (U+202E)"_s);
    row("B§16: a tag beyond the first plane", "an\xf3\xa0\x80\x81na",
        u"invisible character (U+E0001)"_s);
    row("B§16: octets that are no UTF-8", "an\xff", u"UTF-8"_s);
    row("B§16: what an argument becomes that is no UTF-8", "an\xef\xbf\xbd", u"UTF-8"_s);
    row("B§16: a comment", "#anna", u"comment"_s);
    row("B§16: a blank in front", " anna", u"blank"_s);
    row("B§16: a blank at the end", "anna ", u"blank"_s);
}

void TstUser::names()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QString, words);
    const QString problem = nameProblem(name);
    QVERIFY2(words.isEmpty() ? problem.isEmpty() : problem.contains(words), qPrintable(problem));
}

void TstUser::notes()
{
    QCOMPARE(noteProblem("phone; laptop: both, #1"), QString());
    QCOMPARE(noteProblem(""), QString());
    QVERIFY(noteProblem("a\nroot:hash").contains(u"line break"_s));
    QVERIFY(noteProblem(QByteArray(1001, 'a')).contains(u"more than 1000"_s));
}

void TstUser::values_data()
{
    QTest::addColumn<QString>("given"); // "what text"
    QTest::addColumn<QString>("words");
    const auto row = [](const char *sentence, const QString &given, const QString &words) {
        QTest::newRow(sentence) << given << words;
    };
    row("B§16: one connection", u"connections 1"_s, u"taken"_s);
    row("B§16: no limit of connections", u"connections 0"_s, u"taken"_s);
    row("B§16: a million", u"connections 1000000"_s, u"taken"_s);
    row("B§16: one more", u"connections 1000001"_s, u"from 1 to 1000000"_s);
    row("B§16: fewer than none", u"connections -1"_s, u"from 1 to"_s);
    row("B§16: no number of connections", u"connections "_s, u"from 1 to"_s);
    row("B§16: a word for a number", u"connections two"_s, u"from 1 to"_s);
    row("B§16: digits of another script", u"connections ١"_s, u"from 1 to"_s);
    row("B§16: a day", u"until 2027-01-31"_s, u"taken"_s);
    row("B§16: a leap day", u"until 2028-02-29"_s, u"taken"_s);
    row("B§16: a day that there is not", u"until 2027-02-29"_s, u"like 2027-01-31"_s);
    row("B§16: a day as elsewhere", u"until 31.01.2027"_s, u"like 2027-01-31"_s);
    row("B§16: a day with other signs in it", u"until 2027/01/31"_s, u"like 2027-01-31"_s);
    row("B§16: a time", u"until 2027-01-31T12:00"_s, u"like 2027-01-31"_s);
    row("B§16: hosts and a preset", u"hosts a.example:443, *.b.example,@openai"_s, u"taken"_s);
    row("B§16: no host at all", u"hosts ,"_s, u"names no host"_s);
    row("B§16: a preset that there is not", u"hosts @opena"_s, u"\"@opena\": no such preset"_s);
    row("B§16: a scheme", u"hosts https://a.example"_s, u"without a scheme"_s);
}

void TstUser::values()
{
    QFETCH(const QString, given);
    QFETCH(const QString, words);
    const QByteArray text = given.section(u' ', 1).toUtf8();
    const QString problem = given.startsWith(u"connections"_s) ? problemOf(parseConnections(text))
        : given.startsWith(u"until"_s)                         ? problemOf(parseUntil(text))
                                                               : problemOf(parseHosts(text));
    QVERIFY2(problem.contains(words), qPrintable(problem));
}

void TstUser::hostsNarrow()
{
    User user = someUser();
    QVERIFY(user.mayReach({ "anything.example", 443 }));
    user.hosts = parseHosts("@openai,a.example:8443").value();
    QVERIFY(user.mayReach({ "api.openai.com", 443 }));
    QVERIFY(user.mayReach({ "API.OpenAI.com.", 443 }));
    QVERIFY(user.mayReach({ "a.example", 8443 }));
    QVERIFY(!user.mayReach({ "a.example", 443 }));
    QVERIFY(!user.mayReach({ "b.example", 8443 }));
}

void TstUser::theLastDayStillCounts()
{
    User user = someUser();
    QVERIFY(!user.isExpired(QDate(9999, 12, 31)));
    user.until = QDate(2027, 1, 31);
    QVERIFY(!user.isExpired(QDate(2027, 1, 30)));
    QVERIFY(!user.isExpired(QDate(2027, 1, 31)));
    QVERIFY(user.isExpired(QDate(2027, 2, 1)));
}

QTEST_APPLESS_MAIN(TstUser)
#include "tst_user.moc"
