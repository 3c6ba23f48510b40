// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/editedfile.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>
#ifndef Q_OS_WIN
#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace sami;

namespace {

constexpr qint64 most = 1 << 20;
constexpr uint somebodyElse = 65534;

ContentEdit appending(const QByteArray &text)
{
    return
        [text](const QByteArray &content) { return Result<QByteArray, QString>(content + text); };
}

} // namespace

class TstEditedFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void contentIsReplaced();
    void whatIsMissingIsMadeOrNot();
    void anErrorLeavesTheFileAlone();
    void nothingToChangeWritesNothing();
    void whatIsNoFileIsRefused_data();
    void whatIsNoFileIsRefused();
    void tooMuchIsRefused();
    void modeAndOwnerStay();
    void anotherUsersFileIsLeft();
    void aNewFileIsForWhomTheFolderIsFor();
    void ofTwoAtOnceNeitherIsLost();
    void ofManyThatMakeItOneWins();
    void aReaderWhoHoldsALockStopsNobody();
    void theLockIsForWhomTheFolderIsFor();
    void whatIsNoLockIsRefused();
    void somebodyWhoAsksForNoLockIsNotOverwritten();
    void somebodyWhoNeverStopsIsTold();
    void anEditWithTheSameTimeIsNotOverwritten();
    void aDiskThatIsFullLeavesTheOldFile();

private:
    [[nodiscard]] QString path(const QString &name = u"list"_s) const;
    void write(const QByteArray &content) const;
    [[nodiscard]] QByteArray content(const QString &name = u"list"_s) const;
    [[nodiscard]] QString edit(const QString &name, const QByteArray &text,
                               IfMissing ifMissing = IfMissing::Fail) const;
    /// All files in the folder, to see that nothing else is left behind.
    [[nodiscard]] QStringList left() const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TstEditedFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

QString TstEditedFile::path(const QString &name) const
{
    return m_folder->filePath(name);
}

void TstEditedFile::write(const QByteArray &content) const
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
}

QByteArray TstEditedFile::content(const QString &name) const
{
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
}

QString TstEditedFile::edit(const QString &name, const QByteArray &text, IfMissing ifMissing) const
{
    const auto done = replaceContent(path(name), most, appending(text), ifMissing);
    return done ? u"done"_s : done.error();
}

QStringList TstEditedFile::left() const
{
    return QDir(m_folder->path())
        .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

void TstEditedFile::contentIsReplaced()
{
    write("one\n");
    QCOMPARE(edit(u"list"_s, "two\n"), u"done"_s);
    QCOMPARE(content(), "one\ntwo\n");
    const auto emptied = replaceContent(
        path(), most, [](const QByteArray &) { return Result<QByteArray, QString>(""_ba); },
        IfMissing::Fail);
    QVERIFY(emptied);
    QCOMPARE(content(), "");
    QCOMPARE(left(), QStringList(u"list"_s));
}

void TstEditedFile::whatIsMissingIsMadeOrNot()
{
    QCOMPARE(edit(u"list"_s, "one\n"), u"is not there"_s);
    QCOMPARE(left(), QStringList());
    QCOMPARE(edit(u"list"_s, "one\n", IfMissing::Make), u"done"_s);
    QCOMPARE(content(), "one\n");
    QVERIFY(edit(u"no/list"_s, "one\n", IfMissing::Make) != u"done"_s);
    QCOMPARE(left(), QStringList(u"list"_s));
}

void TstEditedFile::anErrorLeavesTheFileAlone()
{
    const ContentEdit refusal = [](const QByteArray &) {
        return Result<QByteArray, QString>(Unexpected(u"no"_s));
    };
    QCOMPARE(replaceContent(path(), most, refusal, IfMissing::Make).error(), u"no"_s);
    QCOMPARE(left(), QStringList());
    write("one\n");
    QCOMPARE(replaceContent(path(), most, refusal, IfMissing::Make).error(), u"no"_s);
    QCOMPARE(content(), "one\n");
    QCOMPARE(left(), QStringList(u"list"_s));
}

void TstEditedFile::nothingToChangeWritesNothing()
{
    write("one\n");
    QCOMPARE(edit(u"list"_s, ""), u"done"_s);
    QCOMPARE(left(), QStringList(u"list"_s));
#ifndef Q_OS_WIN
    struct stat before = {};
    struct stat after = {};
    QCOMPARE(::stat(QFile::encodeName(path()).constData(), &before), 0);
    QCOMPARE(edit(u"list"_s, ""), u"done"_s);
    QCOMPARE(::stat(QFile::encodeName(path()).constData(), &after), 0);
    QVERIFY(before.st_ino == after.st_ino);
#endif
}

void TstEditedFile::whatIsNoFileIsRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("words");
    QTest::newRow("B§16: a link") << u"link"_s << u"is a symbolic link"_s;
    QTest::newRow("B§16: a link that leads nowhere") << u"nowhere"_s << u"is a symbolic link"_s;
    QTest::newRow("B§16: a folder") << u"folder"_s << u"is a folder, not a file"_s;
    QTest::newRow("B§16: a folder, with a slash") << u"folder/"_s << u"is a folder, not a file"_s;
    QTest::newRow("B§16: the folder itself") << u"folder/."_s << u"is a folder, not a file"_s;
    QTest::newRow("B§16: a pipe") << u"pipe"_s << u"is not a regular file"_s;
    QTest::newRow("B§16: in a folder that is a link")
        << u"linked/list"_s << u"in a folder that is a symbolic link"_s;
    QTest::newRow("B§16: in a folder that is none")
        << u"list/list"_s << u"its folder does not exist"_s;
    QTest::newRow("B§16: in a folder that is not there")
        << u"no/list"_s << u"its folder does not exist"_s;
    QTest::newRow("B§16: a name that no file can have")
        << QString(300, u'a') << u"cannot be read: "_s;
}

