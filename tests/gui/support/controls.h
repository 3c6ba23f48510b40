// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QWidget;

namespace sami::gui {

/// Whether users act on it: a button, a field, a list; not their inner parts, and no scroll bar.
[[nodiscard]] bool isControl(const QWidget &widget);

/// The name that a screen reader should say: the accessible name, the label's or, for a button, its
/// own text. Not QAccessible's, which takes a combo box's current choice for its name.
[[nodiscard]] QString spokenName(const QWidget &widget);

/// Class and name, for a test's message.
[[nodiscard]] QString described(const QWidget &widget);

} // namespace sami::gui
