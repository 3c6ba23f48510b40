// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/recentmodel.h"

#include "gui/text/formatting.h"
#include "gui/text/plaintext.h"
#include "gui/text/wording.h"

#include <QDateTime>

#include <algorithm>
#include <limits>

namespace sami::gui {

namespace {

bool isSame(const account::FinishedWork &left, const account::FinishedWork &right)
{
    return left.id == right.id && left.finishedAt == right.finishedAt && left.up == right.up
        && left.down == right.down && left.target == right.target;
}

qint64 milliseconds(Clock::duration duration)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

qint64 milliseconds(WallTime time)
{
    return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

QString hostText(const account::FinishedWork &work)
{
    return work.endpoint.host.isEmpty() ? QString()
                                        : QString::fromUtf8(work.endpoint.toByteArray());
}

} // namespace

RecentModel::RecentModel(QObject *parent) : QAbstractTableModel(parent) {}

void RecentModel::merge(const QList<account::FinishedWork> &works)
{
    // What is known already ends with our last row; after a restart it is not there at all.
    qsizetype fresh = m_rows.isEmpty() ? 0 : works.size();
    while (fresh > 0 && !isSame(works.at(fresh - 1), m_rows.last()))
        --fresh;
    fresh = std::max(fresh, works.size() - capacity);
    const qsizetype count = works.size() - fresh;
    if (count == 0)
        return;
    if (const qsizetype over = m_rows.size() + count - capacity; over > 0) {
        beginRemoveRows({}, 0, int(over - 1));
        m_rows.remove(0, over);
        endRemoveRows();
    }
    beginInsertRows({}, int(m_rows.size()), int(m_rows.size() + count - 1));
    m_rows.append(works.sliced(fresh));
    endInsertRows();
}

std::optional<account::FinishedWork> RecentModel::lastOf(quint64 connection, WallTime since) const
{
    const auto found = std::find_if(m_rows.rbegin(), m_rows.rend(), [&](const auto &work) {
        return work.id == connection && work.finishedAt >= since;
    });
    return found == m_rows.rend() ? std::nullopt : std::optional(*found);
}

int RecentModel::count(gui::Ending ending) const
{
    return int(std::count_if(m_rows.begin(), m_rows.end(),
                             [ending](const auto &work) { return endingOf(work) == ending; }));
}

int RecentModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RecentModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString RecentModel::cellText(const account::FinishedWork &work, int column)
{
    switch (column) {
    case Time:
        return Formatting::time(work.finishedAt);
    case Client:
        return work.client.toString();
    case User:
        return QString::fromUtf8(work.user);
    case Host:
        return hostText(work);
    case Method:
        return QString::fromLatin1(work.method);
    case Status:
        return work.status == 0 ? QString() : QString::number(work.status);
    case Up:
        return Formatting::octets(work.up);
    case Down:
        return Formatting::octets(work.down);
    case FirstByte:
        return Formatting::duration(work.firstByte);
    case Silence:
        return Formatting::duration(work.silence);
    case Duration:
        return Formatting::duration(work.duration);
    case Why:
        return Wording::whyEnded(work);
    case Ending:
        return Wording::ending(work);
    default:
        return {};
    }
}

QVariant RecentModel::rawValue(const account::FinishedWork &work, int column)
{
    switch (column) {
    case Time:
        return milliseconds(work.finishedAt);
    case Client:
        return WordFilter::sortText(work.client);
    case Status:
        return work.status;
    case Up:
        return work.up;
    case Down:
        return work.down;
    case FirstByte: // one that never came is later than any
        return work.firstByte ? milliseconds(*work.firstByte) : std::numeric_limits<qint64>::max();
    case Silence:
        return milliseconds(work.silence);
    case Duration:
        return milliseconds(work.duration);
    default:
        return cellText(work, column);
    }
}

QString RecentModel::rowText(int row) const
{
    QStringList cells;
    for (int column = 0; column < ColumnCount; ++column)
        cells.append(cellText(m_rows.at(row), column));
    return Wording::joinedCells(cells, QLatin1Char('\t'));
}

QString RecentModel::csvHeader()
{
    return Wording::joinedCells({ tr("Time"), tr("Client"), tr("User"), tr("Destination"),
                                  tr("Method"), tr("Status"), tr("Up (bytes)"), tr("Down (bytes)"),
                                  tr("First byte (ms)"), tr("Longest silence (ms)"),
                                  tr("Duration (ms)"), tr("Why it ended"), tr("Result") },
                                QLatin1Char(','));
}

QString RecentModel::csvLine(int row) const
{
    const account::FinishedWork &work = m_rows.at(row);
    const QString time = QDateTime::fromMSecsSinceEpoch(milliseconds(work.finishedAt))
                             .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
    QStringList cells { time };
    for (int column = Client; column < ColumnCount; ++column) {
        const bool isNumber = column >= Up && column <= Duration;
        const bool isMissing = column == FirstByte && !work.firstByte;
        cells.append(isMissing      ? QString()
                         : isNumber ? rawValue(work, column).toString()
                                    : cellText(work, column));
    }
    return Wording::joinedCells(cells, QLatin1Char(','));
}

QVariant RecentModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const account::FinishedWork &work = m_rows.at(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return cellText(work, column);
    case RawRole:
        return rawValue(work, column);
    case EndingRole:
        return int(endingOf(work));
    case SearchRole:
        return rowText(index.row()).toLower();
    case Qt::ToolTipRole:
        if (column == Why)
            return PlainText::toolTip(cellText(work, column));
        return column == Host ? PlainText::toolTip(QString::fromUtf8(work.target)) : QString();
    case Qt::TextAlignmentRole: {
        const bool isNumber = column >= Status && column <= Duration;
        return int((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    default:
        return {};
    }
}

QVariant RecentModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Client:
        return tr("Client");
    case User:
        return tr("User");
    case Host:
        return tr("Destination");
    case Method:
        return tr("Method");
    case Status:
        return tr("Status");
    case Up:
        return tr("Up");
    case Down:
        return tr("Down");
    case FirstByte:
        return tr("First byte");
    case Silence:
        return tr("Longest silence");
    case Duration:
        return tr("Duration");
    case Why:
        return tr("Why it ended");
    case Ending:
        return tr("Result");
    default:
        return {};
    }
}

} // namespace sami::gui