void TstEditedFile::whatIsNoFileIsRefused()
{
#ifdef Q_OS_WIN
    QSKIP("there are neither pipes nor such links among files");
#else
    QFETCH(const QString, name);
    QFETCH(const QString, words);
    write("one\n");
    QVERIFY(QFile::link(path(), path(u"link"_s)));
    QVERIFY(QFile::link(path(u"none"_s), path(u"nowhere"_s)));
    QVERIFY(QDir(m_folder->path()).mkdir(u"folder"_s));
    QVERIFY(QFile::link(path(u"folder"_s), path(u"linked"_s)));
    QCOMPARE(::mkfifo(QFile::encodeName(path(u"pipe"_s)).constData(), 0600), 0);
    const QStringList before = left();
    const QString problem = edit(name, "two\n", IfMissing::Make);
    QVERIFY2(problem.contains(words), qPrintable(problem));
    QCOMPARE(content(), "one\n");
    QCOMPARE(left(), before);
#endif
}

void TstEditedFile::tooMuchIsRefused()
{
    write(QByteArray(100, 'a'));
    QVERIFY(replaceContent(path(), 99, appending("a"), IfMissing::Fail)
                .error()
                .contains(u"more than 99 octets"_s));
    QVERIFY(replaceContent(path(), 100, appending("a"), IfMissing::Fail)
                .error()
                .contains(u"would have more than 100 octets"_s));
    QVERIFY(replaceContent(path(), 101, appending("a"), IfMissing::Fail));
}

void TstEditedFile::modeAndOwnerStay()
{
#ifndef Q_OS_WIN
    write("one\n");
    const QByteArray name = QFile::encodeName(path());
    const bool isRoot = ::geteuid() == 0;
    QCOMPARE(::chmod(name.constData(), 0664), 0);
    if (isRoot)
        QCOMPARE(::chown(name.constData(), somebodyElse, 12345), 0);
    const mode_t former = ::umask(0077);
    const QString done = edit(u"list"_s, "two\n");
    ::umask(former);
    QCOMPARE(done, u"done"_s);
    struct stat found = {};
    QCOMPARE(::stat(name.constData(), &found), 0);
    QCOMPARE(uint(found.st_mode & 07777), 0664u);
    if (isRoot) {
        QCOMPARE(found.st_uid, somebodyElse);
        QCOMPARE(found.st_gid, 12345u);
    }
#endif
}

#ifndef Q_OS_WIN
/// The result of `action` in a process of another user.
static QString asSomebodyElse(const std::function<QString()> &action)
{
    int ends[2] = {};
    if (::pipe(ends) != 0)
        return {};
    const pid_t child = ::fork();
    if (child == 0) {
        const bool isOther = ::setgid(somebodyElse) == 0 && ::setuid(somebodyElse) == 0;
        const QByteArray said = isOther ? action().toUtf8() : QByteArray("no other user");
        ::_exit(::write(ends[1], said.constData(), size_t(said.size())) < 0);
    }
    ::close(ends[1]);
    QFile answer;
    QByteArray said;
    if (answer.open(ends[0], QIODevice::ReadOnly, QFileDevice::AutoCloseHandle))
        said = answer.readAll();
    int status = 0;
    ::waitpid(child, &status, 0);
    return QString::fromUtf8(said);
}
#endif

