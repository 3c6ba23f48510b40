// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

namespace sami::gui {

/// What the fields of the settings dialog say in tooltips and to screen readers. Pure.
class OptionHelp
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::OptionHelp)

public:
    /// What the option does and when to change it; empty for an option that is not in the dialog.
    [[nodiscard]] static QString sentence(const char *option);
    /// Its value in `defaults` in words: "20 minutes", "no limit".
    [[nodiscard]] static QString defaultValue(const char *option, const config::Settings &defaults);
    /// The tooltip of a field with these options: the first one's sentence and default, then the
    /// names of the variables, to look up in the documents. Broken into short lines, because
    /// plain-text tooltips do not wrap.
    [[nodiscard]] static QString toolTip(const QList<const char *> &options,
                                         const config::Settings &defaults);
    /// The same for a field that is not an option of the proxy.
    [[nodiscard]] static QString toolTip(const QString &sentence);
};

} // namespace sami::gui
