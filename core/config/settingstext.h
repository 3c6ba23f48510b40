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

/// Its part about the settings alone, for a shell with commands of its own.
[[nodiscard]] QString settingsHelpText(const Settings &defaults);

/// One entry of such a help: a heading and its wrapped explanation.
[[nodiscard]] QString helpEntry(const QString &heading, const QString &text);

/// --check-config: one "NAME = value   (source)" a line; secrets as "***". Below them
/// whether ALLOWED_HOSTS is only reported, as a comment, and the presets that it names, one
/// "@word = hosts   (checked day)" a line.
[[nodiscard]] QString checkConfigText(const LoadedSettings &loaded);

/// The README's table of settings, in Markdown.
[[nodiscard]] QString settingsTableMarkdown(const Settings &defaults = {});

} // namespace sami::config
