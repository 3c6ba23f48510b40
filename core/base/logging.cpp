// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/logging.h"

#include <QString>
#include <QtGlobal>

#include <algorithm>
#include <atomic>
#include <utility>

namespace sami {

namespace {

/// Largest single write. A page of lines costs hardly more than one line.
constexpr qsizetype maxWrite = qsizetype(16) * 1024;

/// Lines wait this long to be written together. A write and a wake-up for each line would be a
/// tenth of a short tunnel's cost.
constexpr std::chrono::milliseconds gatherTime { 2 };

/// Buffer capacity to keep between writes. A burst of lines may need more for a moment.
constexpr qsizetype keptRoom = 4 * maxWrite;

void appendLine(QByteArray &lines, const LogRecord &record, LogFormat format)
{
    if (format == LogFormat::Json)
        appendJson(lines, record);
    else
        appendText(lines, record);
}

/// Writes a page at a time. Returns the number of lines that did not go out whole.
qint64 writeLines(const LogWriter::Sink &sink, const QByteArray &lines)
{
    qint64 lost = 0;
    for (qsizetype from = 0; from < lines.size();) {
        const qsizetype full = std::min(from + maxWrite, lines.size());
        const qsizetype end = lines.indexOf('\n', full - 1) + 1;
        // A copy, because the sink may keep it.
        const QByteArray page = lines.mid(from, end - from);
        lost += QByteArrayView(page).sliced(sink(page)).count('\n');
        from = end;
    }
    return lost;
}

QByteArray lossLine(qint64 lost, LogFormat format)
{
    QByteArray line;
    appendLine(
        line,
        { .time = WallClock::now(),
          .level = LogLevel::Error,
          .unit = "base.logging",
          .message = "log lines dropped: the reader of the log is too slow, or its disk is full",
          .fields = { { "count", lost } } },
        format);
    return line;
}

} // namespace

/// Shared with the thread, which outlives the writer if its sink is stuck.
struct LogWriter::State
{
    explicit State(Sink lineSink) : sink(std::move(lineSink)) {}

    const Sink sink;
    std::atomic<LogFormat> format { LogFormat::Text };

    std::mutex mutex;
    std::condition_variable wake;
    std::condition_variable idle;
    QByteArray queue;       ///< whole lines
    std::size_t queued = 0; ///< number of lines
    qint64 dropped = 0;     ///< not yet reported
    std::atomic<quint64> lost { 0 };
    bool writing = false;
    bool stopping = false;
};

LogWriter::LogWriter(Sink sink)
    : m_state(std::make_shared<State>(std::move(sink))), m_thread([state = m_state] { run(state); })
{}

LogWriter::~LogWriter()
{
    using namespace std::chrono_literals;
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->stopping = true;
    }
    m_state->wake.notify_one();
    // A stuck sink (a full pipe without a reader) must not delay the exit.
    if (flush(1000ms))
        m_thread.join();
    else
        m_thread.detach();
}

void LogWriter::setFormat(LogFormat format)
{
    m_state->format.store(format, std::memory_order_relaxed);
}

void LogWriter::write(const LogRecord &record)
{
    QByteArray line;
    appendLine(line, record, m_state->format.load(std::memory_order_relaxed));
    {
        const std::lock_guard lock(m_state->mutex);
        if (m_state->queued >= capacity) {
            ++m_state->dropped;
            m_state->lost.fetch_add(1, std::memory_order_relaxed);
            return;
        }
        m_state->queue.append(line);
        ++m_state->queued;
        if (m_state->writing)
            return; // the writer checks the queue again before it sleeps
    }
    m_state->wake.notify_one();
}

bool LogWriter::flush(std::chrono::milliseconds limit)
{
    std::unique_lock lock(m_state->mutex);
    return m_state->idle.wait_for(lock, limit,
                                  [this] { return m_state->queue.isEmpty() && !m_state->writing; });
}

quint64 LogWriter::lost() const
{
    return m_state->lost.load(std::memory_order_relaxed);
}

void LogWriter::run(const std::shared_ptr<State> &state)
{
    QByteArray lines;
    qint64 lost = 0; // not yet reported
    std::unique_lock lock(state->mutex);
    for (;;) {
        state->wake.wait(lock, [&] { return state->stopping || !state->queue.isEmpty(); });
        if (state->queue.isEmpty())
            return;
        // While this is set nobody wakes the thread, so a burst goes out in one write.
        state->writing = true;
        lock.unlock();
        std::this_thread::sleep_for(gatherTime);
        lock.lock();
        lines.swap(state->queue);
        state->queued = 0;
        lost += std::exchange(state->dropped, 0);
        lock.unlock();

        const qint64 unwritten = writeLines(state->sink, lines);
        state->lost.fetch_add(quint64(unwritten), std::memory_order_relaxed);
        lost += unwritten;
        if (lost > 0) {
            const QByteArray told = lossLine(lost, state->format.load(std::memory_order_relaxed));
            if (state->sink(told) == told.size())
                lost = 0;
        }
        if (lines.capacity() > keptRoom)
            lines = {};
        lines.truncate(0);

        lock.lock();
        state->writing = false;
        if (state->queue.isEmpty())
            state->idle.notify_all();
    }
}

namespace logging {

namespace {

std::atomic<LogWriter *> installedWriter { nullptr };
std::atomic<LogLevel> threshold { LogLevel::Info };

void handleQtMessage(QtMsgType type, const QMessageLogContext &, const QString &message)
{
    const LogLevel level =
        type == QtCriticalMsg || type == QtFatalMsg ? LogLevel::Error : LogLevel::Debug;
    log(level, "qt", message.toUtf8());
}

} // namespace

void install(LogWriter *writer)
{
    installedWriter.store(writer, std::memory_order_release);
}

void setLevel(LogLevel level)
{
    threshold.store(level, std::memory_order_relaxed);
}

bool isEnabled(LogLevel level)
{
    return level <= threshold.load(std::memory_order_relaxed)
        && installedWriter.load(std::memory_order_relaxed) != nullptr;
}

void log(LogLevel level, const char *unit, QByteArray message, std::vector<LogField> fields)
{
    if (!isEnabled(level))
        return;
    if (LogWriter *writer = installedWriter.load(std::memory_order_acquire)) {
        writer->write({ .time = WallClock::now(),
                        .level = level,
                        .unit = unit,
                        .message = std::move(message),
                        .fields = std::move(fields) });
    }
}

quint64 lostLines()
{
    const LogWriter *writer = installedWriter.load(std::memory_order_acquire);
    return writer ? writer->lost() : 0;
}

void adoptQtMessages()
{
    qInstallMessageHandler(handleQtMessage);
}

} // namespace logging

} // namespace sami
