// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/trafficchart.h"

#include "gui/models/traffichistory.h"
#include "gui/text/formatting.h"
#include "gui/widgets/tables.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace sami::gui {

namespace {

constexpr double leastAxisEnd = 1000; ///< octets a second
constexpr int samplesPerMinute = 60;
constexpr int minutes = int(TrafficHistory::capacity) / samplesPerMinute;
constexpr int legendDash = 28; ///< pixels of line in the legend

} // namespace

TrafficChart::TrafficChart(const TrafficHistory &history, QWidget *parent)
    : QWidget(parent), m_history(history)
{
    setAccessibleName(tr("Traffic of the last minutes"));
    connect(&history, &TrafficHistory::sampled, this, &TrafficChart::handleSample);
    handleSample();
}

QSize TrafficChart::sizeHint() const
{
    return { 480, 160 };
}

QSize TrafficChart::minimumSizeHint() const
{
    return { 240, 6 * fontMetrics().height() };
}

double TrafficChart::axisEnd(double peak)
{
    const double wanted = std::max(peak, leastAxisEnd);
    const double power = std::pow(10.0, std::floor(std::log10(wanted)));
    for (const double step : { 1.0, 2.0, 5.0 }) {
        if (wanted <= step * power)
            return step * power;
    }
    return 10 * power;
}

void TrafficChart::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    handleSample();
}

void TrafficChart::handleSample()
{
    if (!isSeen(this))
        return;
    setAccessibleDescription(words(true) + QStringLiteral(", ") + words(false));
    update();
}

QString TrafficChart::words(bool isUp) const
{
    const TrafficSample now =
        m_history.size() == 0 ? TrafficSample() : m_history.at(m_history.size() - 1);
    const double value = isUp ? now.up : now.down;
    const QString rate = value < 1 ? tr("0 B/s") : Formatting::rate(value);
    return isUp ? tr("Up: %1").arg(rate) : tr("Down: %1").arg(rate);
}

QPen TrafficChart::penFor(bool isUp) const
{
    const bool isDark = palette().color(QPalette::Base).lightness() < 128;
    // Blue and orange: told apart also by those who see no red or green.
    const QColor blue = isDark ? QColor(0x6c, 0xb6, 0xff) : QColor(0x0b, 0x5c, 0xad);
    const QColor orange = isDark ? QColor(0xff, 0xb0, 0x5c) : QColor(0xb3, 0x54, 0x00);
    QPen pen(isUp ? orange : blue, 1.6, isUp ? Qt::DashLine : Qt::SolidLine);
    pen.setCosmetic(true);
    return pen;
}

QPolygonF TrafficChart::line(const QRectF &area, double end, bool isUp) const
{
    // The newest is at the right edge, however few there are.
    QPolygonF points;
    const double step = area.width() / double(TrafficHistory::capacity - 1);
    for (qsizetype i = 0; i < m_history.size(); ++i) {
        const TrafficSample &sample = m_history.at(i);
        const double value = isUp ? sample.up : sample.down;
        points.append({ area.right() - step * double(m_history.size() - 1 - i),
                        area.bottom() - area.height() * std::min(value / end, 1.0) });
    }
    return points;
}

void TrafficChart::paintAxes(QPainter &painter, const QRectF &area, double end) const
{
    const int height = fontMetrics().height();
    QColor grid = palette().color(QPalette::Text);
    grid.setAlphaF(0.2F);
    for (const double part : { 0.0, 0.5, 1.0 }) {
        const double y = area.bottom() - area.height() * part;
        painter.setPen(grid);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(QRectF(0, y - height / 2.0, area.left() - 6, height),
                         Qt::AlignRight | Qt::AlignVCenter,
                         part == 0.0 ? tr("0 B/s") : Formatting::rate(end * part));
    }
    const QRectF below(area.left(), area.bottom() + 2, area.width(), height);
    painter.drawText(below, Qt::AlignLeft, tr("%n minute(s) ago", nullptr, minutes));
    painter.drawText(below, Qt::AlignHCenter, tr("%n minute(s) ago", nullptr, minutes / 2));
    painter.drawText(below, Qt::AlignRight, tr("now"));
}

void TrafficChart::paintLegend(QPainter &painter, const QRectF &area) const
{
    double right = area.right();
    for (const bool isUp : { true, false }) {
        const QString text = words(isUp);
        const double width = fontMetrics().horizontalAdvance(text);
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(QRectF(right - width, area.top(), width + 1, area.height()),
                         Qt::AlignVCenter, text);
        painter.setPen(penFor(isUp));
        const double end = right - width - 6;
        painter.drawLine(QPointF(end - legendDash, area.center().y()),
                         QPointF(end, area.center().y()));
        right = end - legendDash - 18;
    }
}

void TrafficChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), palette().brush(QPalette::Base));
    const double end = axisEnd(m_history.peak());
    const int height = fontMetrics().height();
    const int labels = std::max({ fontMetrics().horizontalAdvance(Formatting::rate(end)),
                                  fontMetrics().horizontalAdvance(Formatting::rate(end / 2)),
                                  fontMetrics().horizontalAdvance(tr("0 B/s")) });
    const QRectF area = QRectF(rect()).adjusted(labels + 14, height + 14, -10, -height - 6);
    if (area.width() < 10 || area.height() < 10)
        return;
    paintAxes(painter, area, end);
    paintLegend(painter, QRectF(area.left(), 4, area.width(), height));

    const QPolygonF down = line(area, end, false);
    if (down.isEmpty())
        return;
    QPainterPath filled;
    filled.moveTo(down.first().x(), area.bottom());
    for (const QPointF &point : down)
        filled.lineTo(point);
    filled.lineTo(down.last().x(), area.bottom());
    QColor fill = penFor(false).color();
    fill.setAlphaF(0.25F);
    painter.fillPath(filled, fill);
    painter.setPen(penFor(false));
    painter.drawPolyline(down);
    painter.setPen(penFor(true));
    painter.drawPolyline(line(area, end, true));
}

} // namespace sami::gui
