// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/inifile.h"

#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using sami::config::IniFile;
using sami::config::IniPresence;

class TstIniFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values_data();
    void values();
    void problems_data();
    void problems();
    void everyProblemIsReportedWithItsLine();
    void edits_data();
    void edits();
    void hostileValuesRoundTrip_data();
    void hostileValuesRoundTrip();
    void randomValuesRoundTrip();
    void whatCannotBeWritten();
    void writingIsPrivateAndAtomic();
    void readNamesTheFile();
};

void TstIniFile::values_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("value"); // of "key"; null: not there

    QTest::newRow("B§1: key = value") << "key = value\n"_ba << u"value"_s;
    QTest::newRow("no blanks around the sign") << "key=value\n"_ba << u"value"_s;
    QTest::newRow("the last line has no end") << "key = value"_ba << u"value"_s;
    QTest::newRow("Windows line ends") << "a = 1\r\nkey = value\r\n"_ba << u"value"_s;
    QTest::newRow("a byte order mark") << "\xef\xbb\xbfkey = value\n"_ba << u"value"_s;
    QTest::newRow("blanks before the key") << "  \tkey\t = value\n"_ba << u"value"_s;
    QTest::newRow("the key ignores case") << "KEY = value\n"_ba << u"value"_s;
    QTest::newRow("B§1: one blank is dropped, the others stay")
        << "key =   value \n"_ba << u"  value "_s;
    QTest::newRow("B§1: commas stay") << "key = a,b, c\n"_ba << u"a,b, c"_s;
    QTest::newRow("B§1: backslash, semicolon, percent and hash stay")
        << "key = \\n;%41#\n"_ba << u"\\n;%41#"_s;
    QTest::newRow("B§1: quotes stay") << "key = \"x\" 'y'\n"_ba << u"\"x\" 'y'"_s;
    QTest::newRow("B§1: a value with an equals sign") << "key = a=b\n"_ba << u"a=b"_s;
    QTest::newRow("an empty value") << "key =\n"_ba << u""_s;
    QTest::newRow("Cyrillic") << "key = пароль\n"_ba << u"пароль"_s;
    QTest::newRow("a comment with a hash") << "# key = value\n"_ba << QString();
    QTest::newRow("a comment with a semicolon") << "  ; key = value\n"_ba << QString();
    QTest::newRow("blank lines") << "\n  \n\t\n\r\n"_ba << QString();
    QTest::newRow("nothing at all") << ""_ba << QString();
}

void TstIniFile::values()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, value);

    const auto file = IniFile::parse(text);
    QVERIFY(file);
    QCOMPARE(file->value(u"key"_s).has_value(), !value.isNull());
    QCOMPARE(file->value(u"Key"_s).value_or(QString()), value);
    QCOMPARE(file->toByteArray(), text);
}

void TstIniFile::problems_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("hint");

    QTest::newRow("B§1: a line without a sign is an error") << "hunter2\n"_ba << u"key = value"_s;
    QTest::newRow("B§1: a section is an error") << "[proxy]\n"_ba << u"no sections"_s;
    QTest::newRow("B§1: an empty key is an error") << "= hunter2\n"_ba << u"a key has"_s;
    QTest::newRow("B§1: a blank in a key is an error") << "my key = hunter2\n"_ba << u"a key has"_s;
    QTest::newRow("B§1: a value that is not UTF-8 is an error") << "key = \xff\n"_ba << u"UTF-8"_s;
    QTest::newRow("B§1: a NUL is an error") << QByteArray("key = a\0b\n", 10) << u"NUL"_s;
    QTest::newRow("B§1: a CR inside a value is an error")
        << "key = hunter2\rport = 1\n"_ba << u"carriage return"_s;
    QTest::newRow("B§1: a file with CR line ends is not one comment")
        << "# a comment\rpassword = hunter2\r"_ba << u"carriage return"_s;
    QTest::newRow("B§1: two CRs before an LF are an error")
        << "key = hunter2\r\r\n"_ba << u"carriage return"_s;
    QTest::newRow("B§1: a key that stands twice is an error that names both lines")
        << "key = hunter2\nKEY = hunter2\n"_ba << u"on line 1"_s;
}

