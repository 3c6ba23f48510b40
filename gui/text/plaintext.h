// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace sami::gui {

/// Makes text safe for places that guess whether they get HTML, and would open the files that such
/// HTML names. The text may contain names and targets from strangers. Labels and message boxes need
/// none of this, because they can be told not to guess: widgets/plainlabel.h, widgets/messagebox.h.
/// Pure.
class PlainText
{
public:
    /// For tooltips of widgets and of model rows: looks the same, but never counts as rich text for
    /// Qt::mightBeRichText().
    [[nodiscard]] static QString toolTip(const QString &text);
    /// For a desktop's notifications, which accept a subset of HTML on some desktops. Angle
    /// brackets become look-alikes, because no escape is understood everywhere.
    [[nodiscard]] static QString notification(const QString &text);
};

} // namespace sami::gui
