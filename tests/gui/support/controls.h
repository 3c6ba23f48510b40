// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QWidget;

namespace sami::gui {

/// What a person acts on: a button, a field, a list; not their inner parts, and no scroll bars.
[[nodiscard]] bool isControl(const QWidget &widget);

/// What a screen reader says of it: its accessible name, its label's or, of a button, its own
/// words. Not QAccessible's: that takes what is chosen in a combo box for its name.
[[nodiscard]] QString spokenName(const QWidget &widget);

/// For a test's message: the class and the name.
[[nodiscard]] QString described(const QWidget &widget);

} // namespace sami::gui
