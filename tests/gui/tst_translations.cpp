// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "corereasons.h"
#include "gui/app/language.h"
#include "gui/text/coretext.h"
#include "gui/text/wording.h"
#include "gui/widgets/connectionspage.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <algorithm>

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

struct Message
{
    QString context;
    QString source;
    QString comment;
    bool isPlural = false;
    bool isUnfinished = false;
    QStringList forms; ///< one, unless it is a plural

    [[nodiscard]] QString name() const { return context + u": "_s + source; }
    /// Identifies it.
    [[nodiscard]] QString key() const
    {
        return context + u'|' + source + u'|' + comment + u'|' + QString::number(isPlural);
    }
};

QString texts(const QString &name)
{
    return QStringLiteral(SAMI_SOURCE_DIR "/gui/translations/") + name;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
}

QList<Message> messagesOf(const QString &path)
{
    QXmlStreamReader xml(contentOf(path));
    QList<Message> messages;
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == "name"_L1)
            context = xml.readElementText();
        else if (xml.name() == "message"_L1)
            messages.append(
                { context, {}, {}, xml.attributes().hasAttribute("numerus"_L1), false, {} });
        else if (xml.name() == "source"_L1)
            messages.last().source = xml.readElementText();
        else if (xml.name() == "comment"_L1)
            messages.last().comment = xml.readElementText();
        else if (xml.name() == "translation"_L1) {
            messages.last().isUnfinished = xml.attributes().hasAttribute("type"_L1);
            if (!messages.last().isPlural)
                messages.last().forms.append(xml.readElementText());
        } else if (xml.name() == "numerusform"_L1)
            messages.last().forms.append(xml.readElementText());
    }
    if (xml.hasError())
        qFatal("%s: %s", qPrintable(path), qPrintable(xml.errorString()));
    return messages;
}

/// All matches in order, so that two texts can be compared.
QStringList found(const QString &pattern, const QString &text)
{
    QStringList all;
    const QRegularExpression expression(pattern);
    for (auto match = expression.globalMatch(text); match.hasNext();)
        all.append(match.next().captured());
    all.sort();
    return all;
}

bool isRussian(const QString &text)
{
    return std::any_of(text.cbegin(), text.cend(),
                       [](QChar c) { return c.script() == QChar::Script_Cyrillic; });
}

/// What no language translates: names of programs, and patterns without words.
bool isForAllLanguages(const QString &source)
{
    static const QSet<QString> names { u"bash / zsh"_s,
                                       u"fish"_s,
                                       u"PowerShell"_s,
                                       u"Docker (docker run)"_s,
                                       u"Docker (~/.docker/config.json)"_s,
                                       u"git"_s,
                                       u"Claude Code (settings.json)"_s,
                                       u"Node.js (NODE_USE_ENV_PROXY)"_s };
    static const QRegularExpression pattern(u"^[%0-9 (),:“”]*$"_s);
    return names.contains(source) || pattern.match(source).hasMatch();
}

} // namespace

class TstTranslations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_language.use(u"ru"_s); }

    void everyTextOfTheSourcesIsThere_data() { addLanguages(); }
    void everyTextOfTheSourcesIsThere();
    void everyTextIsTranslated_data() { addLanguages(); }
    void everyTextIsTranslated();
    void placeholdersAreKept_data() { addLanguages(); }
    void placeholdersAreKept();
    void mnemonicsAndEndsAreKept();
    void contextsAreThoseOfTheClasses();
    void pluralsAreRight_data();
    void pluralsAreRight();
    void noBracketsOfPluralsAreSeen_data();
    void noBracketsOfPluralsAreSeen();
    void everyReasonHasASentence_data();
    void everyReasonHasASentence();
    void malformedHttpHasSentences();
    void theCoresSentencesAreTranslated();
    void qtsOwnTextsFollow();

private:
    static void addLanguages();

    Language m_language;
};

void TstTranslations::addLanguages()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("atLeast");
    QTest::addColumn<int>("forms");
    QTest::newRow("Russian") << u"sami_ru.ts"_s << 200 << 3;
    QTest::newRow("English plurals") << u"sami_en.ts"_s << 15 << 2;
}

