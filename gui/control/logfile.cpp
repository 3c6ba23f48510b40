// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/logfile.h"

#include "base/logging.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QStandardPaths>

#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr char unit[] = "gui.logfile";
constexpr auto fileName = "sami-llm-proxy-tray.log"_L1;
/// The lines name hosts and users.
constexpr auto ownerAlone = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

const char *codeOf(LogFile::Problem problem)
{
    switch (problem) {
    case LogFile::Problem::None:
        return "none";
    case LogFile::Problem::DiskFull:
        return "disk_full";
    case LogFile::Problem::Busy:
        return "other_copy";
    case LogFile::Problem::Folder:
        return "folder";
    case LogFile::Problem::File:
        return "file";
    }
    return "";
}

/// The daemon's own message for lines lost to a full disk.
QByteArray missingLine(qint64 count)
{
    QByteArray line;
    appendText(line,
               { .time = WallClock::now(),
                 .level = LogLevel::Error,
                 .unit = unit,
                 .message = "log lines dropped: the reader of the log is too slow, or its disk "
                            "is full",
                 .fields = { { "count", count } } });
    return line;
}

} // namespace

LogFile::LogFile() : LogFile(Limits()) {}

LogFile::LogFile(const Limits &limits) : m_limits(limits) {}

LogFile::~LogFile() = default;

QString LogFile::usualFolder(const QProcessEnvironment &environment)
{
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    Q_UNUSED(environment)
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + u"/logs"_s;
#else
    // XDG Base Directory Specification: a relative path counts as not set.
    QString state = environment.value(u"XDG_STATE_HOME"_s);
    if (!QDir::isAbsolutePath(state))
        state = QDir::homePath() + u"/.local/state"_s;
    return state + u"/sami-llm-proxy-tray"_s;
#endif
}

QString LogFile::path() const
{
    return QDir(m_folder).filePath(fileName);
}

LogFile::Status LogFile::status() const
{
    const std::lock_guard lock(m_telling);
    return m_status;
}

void LogFile::setStatus(Problem problem, const QString &detail)
{
    const std::lock_guard lock(m_telling);
    m_status = { problem, detail };
}

void LogFile::setOn(bool isOn)
{
    if (m_isOn.exchange(isOn) == isOn)
        return;
    if (isOn) {
        // The next put() creates the files, in the thread that may block on the disk.
        logInfo(unit, "log files are kept", { { "folder", m_folder.toUtf8() } });
        return;
    }
    logInfo(unit, "log files are not kept any more");
    setStatus(Problem::None, {});
    // If the writer thread holds the lock, put() closes the file once its write has ended.
    if (const std::unique_lock lock(m_writing, std::try_to_lock); lock)
        close();
}

void LogFile::put(const QByteArray &lines, TimePoint now)
{
    if (!m_isOn.load())
        return;
    {
        const std::lock_guard lock(m_writing);
        if (m_isOn.load())
            write(lines, now);
    }
    if (!m_isOn.load()) {
        const std::lock_guard lock(m_writing);
        close();
    }
}

void LogFile::close()
{
    m_file.reset();
    m_lock.reset();
    m_missing = 0;
    m_told = Problem::None;
    m_retryAt = {};
    setStatus(Problem::None, {});
}

void LogFile::write(const QByteArray &lines, TimePoint now)
{
    if (m_file && isTakenAway(now)) {
        logInfo(unit, "the log file has disappeared: starting a new one");
        m_file.reset();
        m_lock.reset();
    }
    QByteArray octets = m_missing > 0 ? missingLine(m_missing) : QByteArray();
    octets += lines;
    const bool isWritten = (m_file || open(now))
        && (m_size == 0 || m_size + octets.size() <= m_limits.octets || rotate(now))
        && writeAll(octets, now);
    if (!isWritten) {
        m_missing += lines.count('\n');
        return;
    }
    if (const qint64 missing = std::exchange(m_missing, 0); missing > 0)
        logInfo(unit, "log files are written again", { { "missing", missing } });
    setStatus(Problem::None, {});
}

