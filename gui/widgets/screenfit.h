// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QSize>

QT_BEGIN_NAMESPACE
class QScrollArea;
class QWidget;
QT_END_NAMESPACE

namespace sami::gui {

/// The largest window size whose frame and buttons stay on the screen. At 200 % a screen of
/// 1920×1080 has room for 960×540.
[[nodiscard]] QSize roomFor(const QWidget &window);

/// Shrinks a window to that size and moves it onto the screen. Call it from the first showEvent().
void fitToScreen(QWidget &window);

/// Wraps `content` so that it scrolls vertically once its window is too low for it.
[[nodiscard]] QScrollArea *makeScrolling(QWidget *content, QWidget *parent);

} // namespace sami::gui
