// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/logfile.h"

#include <QByteArray>
#include <QList>

#include <mutex>

namespace sami::gui {

/// The buffer between the log's writer thread, which puts lines in, and the log page, which fetches
/// them. Bounded: if nobody fetches, the oldest lines are dropped. Also passes the lines on to the
/// log files while those are kept. Thread-safe.
class LogTap
{
public:
    /// The number of lines that the page keeps. At least the last `capacity` lines wait for it, and
    /// never more than twice as many.
    static constexpr qsizetype capacity = 20'000;

    /// Whole lines, each with its line ending: a LogWriter::Sink.
    void put(const QByteArray &lines);

    struct Fetched
    {
        QList<QByteArray> lines; ///< without line endings
        qint64 lost = 0;         ///< dropped since the last fetch
    };
    [[nodiscard]] Fetched fetch();

    [[nodiscard]] LogFile &files() { return m_files; }

private:
    void keep(const QByteArray &lines);

    std::mutex m_mutex;
    QList<QByteArray> m_lines;
    qint64 m_lost = 0;
    LogFile m_files;
};

} // namespace sami::gui
