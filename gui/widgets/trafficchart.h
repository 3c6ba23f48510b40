// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

namespace sami::gui {

class TrafficHistory;

/// The rates of the last minutes as two lines: down is filled, up is dashed, and a legend says so
/// in words. Colours follow the palette. Borrows the history, which outlives it. Main thread.
class TrafficChart : public QWidget
{
    Q_OBJECT

public:
    explicit TrafficChart(const TrafficHistory &history, QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

    /// The end of the axis for a greatest rate: 1, 2 or 5 times a power of ten, at least 1 kB/s.
    [[nodiscard]] static double axisEnd(double peak);

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void handleSample();
    void paintAxes(QPainter &painter, const QRectF &area, double end) const;
    void paintLegend(QPainter &painter, const QRectF &area) const;
    [[nodiscard]] QPolygonF line(const QRectF &area, double end, bool isUp) const;
    [[nodiscard]] QPen penFor(bool isUp) const;
    [[nodiscard]] QString words(bool isUp) const;

    const TrafficHistory &m_history;
};

} // namespace sami::gui
