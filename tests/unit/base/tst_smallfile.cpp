// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/smallfile.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace Qt::StringLiterals;
using namespace sami;

namespace {

constexpr qint64 most = 8;
constexpr auto owner = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

Result<QByteArray, QString> read(const QString &path, FileRights rights = FileRights::Any)
{
    return readSmallFile(path, most, u"is too long"_s, rights);
}

} // namespace

class TestSmallFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatIsThere_data();
    void readsWhatIsThere();
    void judgesWhoElseMayUseIt_data();
    void judgesWhoElseMayUseIt();
    void followsALink();
    void takesNothingButAFile();
    void readsAFileWithoutASize();

private:
    QString made(const QByteArray &content);

    QTemporaryDir m_folder;
};

QString TestSmallFile::made(const QByteArray &content)
{
    QFile file(m_folder.filePath(u"file"_s));
    static_cast<void>(file.remove());
    const bool isWhole = file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
    return isWhole ? file.fileName() : QString();
}

void TestSmallFile::readsWhatIsThere_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<bool>("isRead");
    QTest::newRow("an empty file") << ""_ba << true;
    QTest::newRow("octets of any kind") << QByteArray("a\0\xff\n", 4) << true;
    QTest::newRow("as many as there may be") << QByteArray(most, 'x') << true;
    QTest::newRow("one more") << QByteArray(most + 1, 'x') << false;
    QTest::newRow("many more") << QByteArray(100'000, 'x') << false;
}

void TestSmallFile::readsWhatIsThere()
{
    QFETCH(const QByteArray, content);
    QFETCH(const bool, isRead);
    const auto found = read(made(content));
    QCOMPARE(found.has_value(), isRead);
    if (isRead)
        QCOMPARE(*found, content);
    else
        QCOMPARE(found.error(), u"is too long"_s);
}

void TestSmallFile::judgesWhoElseMayUseIt_data()
{
    QTest::addColumn<QFileDevice::Permissions>("given");
    QTest::addColumn<QString>("amongReaders");
    QTest::addColumn<QString>("asASecret");
    const QString written = u"can be written by others; chmod 600 it"_s;
    const QString open = u"is open to others; chmod 600 it"_s;
    using Given = QFileDevice::Permissions;
    QTest::newRow("nobody but its owner") << Given(owner) << QString() << QString();
    QTest::newRow("its group may read")
        << Given(owner | QFileDevice::ReadGroup) << QString() << QString();
    QTest::newRow("everybody may read")
        << Given(owner | QFileDevice::ReadOther) << QString() << open;
    QTest::newRow("its group may write")
        << Given(owner | QFileDevice::WriteGroup) << written << open;
    QTest::newRow("everybody may write")
        << Given(owner | QFileDevice::WriteOther) << written << open;
    QTest::newRow("everybody may run it")
        << Given(owner | QFileDevice::ExeOther) << QString() << open;
}

void TestSmallFile::judgesWhoElseMayUseIt()
{
#ifdef Q_OS_WIN
    QSKIP("rights are access lists here");
#endif
    QFETCH(const QFileDevice::Permissions, given);
    const QString path = made("x");
    QVERIFY(QFile::setPermissions(path, given));
    const auto problem = [&path](FileRights rights) {
        const auto found = read(path, rights);
        return found ? QString() : found.error();
    };
    QCOMPARE(problem(FileRights::Any), QString());
    QTEST(problem(FileRights::OthersRead), "amongReaders");
    QTEST(problem(FileRights::GroupReads), "asASecret");
}

void TestSmallFile::followsALink()
{
#ifdef Q_OS_WIN
    QSKIP("links are shortcuts here");
#endif
    const QString link = m_folder.filePath(u"link"_s);
    QVERIFY(QFile::link(made("octets"), link));
    const auto found = read(link);
    QVERIFY(found);
    QCOMPARE(*found, "octets");
}

void TestSmallFile::takesNothingButAFile()
{
    QVERIFY(!read(m_folder.filePath(u"nothing"_s)));
    QCOMPARE(read(m_folder.path()).error(), u"is a directory, not a file"_s);
#ifdef Q_OS_UNIX
    const QString pipe = m_folder.filePath(u"pipe"_s);
    QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    QCOMPARE(read(pipe).error(), u"is not a regular file"_s); // and does not wait for a writer
    QCOMPARE(read(u"/dev/null"_s).error(), u"is not a regular file"_s);
#endif
}

void TestSmallFile::readsAFileWithoutASize()
{
#ifdef Q_OS_LINUX
    const auto found =
        readSmallFile(u"/proc/self/status"_s, 65536, u"is too long"_s, FileRights::Any);
    QVERIFY(found);
    QVERIFY(found->startsWith("Name:") && found->endsWith('\n'));
#else
    QSKIP("only Linux has such files");
#endif
}

QTEST_GUILESS_MAIN(TestSmallFile)
#include "tst_smallfile.moc"
