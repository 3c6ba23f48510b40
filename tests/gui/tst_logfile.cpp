// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Log files: what they keep, how much, and what happens when the disk fails.
#include "answers.h"
#include "base/logging.h"
#include "gui/control/logfile.h"
#include "gui/control/logtap.h"
#include "gui/control/proxycontroller.h"
#include "gui/control/settingsstore.h"
#include "server/proxyserver.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QScopeGuard>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <thread>

#ifdef Q_OS_LINUX
#include <sched.h>
#include <sys/mount.h>
#endif
#ifdef Q_OS_UNIX
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace sami;
using namespace sami::gui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The number of this process's descriptors, or -1 where it is unknown.
qsizetype descriptors()
{
    const QDir folder(u"/proc/self/fd"_s);
    return folder.exists() ? folder.entryList(QDir::AllEntries | QDir::System).size() : -1;
}

} // namespace

class TstLogFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void offCostsNothing();
    void linesAreTheLogsOwnAndTheOwnersAlone();
    void theNextStartGoesOnInTheSameFile();
    void filesRotateAndKeepTheirBound();
    void whatCannotBeRotatedDoesNotGrow();
    void aFileThatIsTakenAwayIsBegunAgain();
    void anEmptiedFileIsWrittenOn();
    void aFolderThatIsGoneIsMadeAgain();
    void aFolderThatCannotBeIsSaidOnce();
    void aPipeIsNotWaitedFor();
    void aFullDiskIsSaidOnceAndCounted();
    void aFullDiskIsToldFromOtherTrouble();
    void twoCopiesDoNotMixTheirLines();
    void offAmidAFailingWriteIsOff();
    void noOrderWaitsForTheDisk();
    void noPasswordIsKept();

private:
    [[nodiscard]] std::unique_ptr<LogFile> make(const LogFile::Limits &limits = {}) const
    {
        auto file = std::make_unique<LogFile>(limits);
        file->setFolder(m_folder->filePath(u"state/logs"_s));
        return file;
    }
    /// What the log received meanwhile.
    [[nodiscard]] QByteArray told()
    {
        (void)m_writer->flush(5s);
        const std::lock_guard lock(m_mutex);
        return m_log;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<LogWriter> m_writer;
    std::mutex m_mutex;
    QByteArray m_log;
    TimePoint m_now = TimePoint(1h);
};

void TstLogFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    logging::install(nullptr);
    m_writer.reset(); // writes what it still holds
    m_log.clear();
    m_writer = std::make_unique<LogWriter>([this](const QByteArray &lines) {
        const std::lock_guard lock(m_mutex);
        m_log += lines;
        return lines.size();
    });
    logging::install(m_writer.get());
}

void TstLogFile::offCostsNothing()
{
    const qsizetype before = descriptors();
    auto file = make();
    file->put("a\n", m_now);
    QCOMPARE(descriptors(), before);
    QVERIFY(!QFileInfo::exists(m_folder->filePath(u"state"_s)));
    file->setOn(true);
    QVERIFY2(!QFileInfo::exists(file->path()), "the disk is not waited for here");
    file->put("b\n", m_now);
    QCOMPARE(contentOf(file->path()), QByteArray("b\n"));
    if (before >= 0)
        QVERIFY(descriptors() > before);
    file->setOn(false);
    QCOMPARE(descriptors(), before);
    file->put("c\n", m_now);
    QCOMPARE(contentOf(file->path()), QByteArray("b\n"));
}

void TstLogFile::linesAreTheLogsOwnAndTheOwnersAlone()
{
#ifdef Q_OS_UNIX
    ::umask(0);
#endif
    LogTap tap;
    tap.files().setFolder(m_folder->filePath(u"state/logs"_s));
    tap.files().setOn(true);
    const QByteArray lines =
        "2026-11-22T23:30:00.123Z INFO  closed id=17 client=192.0.2.7 by=client "
        "how=fin\n2026-11-22T23:30:00.124Z ERROR x\n";
    tap.put(lines);
    QCOMPARE(contentOf(tap.files().path()), lines);
    QCOMPARE(tap.fetch().lines.size(), 2);
#ifdef Q_OS_UNIX
    struct stat file
    {};
    QCOMPARE(::stat(QFile::encodeName(tap.files().path()).constData(), &file), 0);
    QCOMPARE(file.st_mode & 0777, mode_t(0600));
    QCOMPARE(::stat(QFile::encodeName(tap.files().folder()).constData(), &file), 0);
    QCOMPARE(file.st_mode & 0777, mode_t(0700));
#endif
}

