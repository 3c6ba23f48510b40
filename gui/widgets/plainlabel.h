// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QLabel;
class QWidget;

namespace sami::gui {

/// A label that shows its text as it is. A bare QLabel takes what looks like HTML for HTML, and
/// what it shows may come from strangers or quote a file: all labels here are made by this.
[[nodiscard]] QLabel *makeLabel(const QString &text, QWidget *parent);
[[nodiscard]] QLabel *makeLabel(QWidget *parent);

} // namespace sami::gui
