// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/logfile.h"

#include <QByteArray>
#include <QList>

#include <mutex>

namespace sami::gui {

/// Where the log's writer thread puts its lines and the log page fetches them. Bounded: what
/// nobody fetches falls out at the old end. From here they go to the log files too, while those are
/// kept. Thread-safe.
class LogTap
{
public:
    /// Lines that the page keeps, and so as many as may wait for it.
    static constexpr qsizetype capacity = 20'000;

    /// Whole lines, each with its line end: a LogWriter::Sink.
    void put(const QByteArray &lines);

    struct Fetched
    {
        QList<QByteArray> lines; ///< without their line ends
        qint64 lost = 0;         ///< that fell out since the last fetch
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
