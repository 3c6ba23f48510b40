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

/// The log's lines in files that rotate: the newest in `path()`, older ones in `path().1`, `.2` and
/// so on, never more octets than `Limits` say. The lines are the log's own, readable by this user
/// alone. What goes wrong is said once, in status() and in the log; then it is tried again from
/// time to time, and the lines that are missing are counted in the file.
///
/// put() is the log's writer thread's and may wait for the disk; everything else may be called from
/// any thread and never waits for it. While it is off there is no file, folder or descriptor.
class LogFile
{
    Q_DISABLE_COPY_MOVE(LogFile)

public:
    struct Limits
    {
        qint64 octets = 5'000'000; ///< of one file
        int files = 5;             ///< the newest included; at least 2
    };
    enum class Problem {
        None,
        DiskFull,
        Busy,   ///< another copy of the program writes the files of this folder
        Folder, ///< it cannot be made, or nothing can be made in it
        File,   ///< it cannot be opened, written or renamed: `detail` has the system's words
    };
    struct Status
    {
        Problem problem = Problem::None;
        QString detail;
    };

    /// After a failure nothing is tried for so long.
    static constexpr std::chrono::seconds retryPause { 10 };
    /// How often it is looked whether the file is still there.
    static constexpr std::chrono::seconds lookPause { 1 };

    LogFile();
    explicit LogFile(const Limits &limits);
    ~LogFile();

    /// Where a desktop keeps such files: XDG_STATE_HOME, or the application's local data.
    [[nodiscard]] static QString usualFolder(const QProcessEnvironment &environment);

    /// Before the first line only.
    void setFolder(const QString &folder) { m_folder = folder; }
    [[nodiscard]] const QString &folder() const { return m_folder; }
    [[nodiscard]] QString path() const;
    [[nodiscard]] const Limits &limits() const { return m_limits; }

    void setOn(bool isOn);
    [[nodiscard]] bool isOn() const { return m_isOn.load(); }
    [[nodiscard]] Status status() const;

    /// Whole lines, each with its line end.
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

    std::mutex m_writing; ///< held while the disk is waited for; guards what follows
    std::unique_ptr<QLockFile> m_lock;
    std::unique_ptr<QFile> m_file;
    qint64 m_size = 0;
    qint64 m_missing = 0;           ///< lines that are in no file, since the last that is
    Problem m_told = Problem::None; ///< of it the log knows
    TimePoint m_retryAt {};
    TimePoint m_lookAt {};

    mutable std::mutex m_telling; ///< never held while the disk is waited for
    Status m_status;
};

} // namespace sami::gui
