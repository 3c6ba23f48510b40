// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QLabel;
class QWidget;

namespace sami::gui {

/// A label that shows its text as it is. A QLabel renders anything that looks like HTML, and its
/// text may come from strangers or quote a file, so all labels are made here.
[[nodiscard]] QLabel *makeLabel(const QString &text, QWidget *parent);
[[nodiscard]] QLabel *makeLabel(QWidget *parent);

} // namespace sami::gui
