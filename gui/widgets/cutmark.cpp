// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/cutmark.h"

#include "gui/models/recentmodel.h"

#include <QIcon>
#include <QPainter>
#include <QPalette>
#include <QWidget>

namespace sami::gui {

QPixmap CutMark::sign(const QColor &colour, int size, qreal devicePixelRatio)
{
    QPixmap pixmap(QSize(size, size) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(size, size);
    painter.setPen(QPen(colour, 0.13, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(0.07, 0.5), QPointF(0.34, 0.5));
    painter.drawLine(QPointF(0.66, 0.5), QPointF(0.93, 0.5));
    painter.setPen(QPen(colour, 0.11, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(0.34, 0.78), QPointF(0.47, 0.22));
    painter.drawLine(QPointF(0.53, 0.78), QPointF(0.66, 0.22));
    return pixmap;
}

QColor CutMark::colour(const QPalette &palette)
{
    const bool isDark = palette.color(QPalette::Base).lightness() < 128;
    return isDark ? QColor(0xff, 0x9a, 0x8f) : QColor(0xb0, 0x1e, 0x1a);
}

void CutMarkDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (index.data(RecentModel::EndingRole) != int(EndKind::Cut))
        return;
    // On a selected row only the desktop's own colours are legible.
    const QColor colour = option->state & QStyle::State_Selected
        ? option->palette.color(QPalette::HighlightedText)
        : CutMark::colour(option->palette);
    option->palette.setColor(QPalette::Text, colour);
    if (index.column() != RecentModel::Ending)
        return;
    const int size = option->fontMetrics.height();
    const qreal ratio = option->widget ? option->widget->devicePixelRatioF() : 1;
    option->icon = QIcon(CutMark::sign(colour, size, ratio));
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->decorationSize = { size, size };
}

} // namespace sami::gui