void TstIniFile::problems()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, hint);

    const auto file = IniFile::parse(text);
    QVERIFY(!file);
    QCOMPARE(file.error().size(), 1);
    const QString problem = file.error().constFirst().text;
    QVERIFY2(problem.contains(hint), qPrintable(problem));
    // B§8: the text may be a password.
    QVERIFY(!problem.contains(u"hunter2"_s));
}

void TstIniFile::everyProblemIsReportedWithItsLine()
{
    const auto file = IniFile::parse("# fine\n[a]\nport = 1\nwhat\nport = 2\n");
    QVERIFY(!file);
    QList<int> lines;
    for (const IniFile::Problem &problem : file.error())
        lines.append(problem.line);
    QCOMPARE(lines, (QList<int> { 2, 4, 5 }));
}

void TstIniFile::edits_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QString>("value"); // for "key"; null: removed
    QTest::addColumn<QByteArray>("after");

    QTest::newRow("B§1: saving keeps comments, order and unknown lines")
        << "# head\nother=1 ;x\nkey = old\n\n; tail"_ba << u"new"_s
        << "# head\nother=1 ;x\nkey = new\n\n; tail"_ba;
    QTest::newRow("an unchanged value leaves the line as it was")
        << "  KEY=old\n"_ba << u"old"_s << "  KEY=old\n"_ba;
    QTest::newRow("a new key goes to the end")
        << "other = 1\n"_ba << u"new"_s << "other = 1\nkey = new\n"_ba;
    QTest::newRow("a last line without an end gets one first")
        << "other = 1"_ba << u"new"_s << "other = 1\nkey = new\n"_ba;
    QTest::newRow("Windows line ends stay")
        << "other = 1\r\nkey = old\r\n"_ba << u"new"_s << "other = 1\r\nkey = new\r\n"_ba;
    QTest::newRow("a new line gets the file's line end")
        << "other = 1\r\n"_ba << u"new"_s << "other = 1\r\nkey = new\r\n"_ba;
    QTest::newRow("a byte order mark stays")
        << "\xef\xbb\xbfkey = old\n"_ba << u"new"_s << "\xef\xbb\xbfkey = new\n"_ba;
    QTest::newRow("an empty file") << ""_ba << u"new"_s << "key = new\n"_ba;
    QTest::newRow("a key is removed, its comment stays")
        << "# why\nkey = old\nother = 1\n"_ba << QString() << "# why\nother = 1\n"_ba;
    QTest::newRow("removing what is not there changes nothing")
        << "other = 1\n"_ba << QString() << "other = 1\n"_ba;
}

void TstIniFile::edits()
{
    QFETCH(QByteArray, before);
    QFETCH(QString, value);
    QFETCH(QByteArray, after);

    IniFile file = IniFile::parse(before).value();
    if (value.isNull())
        file.remove(u"key"_s);
    else
        file.setValue(u"key"_s, value);
    QCOMPARE(file.toByteArray(), after);
    QCOMPARE(IniFile::parse(after).value().value(u"key"_s).value_or(QString()), value);
}

void TstIniFile::hostileValuesRoundTrip_data()
{
    QTest::addColumn<QString>("value");

    QTest::newRow("B§1: a password of every sign QSettings mangles")
        << u"p@s:s/ %\"'$;#\\,`=[]{}|<>?*&^!~"_s;
    QTest::newRow("B§1: leading and trailing blanks") << u"  two  words \t "_s;
    QTest::newRow("B§1: a blank alone") << u" "_s;
    QTest::newRow("B§1: a hash in front") << u"#secret"_s;
    QTest::newRow("B§1: a bracket in front") << u"[secret]"_s;
    QTest::newRow("B§1: an equals sign in front") << u"=secret"_s;
    QTest::newRow("B§1: Cyrillic") << u"парольЁ"_s;
    QTest::newRow("B§1: beyond the basic plane") << u"пароль🔑"_s;
    QTest::newRow("B§1: what QSettings writes for itself") << u"@Invalid() \\x41 %20"_s;
    QTest::newRow("B§1: a byte order mark in front of a value") << u"\ufeffsecret"_s;
    QTest::newRow("B§1: a no-break space and a line separator") << u"a\u00a0b\u2028c"_s;
}

