// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/statefolder.h"
#include "doorrig.h"

#include <QScopeGuard>
#include <QTest>

#include <fcntl.h>
#include <functional>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef Q_OS_LINUX
#include <sched.h>
#include <sys/mount.h>
#endif

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::door;
using namespace sami::test;

namespace {

constexpr qsizetype most = 4096;
constexpr uid_t somebodyElse = 65534;

QByteArray contentOf(const StateFolder &folder, const char *name)
{
    const auto read = folder.read(name, most);
    if (!read)
        return "error: " + read.error().toUtf8();
    return *read ? (*read)->octets() : QByteArray("(none)");
}

QString problemOf(const Result<StateFolder, QString> &opened)
{
    return opened ? u"opened"_s : opened.error();
}

/// The result of `action` in a process of another user.
bool asSomebodyElse(const std::function<bool()> &action)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(::setgid(somebodyElse) == 0 && ::setuid(somebodyElse) == 0 && action() ? 0 : 1);
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace

class TstStateFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsMissingIsMade();
    void whatIsNoFolderOfOursIsRefused_data();
    void whatIsNoFolderOfOursIsRefused();
    void forASharedFolderAnotherIsAdvised();
    void theUmaskOpensNothing();
    void anotherUsersIsRefused();
    void rootLeavesFilesToTheOwner();
    void aFileIsWrittenAndRead();
    void whatIsNoFileOfOursIsRefused_data();
    void whatIsNoFileOfOursIsRefused();
    void aLinkInAFilesPlaceIsReplacedNotFollowed();
    void theFolderThatWasOpenedIsWorkedIn();
    void aFullDiskLeavesTheOldFile();
    void aReadOnlyDiskIsNamed();
    void theLockKeepsOthersOut();
};

void TstStateFolder::whatIsMissingIsMade()
{
    const DoorFolder place;
    QVERIFY(StateFolder::open(place.state()));
    QCOMPARE(DoorFolder::modeOf(place.state()), 0700U);
    QVERIFY2(StateFolder::open(place.state()), "again");
    const QString problem = problemOf(StateFolder::open(place.path(u"a/b"_s)));
    QVERIFY2(problem.contains(u"neither is the folder"_s), qPrintable(problem));
    const QString visited =
        problemOf(StateFolder::open(place.path(u"c"_s), StateFolder::As::Visitor));
    QVERIFY2(visited.contains(u"is not there yet"_s), qPrintable(visited));
    const QString missed =
        problemOf(StateFolder::open(place.path(u"c"_s), StateFolder::As::Holder));
    QVERIFY2(missed.contains(u"is gone"_s), qPrintable(missed));
    QVERIFY(!QFile::exists(place.path(u"c"_s)));
}

void TstStateFolder::whatIsNoFolderOfOursIsRefused_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("problem");
    QTest::newRow("B§12: a symbolic link to a good folder") << u"link"_s << u"is a symbolic link"_s;
    QTest::newRow("B§12: a symbolic link to nothing") << u"dangling"_s << u"is a symbolic link"_s;
    QTest::newRow("B§12: a file") << u"file"_s << u"is not a folder"_s;
    QTest::newRow("B§12: rights for the group") << u"0750"_s << u"mode 750); chmod 700"_s;
    QTest::newRow("B§12: a right for others") << u"0701"_s << u"mode 701); chmod 700"_s;
    QTest::newRow("B§12: fewer rights for the owner") << u"0500"_s << u"opened"_s;
}

void TstStateFolder::whatIsNoFolderOfOursIsRefused()
{
    QFETCH(const QString, what);
    QFETCH(const QString, problem);
    const DoorFolder place;
    QString path = place.state();
    if (what == u"file"_s) {
        DoorFolder::write(path, "x");
    } else if (what == u"dangling"_s) {
        QVERIFY(QFile::link(place.path(u"nothing"_s), path));
    } else {
        place.makeState();
        if (what == u"link"_s) {
            path = place.path(u"link"_s);
            QVERIFY(QFile::link(place.state(), path));
        } else {
            DoorFolder::setMode(path, what.toUInt(nullptr, 8));
        }
    }
    for (const StateFolder::As who : { StateFolder::As::Owner, StateFolder::As::Visitor }) {
        const QString found = problemOf(StateFolder::open(path, who));
        QVERIFY2(found.contains(problem), qPrintable(found));
    }
}

