// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/settingsmix.h"

#include "config/optiontable.h"

namespace sami::gui {

config::Settings mixedSettings(const config::Settings &base, const config::Settings &other,
                               const std::function<bool(const config::Option &)> &isTaken)
{
    config::Settings mixed = base;
    for (const config::Option &option : config::optionTable()) {
        if (isTaken(option))
            option.copy(other, mixed);
    }
    return mixed;
}

config::Settings mergedSettings(const config::Settings &base, const config::Settings &mine,
                                const config::Settings &theirs)
{
    return mixedSettings(theirs, mine, [&base, &mine](const config::Option &option) {
        return !option.equals(mine, base);
    });
}

} // namespace sami::gui
