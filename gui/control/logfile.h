// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QByteArray>
#include <QProcessEnvironment>
#include <QString>

#include <atomic>
#include <memory>
#include <mutex>

QT_BEGIN_NAMESPACE
class QFile;
class QLockFile;
QT_END_NAMESPACE

namespace sami::gui {

/// The log's lines in rotating files: the newest in `path()`, older ones in `path().1`, `.2` and so
/// on, within `Limits`. The lines are written unchanged, and only this user can read them. A
/// failure is reported once, in status() and in the log. Writing is then retried every retryPause,
/// and a line in the file says how many lines are missing.
///
/// Only the log's writer thread calls put(), which may block on the disk. All other functions
/// except setFolder() may be called from any thread, and never wait for a write. Nothing is created
/// before it is first switched on; no descriptor is open while it is off.
class LogFile
{
    Q_DISABLE_COPY_MOVE(LogFile)

public:
    struct Limits
    {
        qint64 octets = 5'000'000; ///< per file
        int files = 5;             ///< including the newest; at least 2
    };
    enum class Problem {
        None,
        DiskFull,
        Busy,   ///< another copy of the program writes to this folder
        Folder, ///< it cannot be created, or nothing can be created in it
        File,   ///< it cannot be opened, written or renamed: `detail` has the system's message
    };
    struct Status
    {
        Problem problem = Problem::None;
        QString detail;
    };

    /// The pause after a failure before the next attempt.
    static constexpr std::chrono::seconds retryPause { 10 };
    /// How often to check that the file was neither removed nor replaced.
    static constexpr std::chrono::seconds checkInterval { 1 };

    LogFile();
    explicit LogFile(const Limits &limits);
    ~LogFile();

    /// The desktop's folder for such files: XDG_STATE_HOME, or the application's local data.
    [[nodiscard]] static QString usualFolder(const QProcessEnvironment &environment);

    /// Call it before the first put().
    void setFolder(const QString &folder) { m_folder = folder; }
    [[nodiscard]] const QString &folder() const { return m_folder; }
    [[nodiscard]] QString path() const;
    [[nodiscard]] const Limits &limits() const { return m_limits; }

    void setOn(bool isOn);
    [[nodiscard]] bool isOn() const { return m_isOn.load(); }
    [[nodiscard]] Status status() const;

    /// Takes whole lines, each with its line ending.
    void put(const QByteArray &lines, TimePoint now);

private:
    void write(const QByteArray &lines, TimePoint now);
    [[nodiscard]] bool open(TimePoint now);
    [[nodiscard]] bool takeLock(TimePoint now);
    [[nodiscard]] bool openFile(TimePoint now);
    [[nodiscard]] bool isTakenAway(TimePoint now);
    [[nodiscard]] bool rotate(TimePoint now);
    [[nodiscard]] bool writeAll(const QByteArray &octets, TimePoint now);
    bool fail(Problem problem, const QString &detail, TimePoint now);
    void close();
    void setStatus(Problem problem, const QString &detail);

    const Limits m_limits;
    QString m_folder;
    std::atomic<bool> m_isOn = false;

    std::mutex m_writing; ///< held while blocked on the disk; guards what follows
    std::unique_ptr<QLockFile> m_lock;
    std::unique_ptr<QFile> m_file;
    qint64 m_size = 0;
    qint64 m_missing = 0;           ///< lines lost since the last successful write
    Problem m_told = Problem::None; ///< the problem that the log last reported
    TimePoint m_retryAt {};
    TimePoint m_checkAt {};

    mutable std::mutex m_telling; ///< never held while blocked on the disk
    Status m_status;
};

} // namespace sami::gui
