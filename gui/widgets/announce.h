// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QWidget;

namespace sami::gui {

/// Has a screen reader say `text`, which is what `place` shows or is called by now, although it has
/// not the focus. Main thread.
void announce(QWidget &place, const QString &text);

} // namespace sami::gui
