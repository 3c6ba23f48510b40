// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/screenfit.h"

#include "gui/widgets/tabchain.h"

#include <QScreen>
#include <QScrollArea>
#include <QStyle>
#include <QWidget>

#include <algorithm>

namespace sami::gui {

namespace {

/// The frame that a window manager draws on each side; most draw less.
constexpr int border = 2;
/// The least title bar height; some styles report less.
constexpr int leastTitle = 20;

} // namespace

QSize roomFor(const QWidget &window)
{
    // A window that was never shown does not know its frame, which is mostly the title bar.
    const int title = std::max(window.style()->pixelMetric(QStyle::PM_TitleBarHeight), leastTitle);
    return window.screen()->availableSize() - QSize(2 * border, title + border);
}

void fitToScreen(QWidget &window)
{
    if (window.isMaximized() || window.isFullScreen())
        return;
    const QSize size = window.size().boundedTo(roomFor(window));
    if (size != window.size())
        window.resize(size);
    // pos() is the frame's position, which is unknown until a window manager has drawn it.
    const QRect screen = window.screen()->availableGeometry();
    const QSize drawn = window.frameGeometry().size() - window.geometry().size();
    const QSize frame = size + drawn.expandedTo(screen.size() - roomFor(window));
    const QPoint at {
        std::max(screen.left(), std::min(window.x(), screen.right() + 1 - frame.width())),
        std::max(screen.top(), std::min(window.y(), screen.bottom() + 1 - frame.height()))
    };
    if ((window.testAttribute(Qt::WA_Moved) || window.isVisible()) && at != window.pos())
        window.move(at);
}

QScrollArea *makeScrolling(QWidget *content, QWidget *parent)
{
    auto *area = new QScrollArea(parent);
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    scrollToFocus(*area);
    return area;
}

} // namespace sami::gui
