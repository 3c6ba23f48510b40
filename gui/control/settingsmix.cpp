// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/settingsmix.h"

#include "config/optiontable.h"

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

bool isCredential(const config::Option &option)
{
    const QLatin1StringView name(option.environment);
    return name == QLatin1StringView(config::usernameOption)
        || name == QLatin1StringView(config::passwordOption)
        || name == QLatin1StringView(config::passwordFileOption);
}

} // namespace

config::Settings mixedSettings(const config::Settings &base, const config::Settings &other,
                               const std::function<bool(const config::Option &)> &isTaken)
{
    config::Draft draft;
    draft.settings = base;
    for (const config::Option &option : config::optionTable()) {
        if (!isTaken(option))
            continue;
        if (isCredential(option)) {
            draft.settings.access.credentials = other.access.credentials;
        } else if (QLatin1StringView(option.environment) == "ALLOWED_IPS"_L1) {
            draft.settings.access.allowedClients = other.access.allowedClients; // may be empty,
        } else if (QLatin1StringView(option.environment) == "ALLOWED_HOSTS"_L1) {
            draft.settings.access.allowedHosts = other.access.allowedHosts; // which has no text
        } else if (QLatin1StringView(option.environment) == "PROXY_UPSTREAM_CA_FILE"_L1) {
            draft.settings.upstream.caFile = other.upstream.caFile;
        } else if (QLatin1StringView(option.environment)
                   == QLatin1StringView(config::sourceAddressOption)) {
            draft.settings.upstream.exit.sources = other.upstream.exit.sources;
        } else {
            // What a value prints as, it can be read from.
            const auto problems = option.parse(draft, option.format(other));
            Q_ASSERT(problems.isEmpty());
            Q_UNUSED(problems)
        }
    }
    return draft.settings;
}

config::Settings mergedSettings(const config::Settings &base, const config::Settings &mine,
                                const config::Settings &theirs)
{
    return mixedSettings(theirs, mine, [&base, &mine](const config::Option &option) {
        return option.format(mine) != option.format(base);
    });
}

} // namespace sami::gui
