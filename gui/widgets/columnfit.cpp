// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/columnfit.h"

#include <QAction>
#include <QDataStream>
#include <QEvent>
#include <QHeaderView>
#include <QIODevice>
#include <QMenu>
#include <QScopedValueRollback>
#include <QStyle>
#include <QStyleOptionViewItem>
#include <QTableView>

#include <algorithm>
#include <numeric>

namespace sami::gui {

namespace {

/// The width that the style gives a cell with that text.
int cellWidth(const QTableView &table, const QString &text)
{
    QStyleOptionViewItem option;
    option.initFrom(&table);
    option.font = table.font();
    option.fontMetrics = table.fontMetrics();
    option.features = QStyleOptionViewItem::HasDisplay;
    option.text = text;
    const int grid = 1; // QTableView counts it even when it shows no grid
    return table.style()->sizeFromContents(QStyle::CT_ItemViewItem, &option, {}, &table).width()
        + grid;
}

int total(const QList<ColumnRoom> &columns, int ColumnRoom::*member)
{
    return std::accumulate(
        columns.begin(), columns.end(), 0,
        [member](int sum, const ColumnRoom &column) { return sum + column.*member; });
}

/// What a column gets of `amount`. There are `all` parts; the columns before it have `before` of
/// them, and with its own parts it is `with`. What all columns get adds up to the amount exactly.
int part(int amount, int before, int with, int all)
{
    return int(qint64(amount) * with / all - qint64(amount) * before / all);
}

} // namespace

QList<int> dividedWidth(const QList<ColumnRoom> &columns, int room)
{
    const int wanted = total(columns, &ColumnRoom::wanted);
    const int spare = wanted - total(columns, &ColumnRoom::least);
    const int shares = total(columns, &ColumnRoom::share);
    const int more = qMax(room - wanted, 0);
    const int less = qMin(qMax(wanted - room, 0), spare);
    QList<int> widths;
    int shared = 0;
    int given = 0;
    for (const ColumnRoom &column : columns) {
        int width = column.wanted;
        const int own = column.wanted - column.least;
        if (less > 0)
            width -= part(less, given, given + own, spare);
        if (shares > 0)
            width += part(more, shared, shared + column.share, shares);
        given += own;
        shared += column.share;
        widths.append(width);
    }
    return widths;
}

ColumnFit::ColumnFit(QTableView *table, const QList<ColumnWidth> &widths)
    : QObject(table), m_table(table), m_header(table->horizontalHeader()),
      m_viewport(table->viewport()), m_headerViewport(m_header->viewport()), m_widths(widths)
{
    Q_ASSERT(widths.size() == table->model()->columnCount());
    m_header->setStretchLastSection(false);
    m_header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_header, &QWidget::customContextMenuRequested, this, &ColumnFit::showMenu);
    connect(m_header, &QHeaderView::sectionResized, this, &ColumnFit::handleResized);
    m_table->installEventFilter(this);
    m_viewport->installEventFilter(this);
    m_headerViewport->installEventFilter(this);
    measure();
    fit();
}

ColumnFit *ColumnFit::of(const QTableView *table)
{
    return table->findChild<ColumnFit *>(QString(), Qt::FindDirectChildrenOnly);
}

QByteArray ColumnFit::save(int version) const
{
    QByteArray layout(1, char(version));
    QDataStream stream(&layout, QIODevice::Append);
    stream << m_chosen << m_header->saveState() << m_absent;
    return layout;
}

void ColumnFit::restore(int version, const QByteArray &layout)
{
    if (layout.isEmpty() || layout.front() != char(version))
        return;
    QDataStream stream(layout.sliced(1));
    QMap<qint32, qint32> chosen;
    QByteArray state;
    stream >> chosen >> state;
    QMap<qint32, bool> absent;
    if (!stream.atEnd())
        stream >> absent;
    if (stream.status() != QDataStream::Ok || !m_header->restoreState(state))
        return;
    m_chosen = chosen;
    // A column that was not available then is stored as hidden.
    for (auto column = absent.cbegin(); column != absent.cend(); ++column) {
        if (column.key() >= 0 && column.key() < m_header->count())
            m_header->setSectionHidden(column.key(), !column.value());
    }
    for (auto column = m_absent.begin(); column != m_absent.end(); ++column) {
        column.value() = !m_header->isSectionHidden(column.key());
        m_header->setSectionHidden(column.key(), true);
    }
    fit();
}

