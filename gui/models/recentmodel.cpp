// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/models/recentmodel.h"

#include "gui/text/formatting.h"
#include "gui/text/serverwording.h"
#include "gui/text/wording.h"

#include <QDateTime>

#include <algorithm>
#include <limits>

namespace sami::gui {

const int RecentModel::layoutVersion = 4;

namespace {

bool isSame(const account::FinishedWork &left, const account::FinishedWork &right)
{
    return left.id == right.id && left.number == right.number && left.finishedAt == right.finishedAt
        && left.up == right.up && left.down == right.down && left.target == right.target;
}

qint64 milliseconds(Clock::duration duration)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

QString plainNumber(qint64 number)
{
    return QString::number(number);
}

qint64 milliseconds(WallTime time)
{
    return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

/// Includes the sign before the text.
ColumnWidth endingWidth()
{
    QStringList all;
    for (const QString &text : Wording::endings())
        all.append(QStringLiteral("MM") + text);
    return ColumnWidth::values(all);
}

} // namespace

RecentModel::RecentModel(QObject *parent) : ColumnTable(columns(), parent) {}

void RecentModel::merge(const QList<account::FinishedWork> &works)
{
    // New works come after our last row. After a restart of the proxy that row is not in the core's
    // list, and everything is new.
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

int RecentModel::count(gui::EndKind ending) const
{
    return int(std::count_if(m_rows.begin(), m_rows.end(),
                             [ending](const auto &work) { return endingOf(work) == ending; }));
}

int RecentModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant RecentModel::data(const QModelIndex &index, int role) const
{
    if (role != EndingRole && role != SearchRole)
        return ColumnTable::data(index, role);
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == SearchRole)
        return rowText(index.row()).toLower();
    return int(endingOf(at(index.row())));
}

// Times and octets go into a spreadsheet as plain numbers.
RecentModel::Columns RecentModel::columns()
{
    using Work = account::FinishedWork;
    static constexpr TableColumn<Work> all[] = {
        { .id = Time,
          .title = QT_TR_NOOP("Time"),
          .width = ColumnWidth::time,
          .text = [](const Work &work) { return Formatting::time(work.finishedAt); },
          .raw = [](const Work &work) { return QVariant(milliseconds(work.finishedAt)); },
          .csv =
              [](const Work &work) {
                  return QDateTime::fromMSecsSinceEpoch(milliseconds(work.finishedAt))
                      .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
              } },
        { .id = Client,
          .title = QT_TR_NOOP("Client"),
          .width = [] { return ColumnWidth::addresses(false); },
          .text = [](const Work &work) { return work.client.toString(); },
          .raw = [](const Work &work) { return QVariant(WordFilter::sortText(work.client)); } },
        { .id = User,
          .title = QT_TR_NOOP("User"),
          .width = [] { return ColumnWidth::words(8, 11); },
          .isHiddenAtFirst = true,
          .text = [](const Work &work) { return QString::fromUtf8(work.user); } },
        { .id = Host,
          .title = QT_TR_NOOP("Destination"),
          .width = [] { return ColumnWidth::stretching(20, 28); },
          .text = [](const Work &work) { return endpointText(work.endpoint); },
          .toolTip = [](const Work &work) { return QString::fromUtf8(work.target); } },
        { .id = Method,
          .title = QT_TR_NOOP("Method"),
          .width = [] { return ColumnWidth::values({ QStringLiteral("CONNECT") }); },
          .text = [](const Work &work) { return QString::fromLatin1(work.method); } },
        { .id = Status,
          .title = QT_TR_NOOP("Status"),
          .width = [] { return ColumnWidth::values({ QStringLiteral("CONNECT") }); },
          .isNumber = true,
          .text =
              [](const Work &work) {
                  return work.status == 0 ? QString() : QString::number(work.status);
              },
          .raw = [](const Work &work) { return QVariant(work.status); } },
        { .id = Up,
          .title = QT_TR_NOOP("Up"),
          .width = ColumnWidth::octets,
          .isNumber = true,
          .text = [](const Work &work) { return Formatting::octets(work.up); },
          .raw = [](const Work &work) { return QVariant(work.up); },
          .csvTitle = QT_TR_NOOP("Up (bytes)"),
          .csv = [](const Work &work) { return QString::number(work.up); } },
        { .id = Down,
          .title = QT_TR_NOOP("Down"),
          .width = ColumnWidth::octets,
          .isNumber = true,
          .text = [](const Work &work) { return Formatting::octets(work.down); },
          .raw = [](const Work &work) { return QVariant(work.down); },
          .csvTitle = QT_TR_NOOP("Down (bytes)"),
          .csv = [](const Work &work) { return QString::number(work.down); } },
        { .id = FirstByte,
          .title = QT_TR_NOOP("First byte"),
          .width = ColumnWidth::duration,
          .isNumber = true,
          .text = [](const Work &work) { return Formatting::duration(work.firstByte); },
          // A first octet that never came sorts after any that did.
          .raw =
              [](const Work &work) {
                  return QVariant(work.firstByte ? milliseconds(*work.firstByte)
                                                 : std::numeric_limits<qint64>::max());
              },
          .csvTitle = QT_TR_NOOP("First byte (ms)"),
          .csv =
              [](const Work &work) {
                  return work.firstByte ? plainNumber(milliseconds(*work.firstByte)) : QString();
              } },
        { .id = Silence,
          .title = QT_TR_NOOP("Longest silence"),
          .width = ColumnWidth::duration,
          .isNumber = true,
          .text = [](const Work &work) { return Formatting::duration(work.silence); },
          .raw = [](const Work &work) { return QVariant(milliseconds(work.silence)); },
          .csvTitle = QT_TR_NOOP("Longest silence (ms)"),
          .csv = [](const Work &work) { return plainNumber(milliseconds(work.silence)); } },
        { .id = Duration,
          .title = QT_TR_NOOP("Duration"),
          .width = ColumnWidth::duration,
          .isNumber = true,
          .text = [](const Work &work) { return Formatting::duration(work.duration); },
          .raw = [](const Work &work) { return QVariant(milliseconds(work.duration)); },
          .csvTitle = QT_TR_NOOP("Duration (ms)"),
          .csv = [](const Work &work) { return plainNumber(milliseconds(work.duration)); } },
        { .id = Why,
          .title = QT_TR_NOOP("Why it ended"),
          .width = [] { return ColumnWidth::stretching(40, 60); },
          .text = Wording::whyEnded,
          .toolTip = Wording::whyEnded },
        { .id = Ending,
          .title = QT_TR_NOOP("Result"),
          .width = endingWidth,
          .text = [](const Work &work) { return Wording::ending(work); } },
        { .id = Via,
          .title = QT_TR_NOOP("Via"),
          .titleTip = QT_TR_NOOP("The server that it went out through"),
          .width = ColumnWidth::ways,
          .text = [](const Work &work) { return ServerWording::way(work.route); },
          .toolTip = [](const Work &work) { return ServerWording::way(work.route); } },
    };
    static_assert(areInOrder(all));
    return all;
}

} // namespace sami::gui
