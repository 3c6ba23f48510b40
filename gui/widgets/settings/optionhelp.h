// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QCoreApplication>
#include <QList>
#include <QString>

namespace sami::gui {

/// What the settings dialog's fields say of themselves when somebody points at them or hears them.
/// Pure.
class OptionHelp
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::OptionHelp)

public:
    /// What the option does and when one would change it; empty for an option that the dialog does
    /// not have.
    [[nodiscard]] static QString sentence(const char *option);
    /// Its value in `defaults` as people say it: "20 minutes", "no limit".
    [[nodiscard]] static QString defaultValue(const char *option, const config::Settings &defaults);
    /// For the tooltip of a field that holds these options: the first one's sentence and default,
    /// and last the names of the variables, for those who look them up in the documents. In lines
    /// that are short enough to read, which plain tooltips do not break by themselves.
    [[nodiscard]] static QString toolTip(const QList<const char *> &options,
                                         const config::Settings &defaults);
    /// The same for a field that is no option of the proxy's.
    [[nodiscard]] static QString toolTip(const QString &sentence);
};

} // namespace sami::gui
