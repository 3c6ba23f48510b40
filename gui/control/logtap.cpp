// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/logtap.h"

#include <utility>

namespace sami::gui {

void LogTap::put(const QByteArray &lines)
{
    keep(lines);
    // The files come second: the window's copy must not wait for a disk.
    m_files.put(lines, Clock::now());
}

void LogTap::keep(const QByteArray &lines)
{
    const std::lock_guard lock(m_mutex);
    for (qsizetype begin = 0; begin < lines.size();) {
        qsizetype end = lines.indexOf('\n', begin);
        if (end < 0)
            end = lines.size();
        m_lines.append(lines.mid(begin, end - begin));
        begin = end + 1;
    }
    // Drops half of the lines at once: moving the rest at each line would be slow.
    if (m_lines.size() > 2 * capacity) {
        m_lost += m_lines.size() - capacity;
        m_lines.remove(0, m_lines.size() - capacity);
    }
}

LogTap::Fetched LogTap::fetch()
{
    const std::lock_guard lock(m_mutex);
    return { std::exchange(m_lines, {}), std::exchange(m_lost, 0) };
}

} // namespace sami::gui
