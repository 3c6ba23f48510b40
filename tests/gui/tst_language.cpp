// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/language.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

using namespace sami::gui;
using namespace Qt::StringLiterals;

namespace {

void putLength(QByteArray &out, quint32 number)
{
    number = qToBigEndian(number);
    out.append(reinterpret_cast<const char *>(&number), sizeof number);
}

/// A .qm file with one translation: context, source text, target text. The format is QTranslator's:
/// a magic number, then blocks of tag, length and content.
QByteArray compiled(const QByteArray &context, const QByteArray &source, const QString &target)
{
    QByteArray utf16(target.size() * 2, Qt::Uninitialized);
    qToBigEndian<quint16>(target.utf16(), target.size(), utf16.data());
    QByteArray message;
    const auto field = [&message](char tag, const QByteArray &value) {
        message.append(tag);
        putLength(message, quint32(value.size()));
        message.append(value);
    };
    field(3, utf16);   // Tag_Translation
    field(6, source);  // Tag_SourceText
    field(7, context); // Tag_Context
    message.append(1); // Tag_End

    quint32 hash = 0; // the ELF hash of the source text
    for (const char c : source) {
        hash = (hash << 4) + uchar(c);
        const quint32 high = hash & 0xf0000000U;
        if (high)
            hash ^= high >> 24;
        hash &= ~high;
    }
    QByteArray out =
        QByteArray::fromHex("3cb86418caef9c95cd211cbf60a1bddd"); // the magic of .qm files
    out.append(char(0x42));
    putLength(out, 8);
    putLength(out, hash);
    putLength(out, 0);
    out.append(char(0x69));
    putLength(out, quint32(message.size()));
    return out + message;
}

QString greeting()
{
    return QCoreApplication::translate("Test", "Hello");
}

QString okay()
{
    return QCoreApplication::translate("QPlatformTheme", "OK");
}

} // namespace

class LanguageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void loadsTheChosenOne();
    void aRegionFindsItsLanguage();
    void englishNeedsNone();
    void theOrderOfPreferenceCounts_data();
    void theOrderOfPreferenceCounts();
    void switchesBack();
    void widgetsHearOfIt();
    void missingFilesAreNoError_data();
    void missingFilesAreNoError();
    void theFirstFolderWins();
    void numbersFollow();
    void theSystemsOwnIsTakenWithoutAChoice();

private:
    void write(const QString &name, const QByteArray &context, const QByteArray &source,
               const QString &target);

    QTemporaryDir m_folder;
};

void LanguageTest::write(const QString &name, const QByteArray &context, const QByteArray &source,
                         const QString &target)
{
    QFile file(m_folder.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(compiled(context, source, target));
}

void LanguageTest::initTestCase()
{
    QVERIFY(m_folder.isValid());
    write(u"sami_ru.qm"_s, "Test", "Hello", u"Привет"_s);
    write(u"qtbase_ru.qm"_s, "QPlatformTheme", "OK", u"ОК по-русски"_s);
}

void LanguageTest::init()
{
    QCOMPARE(greeting(), u"Hello"_s);
    QLocale::setDefault(QLocale::c());
}

void LanguageTest::loadsTheChosenOne()
{
    Language language({ m_folder.path() });
    language.use(u"ru"_s);
    QCOMPARE(greeting(), u"Привет"_s);
    QCOMPARE(okay(), u"ОК по-русски"_s);
}

void LanguageTest::aRegionFindsItsLanguage()
{
    Language language({ m_folder.path() });
    language.use(u"ru_RU"_s);
    QCOMPARE(greeting(), u"Привет"_s);
}

void LanguageTest::englishNeedsNone()
{
    Language language({ m_folder.path() });
    language.use(u"en"_s);
    QCOMPARE(greeting(), u"Hello"_s);
}

void LanguageTest::theOrderOfPreferenceCounts_data()
{
    QTest::addColumn<QStringList>("languages");
    QTest::addColumn<QString>("shown");
    QTest::newRow("Russian first") << QStringList { u"ru-RU"_s, u"en"_s } << u"Привет"_s;
    QTest::newRow("English before Russian") << QStringList { u"en-US"_s, u"ru"_s } << u"Hello"_s;
    QTest::newRow("what has no texts is passed over")
        << QStringList { u"de-DE"_s, u"ru"_s, u"en"_s } << u"Привет"_s;
    QTest::newRow("none that is there") << QStringList { u"de-DE"_s, u"fr"_s } << u"Hello"_s;
}

void LanguageTest::theOrderOfPreferenceCounts()
{
    QFETCH(const QStringList, languages);
    QFETCH(const QString, shown);
    Language language({ m_folder.path() });
    language.use(QLocale::c(), languages);
    QCOMPARE(greeting(), shown);
}

void LanguageTest::switchesBack()
{
    Language language({ m_folder.path() });
    language.use(u"ru"_s);
    language.use(u"en"_s);
    QCOMPARE(greeting(), u"Hello"_s);
    QCOMPARE(okay(), u"OK"_s);
}

void LanguageTest::widgetsHearOfIt()
{
    struct Listener : QObject
    {
        bool eventFilter(QObject *, QEvent *event) override
        {
            if (event->type() == QEvent::LanguageChange)
                ++heard;
            return false;
        }
        int heard = 0;
    };
    Listener listener;
    QCoreApplication::instance()->installEventFilter(&listener);
    Language language({ m_folder.path() });
    language.use(u"ru"_s);
    QTRY_VERIFY(listener.heard > 0);
}

void LanguageTest::missingFilesAreNoError_data()
{
    QTest::addColumn<QString>("code");
    QTest::newRow("a language that has none") << u"de"_s;
    QTest::newRow("no language at all") << u"zz_nonsense"_s;
    QTest::newRow("the way out of the folder") << u"../../etc/passwd"_s;
}

void LanguageTest::missingFilesAreNoError()
{
    QFETCH(const QString, code);
    Language language({ m_folder.path(), m_folder.filePath(u"absent"_s) });
    language.use(code);
    QCOMPARE(greeting(), u"Hello"_s);
}

void LanguageTest::theFirstFolderWins()
{
    QTemporaryDir second;
    QVERIFY(QFile::copy(m_folder.filePath(u"sami_ru.qm"_s), second.filePath(u"sami_ru.qm"_s)));
    QVERIFY(QFile::remove(m_folder.filePath(u"sami_ru.qm"_s)));
    write(u"sami_ru.qm"_s, "Test", "Hello", u"Здравствуйте"_s);
    Language language({ m_folder.path(), second.path() });
    language.use(u"ru"_s);
    QCOMPARE(greeting(), u"Здравствуйте"_s);
    QVERIFY(QFile::remove(m_folder.filePath(u"sami_ru.qm"_s)));
    language.use(u"ru"_s);
    QCOMPARE(greeting(), u"Привет"_s);
    write(u"sami_ru.qm"_s, "Test", "Hello", u"Привет"_s);
}

void LanguageTest::numbersFollow()
{
    Language language(QStringList {});
    language.use(u"ru"_s);
    QCOMPARE(QLocale().toString(1.5, 'f', 1), u"1,5"_s);
    language.use(u"en"_s);
    QCOMPARE(QLocale().toString(1.5, 'f', 1), u"1.5"_s);
}

void LanguageTest::theSystemsOwnIsTakenWithoutAChoice()
{
    Language language(QStringList {});
    language.use({});
    QCOMPARE(QLocale().name(), QLocale::system().name());
}

QTEST_GUILESS_MAIN(LanguageTest)
#include "tst_language.moc"
