// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/logmodel.h"

#include "gui/text/plaintext.h"

#include <algorithm>

namespace sami::gui {

LogModel::LogModel(QObject *parent) : QAbstractListModel(parent) {}

void LogModel::append(const LogTap::Fetched &fetched)
{
    std::deque<Line> fresh;
    if (fetched.lost > 0)
        fresh.push_back({ {}, LineLevel::Error, fetched.lost });
    for (const QByteArray &line : fetched.lines)
        fresh.push_back({ line, LogText::levelOf(line), 0 });
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

QString LogModel::gapText(qint64 lost)
{
    return tr("… %n line(s) lost here …", nullptr, int(std::min<qint64>(lost, INT_MAX)));
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
    const bool isGap = line.lost > 0;
    switch (role) {
    case Qt::DisplayRole:
        return isGap ? gapText(line.lost) : LogText::row(line.text);
    case Qt::ToolTipRole:
        return PlainText::toolTip(isGap ? gapText(line.lost) : LogText::whole(line.text));
    case WholeRole:
        return isGap ? gapText(line.lost) : LogText::whole(line.text);
    case FileRole:
        return isGap ? gapText(line.lost) : QString::fromUtf8(line.text);
    case SearchRole:
        // A search finds both the words on screen and the log's own, which the documentation uses.
        return isGap ? gapText(line.lost).toLower()
                     : (LogText::sentence(LogText::parse(line.text)) + QLatin1Char('\n')
                        + QString::fromUtf8(line.text))
                           .toLower();
    case LevelRole:
        return int(line.level);
    case GapRole:
        return isGap;
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