void TstEditedFile::anotherUsersFileIsLeft()
{
#ifdef Q_OS_WIN
    QSKIP("rights are the folder's");
#else
    if (::geteuid() != 0)
        QSKIP("needs root");
    write("one\n");
    QCOMPARE(::chmod(QFile::encodeName(path()).constData(), 0644), 0);
    QCOMPARE(::chmod(QFile::encodeName(m_folder->path()).constData(), 0777), 0);
    const QString unkept = asSomebodyElse([this] { return edit(u"list"_s, "two\n"); });
    QVERIFY2(unkept.contains(u"belongs to user 0 and group 0"_s), qPrintable(unkept));
    QCOMPARE(::chmod(QFile::encodeName(m_folder->path()).constData(), 0755), 0);
    const QString unwritten = asSomebodyElse([this] { return edit(u"list"_s, "two\n"); });
    QVERIFY2(unwritten.contains(u"may not write to its folder"_s), qPrintable(unwritten));
    QCOMPARE(content(), "one\n");
    QCOMPARE(left(), QStringList(u"list"_s));
#endif
}

void TstEditedFile::aNewFileIsForWhomTheFolderIsFor()
{
#ifdef Q_OS_WIN
    QSKIP("rights are the folder's");
#else
    const QByteArray folder = QFile::encodeName(m_folder->path());
    const auto modeOfNew = [this](const QString &name) {
        struct stat found = {};
        if (edit(name, "one\n", IfMissing::Make) != u"done"_s
            || ::stat(QFile::encodeName(path(name)).constData(), &found) != 0)
            return 0u;
        return uint(found.st_mode & 07777);
    };
    QCOMPARE(::chmod(folder.constData(), 0700), 0);
    QCOMPARE(modeOfNew(u"private"_s), 0600u);
    QCOMPARE(::chmod(folder.constData(), 0750), 0);
    QCOMPARE(modeOfNew(u"shared"_s), 0640u);
    if (::geteuid() == 0) {
        QCOMPARE(::chown(folder.constData(), somebodyElse, 12345), 0);
        QCOMPARE(modeOfNew(u"given"_s), 0640u);
        struct stat found = {};
        QCOMPARE(::stat(QFile::encodeName(path(u"given"_s)).constData(), &found), 0);
        QCOMPARE(found.st_uid, somebodyElse);
        QCOMPARE(found.st_gid, 12345u);
    }
#endif
}