void TstTranslations::everyTextOfTheSourcesIsThere()
{
    QFETCH(const QString, file);
    const QString bash = QStandardPaths::findExecutable(u"bash"_s);
    if (bash.isEmpty())
        QSKIP("bash is not installed");
    const QTemporaryDir folder;
    for (const QString &name : { u"sami_en.ts"_s, u"sami_ru.ts"_s })
        QVERIFY(QFile::copy(texts(name), folder.filePath(name)));
    QProcess refresh;
    refresh.setProcessChannelMode(QProcess::MergedChannels);
    refresh.start(bash, { texts(u"refresh.sh"_s), folder.path() });
    QVERIFY(refresh.waitForFinished());
    if (refresh.exitCode() == 3)
        QSKIP("lupdate of Qt 6 is not installed: gui/translations/refresh.sh cannot run");
    QVERIFY2(refresh.exitCode() == 0, refresh.readAll().constData());

    QSet<QString> committed;
    for (const Message &message : messagesOf(texts(file)))
        committed.insert(message.key());
    QSet<QString> fresh;
    for (const Message &message : messagesOf(folder.filePath(file)))
        fresh.insert(message.key());
    // Run gui/translations/refresh.sh and translate what is new.
    QCOMPARE(QStringList((fresh - committed).values()).join(u'\n'), QString());
    QCOMPARE(QStringList((committed - fresh).values()).join(u'\n'), QString());
}

void TstTranslations::everyTextIsTranslated()
{
    QFETCH(const QString, file);
    QFETCH(const int, atLeast);
    QFETCH(const int, forms);
    const QList<Message> messages = messagesOf(texts(file));
    QVERIFY2(messages.size() >= atLeast, qPrintable(QString::number(messages.size())));
    for (const Message &message : messages) {
        QVERIFY2(!message.isUnfinished, qPrintable(message.name()));
        QCOMPARE(message.forms.size(), message.isPlural ? forms : 1);
        for (const QString &form : message.forms) {
            QVERIFY2(!form.trimmed().isEmpty(), qPrintable(message.name()));
            if (file == "sami_ru.ts"_L1)
                QVERIFY2(isRussian(form) != isForAllLanguages(message.source),
                         qPrintable(message.name()));
        }
    }
}

void TstTranslations::placeholdersAreKept()
{
    QFETCH(const QString, file);
    const QString placeholder = u"%(?:[1-9]|n)"_s;
    int some = 0;
    for (const Message &message : messagesOf(texts(file))) {
        const QStringList wanted = found(placeholder, message.source);
        some += !wanted.isEmpty();
        for (const QString &form : message.forms)
            QVERIFY2(found(placeholder, form) == wanted, qPrintable(message.name()));
    }
    QVERIFY(some > 10);
}

void TstTranslations::mnemonicsAndEndsAreKept()
{
    const QString mnemonic = u"&(?=\\p{L})"_s;
    const QString ends = u"^ | $|[:…]$"_s;
    for (const Message &message : messagesOf(texts(u"sami_ru.ts"_s))) {
        for (const QString &form : message.forms) {
            QVERIFY2(found(mnemonic, form) == found(mnemonic, message.source),
                     qPrintable(message.name()));
            QVERIFY2(found(ends, form) == found(ends, message.source), qPrintable(message.name()));
        }
    }
}

void TstTranslations::contextsAreThoseOfTheClasses()
{
    for (const Message &message : messagesOf(texts(u"sami_ru.ts"_s)))
        QVERIFY2(message.context == "main"_L1 || message.context.startsWith("sami::gui::"_L1),
                 qPrintable(message.name()));
}

void TstTranslations::pluralsAreRight_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<int>("number");
    QTest::addColumn<QString>("text");
    QTest::newRow("Russian, one") << u"ru"_s << 1 << u"1 подключение"_s;
    QTest::newRow("Russian, two") << u"ru"_s << 2 << u"2 подключения"_s;
    QTest::newRow("Russian, five") << u"ru"_s << 5 << u"5 подключений"_s;
    QTest::newRow("Russian, eleven") << u"ru"_s << 11 << u"11 подключений"_s;
    QTest::newRow("Russian, twenty-one") << u"ru"_s << 21 << u"21 подключение"_s;
    QTest::newRow("Russian, none") << u"ru"_s << 0 << u"0 подключений"_s;
    QTest::newRow("English, one") << u"en"_s << 1 << u"1 connection"_s;
    QTest::newRow("English, two") << u"en"_s << 2 << u"2 connections"_s;
    QTest::newRow("English, twenty-one") << u"en"_s << 21 << u"21 connections"_s;
    QTest::newRow("English of a country") << u"en_GB"_s << 1 << u"1 connection"_s;
    QTest::newRow("a language without texts of its own, one") << u"de"_s << 1 << u"1 connection"_s;
    QTest::newRow("and two") << u"de"_s << 2 << u"2 connections"_s;
}

