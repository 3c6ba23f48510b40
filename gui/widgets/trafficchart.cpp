// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/trafficchart.h"

#include "gui/models/traffichistory.h"
#include "gui/text/formatting.h"
#include "gui/widgets/tables.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOptionFocusRect>
#include <QStylePainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace sami::gui {

namespace {

constexpr double leastAxisEnd = 1000; ///< octets a second
constexpr int samplesPerMinute = 60;
constexpr int minutes = int(TrafficHistory::capacity) / samplesPerMinute;
constexpr int legendDash = 28; ///< pixels of line in the legend
/// Bytes a second from which the axis is logarithmic: about a keep-alive's worth.
constexpr double knee = 100;
constexpr double lineRoom = 1.3; ///< text heights of axis that a label needs

using Kind = TrafficPoint::Kind;

QString reasonOf(Kind kind)
{
    return kind == Kind::Stopped ? TrafficChart::tr("the proxy was stopped")
                                 : TrafficChart::tr("the computer was asleep");
}

} // namespace

TrafficChart::TrafficChart(const TrafficHistory &history, QWidget *parent)
    : QWidget(parent), m_history(history)
{
    setAccessibleName(tr("Traffic of the last minutes"));
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
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

double TrafficChart::position(double rate, double end)
{
    return std::min(std::log1p(rate / knee) / std::log1p(end / knee), 1.0);
}

QList<double> TrafficChart::gridRates(double end, double lines)
{
    QList<double> wanted { end };
    for (double power = std::pow(10.0, std::floor(std::log10(end))); power >= leastAxisEnd;
         power /= 10) {
        if (power < end)
            wanted.append(power);
    }
    QList<double> rates;
    double below = 2; // above the end there is room
    for (const double rate : std::as_const(wanted)) {
        const double place = position(rate, end);
        const bool fits = (below - place) * lines >= lineRoom && place * lines >= lineRoom;
        if (!fits && rate < end)
            continue;
        rates.append(rate);
        below = place;
    }
    return rates;
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
    if (m_held) {
        // The second that the keys selected stays selected as time passes.
        const qsizetype size = m_history.size();
        qsizetype ago = 0;
        while (ago + 1 < size && m_history.at(size - 1 - ago).at > *m_held)
            ++ago;
        m_cursor = int(ago);
    }
    setAccessibleDescription(reading());
    update();
}

const TrafficPoint *TrafficChart::point() const
{
    const qsizetype size = m_history.size();
    return size == 0 ? nullptr
                     : &m_history.at(std::max<qsizetype>(size - 1 - std::max(m_cursor, 0), 0));
}

QString TrafficChart::words(bool isUp) const
{
    const TrafficPoint *now = point();
    const double value = !now ? 0 : isUp ? now->up : now->down;
    const QString rate = now && now->kind != Kind::Measured ? tr("no data")
        : value < 1                                         ? tr("0 B/s")
                                                            : Formatting::rate(value);
    return isUp ? tr("Up: %1").arg(rate) : tr("Down: %1").arg(rate);
}

QString TrafficChart::moment() const
{
    const TrafficPoint *now = point();
    if (!now || m_cursor < 0)
        return {};
    const QString time = Formatting::time(now->at);
    return now->kind == Kind::Measured
        ? tr("%1, %n connection(s)", nullptr, int(now->live)).arg(time)
        : time + QStringLiteral(": ") + reasonOf(now->kind);
}

QString TrafficChart::reading() const
{
    const TrafficPoint *now = point();
    const QString when = moment();
    if (now && now->kind != Kind::Measured)
        return when.isEmpty() ? reasonOf(now->kind) : when;
    const QString rates = words(true) + QStringLiteral(", ") + words(false);
    return when.isEmpty() ? rates : when + QStringLiteral(", ") + rates;
}

void TrafficChart::moveCursor(int secondsAgo, bool isHeld)
{
    m_cursor = std::min(secondsAgo, int(m_history.size()) - 1);
    m_held = isHeld && m_cursor >= 0 ? std::optional(point()->at) : std::nullopt;
    handleSample();
}

void TrafficChart::mouseMoveEvent(QMouseEvent *event)
{
    const QRectF area = plot();
    const double ago = (area.right() - event->position().x()) / area.width();
    moveCursor(int(std::lround(std::clamp(ago, 0.0, 1.0) * (TrafficHistory::capacity - 1))));
}

void TrafficChart::leaveEvent(QEvent *event)
{
    QWidget::leaveEvent(event);
    moveCursor(-1);
}

void TrafficChart::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    moveCursor(-1);
}

