// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/qrview.h"

#include <QPainter>

namespace sami::gui {

namespace {

/// Screen pixels per module, readable from half a metre. Larger codes get smaller modules, so that
/// the dialog stays on the screen.
constexpr int moduleSize = 5;
constexpr int smallestModule = 3;
constexpr int widest = 260;

int pixelsPerModule(int modules)
{
    return qBound(smallestModule, widest / modules, moduleSize);
}

int modulesAcross(const QrCode &code)
{
    return code.size() + 2 * QrCode::quietZone;
}

} // namespace

QrView::QrView(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void QrView::setCode(const std::optional<QrCode> &code)
{
    m_code = code;
    setVisible(code.has_value());
    updateGeometry();
    update();
}

QSize QrView::sizeHint() const
{
    if (!m_code)
        return {};
    const int modules = modulesAcross(*m_code);
    return QSize(modules, modules) * pixelsPerModule(modules);
}

void QrView::paintEvent(QPaintEvent *)
{
    if (!m_code)
        return;
    QPainter painter(this);
    painter.fillRect(rect(), Qt::white);
    const int modules = modulesAcross(*m_code);
    const int side = qMin(width(), height()) / modules;
    for (int y = 0; y < m_code->size(); ++y) {
        for (int x = 0; x < m_code->size(); ++x) {
            if (m_code->isDark(x, y))
                painter.fillRect((x + QrCode::quietZone) * side, (y + QrCode::quietZone) * side,
                                 side, side, Qt::black);
        }
    }
}

} // namespace sami::gui
