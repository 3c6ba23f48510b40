// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/passwordfile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace Qt::StringLiterals;
using namespace sami::config;

class TstPasswordFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void contents_data();
    void contents();
    void aMissingFileIsNamedWithTheReason();
    void aFolderIsNoFile();
#ifdef Q_OS_UNIX
    void nobodyWaitsForAPipe();
#endif
    void placeholders_data();
    void placeholders();
    void credentials_data();
    void credentials();
};

void TstPasswordFile::contents_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("problem"); // part of the sentence; empty: accepted

    QTest::newRow("B§1: the content is the password") << "secret"_ba << u"secret"_s << QString();
    QTest::newRow("B§1: one trailing newline is dropped")
        << "secret\n"_ba << u"secret"_s << QString();
    QTest::newRow("B§1: one trailing Windows line end is dropped")
        << "secret\r\n"_ba << u"secret"_s << QString();
    QTest::newRow("B§1: two trailing newlines are refused, not guessed about")
        << "secret\n\n"_ba << QString() << u"line break"_s;
    QTest::newRow("B§1: blanks around the password belong to it")
        << "  secret \n"_ba << u"  secret "_s << QString();
    QTest::newRow("RFC 7617 §2.1: UTF-8") << "пароль\n"_ba << u"пароль"_s << QString();
    QTest::newRow("B§1: an empty file is refused") << ""_ba << QString() << u"is empty"_s;
    QTest::newRow("B§1: a newline alone is refused") << "\n"_ba << QString() << u"is empty"_s;
    QTest::newRow("B§1: two lines are refused") << "one\ntwo\n"_ba << QString() << u"line break"_s;
    QTest::newRow("RFC 7617 §2: a control character is refused")
        << "se\tcret"_ba << QString() << u"control"_s;
    QTest::newRow("B§1: a byte order mark is refused")
        << "\xef\xbb\xbfsecret"_ba << QString() << u"byte order mark"_s;
    QTest::newRow("B§1: other encodings are refused") << "\xff\xfe"_ba << QString() << u"UTF-8"_s;
    QTest::newRow("B§1: a huge file is refused")
        << QByteArray(70'000, 'x') << QString() << u"64 KiB"_s;
    QTest::newRow("B§1: a placeholder is refused")
        << "CHANGE-ME\n"_ba << QString() << u"placeholder"_s;
}