void TstTranslations::pluralsAreRight()
{
    QFETCH(const QString, language);
    QFETCH(const int, number);
    QFETCH(const QString, text);
    m_language.use(language);
    QCOMPARE(ConnectionsPage::tr("%n connection(s)", nullptr, number), text);
}

void TstTranslations::noBracketsOfPluralsAreSeen_data()
{
    QTest::addColumn<QString>("language");
    for (const char *language : { "ru", "en", "de" })
        QTest::newRow(language) << QString::fromLatin1(language);
}

void TstTranslations::noBracketsOfPluralsAreSeen()
{
    QFETCH(const QString, language);
    m_language.use(language);
    int plurals = 0;
    for (const Message &message : messagesOf(texts(u"sami_ru.ts"_s))) {
        if (!message.isPlural)
            continue;
        ++plurals;
        const auto shown = [&message](int number) {
            const QByteArray comment = message.comment.toUtf8();
            return QCoreApplication::translate(
                message.context.toUtf8().constData(), message.source.toUtf8().constData(),
                comment.isEmpty() ? nullptr : comment.constData(), number);
        };
        for (const int number : { 0, 1, 2, 5, 21 }) {
            QVERIFY2(!shown(number).contains("(s)"_L1), qPrintable(shown(number)));
            QVERIFY2(!message.source.contains("%n"_L1)
                         || shown(number).contains(QString::number(number)),
                     qPrintable(shown(number)));
            QCOMPARE(isRussian(shown(number)), language == "ru"_L1);
        }
    }
    QVERIFY(plurals > 10);
}

void TstTranslations::everyReasonHasASentence_data()
{
    QTest::addColumn<QString>("code");
    // A scan that finds fewer is broken.
    const QStringList codes = reasonCodes() + errorTypes();
    if (codes.size() < 35)
        qFatal("only %d codes are found", int(codes.size()));
    for (const QString &code : codes)
        QTest::newRow(qPrintable(code)) << code;
}

void TstTranslations::everyReasonHasASentence()
{
    QFETCH(const QString, code);
    const QString sentence = Wording::reason(code.toUtf8());
    QVERIFY2(isRussian(sentence), qPrintable(sentence));
    QVERIFY(!sentence.contains(code));
}

void TstTranslations::malformedHttpHasSentences()
{
    const QStringList sentences = faultSentences();
    QVERIFY(sentences.size() > 35);
    for (const QString &sentence : sentences)
        QVERIFY2(isRussian(Wording::reason(sentence.toUtf8())), qPrintable(sentence));
}

void TstTranslations::theCoresSentencesAreTranslated()
{
    const QStringList templates = CoreText::templates();
    QVERIFY(templates.size() > 50);
    for (const QString &text : templates)
        QVERIFY2(isRussian(CoreText::tr(text.toUtf8().constData())), qPrintable(text));
    QCOMPARE(CoreText::localized(u"PROXY_PORT: \"x\": write a whole number from 0 to 65535"_s),
             u"PROXY_PORT: \"x\": введите целое число от 0 до 65535"_s);
    QCOMPARE(CoreText::localized(u"write a whole number of seconds from 1 to 60"_s),
             u"введите целое число секунд от 1 до 60"_s);
}

void TstTranslations::qtsOwnTextsFollow()
{
    if (!QFile::exists(u":/translations/qtbase_ru.qm"_s))
        QSKIP("this build found no qtbase_ru.qm");
    Language embedded({ u":/translations"_s });
    const QDialogButtonBox::StandardButtons both = QDialogButtonBox::Ok | QDialogButtonBox::Cancel;
    const auto cancelled = [both] {
        const QDialogButtonBox buttons(both);
        return buttons.button(QDialogButtonBox::Cancel)->text().remove(u'&');
    };
    m_language.use(u"en"_s);
    embedded.use(u"en"_s);
    QCOMPARE(cancelled(), u"Cancel"_s);
    embedded.use(u"ru"_s);
    QCOMPARE(cancelled(), u"Отмена"_s);
}

QTEST_MAIN(TstTranslations)
#include "tst_translations.moc"