void TstLogFile::theNextStartGoesOnInTheSameFile()
{
    for (const char *line : { "a\n", "b\n" }) {
        auto file = make();
        file->setOn(true);
        file->put(line, m_now);
    }
    QCOMPARE(contentOf(make()->path()), QByteArray("a\nb\n"));
}

void TstLogFile::filesRotateAndKeepTheirBound()
{
    auto file = make({ 100, 3 });
    file->setOn(true);
    for (int i = 0; i < 100; ++i)
        file->put(QByteArray::number(i).rightJustified(9, '0') + '\n', m_now);
    const QDir folder(file->folder());
    QCOMPARE(folder.entryList({ u"*.log*"_s }, QDir::Files, QDir::Name).size(), 4); // one is the
                                                                                    // lock
    QCOMPARE(contentOf(file->path()).size(), 100);
    QVERIFY(contentOf(file->path()).endsWith("000000099\n"));
    QVERIFY(contentOf(file->path() + u".1"_s).endsWith("000000089\n"));
    QVERIFY(contentOf(file->path() + u".2"_s).startsWith("000000070\n"));
    QVERIFY(!QFileInfo::exists(file->path() + u".3"_s));
    QCOMPARE(file->status().problem, LogFile::Problem::None);
}

void TstLogFile::whatCannotBeRotatedDoesNotGrow()
{
    auto file = make({ 100, 2 });
    file->setOn(true);
    file->put(QByteArray(89, 'a') + '\n', m_now);
    // A folder that is not empty cannot be removed like a file.
    QVERIFY(QDir().mkpath(file->path() + u".1/x"_s));
    for (int i = 0; i < 50; ++i)
        file->put(QByteArray(89, 'b') + '\n', m_now += 1min);
    QVERIFY(QFileInfo(file->path()).size() <= 100);
    QCOMPARE(file->status().problem, LogFile::Problem::File);
    QVERIFY(QDir(file->path() + u".1"_s).removeRecursively());
    file->put("c\n", m_now += 1min);
    QCOMPARE(file->status().problem, LogFile::Problem::None);
    QVERIFY2(contentOf(file->path()).contains("log lines dropped"),
             contentOf(file->path()).constData());
    QVERIFY(contentOf(file->path()).contains("count=50"));
}

void TstLogFile::aFileThatIsTakenAwayIsBegunAgain()
{
    auto file = make();
    file->setOn(true);
    file->put("a\n", m_now);
#ifdef Q_OS_UNIX // elsewhere an open file cannot be removed
    QVERIFY(QFile::remove(file->path()));
    file->put("b\n", m_now += 2s);
    QCOMPARE(contentOf(file->path()), QByteArray("b\n"));
    // Replaced by another file, as a log rotator does.
    QVERIFY(QFile::rename(file->path(), file->path() + u".old"_s));
    QFile other(file->path());
    QVERIFY(other.open(QIODevice::WriteOnly) && other.write("other\n") > 0);
    other.close();
    file->put("c\n", m_now += 2s);
    QCOMPARE(contentOf(file->path()), QByteArray("other\nc\n"));
    QCOMPARE(told().count("the log file has disappeared"), 2);
#endif
}

void TstLogFile::anEmptiedFileIsWrittenOn()
{
    auto file = make();
    file->setOn(true);
    file->put("a\n", m_now);
    QVERIFY(QFile::resize(file->path(), 0));
    file->put("b\n", m_now += 2s);
    QCOMPARE(contentOf(file->path()), QByteArray("b\n"));
    QVERIFY(!told().contains("disappeared"));
}

void TstLogFile::aFolderThatIsGoneIsMadeAgain()
{
    auto file = make();
    file->setOn(true);
    file->put("a\n", m_now);
    QVERIFY(QDir(m_folder->filePath(u"state"_s)).removeRecursively());
    file->put("b\n", m_now += 2s);
    QCOMPARE(contentOf(file->path()), QByteArray("b\n"));
}

