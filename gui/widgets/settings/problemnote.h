// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QLabel;
class QWidget;

namespace sami::gui {

/// A line beneath a field for what is wrong with it; takes no room while nothing is.
[[nodiscard]] QLabel *makeProblemNote(QWidget *parent);
/// A label that wraps its words only where the room ends.
[[nodiscard]] QLabel *makeWideLabel(const QString &text, QWidget *parent);
/// Shown behind a sign, so that it is not told by colour; empty hides the line.
void showProblem(QLabel *note, const QString &problem);

} // namespace sami::gui