void TstStateFolder::forASharedFolderAnotherIsAdvised()
{
    const QString advice = u"such as /var/lib/sami-llm-proxy"_s;
    for (const QString &path : { u"/tmp"_s, u"/"_s, u"/etc"_s }) {
        const QString problem = problemOf(StateFolder::open(path));
        QVERIFY2(problem.contains(advice), qPrintable(problem));
    }
    const DoorFolder place;
    place.makeState();
    DoorFolder::setMode(place.state(), 0755);
    QVERIFY(QDir(place.state()).mkdir(u"lost+found"_s));
    QVERIFY2(problemOf(StateFolder::open(place.state())).contains(u"chmod 700"_s),
             "a volume of its own");
    DoorFolder::write(place.inState(u"letters"_s), "x");
    QVERIFY(problemOf(StateFolder::open(place.state())).contains(advice));
    DoorFolder::write(place.inState(u"identity.key"_s), "x");
    QVERIFY2(problemOf(StateFolder::open(place.state())).contains(u"chmod 700"_s), "used before");
}

void TstStateFolder::theUmaskOpensNothing()
{
    const mode_t before = ::umask(0);
    const auto restore = qScopeGuard([before] { ::umask(before); });
    const DoorFolder place;
    const auto folder = StateFolder::open(place.state());
    QVERIFY(folder);
    QVERIFY(folder->write("a", "x"));
    QCOMPARE(DoorFolder::modeOf(place.state()), 0700U);
    QCOMPARE(DoorFolder::modeOf(place.inState(u"a"_s)), 0600U);
    ::umask(0777);
    QVERIFY(folder->write("a", "y"));
    QCOMPARE(DoorFolder::modeOf(place.inState(u"a"_s)), 0600U);
}

void TstStateFolder::anotherUsersIsRefused()
{
    if (::geteuid() != 0)
        QSKIP("only root can make a folder of another user");
    const DoorFolder place;
    place.makeState();
    QCOMPARE(::chown(QFile::encodeName(place.state()).constData(), somebodyElse, somebodyElse), 0);
    const QString problem = problemOf(StateFolder::open(place.state()));
    QVERIFY2(problem.contains(u"belongs to user 65534, and this is user 0"_s), qPrintable(problem));
    // Only root may visit: other users cannot open root's folder, not even as a visitor.
    const DoorFolder roots;
    roots.makeState();
    DoorFolder::setMode(QFileInfo(roots.state()).path(), 0755);
    QVERIFY(asSomebodyElse([&roots] {
        return !StateFolder::open(roots.state(), StateFolder::As::Visitor)
            && !StateFolder::open(roots.state());
    }));
}

void TstStateFolder::rootLeavesFilesToTheOwner()
{
    if (::geteuid() != 0)
        QSKIP("only root is a visitor");
    const DoorFolder place;
    place.makeState();
    QCOMPARE(::chown(QFile::encodeName(place.state()).constData(), somebodyElse, somebodyElse), 0);
    const auto folder = StateFolder::open(place.state(), StateFolder::As::Visitor);
    QVERIFY2(folder, qPrintable(problemOf(StateFolder::open(place.state()))));
    QVERIFY(folder->write("a", "x"));
    struct stat found = {};
    QCOMPARE(::lstat(QFile::encodeName(place.inState(u"a"_s)).constData(), &found), 0);
    QCOMPARE(found.st_uid, somebodyElse);
    QCOMPARE(found.st_gid, somebodyElse);
}

void TstStateFolder::aFileIsWrittenAndRead()
{
    const DoorFolder place;
    const auto folder = StateFolder::open(place.state());
    QVERIFY(folder);
    QCOMPARE(contentOf(*folder, "a"), QByteArray("(none)"));
    for (const QByteArray &content : { QByteArray("one"), QByteArray(), QByteArray(most, 'x') }) {
        QVERIFY(folder->write("a", content));
        QCOMPARE(contentOf(*folder, "a"), content);
    }
    QVERIFY2(contentOf(*folder, "a").size() == most, "nothing is cut");
    QCOMPARE(QDir(place.state()).entryList(QDir::Files | QDir::Hidden), QStringList { u"a"_s });
    QVERIFY(folder->write("a", QByteArray(most + 1, 'x')));
    QVERIFY(contentOf(*folder, "a").contains("did not write it"));
}

void TstStateFolder::whatIsNoFileOfOursIsRefused_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QByteArray>("problem");
    QTest::newRow("B§12: a symbolic link") << u"link"_s << "error: a in it is a symbolic link"_ba;
    QTest::newRow("B§12: a folder") << u"folder"_s << "error: a in it is not a file"_ba;
    QTest::newRow("B§12: a pipe, which nobody waits for")
        << u"pipe"_s << "error: a in it is not a file"_ba;
}