void TstLogFile::aFolderThatCannotBeIsSaidOnce()
{
    // A file in the folder's place: not even root can create the folder.
    QFile obstacle(m_folder->filePath(u"state"_s));
    QVERIFY(obstacle.open(QIODevice::WriteOnly));
    auto file = make();
    file->setOn(true);
    for (int i = 0; i < 20; ++i)
        file->put("a\n", m_now += 5s);
    QCOMPARE(file->status().problem, LogFile::Problem::Folder);
    QCOMPARE(told().count("log files cannot be written"), 1);
    QVERIFY(obstacle.remove());
    file->put("b\n", m_now += 1min);
    QCOMPARE(file->status().problem, LogFile::Problem::None);
    QVERIFY(contentOf(file->path()).endsWith("b\n"));
    QVERIFY(told().contains("log files are written again missing=20"));
#ifdef Q_OS_UNIX
    if (::geteuid() == 0)
        return; // root may write everywhere
    QVERIFY(QFile::setPermissions(file->folder(), QFileDevice::ReadOwner | QFileDevice::ExeOwner));
    auto other = make();
    file.reset(); // its lock cannot be removed
    other->setOn(true);
    other->put("c\n", m_now);
    QCOMPARE(other->status().problem, LogFile::Problem::Folder);
    QVERIFY(QFile::setPermissions(
        other->folder(), QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner));
#endif
}

void TstLogFile::aPipeIsNotWaitedFor()
{
#ifdef Q_OS_UNIX
    auto file = make();
    QVERIFY(QDir().mkpath(file->folder()));
    QCOMPARE(::mkfifo(QFile::encodeName(file->path()).constData(), 0600), 0);
    file->setOn(true);
    file->put("a\n", m_now);
    QCOMPARE(file->status().problem, LogFile::Problem::File);
#endif
}

void TstLogFile::aFullDiskIsSaidOnceAndCounted()
{
#ifdef Q_OS_UNIX
    // A limit on the file size: much the same to the writer as a full disk.
    auto file = make();
    file->setOn(true);
    file->put("whole\n", m_now);
    struct rlimit before
    {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    ::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit tight
    {
        10, before.rlim_max
    };
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    for (int i = 0; i < 7; ++i)
        file->put("too long\n", m_now += 1min);
    const LogFile::Status status = file->status();
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    QCOMPARE(status.problem, LogFile::Problem::File);
    QVERIFY(!status.detail.isEmpty());
    QCOMPARE(contentOf(file->path()), QByteArray("whole\n")); // no partial line
    const QByteArray said = told();
    QVERIFY2(said.count("log files cannot be written") == 1, said.constData());
    file->put("again\n", m_now += 1min);
    const QList<QByteArray> lines = contentOf(file->path()).split('\n');
    QCOMPARE(lines.size(), 4);
    QVERIFY2(lines.at(1).contains("ERROR log lines dropped") && lines.at(1).endsWith("count=7"),
             lines.at(1).constData());
    QCOMPARE(lines.at(2), QByteArray("again"));
#endif
}

void TstLogFile::aFullDiskIsToldFromOtherTrouble()
{
#ifdef Q_OS_LINUX
    // A disk of two pages, in a mount namespace of this thread; needs root.
    auto file = make();
    QVERIFY(QDir().mkpath(file->folder()));
    if (::unshare(CLONE_NEWNS) != 0
        || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
        || ::mount("tmpfs", QFile::encodeName(file->folder()).constData(), "tmpfs", 0, "size=8k")
            != 0)
        QSKIP("no file system can be mounted here");
    const auto unmount =
        qScopeGuard([folder = file->folder()] { ::umount(QFile::encodeName(folder).constData()); });
    file->setOn(true);
    const QByteArray line(999, 'x');
    for (int i = 0; i < 20; ++i)
        file->put(line + '\n', m_now += 1min);
    QCOMPARE(file->status().problem, LogFile::Problem::DiskFull);
    QCOMPARE(told().count("log files cannot be written reason=disk_full"), 1);
    QCOMPARE(contentOf(file->path()).size() % 1000, 0); // whole lines
    QVERIFY(QFile::resize(file->path(), 0));
    file->put("again\n", m_now += 1min);
    QVERIFY2(contentOf(file->path()).endsWith("\nagain\n"), contentOf(file->path()).constData());
    QCOMPARE(file->status().problem, LogFile::Problem::None);
    file->setOn(false);
#endif
}

void TstLogFile::twoCopiesDoNotMixTheirLines()
{
    auto first = make();
    auto second = make();
    first->setOn(true);
    second->setOn(true);
    first->put("a\n", m_now);
    for (int i = 0; i < 5; ++i)
        second->put("b\n", m_now += 1min);
    QCOMPARE(contentOf(first->path()), QByteArray("a\n"));
    QCOMPARE(second->status().problem, LogFile::Problem::Busy);
    QCOMPARE(told().count("log files cannot be written reason=other_copy"), 1);
    first->setOn(false);
    second->put("c\n", m_now += 1min);
    QCOMPARE(second->status().problem, LogFile::Problem::None);
    QVERIFY(contentOf(first->path()).endsWith("c\n"));
}

void TstLogFile::offAmidAFailingWriteIsOff()
{
#ifdef Q_OS_UNIX
    // The signal arrives inside of the write that will fail, and holds it up until it is off.
    static std::atomic<bool> isFailing;
    static std::atomic<bool> isOff;
    isFailing = isOff = false;
    const auto handler = [](int) {
        isFailing = true;
        while (!isOff)
            ;
    };
    auto file = make();
    file->setOn(true);
    file->put("whole\n", m_now);
    struct rlimit before
    {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit tight
    {
        10, before.rlim_max
    };
    ::signal(SIGXFSZ, handler);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &tight), 0);
    std::thread writer([&] { file->put("too long\n", m_now += 1min); });
    const bool hasFailed = QTest::qWaitFor([] { return isFailing.load(); });
    file->setOn(false);
    isOff = true;
    writer.join();
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, SIG_IGN);
    QVERIFY(hasFailed);
    QCOMPARE(file->status().problem, LogFile::Problem::None);
    QCOMPARE(file->status().detail, QString());
    QVERIFY2(!told().contains("log files cannot be written"), "nobody wants them written");
    // Nothing of it is left when it is on again.
    file->setOn(true);
    QCOMPARE(file->status().problem, LogFile::Problem::None);
    file->put("again\n", m_now);
    QCOMPARE(contentOf(file->path()), QByteArray("whole\nagain\n"));
