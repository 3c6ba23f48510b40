// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QWidget;

namespace sami::gui {

/// Makes a screen reader say `text`, which is the current text or name of `place`, although `place`
/// does not have the focus. Main thread.
void announce(QWidget &place, const QString &text);

} // namespace sami::gui