void TstEditedFile::ofTwoAtOnceNeitherIsLost()
{
    constexpr int threadCount = 4;
    constexpr int rounds = 25;
    std::vector<std::thread> threads;
    for (int i = 0; i < threadCount; ++i) {
        threads.emplace_back([this] {
            for (int round = 0; round < rounds; ++round)
                static_cast<void>(edit(u"list"_s, "x", IfMissing::Make));
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(content().size(), qsizetype(threadCount) * rounds);
    QCOMPARE(left(), QStringList(u"list"_s));
}

void TstEditedFile::ofManyThatMakeItOneWins()
{
    const ContentEdit first = [](const QByteArray &found) -> Result<QByteArray, QString> {
        if (!found.isEmpty())
            return Unexpected(u"has that line already"_s);
        return QByteArray("mine");
    };
    for (int round = 0; round < 60; ++round) {
        std::atomic<int> winners = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                if (replaceContent(path(), most, first, IfMissing::Make))
                    ++winners;
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(winners.load(), 1);
        QCOMPARE(content(), "mine");
        QVERIFY(QFile::remove(path()));
    }
}

/// flock() takes even an exclusive lock of what is open for reading alone.
void TstEditedFile::aReaderWhoHoldsALockStopsNobody()
{
#ifdef Q_OS_WIN
    QSKIP("an open file cannot be replaced on Windows");
#else
    write("one\n");
    for (const QString &held : { path(), m_folder->path() }) {
        const int reader = ::open(QFile::encodeName(held).constData(), O_RDONLY | O_CLOEXEC);
        QVERIFY(reader >= 0);
        QCOMPARE(::flock(reader, LOCK_EX), 0);
        QCOMPARE(edit(u"list"_s, "x"), u"done"_s);
        ::close(reader);
    }
    QCOMPARE(content(), "one\nxx");
#endif
}

void TstEditedFile::theLockIsForWhomTheFolderIsFor()
{
#ifdef Q_OS_WIN
    QSKIP("rights are the folder's");
#else
    const QByteArray folder = QFile::encodeName(m_folder->path());
    const auto modeOfLock = [&](mode_t ofFolder) {
        uint mode = 0;
        const auto looking = [&](const QByteArray &content) {
            struct stat found = {};
            if (::stat((folder + "/.sami-llm-proxy.lock").constData(), &found) == 0)
                mode = found.st_mode & 07777;
            return Result<QByteArray, QString>(content + "x");
        };
        const bool isDone = ::chmod(folder.constData(), ofFolder) == 0
            && replaceContent(path(), most, looking, IfMissing::Make);
        return isDone ? mode : 0;
    };
    QCOMPARE(modeOfLock(0755), 0600u);
    QCOMPARE(modeOfLock(0770), 0660u);
    QCOMPARE(left(), QStringList(u"list"_s));
#endif
}

void TstEditedFile::whatIsNoLockIsRefused()
{
#ifdef Q_OS_WIN
    QSKIP("there are neither pipes nor such links among files");
#else
    write("one\n");
    const QString lock = path(u".sami-llm-proxy.lock"_s);
    QVERIFY(QFile::link(path(), lock));
    QVERIFY(edit(u"list"_s, "x").contains(u".sami-llm-proxy.lock in its folder"_s));
    QVERIFY(QFile::remove(lock));
    QCOMPARE(::mkfifo(QFile::encodeName(lock).constData(), 0600), 0);
    QVERIFY(edit(u"list"_s, "x").contains(u".sami-llm-proxy.lock in its folder"_s));
    QCOMPARE(content(), "one\n");
    QVERIFY(QFile::remove(lock));
    // What somebody who died has left is as good as a new one.
    write("");
    QVERIFY(QFile::copy(path(), lock));
    QCOMPARE(edit(u"list"_s, "x"), u"done"_s);
    QCOMPARE(left(), QStringList(u"list"_s));
#endif
}

/// An editor.
void TstEditedFile::somebodyWhoAsksForNoLockIsNotOverwritten()
{
#ifdef Q_OS_WIN
    QSKIP("an editor cannot replace a file that is open on Windows");
#else
    write("one\n");
    int saves = 0;
    const auto meanwhile = [&](const QByteArray &content) {
        if (saves++ == 0)
            write("of an editor\n");
        return Result<QByteArray, QString>(content + "two\n");
    };
    const auto done = replaceContent(path(), most, meanwhile, IfMissing::Fail);
    QVERIFY2(done, done ? "" : qPrintable(done.error()));
    QCOMPARE(content(), "of an editor\ntwo\n");
    QCOMPARE(left(), QStringList(u"list"_s));
#endif
}

void TstEditedFile::somebodyWhoNeverStopsIsTold()
{
#ifdef Q_OS_WIN
    QSKIP("an editor cannot replace a file that is open on Windows");
#else
    write("one\n");
    int saves = 0;
    const auto meanwhile = [&](const QByteArray &content) {
        write(QByteArray::number(++saves));
        return Result<QByteArray, QString>(content + "two\n");
    };
    const auto done = replaceContent(path(), most, meanwhile, IfMissing::Fail);
    QVERIFY(!done && done.error().contains(u"changed by somebody else"_s));
    QCOMPARE(content(), QByteArray::number(saves));
    QCOMPARE(left(), QStringList(u"list"_s));
#endif
}

void TstEditedFile::anEditWithTheSameTimeIsNotOverwritten()
{
#ifdef Q_OS_WIN
    QSKIP("an editor cannot replace a file that is open on Windows");
#else
    const auto writeThen = [this](const QByteArray &text) {
        write(text);
        const timespec times[] = { { 1'000'000'000, 0 }, { 1'000'000'000, 0 } };
        QCOMPARE(::utimensat(AT_FDCWD, QFile::encodeName(path()).constData(), times, 0), 0);
    };
    writeThen("connections=3");
    const auto changed = replaceContent(
        path(), most,
        [&](const QByteArray &found) {
            writeThen("connections=4");
            return Result<QByteArray, QString>(found + "\nbob");
        },
        IfMissing::Fail);
    QVERIFY(changed);
    QCOMPARE(content(), "connections=4\nbob");
#endif
}

void TstEditedFile::aDiskThatIsFullLeavesTheOldFile()
{
#ifdef Q_OS_WIN
    QSKIP("there is no such bound to set");
#else
    write("one\n");
    struct rlimit former = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &former), 0);
    std::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small
    {
        100, former.rlim_max
    };
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const QString problem = edit(u"list"_s, QByteArray(200, 'a'));
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &former), 0);
    QVERIFY2(problem.startsWith(u"cannot be written: "_s), qPrintable(problem));
    QCOMPARE(content(), "one\n");
    QCOMPARE(left(), QStringList(u"list"_s));
#endif
}

QTEST_APPLESS_MAIN(TstEditedFile)
#include "tst_editedfile.moc"
