// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"

#include <QList>
#include <QWidget>

#include <optional>

namespace sami::gui {

class TrafficHistory;
struct TrafficPoint;

/// The rates of the last minutes as two lines: down is filled, up is dashed, and a legend says so
/// in words. Where nothing was measured there is no line. The axis is logarithmic, so that a
/// trickle stays to be seen beside a flood. The mouse, or the arrow keys, read the values of any
/// second. Colours follow the palette. Borrows the history, which outlives it. Main thread.
class TrafficChart : public QWidget
{
    Q_OBJECT

public:
    explicit TrafficChart(const TrafficHistory &history, QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

    /// The end of the axis for a greatest rate: 1, 2 or 5 times a power of ten, at least 1 kB/s.
    [[nodiscard]] static double axisEnd(double peak);
    /// Where a rate stands on an axis with that end, 0 to 1: logarithmic from 100 B/s on, so that
    /// each power of ten has the same room; nearly linear below, because nothing is a rate too.
    [[nodiscard]] static double position(double rate, double end);
    /// The rates that get a line and a label, the greatest first: the end and powers of ten, as far
    /// as `lines` of text fit one above the other. Never zero, which has its own.
    [[nodiscard]] static QList<double> gridRates(double end, double lines);

    /// The second that is read, counted back from the newest; -1: none.
    [[nodiscard]] int cursor() const { return m_cursor; }
    /// Its time and values, or of the newest the values: what a screen reader says.
    [[nodiscard]] QString reading() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void handleSample();
    /// `isHeld`: it stays at that moment, not at that place.
    void moveCursor(int secondsAgo, bool isHeld = false);
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] double xOf(qsizetype place, const QRectF &area) const;
    void paintAxes(QPainter &painter, const QRectF &area, double end) const;
    void paintLegend(QPainter &painter, const QRectF &area) const;
    void paintGap(QPainter &painter, const QRectF &area, qsizetype first, qsizetype last) const;
    void paintRun(QPainter &painter, const QRectF &area, double end, qsizetype first,
                  qsizetype last) const;
    void paintCursor(QPainter &painter, const QRectF &area, double end) const;
    [[nodiscard]] QPolygonF line(const QRectF &area, double end, bool isUp, qsizetype first,
                                 qsizetype last) const;
    [[nodiscard]] QPen penFor(bool isUp) const;
    /// The one at the cursor, or the newest; null while there is none.
    [[nodiscard]] const TrafficPoint *point() const;
    [[nodiscard]] QString words(bool isUp) const;
    /// When the point was, and what else is known of it; empty without a cursor.
    [[nodiscard]] QString moment() const;

    const TrafficHistory &m_history;
    int m_cursor = -1;
    std::optional<WallTime> m_held; ///< the moment of a cursor that the keys have set
};

} // namespace sami::gui
