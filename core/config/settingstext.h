// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QString>

namespace sami::config {

struct LoadedSettings;

/// --help: usage, commands, and every option with its default (the shell's), its variable and
/// what it means, at most 90 columns wide. `program` is the name to show.
[[nodiscard]] QString helpText(const QString &program, const Settings &defaults);

/// --check-config: one "NAME = value   (source)" a line; secrets as "***".
[[nodiscard]] QString checkConfigText(const LoadedSettings &loaded);

/// The README's table of settings, in Markdown.
[[nodiscard]] QString settingsTableMarkdown(const Settings &defaults = {});

} // namespace sami::config