bool LogFile::fail(Problem problem, const QString &detail, TimePoint now)
{
    m_file.reset();
    // After other problems keep the lock: on a full disk a new lock file could not be written.
    if (problem == Problem::Busy || problem == Problem::Folder)
        m_lock.reset();
    m_retryAt = now + retryPause;
    // If the files were switched off meanwhile, the failure concerns nobody, and close() follows.
    if (m_isOn.load() && std::exchange(m_told, problem) != problem) {
        logError(unit, "log files cannot be written",
                 { { "reason", QByteArray(codeOf(problem)) }, { "detail", detail.toUtf8() } });
    }
    setStatus(problem, detail);
    return false;
}

bool LogFile::open(TimePoint now)
{
    return now >= m_retryAt && takeLock(now) && openFile(now);
}

bool LogFile::takeLock(TimePoint now)
{
    const QString lockPath = path() + u".lock"_s;
    if (m_lock && QFileInfo::exists(lockPath))
        return true;
    m_lock.reset();
    const bool isThere = QFileInfo::exists(m_folder);
    if (!QDir().mkpath(m_folder))
        return fail(Problem::Folder, {}, now);
    if (!isThere)
        QFile::setPermissions(m_folder, ownerAlone | QFileDevice::ExeOwner);
    // Two processes that rotate the same files would lose each other's lines.
    m_lock = std::make_unique<QLockFile>(lockPath);
    m_lock->setStaleLockTime(0);
    if (m_lock->tryLock(0))
        return true;
    // In a read-only folder even a stale lock cannot be taken: that is no sign of another copy.
    const bool isOthers =
        m_lock->error() == QLockFile::LockFailedError && QFileInfo(m_folder).isWritable();
    return fail(isOthers ? Problem::Busy : Problem::Folder, {}, now);
}

bool LogFile::openFile(TimePoint now)
{
    const QFileInfo info(path());
    // Opening a FIFO would block until it has a reader.
    if (info.exists() && !info.isFile())
        return fail(Problem::File, u"no regular file"_s, now);
    auto file = std::make_unique<QFile>(path());
    if (!file->open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered, ownerAlone))
        return fail(Problem::File, file->errorString(), now);
    if (info.exists())
        file->setPermissions(ownerAlone);
    m_file = std::move(file);
    m_size = m_file->size();
    m_checkAt = now + checkInterval;
    return true;
}

bool LogFile::isTakenAway(TimePoint now)
{
    if (now < m_checkAt)
        return false;
    m_checkAt = now + checkInterval;
    const QFileInfo info(path());
    m_size = m_file->size(); // somebody may have emptied it
    return !info.exists() || info.size() != m_size;
}

bool LogFile::rotate(TimePoint now)
{
    m_file.reset();
    const auto numbered = [this](int number) { return path() + u'.' + QString::number(number); };
    for (int number = m_limits.files - 1; number > 0; --number) {
        const QString older = numbered(number);
        const QString newer = number > 1 ? numbered(number - 1) : path();
        if (!QFileInfo::exists(newer))
            continue;
        QFile file(newer);
        // If a file cannot be rotated, stop writing: the files must stay within their bound.
        if ((QFileInfo::exists(older) && !QFile::remove(older)) || !file.rename(older))
            return fail(Problem::File, file.errorString(), now);
    }
    return openFile(now);
}

bool LogFile::writeAll(const QByteArray &octets, TimePoint now)
{
    qint64 done = 0;
    while (done < octets.size()) {
        const qint64 written = m_file->write(octets.constData() + done, octets.size() - done);
        if (written <= 0)
            break;
        done += written;
    }
    if (done == octets.size()) {
        m_size += done;
        m_told = Problem::None;
        return true;
    }
    const auto problem =
        m_file->error() == QFileDevice::ResourceError ? Problem::DiskFull : Problem::File;
    const QString detail = m_file->errorString();
    // Remove the partial line, so that the next one starts on its own.
    m_file->resize(m_size);
    return fail(problem, detail, now);
}

} // namespace sami::gui