void TstIniFile::hostileValuesRoundTrip()
{
    QFETCH(QString, value);

    for (const QByteArray &before :
         { "key = old\nother = 1\n"_ba, "other = 1"_ba, "key=old\r\n"_ba, ""_ba }) {
        IniFile file = IniFile::parse(before).value();
        QVERIFY(IniFile::canHold(value));
        file.setValue(u"key"_s, value);
        const auto again = IniFile::parse(file.toByteArray());
        QVERIFY(again);
        QCOMPARE(again->value(u"key"_s).value(), value);
    }
}

void TstIniFile::randomValuesRoundTrip()
{
    QRandomGenerator random(20261122); // the same values in every run
    const QString alphabet = u" \t\"'%;#\\,`=[]@:/$abcяЯ🔑\u0001\u00a0"_s;
    for (int round = 0; round < 2000; ++round) {
        QString value;
        for (int i = random.bounded(20); i > 0; --i)
            value += alphabet.at(random.bounded(int(alphabet.size())));
        value = QString::fromUtf8(value.toUtf8()); // lone surrogates are not text
        IniFile file;
        file.setValue(u"key"_s, value);
        const auto again = IniFile::parse(file.toByteArray());
        QVERIFY(again);
        QCOMPARE(again->value(u"key"_s).value(), value);
    }
}

void TstIniFile::whatCannotBeWritten()
{
    QVERIFY(!IniFile::canHold(u"a\nb"_s));
    QVERIFY(!IniFile::canHold(u"a\r"_s));
    QVERIFY(!IniFile::canHold(QString(QChar::Null)));
    QVERIFY(IniFile::canHold(QString()));
}

void TstIniFile::writingIsPrivateAndAtomic()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"sami.ini"_s);
    IniFile file;
    file.setValue(u"key"_s, u"value"_s);
    QVERIFY(file.write(path));
#ifndef Q_OS_WIN
    constexpr auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup
        | QFileDevice::ReadOther | QFileDevice::WriteOther;
    QCOMPARE(QFile::permissions(path) & others, QFileDevice::Permissions());
    // A file that others could read becomes private.
    QVERIFY(QFile::setPermissions(path, QFile::permissions(path) | QFileDevice::ReadOther));
    QVERIFY(file.write(path));
    QCOMPARE(QFile::permissions(path) & others, QFileDevice::Permissions());
#endif
    QCOMPARE(IniFile::read(path, IniPresence::Required).value().value(u"key"_s).value(),
             u"value"_s);
    const auto failed = file.write(folder.filePath(u"missing/sami.ini"_s));
    QVERIFY(!failed);
    QVERIFY(!failed.error().isEmpty());
}

void TstIniFile::readNamesTheFile()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"%1 sami %2.ini"_s);
    QVERIFY(IniFile::read(path, IniPresence::Optional).value().entries().isEmpty());
    const auto missing = IniFile::read(path, IniPresence::Required);
    QVERIFY(!missing);
    QCOMPARE(missing.error().constFirst().name, path);
    QVERIFY(!IniFile::read(folder.path(), IniPresence::Optional));
#ifdef Q_OS_UNIX
    // A name that no file system accepts stands in for a folder that may not be searched.
    QVERIFY2(!IniFile::read(folder.filePath(QString(300, u'x')), IniPresence::Optional),
             "B§1: a file that the system cannot tell of is not taken for none");
#endif

    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("\nwhat\n");
    file.close();
    const auto bad = IniFile::read(path, IniPresence::Required);
    QVERIFY(!bad);
    QCOMPARE(bad.error().constFirst().name, path + u":2"_s);
}

QTEST_APPLESS_MAIN(TstIniFile)
#include "tst_inifile.moc"