void ColumnFit::setAvailable(int column, bool isAvailable)
{
    if (isAvailable == !m_absent.contains(column))
        return;
    if (isAvailable) {
        m_header->setSectionHidden(column, !m_absent.take(column));
    } else {
        m_absent.insert(column, !m_header->isSectionHidden(column));
        m_header->setSectionHidden(column, true);
    }
}

void ColumnFit::addActions(QMenu *menu)
{
    const bool isOneLeft = m_header->count() - m_header->hiddenSectionCount() == 1;
    for (int column = 0; column < m_header->count(); ++column) {
        if (m_absent.contains(column))
            continue;
        QAction *action = menu->addAction(
            m_table->model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!m_header->isSectionHidden(column));
        // Without any column there would be no header to bring one back with.
        action->setEnabled(!(isOneLeft && action->isChecked()));
        connect(action, &QAction::toggled, m_header,
                [this, column](bool isShown) { m_header->setSectionHidden(column, !isShown); });
    }
    menu->addSeparator();
    QAction *reset = menu->addAction(tr("&Reset widths"), this, [this] {
        m_chosen.clear();
        fit();
    });
    reset->setEnabled(!m_chosen.isEmpty());
}

void ColumnFit::showMenu(const QPoint &position)
{
    auto *menu = new QMenu(m_table);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addActions(menu);
    menu->popup(m_header->mapToGlobal(position));
}

bool ColumnFit::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_headerViewport) {
        if (event->type() == QEvent::MouseButtonPress)
            m_isDragged = true;
        if (event->type() == QEvent::MouseButtonRelease && m_isDragged) {
            m_isDragged = false;
            fit();
        }
    } else if (watched == m_viewport) {
        if (event->type() == QEvent::Resize)
            fit();
    } else if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        measure();
        fit();
    }
    return QObject::eventFilter(watched, event);
}

void ColumnFit::handleResized(int column, int before, int now)
{
    if (m_isFitting)
        return;
    if (before == 0 || now == 0) {
        // The section is being shown or hidden, and the header does not know it yet at this point.
        QMetaObject::invokeMethod(this, &ColumnFit::fit, Qt::QueuedConnection);
        return;
    }
    m_chosen.insert(column, now);
    // Move nothing else while the mouse drags a border: the border would leave the pointer.
    if (!m_isDragged)
        fit();
}

void ColumnFit::measure()
{
    m_measured.clear();
    const int character = m_table->fontMetrics().averageCharWidth();
    for (int column = 0; column < m_widths.size(); ++column) {
        const ColumnWidth &width = m_widths.at(column);
        // In some languages the title is wider than the values below it.
        int least = qMax(m_header->sectionSizeHint(column), width.least * character);
        for (const QString &text : width.longest)
            least = qMax(least, cellWidth(*m_table, text));
        m_measured.append(
            { least, qMax(least, width.wanted * character), width.stretches ? 1 : 0 });
    }
}

QList<ColumnRoom> ColumnFit::rooms(const QList<int> &columns) const
{
    QList<ColumnRoom> rooms;
    for (const int column : columns) {
        ColumnRoom room = m_measured.at(column);
        if (m_chosen.contains(column)) {
            room.least = room.wanted = qMax(room.least, m_chosen.value(column));
            room.share = 0;
        }
        rooms.append(room);
    }
    if (total(rooms, &ColumnRoom::share) > 0)
        return rooms;
    // The user has fixed every column that would stretch: let other text columns stretch, or in the
    // end any.
    for (const bool isChosen : { false, true }) {
        for (qsizetype i = 0; i < rooms.size(); ++i) {
            if (m_widths.at(columns.at(i)).isWords()
                && m_chosen.contains(columns.at(i)) == isChosen)
                rooms[i].share = 1;
        }
        if (total(rooms, &ColumnRoom::share) > 0)
            return rooms;
    }
    if (!rooms.isEmpty())
        rooms.last().share = 1;
    return rooms;
}

void ColumnFit::fit()
{
    if (m_isFitting)
        return;
    const QScopedValueRollback fitting(m_isFitting, true);
    const int before = m_table->viewport()->width();
    fitOnce();
    // That may have shown or hidden a scroll bar.
    if (m_table->viewport()->width() != before)
        fitOnce();
}

void ColumnFit::fitOnce()
{
    QList<int> shown;
    for (int place = 0; place < m_header->count(); ++place) {
        const int column = m_header->logicalIndex(place);
        if (!m_header->isSectionHidden(column))
            shown.append(column);
    }
    const QList<int> widths = dividedWidth(rooms(shown), m_table->viewport()->width());
    for (qsizetype i = 0; i < shown.size(); ++i)
        m_header->resizeSection(shown.at(i), widths.at(i));
}

} // namespace sami::gui
