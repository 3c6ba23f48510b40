// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QString>

namespace sami::config {

struct LoadedSettings;

/// --help: usage, commands, and every option with its default (the shell's), its variable and its
/// meaning, at most 90 columns wide. `program` is the name to show.
[[nodiscard]] QString helpText(const QString &program, const Settings &defaults);

/// The part about the settings, for a shell with its own commands.
[[nodiscard]] QString settingsHelpText(const Settings &defaults);

/// One entry of the help: a heading and its wrapped explanation.
[[nodiscard]] QString helpEntry(const QString &heading, const QString &text);

/// --check-config: one "NAME = value   (source)" per line, secrets as "***". Then a comment if
/// ALLOWED_HOSTS is only reported, and the presets that it names, one "@word = hosts   (checked
/// day)" per line.
[[nodiscard]] QString checkConfigText(const LoadedSettings &loaded);

/// The README's table of settings, in Markdown.
[[nodiscard]] QString settingsTableMarkdown(const Settings &defaults = {});

} // namespace sami::config