void TrafficChart::keyPressEvent(QKeyEvent *event)
{
    const int cursor = std::max(m_cursor, 0);
    switch (event->key()) {
    case Qt::Key_Left:
        moveCursor(m_cursor + 1, true);
        break;
    case Qt::Key_Right:
        moveCursor(std::max(cursor - 1, 0), true);
        break;
    case Qt::Key_PageUp:
        moveCursor(cursor + samplesPerMinute, true);
        break;
    case Qt::Key_PageDown:
        moveCursor(std::max(cursor - samplesPerMinute, 0), true);
        break;
    case Qt::Key_Home:
        moveCursor(int(TrafficHistory::capacity), true);
        break;
    case Qt::Key_End:
        moveCursor(0, true);
        break;
    case Qt::Key_Escape:
        if (m_cursor >= 0) {
            moveCursor(-1);
            break;
        }
        [[fallthrough]];
    default:
        QWidget::keyPressEvent(event);
        break;
    }
}

QPen TrafficChart::penFor(bool isUp) const
{
    const bool isDark = palette().color(QPalette::Base).lightness() < 128;
    // Blue and orange: distinct even for the red-green blind.
    const QColor blue = isDark ? QColor(0x6c, 0xb6, 0xff) : QColor(0x0b, 0x5c, 0xad);
    const QColor orange = isDark ? QColor(0xff, 0xb0, 0x5c) : QColor(0xb3, 0x54, 0x00);
    QPen pen(isUp ? orange : blue, 1.6, isUp ? Qt::DashLine : Qt::SolidLine);
    pen.setCosmetic(true);
    return pen;
}

double TrafficChart::xOf(qsizetype place, const QRectF &area) const
{
    // The newest sample is at the right edge, however few there are.
    const double step = area.width() / double(TrafficHistory::capacity - 1);
    return area.right() - step * double(m_history.size() - 1 - place);
}

QPolygonF TrafficChart::line(const QRectF &area, double end, bool isUp, qsizetype first,
                             qsizetype last) const
{
    QPolygonF points;
    for (qsizetype i = first; i <= last; ++i) {
        const TrafficPoint &at = m_history.at(i);
        const double rate = isUp ? at.up : at.down;
        points.append({ xOf(i, area), area.bottom() - area.height() * position(rate, end) });
    }
    if (first == last) // a single second must be visible too
        points.append(points.first() + QPointF(1, 0));
    return points;
}

void TrafficChart::paintAxes(QPainter &painter, const QRectF &area, double end) const
{
    const int height = fontMetrics().height();
    QColor grid = palette().color(QPalette::Text);
    grid.setAlphaF(0.2F);
    const auto mark = [&](double place, const QString &label) {
        const double y = area.bottom() - area.height() * place;
        painter.setPen(grid);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(QRectF(0, y - height / 2.0, area.left() - 6, height),
                         Qt::AlignRight | Qt::AlignVCenter, label);
    };
    mark(0, tr("0 B/s"));
    const QList<double> rates = gridRates(end, area.height() / height);
    for (const double rate : rates)
        mark(position(rate, end), Formatting::rate(rate));
    const QRectF below(area.left(), area.bottom() + 2, area.width(), height);
    const QString oldest = tr("%n minute(s) ago", nullptr, minutes);
    painter.drawText(below, Qt::AlignLeft, oldest);
    if (below.width() > 4 * fontMetrics().horizontalAdvance(oldest))
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
    const QRectF left(area.left(), area.top(), std::max(right - area.left(), 0.0), area.height());
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(left, Qt::AlignVCenter,
                     fontMetrics().elidedText(moment(), Qt::ElideRight, int(left.width())));
}

