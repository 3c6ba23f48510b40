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

/// Puts into the file what makes the next load give `wanted` instead of `loaded`. Only what
/// differs is touched; what equals the default leaves the file; an option that the environment or
/// the command line holds is passed over, for there the file has no say. A changed password
/// takes the place of a password file.
///
/// Each new value is read back first: what the loader would refuse is an error here, by INI key,
/// and the file stays as it was.
[[nodiscard]] Result<void, QList<ConfigError>> updateIni(IniFile &ini, const LoadedSettings &loaded,
                                                         const Settings &wanted,
                                                         const Settings &defaults);

} // namespace sami::config
