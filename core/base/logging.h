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

/// Writes the log through a bounded queue and one thread, so that logging never waits for a
/// terminal, a pipe or a disk. Lines are dropped when the queue or the disk is full; the log
/// reports their number as soon as there is room.
class LogWriter
{
public:
    /// Writes complete lines, each with its line end. Returns the number of octets written. Called
    /// on the writer's thread; may block.
    using Sink = std::function<qsizetype(const QByteArray &lines)>;

    /// The queue's limit: about a megabyte at some 300 octets a line.
    static constexpr std::size_t capacity = 4096;

    explicit LogWriter(Sink sink);
    /// Flushes for at most one second, then abandons a thread that is stuck in the sink.
    ~LogWriter();
    LogWriter(const LogWriter &) = delete;
    LogWriter &operator=(const LogWriter &) = delete;

    void setFormat(LogFormat format);
    /// Never waits. The calling thread formats the line, so that a record's memory is freed by the
    /// thread that allocated it, and one buffer serves all lines.
    void write(const LogRecord &record);
    /// Waits until all lines written before are out; false on timeout.
    bool flush(std::chrono::milliseconds limit);
    /// Lines lost since the start: dropped, or refused by the sink. Any thread.
    [[nodiscard]] quint64 lost() const;

private:
    struct State;
    static void run(const std::shared_ptr<State> &state);

    std::shared_ptr<State> m_state;
    std::thread m_thread;
};

/// The process's log, for every unit: `logInfo(category, "listening", {{"port", 8080}})`.
namespace logging {

/// Makes `writer` the process's log; null ends logging. The writer must outlive every logging
/// thread, unless install(nullptr) comes first.
void install(LogWriter *writer);
void setLevel(LogLevel level);
[[nodiscard]] bool isEnabled(LogLevel level);
void log(LogLevel level, const char *unit, QByteArray message, std::vector<LogField> fields = {});
/// LogWriter::lost() of the process's log; 0 without one.
[[nodiscard]] quint64 lostLines();
/// Routes Qt's own messages to this log, its warnings at debug level.
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

/// A debug line's fields come from a callable, so that they cost nothing while debug is off.
template <typename MakeFields>
void logDebug(const char *unit, const char *message, MakeFields makeFields)
{
    if (logging::isEnabled(LogLevel::Debug))
        logging::log(LogLevel::Debug, unit, message, makeFields());
}

} // namespace sami
