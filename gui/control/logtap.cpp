// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/logtap.h"

#include <utility>

namespace sami::gui {

void LogTap::put(const QByteArray &lines)
{
    keep(lines);
    // After the window's copy, which does not wait for a disk.
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
    // Drops half at a time, so that the cost is amortised.
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
