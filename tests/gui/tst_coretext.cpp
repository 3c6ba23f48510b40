// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/optionparsers.h"
#include "config/optiontable.h"
#include "gui/text/coretext.h"

#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <QTranslator>

using namespace Qt::StringLiterals;
using namespace sami;
using sami::gui::CoreText;

namespace {

/// "Translates" by quoting a sentence in guillemets and swapping its first two placeholders.
class MarkingTranslator final : public QTranslator
{
public:
    using QTranslator::QTranslator;

    bool isEmpty() const override { return false; }
    QString translate(const char *context, const char *source, const char *, int) const override
    {
        if (QLatin1StringView(context) != "sami::gui::CoreText"_L1)
            return {};
        QString text = QString::fromUtf8(source);
        if (text == u"the range is reversed; write %1-%2"_s)
            text = u"%2 %1 swapped"_s;
        return u'«' + text + u'»';
    }
};

QString sourceOf(const QString &path)
{
    QFile file(QStringLiteral(SAMI_SOURCE_DIR "/core/") + path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(file.fileName()));
    return QString::fromUtf8(file.readAll());
}

/// The UTF-16 literals in a source, adjacent ones joined, that have more than one word.
QStringList sentencesOf(const QString &source)
{
    static const QRegularExpression literal(
        uR"re((?:\bu|QStringLiteral\(\s*)((?:"(?:[^"\\\n]|\\.)*"\s*)+))re"_s);
    static const QRegularExpression piece(uR"re("((?:[^"\\\n]|\\.)*)")re"_s);
    static const QRegularExpression letter(u"\\p{L}"_s);
    QStringList sentences;
    for (auto found = literal.globalMatch(source); found.hasNext();) {
        QString text;
        for (auto parts = piece.globalMatch(found.next().captured(1)); parts.hasNext();)
            text += parts.next().captured(1);
        text.replace(u"\\\""_s, u"\""_s);
        // What is all parts, as "%1: %2", has nothing to translate.
        if (text.trimmed().contains(u' ') && text.contains(letter))
            sentences.append(text);
    }
    return sentences;
}

} // namespace

class TstCoreText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsEverySentence_data();
    void knowsEverySentence();
    void knowsEveryUnit();
    void localizes_data();
    void localizes();
    void isPlainEnglishWithoutATranslation();
};

void TstCoreText::knowsEverySentence_data()
{
    QTest::addColumn<int>("atLeast");
    QTest::newRow("config/adminchecks.cpp") << 17;
    QTest::newRow("config/optionparsers.cpp") << 11;
    QTest::newRow("config/passwordfile.cpp") << 8;
    QTest::newRow("config/servername.cpp") << 6;
    QTest::newRow("config/sourceaddress.cpp") << 2;
    QTest::newRow("config/inifile.cpp") << 8;
    QTest::newRow("config/proxyurl.cpp") << 15;
    QTest::newRow("config/parenturl.cpp") << 12;
    QTest::newRow("config/link.cpp") << 1;
    QTest::newRow("config/parentlist.cpp") << 5;
    QTest::newRow("config/secretfile.cpp") << 1;
    QTest::newRow("config/textfile.cpp") << 3;
    QTest::newRow("base/smallfile.cpp") << 3;
    QTest::newRow("base/editedfile_portable.cpp") << 7;
    QTest::newRow("base/editedfile_unix.cpp") << 20;
    QTest::newRow("base/regularfile_unix.cpp") << 4;
    QTest::newRow("door/ownlink.cpp") << 9;
    QTest::newRow("users/passwordhash.cpp") << 8;
    QTest::newRow("users/rosterwatch.cpp") << 1;
    QTest::newRow("users/user.cpp") << 10;
    QTest::newRow("users/usersfile.cpp") << 2;
    QTest::newRow("users/userstext.cpp") << 11;
    QTest::newRow("policy/cidr.cpp") << 7;
    QTest::newRow("policy/accessrules.cpp") << 15;
    QTest::newRow("server/listener.cpp") << 4;
    QTest::newRow("server/machinenetworks.cpp") << 1;
}

void TstCoreText::knowsEverySentence()
{
    QFETCH(int, atLeast);
    const QStringList sentences = sentencesOf(sourceOf(QString::fromUtf8(QTest::currentDataTag())));
    // A scan that finds nothing would pass everything.
    QVERIFY2(sentences.size() >= atLeast, qPrintable(QString::number(sentences.size())));
    QStringList unknown;
    for (const QString &sentence : sentences) {
        if (!CoreText::templates().contains(sentence))
            unknown.append(sentence);
    }
    QCOMPARE(unknown, QStringList());
}

void TstCoreText::knowsEveryUnit()
{
    MarkingTranslator translator;
    QVERIFY(QCoreApplication::installTranslator(&translator));
    config::Draft draft;
    for (const config::Option &option : config::optionTable()) {
        for (const config::ValueProblem &problem : option.parse(draft, u"-1"_s)) {
            const QString shown = CoreText::localized(problem.problem);
            QVERIFY2(shown.startsWith(u'«'), qPrintable(option.environmentName() + shown));
            // A unit is a part of the sentence, with a template of its own.
            QVERIFY2(!problem.problem.contains(u"number of "_s) || shown.contains(u"« of "_s),
                     qPrintable(shown));
        }
    }
}

void TstCoreText::localizes_data()
{
    QTest::addColumn<QString>("sentence");
    QTest::addColumn<QString>("localized");

    QTest::newRow("a sentence without parts") << u"not a host name"_s << u"«not a host name»"_s;
    QTest::newRow("parts are put back where the translation wants them")
        << u"the range is reversed; write 80-443"_s << u"«443 80 swapped»"_s;
    QTest::newRow("a part with a percent sign and a digit is left alone")
        << u"cannot listen on [fe80::1%1]:80: %2 happened"_s
        << u"«cannot listen on [fe80::1%1]:80: %2 happened»"_s;
    QTest::newRow("a part that is a sentence is translated too")
        << u"holds no password: it is not UTF-8"_s << u"«holds no password: «it is not UTF-8»»"_s;
    QTest::newRow("a name before that sentence stays")
        << u"line 3: hosts: \"a b\": not a host name"_s
        << u"«line 3: hosts: \"a b\": «not a host name»»"_s;
    QTest::newRow("the fuller sentence wins over its beginning")
        << u"write an address: 127.0.0.1 or ::1"_s << u"«write an address: 127.0.0.1 or ::1»"_s;
    QTest::newRow("a choice of words")
        << u"write error or info or debug"_s << u"«write error or info or debug»"_s;
    QTest::newRow("what stands before the sentence stays")
        << u"PROXY_PORT: \"x: y\": write a whole number from 0 to 65535"_s
        << u"PROXY_PORT: \"x: y\": «write a whole number from 0 to 65535»"_s;
    QTest::newRow("each line is one sentence") << u"a: not a host name\nb: something else"_s
                                               << u"a: «not a host name»\nb: something else"_s;
    QTest::newRow("an unknown sentence comes back as it is")
        << u"the moon is full: tonight"_s << u"the moon is full: tonight"_s;
    QTest::newRow("an unknown sentence with a known beginning too")
        << u"write to your landlord"_s << u"write to your landlord"_s;
    QTest::newRow("nothing is nothing") << QString() << QString();
}

void TstCoreText::localizes()
{
    QFETCH(QString, sentence);
    QFETCH(QString, localized);
    MarkingTranslator translator;
    QVERIFY(QCoreApplication::installTranslator(&translator));
    QCOMPARE(CoreText::localized(sentence), localized);
}

void TstCoreText::isPlainEnglishWithoutATranslation()
{
    const QString sentence = u"the address has bits set beyond the prefix; write 192.0.2.0/24 "
                             "for the network or 192.0.2.7 for the one address"_s;
    QCOMPARE(CoreText::localized(sentence), sentence);
}

QTEST_GUILESS_MAIN(TstCoreText)
#include "tst_coretext.moc"
