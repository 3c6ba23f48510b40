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
/// in words. There is no line where nothing was measured. The axis is logarithmic, so that a
/// trickle stays visible beside a flood. The mouse or the arrow keys read the values of any second.
/// Colours follow the palette. Borrows the history, which outlives it. Main thread.
class TrafficChart : public QWidget
{
    Q_OBJECT

public:
    explicit TrafficChart(const TrafficHistory &history, QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

    /// The end of the axis for a peak rate: 1, 2 or 5 times a power of ten, at least 1 kB/s.
    [[nodiscard]] static double axisEnd(double peak);
    /// The position of a rate on an axis with that end, 0 to 1. Logarithmic from 100 B/s on, so
    /// that each power of ten gets the same room; nearly linear below, because zero is a rate too.
    [[nodiscard]] static double position(double rate, double end);
    /// The rates that get a grid line and a label, the greatest first: the end, and as many powers
    /// of ten as fit in `lines` lines of text. Never zero, which has its own line.
    [[nodiscard]] static QList<double> gridRates(double end, double lines);

    /// The selected second, counted back from the newest; -1: none.
    [[nodiscard]] int cursor() const { return m_cursor; }
    /// For a screen reader: time and values at the cursor, or the newest values.
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
    /// `isHeld`: the cursor keeps its moment, not its position.
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
    /// The point at the cursor, or the newest; null if there is none.
    [[nodiscard]] const TrafficPoint *point() const;
    [[nodiscard]] QString words(bool isUp) const;
    /// The time of the point, and what else is known about it; empty without a cursor.
    [[nodiscard]] QString moment() const;

    const TrafficHistory &m_history;
    int m_cursor = -1;
    std::optional<WallTime> m_held; ///< the moment that the keys selected
};

} // namespace sami::gui
