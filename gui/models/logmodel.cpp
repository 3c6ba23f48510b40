// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/logmodel.h"

#include <algorithm>

namespace sami::gui {

namespace {

/// The level of a line in either format of the log: `<time> ERROR …`, `{"time":…,"level":"error"`.
LineLevel levelOf(const QByteArray &line)
{
    constexpr qsizetype enough = 80; // the level stands at the beginning
    const QByteArrayView head = QByteArrayView(line).first(std::min(line.size(), enough));
    const auto says = [&head](QByteArrayView text, QByteArrayView json) {
        const qsizetype blank = head.indexOf(' ');
        return head.startsWith('{') ? head.contains(json)
                                    : blank > 0 && head.sliced(blank + 1).startsWith(text);
    };
    if (says("ERROR", "\"level\":\"error\""))
        return LineLevel::Error;
    return says("DEBUG", "\"level\":\"debug\"") ? LineLevel::Debug : LineLevel::Info;
}

} // namespace

LogModel::LogModel(QObject *parent) : QAbstractListModel(parent) {}

void LogModel::append(const LogTap::Fetched &fetched)
{
    std::deque<Line> fresh;
    if (fetched.lost > 0)
        fresh.push_back({ {}, LineLevel::Error, fetched.lost });
    for (const QByteArray &line : fetched.lines)
        fresh.push_back({ line, levelOf(line), 0 });
    while (std::ssize(fresh) > capacity)
        fresh.pop_front();
    if (fresh.empty())
        return;
    const qsizetype over = std::ssize(m_lines) + std::ssize(fresh) - capacity;
    if (over > 0) {
        beginRemoveRows({}, 0, int(over - 1));
        m_lines.erase(m_lines.begin(), m_lines.begin() + over);
        endRemoveRows();
    }
    beginInsertRows({}, int(m_lines.size()), int(m_lines.size() + fresh.size() - 1));
    std::move(fresh.begin(), fresh.end(), std::back_inserter(m_lines));
    endInsertRows();
}

void LogModel::clear()
{
    if (m_lines.empty())
        return;
    beginRemoveRows({}, 0, int(m_lines.size() - 1));
    m_lines.clear();
    endRemoveRows();
}

QString LogModel::textOf(const Line &line)
{
    return line.lost > 0
        ? tr("… %n line(s) lost here …", nullptr, int(std::min<qint64>(line.lost, INT_MAX)))
        : QString::fromUtf8(line.text);
}

int LogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

QVariant LogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Line &line = m_lines.at(std::size_t(index.row()));
    switch (role) {
    case Qt::DisplayRole:
        return textOf(line);
    case SearchRole:
        return textOf(line).toLower();
    case LevelRole:
        return int(line.level);
    case GapRole:
        return line.lost > 0;
    default:
        return {};
    }
}

void LogFilter::setLeast(LineLevel level)
{
    if (level == m_least)
        return;
    m_least = level;
    invalidateFilter();
}

bool LogFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex line = sourceModel()->index(row, 0, parent);
    if (line.data(LogModel::GapRole).toBool())
        return true;
    return line.data(LogModel::LevelRole).toInt() <= int(m_least)
        && WordFilter::filterAcceptsRow(row, parent);
}

} // namespace sami::gui