#endif
}

void TstLogFile::noOrderWaitsForTheDisk()
{
    // Switches it on and off from another thread while lines are written; at the end it is off and
    // closed.
    const qsizetype before = descriptors();
    auto file = make({ 10'000, 3 });
    std::atomic<bool> ends = false;
    std::thread writer([&] {
        TimePoint now = m_now;
        while (!ends)
            file->put("a line of the log\n", now += 1ms);
    });
    for (int i = 0; i < 500; ++i) {
        file->setOn(i % 2 == 0);
        (void)file->status();
    }
    QVERIFY(!file->isOn());
    ends = true;
    writer.join();
    file->put("b\n", m_now);
    QCOMPARE(descriptors(), before);
}

void TstLogFile::noPasswordIsKept()
{
    LogTap tap;
    tap.files().setFolder(m_folder->filePath(u"logs"_s));
    tap.files().setOn(true);
    LogWriter writer([&tap](const QByteArray &lines) {
        tap.put(lines);
        return lines.size();
    });
    logging::install(&writer);
    logging::setLevel(LogLevel::Debug);
    {
        SettingsStore store({ m_folder->filePath(u"settings.ini"_s), {}, {} });
        QVERIFY(store.open());
        ProxyController controller(std::make_unique<server::ProxyServer>(), store);
        config::Settings settings = store.settings();
        settings.listen = { QHostAddress(QHostAddress::LocalHost), 0 };
        settings.log.level = LogLevel::Debug;
        settings.access.credentials = { "alice", "Tr0ub4dor" };
        QVERIFY(applied(controller, settings));
        start(controller);
        QCOMPARE(controller.state(), ProxyState::Running);
        const auto ask = [&](const QByteArray &head) {
            QTcpSocket client;
            client.connectToHost(controller.listenAddress().address,
                                 controller.listenAddress().port);
            client.write(head);
            QByteArray answer;
            return QTest::qWaitFor([&] {
                answer += client.readAll();
                return answer.contains("\r\n\r\n");
            });
        };
        QVERIFY(ask("CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nProxy-Authorization: "
                    "Basic "
                    + QByteArray("alice:Tr0ub4dor").toBase64() + "\r\n\r\n"));
        QVERIFY(ask("CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nProxy-Authorization: "
                    "Basic "
                    + QByteArray("alice:wr0ngguess").toBase64() + "\r\n\r\n"));
        QVERIFY(ask("GET http://bob:s3cretword@127.0.0.1:1/a?key=sk-t0ken HTTP/1.1\r\nHost: "
                    "127.0.0.1:1\r\n\r\n"));
        controller.stop();
    }
    QVERIFY(writer.flush(5s));
    logging::install(nullptr);
    const QByteArray kept = contentOf(tap.files().path());
    QVERIFY2(kept.count("closed") >= 3, kept.constData());
    for (const QByteArray &secret :
         { QByteArray("Tr0ub4dor"), QByteArray("wr0ngguess"), QByteArray("s3cretword"),
           QByteArray("sk-t0ken"), QByteArray("alice:Tr0ub4dor").toBase64() })
        QVERIFY2(!kept.contains(secret), kept.constData());
}

QTEST_MAIN(TstLogFile)
#include "tst_logfile.moc"
