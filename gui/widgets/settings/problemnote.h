// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QLabel;
class QWidget;

namespace sami::gui {

/// A line beneath a field for what is wrong with it; takes no room while empty.
[[nodiscard]] QLabel *makeProblemNote(QWidget *parent);
/// A label that wraps its text only at the end of the room.
[[nodiscard]] QLabel *makeWideLabel(const QString &text, QWidget *parent);
/// Shows the problem after a sign, so that colour is not all that marks it; empty hides the line.
void showProblem(QLabel *note, const QString &problem);

} // namespace sami::gui
