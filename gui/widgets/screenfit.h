// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QSize>

QT_BEGIN_NAMESPACE
class QScrollArea;
class QWidget;
QT_END_NAMESPACE

namespace sami::gui {

/// The largest size a window may have so that its frame and its buttons are on the screen: at 200 %
/// a screen of 1920×1080 has room for 960×540.
[[nodiscard]] QSize roomFor(const QWidget &window);

/// Makes a window no larger than that, and moves it inside. For its first showEvent().
void fitToScreen(QWidget &window);

/// `content` where it can be scrolled up and down once its window is too low for it.
[[nodiscard]] QScrollArea *makeScrolling(QWidget *content, QWidget *parent);

} // namespace sami::gui
