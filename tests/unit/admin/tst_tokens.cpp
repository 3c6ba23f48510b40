// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/tokens.h"

#include <QTest>

using namespace sami;
using namespace sami::admin;
using namespace Qt::StringLiterals;

namespace {

const QDate today(2026, 6, 15);
const QByteArray secret = "sami_one";

QByteArray lineOf(const char *name, const char *right, const QByteArray &token,
                  const char *rest = "")
{
    return QByteArray(name) + ':' + right + ':' + digestOf(token).toHex() + rest + '\n';
}

} // namespace

class TstTokens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drawnTokensAreLongAndDiffer();
    void aTokenIsFoundByItsText();
    void badFiles_data();
    void badFiles();
    void aNewTokenLeavesTheRestAsItIs();
    void aRevokedTokenLeavesTheRestAsItIs();
    void whatCannotBeChanged();
};

void TstTokens::drawnTokensAreLongAndDiffer()
{
    const QByteArray one = generateToken();
    QVERIFY(one.startsWith("sami_"));
    QCOMPARE(one.size(), 5 + 43); // 256 bits, six per character
    QVERIFY(one != generateToken());
}

void TstTokens::aTokenIsFoundByItsText()
{
    const auto list = TokenList::parse("# ours\n\n" + lineOf("look", "read", secret) + " "
                                       + lineOf("old", "manage", "sami_old", ":2026-06-14")
                                       + lineOf("last", "manage", "sami_last", ":2026-06-15"));
    QVERIFY(list);
    QCOMPARE(list->all().size(), 3);
    const Token *found = list->find(secret, today);
    QVERIFY(found);
    QCOMPARE(found->name, "look");
    QCOMPARE(int(found->right), int(Right::Read));
    QVERIFY(list->holds(*found, today));
    QVERIFY2(!list->find("sami_old", today), "it has expired");
    QVERIFY2(list->find("sami_last", today), "the last day still counts");
    QVERIFY2(!list->find("sami_last", today.addDays(1)), "the day after does not");
    QVERIFY(!list->find("", today));
    QVERIFY2(!list->find(digestOf(secret).toHex(), today), "the digest opens nothing");
}

void TstTokens::badFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char *sentence, const QByteArray &content, const QString &problem) {
        QTest::newRow(sentence) << content << problem;
    };
    const QByteArray good = lineOf("look", "read", secret);
    row("B§18: the line is named", good + "nonsense\n", u"line 2"_s);
    row("B§18: a third right", lineOf("a", "admin", secret), u"right"_s);
    row("B§18: a digest that is cut", "a:read:abcd\n", u"digest"_s);
    row("B§18: a digest with other signs", "a:read:" + QByteArray(64, 'g') + "\n", u"digest"_s);
    row("B§18: a day that is none", lineOf("a", "read", secret, ":2026-02-30"), u"day"_s);
    row("B§18: a fifth part", lineOf("a", "read", secret, ":2026-02-03:x"), u"not name"_s);
    row("B§18: a name that is there twice", good + good, u"already"_s);
    row("B§18: a name with a blank", lineOf("a b", "read", secret), u"name"_s);
    row("B§18: a name of nothing", lineOf("", "read", secret), u"name"_s);
}

void TstTokens::badFiles()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, problem);
    const auto list = TokenList::parse(content);
    QVERIFY(!list);
    QVERIFY2(list.error().contains(problem), qPrintable(list.error()));
    QVERIFY(!list.error().contains(QString::fromLatin1(digestOf(secret).toHex())));
}

void TstTokens::aNewTokenLeavesTheRestAsItIs()
{
    const Token token { "new", Right::Manage, digestOf("sami_new"), QDate(2027, 1, 31) };
    const auto text = withToken("# mine\r\n\n" + lineOf("look", "read", secret).chopped(1), token);
    QVERIFY(text);
    QCOMPARE(*text,
             "# mine\r\n\n" + lineOf("look", "read", secret)
                 + lineOf("new", "manage", "sami_new", ":2027-01-31"));
    QCOMPARE(withToken({}, token).value(), lineOf("new", "manage", "sami_new", ":2027-01-31"));
}

void TstTokens::aRevokedTokenLeavesTheRestAsItIs()
{
    const QByteArray content = "# one\n" + lineOf("one", "read", secret) + "# two: one\n"
        + lineOf("two", "read", "sami_two") + "\n# end";
    QCOMPARE(withoutToken(content, "one").value(),
             "# one\n# two: one\n" + lineOf("two", "read", "sami_two") + "\n# end");
}

void TstTokens::whatCannotBeChanged()
{
    const QByteArray content = lineOf("one", "read", secret);
    const Token token { "one", Right::Read, digestOf("sami_other"), {} };
    QVERIFY(withToken(content, token).error().contains(u"already"_s));
    QVERIFY(withoutToken(content, "two").error().contains(u"no token"_s));
    QVERIFY(!withToken("damaged\n", token));
    QVERIFY(!withoutToken("damaged\n", "one"));
}

QTEST_GUILESS_MAIN(TstTokens)
#include "tst_tokens.moc"