void TstStateFolder::whatIsNoFileOfOursIsRefused()
{
    QFETCH(const QString, what);
    QFETCH(const QByteArray, problem);
    const DoorFolder place;
    const auto folder = StateFolder::open(place.state());
    QVERIFY(folder);
    const QString path = place.inState(u"a"_s);
    if (what == u"link"_s) {
        DoorFolder::write(place.path(u"secret"_s), "x");
        QVERIFY(QFile::link(place.path(u"secret"_s), path));
    } else if (what == u"folder"_s) {
        QVERIFY(QDir().mkdir(path));
    } else {
        QCOMPARE(::mkfifo(QFile::encodeName(path).constData(), 0600), 0);
    }
    QCOMPARE(contentOf(*folder, "a"), problem);
}

void TstStateFolder::aLinkInAFilesPlaceIsReplacedNotFollowed()
{
    const DoorFolder place;
    const auto folder = StateFolder::open(place.state());
    QVERIFY(folder);
    DoorFolder::write(place.path(u"victim"_s), "untouched");
    QVERIFY(QFile::link(place.path(u"victim"_s), place.inState(u"a"_s)));
    QVERIFY(folder->write("a", "ours"));
    QCOMPARE(DoorFolder::read(place.path(u"victim"_s)), QByteArray("untouched"));
    QCOMPARE(contentOf(*folder, "a"), QByteArray("ours"));
}

void TstStateFolder::theFolderThatWasOpenedIsWorkedIn()
{
    const DoorFolder place;
    const auto folder = StateFolder::open(place.state());
    QVERIFY(folder);
    // Somebody puts another folder in its place.
    QVERIFY(QFile::rename(place.state(), place.path(u"moved"_s)));
    QVERIFY(QDir().mkdir(place.path(u"elsewhere"_s)));
    QVERIFY(QFile::link(place.path(u"elsewhere"_s), place.state()));
    QVERIFY(folder->write("a", "x"));
    QCOMPARE(DoorFolder::read(place.path(u"moved/a"_s)), QByteArray("x"));
    QVERIFY(!QFile::exists(place.path(u"elsewhere/a"_s)));
}

void TstStateFolder::aFullDiskLeavesTheOldFile()
{
#ifdef Q_OS_LINUX
    const DoorFolder place;
    place.makeState();
    if (::unshare(CLONE_NEWNS) != 0
        || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
        || ::mount("tmpfs", QFile::encodeName(place.state()).constData(), "tmpfs", 0,
                   "size=8k,mode=700")
            != 0)
        QSKIP("no file system can be mounted here");
    const auto unmount =
        qScopeGuard([path = QFile::encodeName(place.state())] { ::umount(path.constData()); });
    const auto folder = StateFolder::open(place.state());
    QVERIFY(folder);
    QVERIFY(folder->write("a", "old"));
    const auto written = folder->write("a", QByteArray(9000, 'x'));
    QVERIFY(!written);
    QCOMPARE(written.error(), u"a in it cannot be written: No space left on device"_s);
    QCOMPARE(contentOf(*folder, "a"), QByteArray("old"));
    QVERIFY2(QDir(place.state()).entryList(QDir::Files | QDir::Hidden).size() == 1,
             "half a file stays");
#endif
}

void TstStateFolder::aReadOnlyDiskIsNamed()
{
#ifdef Q_OS_LINUX
    const DoorFolder place;
    place.makeState();
    const QByteArray path = QFile::encodeName(place.state());
    DoorFolder::write(place.inState(u"a"_s), "old");
    if (::unshare(CLONE_NEWNS) != 0
        || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
        || ::mount(path.constData(), path.constData(), nullptr, MS_BIND, nullptr) != 0
        || ::mount(nullptr, path.constData(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr)
            != 0)
        QSKIP("no file system can be mounted here");
    const auto unmount = qScopeGuard([path] { ::umount(path.constData()); });
    auto folder = StateFolder::open(place.state());
    QVERIFY(folder);
    QVERIFY2(folder->lock(), "reading takes the lock too");
    QCOMPARE(contentOf(*folder, "a"), QByteArray("old"));
    const auto written = folder->write("a", "new");
    QVERIFY(!written);
    QCOMPARE(written.error(), u"a in it cannot be written: Read-only file system"_s);
#endif
}

void TstStateFolder::theLockKeepsOthersOut()
{
    const DoorFolder place;
    const auto isFree = [&place] {
        const int other = ::open(QFile::encodeName(place.state()).constData(), O_RDONLY);
        const bool isTaken = ::flock(other, LOCK_EX | LOCK_NB) == 0;
        ::close(other);
        return isTaken;
    };
    auto folder = StateFolder::open(place.state());
    QVERIFY(folder);
    QVERIFY(isFree());
    QVERIFY(folder->lock());
    QVERIFY(!isFree());
    {
        const StateFolder gone = std::move(folder).value();
    }
    QVERIFY(isFree());
}

QTEST_APPLESS_MAIN(TstStateFolder)
#include "tst_statefolder.moc"
