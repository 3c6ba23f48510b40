// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/stateicon.h"

#include <QColor>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>
#include <QPolygonF>

#include <array>

namespace sami::gui {

namespace {

constexpr std::array sizes { 16, 20, 22, 24, 32, 40, 48, 64, 128, 256 };

// Distinct for the colour-blind too, and visible on dark and light panels.
constexpr QColor running { 0x1f, 0x9d, 0x55 };
constexpr QColor warning { 0xe0, 0x8a, 0x00 };
constexpr QColor failed { 0xc9, 0x30, 0x2c };
constexpr QColor stopped { 0x8a, 0x8f, 0x98 };
constexpr QColor busy { 0x2f, 0x7f, 0xe6 };

/// Cuts out whatever is painted from here on. macOS uses only the mask of an icon, so the mask
/// needs the same shapes as the colours.
void beginCutting(QPainter &painter)
{
    painter.setCompositionMode(QPainter::CompositionMode_DestinationOut);
}

/// Two arrows, back and forth, in a 1 × 1 square.
void paintArrows(QPainter &painter, qreal centre, qreal scale)
{
    QPainterPath arrow;
    arrow.moveTo(-0.26, -0.05);
    arrow.lineTo(0.08, -0.05);
    arrow.lineTo(0.08, -0.15);
    arrow.lineTo(0.28, 0.0);
    arrow.lineTo(0.08, 0.15);
    arrow.lineTo(0.08, 0.05);
    arrow.lineTo(-0.26, 0.05);
    arrow.closeSubpath();
    beginCutting(painter);
    for (const int direction : { 1, -1 }) {
        painter.save();
        painter.translate(0.5, centre - 0.13 * scale * direction);
        painter.scale(scale * direction, scale);
        painter.fillPath(arrow, Qt::black);
        painter.restore();
    }
}

void paintDisc(QPainter &painter, const QColor &colour)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(QRectF(0.04, 0.04, 0.92, 0.92));
}

void paintCross(QPainter &painter)
{
    beginCutting(painter);
    painter.setPen(QPen(Qt::black, 0.13, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(0.33, 0.33), QPointF(0.67, 0.67));
    painter.drawLine(QPointF(0.67, 0.33), QPointF(0.33, 0.67));
}

void paintHourglass(QPainter &painter)
{
    beginCutting(painter);
    painter.setPen(QPen(Qt::black, 0.06, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::black);
    painter.drawPolygon(QPolygonF { { 0.29, 0.22 }, { 0.71, 0.22 }, { 0.5, 0.5 } });
    painter.drawPolygon(QPolygonF { { 0.29, 0.78 }, { 0.71, 0.78 }, { 0.5, 0.5 } });
}

void paintRing(QPainter &painter)
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(stopped, 0.14));
    painter.drawEllipse(QRectF(0.12, 0.12, 0.76, 0.76));
}

void paintTriangle(QPainter &painter)
{
    painter.setPen(QPen(warning, 0.1, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(warning);
    painter.drawPolygon(QPolygonF { { 0.5, 0.08 }, { 0.95, 0.9 }, { 0.05, 0.9 } });
    beginCutting(painter);
    painter.setPen(QPen(Qt::black, 0.12, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(0.5, 0.36), QPointF(0.5, 0.6));
    painter.drawPoint(QPointF(0.5, 0.78));
}

void paintBusyDot(QPainter &painter)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(busy);
    const QRectF dot(0.6, 0.6, 0.38, 0.38);
    constexpr qreal gap = 0.05;
    beginCutting(painter);
    painter.drawEllipse(dot.adjusted(-gap, -gap, gap, gap));
    painter.setCompositionMode(QPainter::CompositionMode_SourceOver);
    painter.drawEllipse(dot);
}

QPixmap paint(IconState state, bool isBusy, int size)
{
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(size, size);
    switch (state) {
    case IconState::Stopped:
        paintRing(painter);
        break;
    case IconState::Running:
        paintDisc(painter, running);
        paintArrows(painter, 0.5, 1);
        break;
    case IconState::Draining:
        paintDisc(painter, busy);
        paintHourglass(painter);
        break;
    case IconState::Warning:
        paintTriangle(painter);
        break;
    case IconState::Failed:
        paintDisc(painter, failed);
        paintCross(painter);
        break;
    }
    if (isBusy)
        paintBusyDot(painter);
    return pixmap;
}

} // namespace

QIcon stateIcon(IconState state, bool isBusy)
{
    QIcon icon;
    for (const int size : sizes)
        icon.addPixmap(paint(state, isBusy, size));
#ifdef Q_OS_MACOS
    icon.setIsMask(true);
#endif
    return icon;
}

QIcon applicationIcon()
{
    QIcon icon;
    for (const int size : sizes)
        icon.addPixmap(paint(IconState::Running, false, size));
    return icon;
}

} // namespace sami::gui
