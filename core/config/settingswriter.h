// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/configerror.h"
#include "config/settings.h"

#include <QList>

namespace sami::config {

class IniFile;
struct LoadedSettings;

/// Changes the file so that the next load gives `wanted` instead of `loaded`. Touches only what
/// differs. Removes what equals the default. Skips options set by the environment or the command
/// line, which override the file. A changed password replaces a password file.
///
/// Parses each new value first. If the loader would refuse it, returns an error by INI key and
/// leaves the file unchanged.
[[nodiscard]] Result<void, QList<ConfigError>> updateIni(IniFile &ini, const LoadedSettings &loaded,
                                                         const Settings &wanted,
                                                         const Settings &defaults);

} // namespace sami::config