void TstPasswordFile::contents()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, password);
    QFETCH(QString, problem);

    QTemporaryDir folder;
    QFile file(folder.filePath(u"secret"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();

    const auto read = readPasswordFile(file.fileName());
    QCOMPARE(read.has_value(), problem.isEmpty());
    if (read)
        QCOMPARE(*read, password);
    else
        QVERIFY2(read.error().contains(problem), qPrintable(read.error()));
}

void TstPasswordFile::aMissingFileIsNamedWithTheReason()
{
    const auto read = readPasswordFile(u"/no/such/file"_s);
    QVERIFY(!read);
#ifdef Q_OS_WIN
    const QString reason = u"Path not found"_s;
#else
    const QString reason = u"No such file"_s;
#endif
    QVERIFY2(read.error().contains(reason), qPrintable(read.error()));
}

void TstPasswordFile::aFolderIsNoFile()
{
    QTemporaryDir folder;
    const auto read = readPasswordFile(folder.path());
    QVERIFY(!read);
    QVERIFY2(read.error().contains(u"directory"_s), qPrintable(read.error()));
}

#ifdef Q_OS_UNIX
void TstPasswordFile::nobodyWaitsForAPipe()
{
    const QTemporaryDir folder;
    const QString pipe = folder.filePath(u"pipe"_s);
    QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    QCOMPARE(readPasswordFile(pipe).error(), u"is not a regular file"_s);
}
#endif

void TstPasswordFile::placeholders_data()
{
    QTest::addColumn<bool>("isPlaceholder");
    for (const char *text : { "CHANGE-ME",
                              "change-me",
                              "ChangeMe",
                              "change_me",
                              "CHANGE ME",
                              "Change This",
                              "CHANGE-ME-to-48-hexadecimal-digits",
                              "replace-me",
                              "your-password",
                              "YOUR_PASSWORD",
                              "yourpassword",
                              "Your password here",
                              "example",
                              "example-password",
                              "<password>",
                              "<your-password>",
                              "PLACEHOLDER",
                              "your-strong-password",
                              "[your proxy password]",
                              "\"changeme\"",
                              "'CHANGE-ME'",
                              "Your Pass",
                              "your-pass-here",
                              "{your-password-here}",
                              "<your-password]",
                              "your-password>",
                              "your-abcdefghijklmnopqrst-password" })
        QTest::addRow("B§1: nobody's password: %s", text) << true;
    for (const char *text : { "secret",
                              "secret123",
                              "password",
                              "admin",
                              "1234",
                              "weak",
                              "changeme2026!",
                              "change-media",
                              "examples",
                              "-",
                              "___",
                              " ",
                              "<secret>",
                              "пароль",
                              "your",
                              "pass",
                              "yourword",
                              "youpass",
                              "your-abcdefghijklmnopqrstu-password",
                              "your-2nd-password",
                              "your-пароль-pass",
                              "your-password-there",
                              "your-password-heres",
                              "your-passhereword",
                              "<<your-password>",
                              "my-your-password",
                              "(your-password)" })
        QTest::addRow("B§1: weak, and somebody's password: %s", text) << false;
}

void TstPasswordFile::placeholders()
{
    QFETCH(bool, isPlaceholder);
    const QString text = QString::fromUtf8(QTest::currentDataTag()).section(u": "_s, 2);
    const QString problem = passwordProblem(text);
    QCOMPARE(problem.isEmpty(), !isPlaceholder);
    QVERIFY2(!problem.contains(text) || !isPlaceholder, qPrintable(problem));
    // The message also says what to do.
    QCOMPARE(problem.contains(u"openssl rand -hex 24"_s), isPlaceholder);
}

void TstPasswordFile::credentials_data()
{
    QTest::addColumn<QString>("problem"); // part of the sentence; empty: accepted
    for (const char *text : { "${PASSWORD}", "${PROXY_PASSWORD:-}", "$PASSWORD", "$(cat secret)",
                              "{{ password }}", "%PASSWORD%", "\"${PASSWORD}\"", "'$PASSWORD",
                              "%A1%\"", "$A_", "$_1", "${ }", "$( )", "{{$}}" })
        QTest::addRow("B§1: nothing is filled in: %s", text) << u"names a variable"_s;
    for (const char *text : { "\"\"", "''" })
        QTest::addRow("B§1: quotes with nothing in them: %s", text) << u"pair of quotes"_s;
    for (const char *text :
         { "\"secret\"",  "'secret'",   "$ecret",    "$1",           "100%",
           "{secret}",    "a${B}",      "\"",        "'\"",          "pa$$word",
           "$",           "$A",         "$PASSWORd", "$1PASSWORD",   "%A%",
           "%%",          "%",          "%PASSWORD", "%PASS%WORD%",  "%password%",
           "${}",         "${a{b}",     "${a}b}",    "$()",          "$(a(b)",
           "{{}}",        "{{a}b}}",    "{a}",       "${PASSWORD}x", "x$PASSWORD",
           "''$PASSWORD", "$(PASSWORD}" })
        QTest::addRow("B§1: somebody's: %s", text) << QString();
}

void TstPasswordFile::credentials()
{
    QFETCH(QString, problem);
    const QString text = QString::fromUtf8(QTest::currentDataTag()).section(u": "_s, 2);
    const QString found = credentialProblem(text);
    QVERIFY2(found.contains(problem) && found.isEmpty() == problem.isEmpty(), qPrintable(found));
}

QTEST_APPLESS_MAIN(TstPasswordFile)
#include "tst_passwordfile.moc"
