// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace sami::gui {

/// Text for places that guess whether what they get is HTML, and would open the files that it
/// names. What is shown there may hold names and targets of strangers. Labels and message boxes
/// can be told not to guess: widgets/plainlabel.h, widgets/messagebox.h. Pure.
class PlainText
{
public:
    /// For tooltips, of widgets and of model rows: the same to the eye, and never rich to
    /// Qt::mightBeRichText().
    [[nodiscard]] static QString toolTip(const QString &text);
    /// For a desktop's notifications, which take a subset of HTML where the desktop knows it.
    /// Angle brackets become look-alikes: no escape is understood everywhere.
    [[nodiscard]] static QString notification(const QString &text);
};

} // namespace sami::gui
