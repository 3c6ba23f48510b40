// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/locktext.h"

#include "config/optiontable.h"
#include "config/settingsloader.h"

namespace sami::gui {

QString LockText::sentence(const config::EffectiveOption &option)
{
    switch (option.source) {
    case config::Source::Environment:
        return tr("Set by the environment (%1); it cannot be changed here.")
            .arg(option.option->environmentName());
    case config::Source::CommandLine:
        return tr("Set on the command line (%1); it cannot be changed here.")
            .arg(option.option->flag());
    case config::Source::Default:
    case config::Source::File:
    case config::Source::State: // only the daemon has it
        break;
    }
    return {};
}

} // namespace sami::gui
