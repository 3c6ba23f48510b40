// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/logrecord.h"

#include <QByteArray>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace sami {

/// The writer of the log: a bounded queue and one thread, so that nobody who logs ever waits for
/// a terminal, a pipe or a disk. Lines that find the queue or the disk full are dropped, counted,
/// and the count is said as soon as there is room.
class LogWriter
{
public:
    /// Writes formatted lines, each with its line end; how many octets it could write. Called on
    /// the writer's thread, may block.
    using Sink = std::function<qsizetype(const QByteArray &lines)>;

    /// Lines that may wait: at some 300 octets each, about a megabyte.
    static constexpr std::size_t capacity = 4096;

    explicit LogWriter(Sink sink);
    /// Flushes for at most a second; a writer that is stuck in its sink is left behind.
    ~LogWriter();
    LogWriter(const LogWriter &) = delete;
    LogWriter &operator=(const LogWriter &) = delete;

    void setFormat(LogFormat format);
    /// Never waits. From any thread, which formats the line: what was allocated for a record is
    /// freed where it came from, and one piece of memory serves all lines.
    void write(const LogRecord &record);
    /// Waits until what was written before is out; false when that took longer.
    bool flush(std::chrono::milliseconds limit);
    /// Lines that were lost since the start: dropped, or not taken by the sink. From any thread.
    [[nodiscard]] quint64 lost() const;

private:
    struct State;
    static void run(const std::shared_ptr<State> &state);

    std::shared_ptr<State> m_state;
    std::thread m_thread;
};

/// The process's log, used by every unit: `logInfo(category, "listening", {{"port", 8080}})`.
namespace logging {

/// Makes `writer` the process's log; null ends logging. The writer must outlive every thread
/// that logs, or logging must be ended first.
void install(LogWriter *writer);
void setLevel(LogLevel level);
[[nodiscard]] bool isEnabled(LogLevel level);
void log(LogLevel level, const char *unit, QByteArray message, std::vector<LogField> fields = {});
/// LogWriter::lost() of the process's log; 0 without one.
[[nodiscard]] quint64 lostLines();
/// Qt's own messages go to the same log, Qt's warnings at debug level.
void adoptQtMessages();

} // namespace logging

inline void logError(const char *unit, QByteArray message, std::vector<LogField> fields = {})
{
    logging::log(LogLevel::Error, unit, std::move(message), std::move(fields));
}

inline void logInfo(const char *unit, QByteArray message, std::vector<LogField> fields = {})
{
    logging::log(LogLevel::Info, unit, std::move(message), std::move(fields));
}

/// For debug lines the fields are made by a callable, so that they cost nothing when not wanted.
template <typename MakeFields>
void logDebug(const char *unit, const char *message, MakeFields makeFields)
{
    if (logging::isEnabled(LogLevel::Debug))
        logging::log(LogLevel::Debug, unit, message, makeFields());
}

} // namespace sami