void TrafficChart::paintGap(QPainter &painter, const QRectF &area, qsizetype first,
                            qsizetype last) const
{
    const double half = area.width() / double(TrafficHistory::capacity - 1) / 2;
    const QRectF gap(QPointF(xOf(first, area) - half, area.top()),
                     QPointF(xOf(last, area) + half, area.bottom()));
    const QRectF seen = gap & area;
    QColor hatch = palette().color(QPalette::Text);
    hatch.setAlphaF(0.25F);
    painter.fillRect(seen, QBrush(hatch, Qt::BDiagPattern));
    const QString text = reasonOf(m_history.at(first).kind);
    const double width = fontMetrics().horizontalAdvance(text) + 8;
    if (width > seen.width())
        return;
    QRectF label(0, 0, width, fontMetrics().height() + 4);
    label.moveCenter(seen.center());
    painter.fillRect(label, palette().brush(QPalette::Base));
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(label, Qt::AlignCenter, text);
}

void TrafficChart::paintRun(QPainter &painter, const QRectF &area, double end, qsizetype first,
                            qsizetype last) const
{
    const QPolygonF down = line(area, end, false, first, last);
    QPainterPath filled;
    filled.moveTo(down.first().x(), area.bottom());
    for (const QPointF &corner : down)
        filled.lineTo(corner);
    filled.lineTo(down.last().x(), area.bottom());
    QColor fill = penFor(false).color();
    fill.setAlphaF(0.25F);
    painter.fillPath(filled, fill);
    painter.setPen(penFor(false));
    painter.drawPolyline(down);
    painter.setPen(penFor(true));
    painter.drawPolyline(line(area, end, true, first, last));
}

void TrafficChart::paintCursor(QPainter &painter, const QRectF &area, double end) const
{
    const TrafficPoint *at = point();
    if (m_cursor < 0 || !at)
        return;
    const double x = xOf(m_history.size() - 1 - m_cursor, area);
    painter.setPen(QPen(palette().color(QPalette::Text), 1, Qt::DotLine));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    if (at->kind != Kind::Measured)
        return;
    for (const bool isUp : { false, true }) {
        const double rate = isUp ? at->up : at->down;
        painter.setPen(Qt::NoPen);
        painter.setBrush(penFor(isUp).color());
        painter.drawEllipse(QPointF(x, area.bottom() - area.height() * position(rate, end)), 3, 3);
    }
    painter.setBrush(Qt::NoBrush);
}

QRectF TrafficChart::plot() const
{
    const double end = axisEnd(m_history.peak());
    const int height = fontMetrics().height();
    const QRectF lines = QRectF(rect()).adjusted(0, height + 14, -10, -height - 6);
    // The labels that will be drawn, and no others: the area is as high as these lines.
    int labels = fontMetrics().horizontalAdvance(tr("0 B/s"));
    const QList<double> rates = gridRates(end, lines.height() / height);
    for (const double rate : rates)
        labels = std::max(labels, fontMetrics().horizontalAdvance(Formatting::rate(rate)));
    return lines.adjusted(labels + 14, 0, 0, 0);
}

void TrafficChart::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), palette().brush(QPalette::Base));
    const double end = axisEnd(m_history.peak());
    const QRectF area = plot();
    if (area.width() < 10 || area.height() < 10)
        return;
    paintAxes(painter, area, end);
    paintLegend(painter, QRectF(area.left(), 4, area.width(), fontMetrics().height()));
    for (qsizetype first = 0; first < m_history.size();) {
        const Kind kind = m_history.at(first).kind;
        qsizetype last = first;
        while (last + 1 < m_history.size() && m_history.at(last + 1).kind == kind)
            ++last;
        if (kind == Kind::Measured)
            paintRun(painter, area, end, first, last);
        else
            paintGap(painter, area, first, last);
        first = last + 1;
    }
    paintCursor(painter, area, end);
    if (hasFocus()) {
        QStyleOptionFocusRect option;
        option.initFrom(this);
        option.rect = rect().adjusted(1, 1, -1, -1);
        option.backgroundColor = palette().color(QPalette::Base);
        painter.drawPrimitive(QStyle::PE_FrameFocusRect, option);
    }
}

} // namespace sami::gui
